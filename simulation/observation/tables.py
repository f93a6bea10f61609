"""All tables, in the order in which their views are compared."""

from simulation.observation.bonding import BondingTable
from simulation.observation.control import ControllerTable
from simulation.observation.issuance import MinterTable
from simulation.observation.money import EtherTable, TokenTable
from simulation.observation.payments import BrokerTable
from simulation.observation.rounds import RoundsTable
from simulation.observation.table import Table
from simulation.observation.votes import VotesTable

TABLES: tuple[Table, ...] = (
    ControllerTable(),
    RoundsTable(),
    MinterTable(),
    TokenTable(),
    EtherTable(),
    BondingTable(),
    VotesTable(),
    BrokerTable(),
)
