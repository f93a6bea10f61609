"""The contracts together, and the world around them.

    protocol = Protocol(parameters, owner="owner", ticket_cryptography=…)
    protocol.block_number += 50
    protocol.rounds_manager.initialize_round("anybody")
    protocol.bonding_manager.bond("delegator", 10**18, "orchestrator")
    protocol.journal.events                        # of the last call

The world is the block number and hashes, the ETH of all accounts, who accepts ETH, and LPT on L1.  Functions never
change it but for ETH.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reference_model.bonding import BondingManager
from reference_model.minting import Minter
from reference_model.registry import Controller
from reference_model.rounds import RoundsManager
from reference_model.state import Journal, Ledger
from reference_model.tickets import TicketBroker, TicketCryptography
from reference_model.token import MINTER_ROLE, LivepeerToken
from reference_model.voting import BondingVotes

CONTRACTS = ("Controller", "Minter", "LivepeerToken", "TicketBroker", "BondingManager", "BondingVotes")
CONTRACTS += ("RoundsManager", "Treasury")


@dataclass(frozen=True)
class Parameters:
    """What a deployment is given."""

    inflation: int = 218_500  # parts per billion
    inflation_change: int = 500  # parts per billion
    target_bonding_rate: int = 500_000_000  # parts per billion
    round_length: int = 50  # blocks
    round_lock_amount: int = 100_000  # parts per million
    unbonding_period: int = 7  # rounds
    num_active_transcoders: int = 10
    treasury_reward_cut_rate: int = 0  # 27 decimals
    treasury_balance_ceiling: int = 0  # LPT base units
    unlock_period: int = 2  # rounds
    ticket_validity_period: int = 2  # rounds


class Protocol:
    """See the module.

    `addresses` names the contracts; by default their names are their addresses.  The system is paused at first.
    """

    def __init__(
        self,
        parameters: Parameters,
        *,
        owner: str,
        ticket_cryptography: TicketCryptography,
        get_block_hash: Callable[[int], bytes],
        block_number: int = 1,
        addresses: Mapping[str, str] | None = None,
        has_code: Callable[[str], bool] = lambda address: True,
        accepts_ether: Callable[[str], bool] = lambda address: True,
    ) -> None:
        at = {name: name for name in CONTRACTS} | dict(addresses or {})
        self.parameters = parameters
        self.journal = Journal()
        self.block_number = block_number
        self.get_block_hash = get_block_hash
        self.ticket_cryptography = ticket_cryptography
        self.accepts_ether = accepts_ether
        self.ether = Ledger(self.journal)
        self.l1_circulating_supply = 0

        self.controller = Controller(self.journal, at["Controller"], owner, has_code)
        self.token = LivepeerToken(self.journal, at["LivepeerToken"], admin=owner)
        self.minter = Minter(self, at["Minter"])
        self.rounds_manager = RoundsManager(self, at["RoundsManager"])
        self.bonding_votes = BondingVotes(self, at["BondingVotes"])
        self.bonding_manager = BondingManager(self, at["BondingManager"])
        self.ticket_broker = TicketBroker(self, at["TicketBroker"])
        for name in CONTRACTS[1:]:
            self.controller.contracts[name] = at[name]
        self.controller.contracts["JobsManager"] = at["TicketBroker"]
        self.token.roles[MINTER_ROLE, self.minter.address] = True
        self._set_parameters(owner)

    def pay(self, sender: str, to: str, wei: int) -> None:
        """Move ETH; who sends it has it."""
        self.ether[sender] -= wei
        self.ether[to] += wei

    def _set_parameters(self, owner: str) -> None:
        given = self.parameters
        self.bonding_manager.set_unbonding_period(owner, given.unbonding_period)
        self.bonding_manager.set_num_active_transcoders(owner, given.num_active_transcoders)
        self.bonding_manager.set_treasury_reward_cut_rate(owner, given.treasury_reward_cut_rate)
        self.bonding_manager.set_treasury_balance_ceiling(owner, given.treasury_balance_ceiling)
        self.rounds_manager.set_round_length(owner, given.round_length)
        self.rounds_manager.set_round_lock_amount(owner, given.round_lock_amount)
        self.ticket_broker.set_unlock_period(owner, given.unlock_period)
        self.ticket_broker.set_ticket_validity_period(owner, given.ticket_validity_period)
