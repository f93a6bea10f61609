"""The contracts together, and the world around them.

    protocol = Protocol(parameters, owner="owner", cryptography=…, get_block_hash=…)
    protocol.controller.unpause("owner")
    protocol.block_number += 50
    protocol.rounds_manager.initialize_round("anybody")
    protocol.bonding_manager.bond("delegator", 10**18, "orchestrator")
    protocol.journal.events                        # of the last call

The world is the block number, time and hashes, the ETH of all accounts, who has code and who accepts ETH.  Functions
never change it but for ETH.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any, NamedTuple

from reference_model.adjustable_clock import AdjustableRoundsManager
from reference_model.bonding import BondingManager
from reference_model.cryptography import Cryptography
from reference_model.exceptions import RevertedWithoutData
from reference_model.faucet import LivepeerTokenFaucet
from reference_model.governor import Governor
from reference_model.managers import Manager, ProxiedManager
from reference_model.minting import L2LPTDataCache, Minter
from reference_model.registry import Contract, Controller
from reference_model.service_registry import ServiceRegistry
from reference_model.state import Journal, Ledger
from reference_model.tickets import TicketBroker
from reference_model.token import MINTER_ROLE, LivepeerToken
from reference_model.types import Message
from reference_model.voting import BondingVotes

PROXIED = ("TicketBroker", "BondingManager", "BondingVotes", "RoundsManager", "ServiceRegistry")
DIRECT = ("Controller", "Minter", "LivepeerToken", "Treasury", "L2LPTDataCache", "LivepeerTokenFaucet")
CONTRACTS = (*DIRECT, "Governor", *PROXIED, *(f"{name}Target" for name in PROXIED))
"""Names for which a deployment has an address each."""


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
    faucet_request_amount: int = 10 * 10**18  # LPT base units
    faucet_request_wait: int = 1  # hours


class TargetCode(NamedTuple):
    """Code that can run behind a proxy: whose functions it has, what it reads, and whether its clock can be set."""

    kind: str
    reads: tuple[str, ...] = ()
    is_adjustable: bool = False


class Protocol:
    """See the module.

    `addresses` names the contracts; by default their names are their addresses.  The system is paused at first.
    """

    def __init__(
        self,
        parameters: Parameters,
        *,
        owner: str,
        cryptography: Cryptography,
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
        self.timestamp = 0
        """Seconds."""
        self.get_block_hash = get_block_hash
        self.cryptography = cryptography
        self.has_code = has_code
        self.accepts_ether = accepts_ether
        self.ether = Ledger(self.journal)
        self.contracts: dict[str, Contract] = {}
        self.targets: dict[str, TargetCode] = {}
        """Code for proxies, by address."""

        self.controller = self.add(Controller(self, at["Controller"], owner))
        self.token = self.add(LivepeerToken(self, at["LivepeerToken"], admin=owner))
        self.faucet = self.add(LivepeerTokenFaucet(self, at["LivepeerTokenFaucet"], owner))
        self.l2_lpt_data_cache = self.add(L2LPTDataCache(self.journal, at["L2LPTDataCache"]))
        self.governor = self.add(Governor(self, at["Governor"], owner))
        self._first_minter = self.add(
            Minter(
                self,
                at["Minter"],
                inflation=parameters.inflation,
                inflation_change=parameters.inflation_change,
                target_bonding_rate=parameters.target_bonding_rate,
            )
        )
        self.rounds_manager = self.add(AdjustableRoundsManager(self, at["RoundsManager"]))
        self.bonding_votes = self.add(BondingVotes(self, at["BondingVotes"]))
        self.bonding_manager = self.add(BondingManager(self, at["BondingManager"]))
        self.ticket_broker = self.add(TicketBroker(self, at["TicketBroker"]))
        self.service_registry = self.add(ServiceRegistry(self, at["ServiceRegistry"]))
        for name in PROXIED:
            self.add_target(type(self.contracts[at[name]]), at[f"{name}Target"])
        self._register(at)
        self.token.roles[MINTER_ROLE, self.minter.address] = True
        self._set_parameters(owner)

    # ---- what there is

    def add(self, contract: Any) -> Any:
        """Let a contract be found at its address."""
        self.contracts[contract.address] = contract
        self.journal.writes += 1
        return contract

    def add_target(
        self, code: type[ProxiedManager], address: str, *, is_adjustable: bool = False
    ) -> ProxiedManager:
        """Let code be run by proxies of its kind; it can also be called itself, past them."""
        self.targets[address] = TargetCode(code.name, code.reads, is_adjustable)
        return self.add(code(self, address, is_proxy=False))

    @property
    def minter(self) -> Minter:
        """The registered Minter; the first one, if there is none."""
        registered = self.contracts.get(self.controller.contracts["Minter"])
        return registered if isinstance(registered, Minter) else self._first_minter

    def subscriber(self, address: str) -> Manager | None:
        """The contract at an address, if it can be attached to a Controller."""
        contract = self.contracts.get(address)
        return contract if isinstance(contract, Manager) and contract.is_subscriber else None

    # ---- calls between contracts

    def at(self, address: str) -> Any:
        """The contract at an address, to be called; RevertedWithoutData where there is none."""
        contract = self.contracts.get(address)
        if contract is None:
            raise RevertedWithoutData()
        contract.require_code()
        return contract

    def manager_at(self, address: str) -> Manager:
        """The manager at an address, to be called for what a proxy answers itself; RevertedWithoutData where there is
        none."""
        contract = self.contracts.get(address)
        if not isinstance(contract, Manager):
            raise RevertedWithoutData()
        return contract

    def send(self, sender: str, to: str, message: Message, wei: int) -> None:
        """Call whatever is at an address, as with raw calldata; an account without code takes everything."""
        if wei > self.ether[sender]:
            raise RevertedWithoutData()
        if not self.has_code(to):
            self.pay(sender, to, wei)
            return
        call = getattr(self.at(to), message.function or "receive", None)
        if call is None:
            raise RevertedWithoutData()
        wei_of_call = signature(call).parameters.get("value")
        # What a call takes along has a keyword; a `value` among the arguments is something else.
        is_payable = wei_of_call is not None and wei_of_call.kind is Parameter.KEYWORD_ONLY
        if wei > 0 and not is_payable:
            raise RevertedWithoutData()
        call(sender, *message.arguments, **({"value": wei} if is_payable else {}))

    def pay(self, sender: str, to: str, wei: int) -> None:
        """Move ETH; who sends it has it."""
        self.ether[sender] -= wei
        self.ether[to] += wei

    # ---- the deployment

    def _register(self, at: Mapping[str, str]) -> None:
        registered = {name: at[name] for name in (*DIRECT[1:], *PROXIED)}
        registered |= {f"{name}Target": at[f"{name}Target"] for name in PROXIED}
        registered["JobsManager"] = at["TicketBroker"]
        for contract_id, address in registered.items():
            self.controller.contracts[contract_id] = address
            if self.subscriber(address) is not None:
                self.controller.registered_under[address] += (contract_id,)

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
