"""All tables, in the order in which their views are compared."""

from simulation.observation.bonding import BondingTable
from simulation.observation.control import CONTROLLERS, PROXIES, TARGETS, GovernorTable, ServiceTable
from simulation.observation.governance import GOVERNANCE
from simulation.observation.issuance import MinterTable
from simulation.observation.money import EtherTable, FaucetTable, TokenTable
from simulation.observation.payments import BrokerTable
from simulation.observation.rounds import AdjustableClockTable, RoundsTable
from simulation.observation.table import Scene, Table
from simulation.observation.votes import VotesTable

TABLES: tuple[Table, ...] = (
    *CONTROLLERS,
    *PROXIES,
    *TARGETS,
    GovernorTable(),
    ServiceTable(),
    RoundsTable(),
    AdjustableClockTable(),
    MinterTable("Minter"),
    MinterTable("SecondMinter"),
    TokenTable(),
    FaucetTable(),
    EtherTable(),
    BondingTable(),
    VotesTable(),
    BrokerTable(),
)


def tables_of(scene: Scene) -> tuple[Table, ...]:
    """Those of the contracts that there are."""
    return (*TABLES, *GOVERNANCE) if "LivepeerGovernor" in scene.contracts else TABLES
