"""The whole protocol on a `Chain`, deployed and wired in the order of a fresh network.

    protocol = deploy_protocol(chain, round_length=20, num_active_transcoders=3)
    protocol.give_lpt(delegator, 10 * LPT)                    # approved for the BondingManager, too
    protocol.bonding_manager.bond.send(10 * LPT, orchestrator, sender=delegator)
    protocol.start_round()                                    # first block of the next round, initialized

Every contract is at its proxy where it has one; targets are under `protocol.targets`.  The Controller belongs
to the actor "deployer" (`protocol.owner`), the Governor contract too, and the system runs.

`deploy_control_plane(chain)` gives the Controller alone, for tests that register the rest themselves.
"""

from dataclasses import dataclass, field, replace

from eth_utils import keccak

from simulation.chain.actors import Actor
from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.chain.receipts import Receipt

LPT = 10**18
ETHER = 10**18
DEPLOYER_LPT = 500_000 * LPT
FAUCET_LPT = 6_343_700 * LPT
COMMIT = keccak(text="revision under test")[:20]
MINTER_ROLE = keccak(text="MINTER_ROLE")
BURNER_ROLE = keccak(text="BURNER_ROLE")
# The adjustable clock answers block hashes from here on.
ADJUSTABLE_CLOCK_FIRST_BLOCK = 256


def contract_id(name: str) -> bytes:
    """The registry's key for a contract name."""
    return keccak(text=name)


@dataclass(frozen=True)
class Parameters:
    """What a deployment is given; names and units are those of the setters and constructors."""

    inflation: int = 218_500  # parts per billion
    inflation_change: int = 500  # parts per billion
    target_bonding_rate: int = 500_000_000  # parts per billion
    round_length: int = 50  # blocks
    round_lock_amount: int = 100_000  # parts per million
    unbonding_period: int = 7  # rounds
    num_active_transcoders: int = 10
    treasury_reward_cut_rate: int = 0  # 1e27 is 100 %
    treasury_balance_ceiling: int = 0  # LPT base units
    unlock_period: int = 2  # rounds
    ticket_validity_period: int = 2  # rounds
    faucet_request_amount: int = 10 * LPT
    faucet_request_wait: int = 1  # hours
    adjustable_clock: bool = False  # AdjustableRoundsManager instead of RoundsManager
    unpause: bool = True
    initialize_round: bool = True  # needs `unpause`
    hand_over: bool = False  # give the Controller to the Governor at the end


@dataclass(frozen=True)
class ControlPlane:
    """A Controller with its owner."""

    chain: Chain
    owner: Actor
    controller: Contract
    targets: dict[str, Contract] = field(default_factory=dict)

    def register(self, name: str, contract: Contract | str) -> Receipt:
        """Register a contract under the id of `name`."""
        return self.controller.setContractInfo.send(contract_id(name), contract, COMMIT, sender=self.owner)

    def unregister(self, name: str) -> Receipt:
        """Clear the entry of `name`."""
        return self.register(name, ZERO_ADDRESS)

    def deploy_registered(self, contract_name: str, *args, name: str | None = None) -> Contract:
        """Deploy a contract without proxy and register it, by default under its own name."""
        contract = self.chain.deploy(contract_name, *args, sender=self.owner)
        self.register(name or contract_name, contract)
        return contract

    def deploy_behind_proxy(self, contract_name: str, name: str | None = None) -> Contract:
        """Deploy a target and its proxy, register target first; the target's ABI at the proxy."""
        name = name or contract_name
        target = self.chain.deploy(contract_name, self.controller, sender=self.owner)
        self.targets[name] = target
        proxy = self.chain.deploy(
            "ManagerProxy", self.controller, contract_id(f"{name}Target"), sender=self.owner
        )
        self.register(f"{name}Target", target)
        self.register(name, proxy)
        return self.chain.at(contract_name, proxy)


def deploy_control_plane(chain: Chain, *, unpause: bool = True) -> ControlPlane:
    """A Controller without entries, owned by the actor "deployer"."""
    owner = chain.actor("deployer")
    controller = chain.deploy("Controller", sender=owner)
    if unpause:
        controller.unpause.send(sender=owner)
    return ControlPlane(chain, owner, controller)


@dataclass(frozen=True)
class Protocol(ControlPlane):
    """See the module. `treasury` only holds what it is given."""

    parameters: Parameters = field(kw_only=True)
    minter: Contract = field(kw_only=True)
    token: Contract = field(kw_only=True)
    ticket_broker: Contract = field(kw_only=True)
    bonding_manager: Contract = field(kw_only=True)
    bonding_votes: Contract = field(kw_only=True)
    rounds_manager: Contract = field(kw_only=True)
    service_registry: Contract = field(kw_only=True)
    governor: Contract = field(kw_only=True)
    treasury: Contract = field(kw_only=True)
    faucet: Contract = field(kw_only=True)
    l2_lpt_data_cache: Contract = field(kw_only=True)

    def give_lpt(self, account: str, amount: int, *, approve: bool = True) -> None:
        """Send LPT of the deployer to an account, and let the BondingManager take that much more of it."""
        self.token.transfer.send(account, amount, sender=self.owner)
        if approve:
            self.token.increaseAllowance.send(self.bonding_manager, amount, sender=account)

    def mine(self, blocks: int = 1) -> None:
        """Let blocks pass on the clock of the rounds."""
        if self.parameters.adjustable_clock:
            self.rounds_manager.mineBlocks.send(blocks, sender=self.owner)
        else:
            self.chain.mine(blocks)

    def mine_to_round(self, ahead: int = 1) -> None:
        """Let the clock run until the next transaction is in the first block of a later round."""
        start = self.rounds_manager.currentRoundStartBlock()
        first_block = start + ahead * self.rounds_manager.roundLength()
        if self.parameters.adjustable_clock:
            self.rounds_manager.setBlockNum.send(first_block, sender=self.owner)
        else:
            self.chain.mine_to(first_block - 1)

    def start_round(self, ahead: int = 1) -> Receipt:
        """Initialize the round that is `ahead` of the latest block's; those between are left out."""
        self.mine_to_round(ahead)
        return self.initialize_round()

    def pass_rounds(self, count: int) -> None:
        """Start as many rounds one after the other, each initialized."""
        for _ in range(count):
            self.start_round()

    def initialize_round(self) -> Receipt:
        """Initialize the current round."""
        return self.rounds_manager.initializeRound.send(sender=self.owner)

    @property
    def current_round(self) -> int:
        return self.rounds_manager.currentRound()


def deploy_protocol(chain: Chain, **parameters) -> Protocol:
    """Deploy, register, set parameters, hand out token roles, unpause and initialize a first round.

    Keyword arguments replace those of `Parameters`; an unknown one raises TypeError.
    """
    given = replace(Parameters(), **parameters)
    plane = deploy_control_plane(chain, unpause=False)
    owner = plane.owner
    rates = (given.inflation, given.inflation_change, given.target_bonding_rate)

    minter = plane.deploy_registered("Minter", plane.controller, *rates)
    token = plane.deploy_registered("LivepeerToken")
    ticket_broker = plane.deploy_behind_proxy("TicketBroker")
    plane.register("JobsManager", ticket_broker)
    bonding_manager = plane.deploy_behind_proxy("BondingManager")
    bonding_votes = plane.deploy_behind_proxy("BondingVotes")
    clock = "AdjustableRoundsManager" if given.adjustable_clock else "RoundsManager"
    rounds_manager = plane.deploy_behind_proxy(clock, "RoundsManager")
    service_registry = plane.deploy_behind_proxy("ServiceRegistry")
    governor = chain.deploy("Governor", sender=owner)
    treasury = plane.deploy_registered("Placeholder__Mock", name="Treasury")
    cache = plane.deploy_registered("DummyL2LPTDataCache", name="L2LPTDataCache")

    bonding_manager.setUnbondingPeriod.send(given.unbonding_period, sender=owner)
    bonding_manager.setNumActiveTranscoders.send(given.num_active_transcoders, sender=owner)
    if given.treasury_reward_cut_rate:
        bonding_manager.setTreasuryRewardCutRate.send(given.treasury_reward_cut_rate, sender=owner)
    if given.treasury_balance_ceiling:
        bonding_manager.setTreasuryBalanceCeiling.send(given.treasury_balance_ceiling, sender=owner)
    if given.adjustable_clock:
        rounds_manager.setBlockNum.send(_first_adjustable_block(given.round_length), sender=owner)
    rounds_manager.setRoundLength.send(given.round_length, sender=owner)
    rounds_manager.setRoundLockAmount.send(given.round_lock_amount, sender=owner)
    ticket_broker.setUnlockPeriod.send(given.unlock_period, sender=owner)
    ticket_broker.setTicketValidityPeriod.send(given.ticket_validity_period, sender=owner)

    faucet = plane.deploy_registered(
        "LivepeerTokenFaucet", token, given.faucet_request_amount, given.faucet_request_wait
    )
    token.grantRole.send(MINTER_ROLE, owner, sender=owner)
    token.mint.send(faucet, FAUCET_LPT, sender=owner)
    token.mint.send(owner, DEPLOYER_LPT, sender=owner)
    token.revokeRole.send(MINTER_ROLE, owner, sender=owner)
    token.grantRole.send(MINTER_ROLE, minter, sender=owner)

    protocol = Protocol(
        chain,
        owner,
        plane.controller,
        plane.targets,
        parameters=given,
        minter=minter,
        token=token,
        ticket_broker=ticket_broker,
        bonding_manager=bonding_manager,
        bonding_votes=bonding_votes,
        rounds_manager=rounds_manager,
        service_registry=service_registry,
        governor=governor,
        treasury=treasury,
        faucet=faucet,
        l2_lpt_data_cache=cache,
    )
    if given.unpause:
        plane.controller.unpause.send(sender=owner)
        if given.initialize_round:
            protocol.start_round()
    if given.hand_over:
        plane.controller.transferOwnership.send(governor, sender=owner)
    return protocol


def _first_adjustable_block(round_length: int) -> int:
    """First block of a round, late enough for the adjustable clock to know block hashes."""
    return -(-ADJUSTABLE_CLOCK_FIRST_BLOCK // round_length) * round_length
