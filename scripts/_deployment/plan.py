"""What a deployment does, step by step, before anything is sent.

A step deploys one contract under a name, or calls one function of a named contract. Arguments may refer to earlier
names as `$Name` and to the sender as `$deployer`; the plan is the same for everybody who has the same parameters.
"""

import hashlib
import json
from dataclasses import dataclass

from eth_utils import keccak

from scripts._deployment.parameters import DEPLOYER, TREASURY, Parameters, to_base_units

MINTER_ROLE = "0x" + keccak(text="MINTER_ROLE").hex()
BURNER_ROLE = "0x" + keccak(text="BURNER_ROLE").hex()
DEFAULT_ADMIN_ROLE = "0x" + "00" * 32
TIMELOCK_ADMIN_ROLE = "0x" + keccak(text="TIMELOCK_ADMIN_ROLE").hex()
# What the LivepeerGovernor, and nobody else, may do in the treasury.
TREASURY_ROLES = {
    name: "0x" + keccak(text=f"{name}_ROLE").hex() for name in ("PROPOSER", "CANCELLER", "EXECUTOR")
}
# Of the treasury, where it stands above the other roles and itself.
TIMELOCK_ADMIN_ROLE = "0x" + keccak(text="TIMELOCK_ADMIN_ROLE").hex()


def contract_id(name: str) -> str:
    """Key of a contract in the Controller's registry."""
    return "0x" + keccak(text=name).hex()


@dataclass(frozen=True)
class Deploy:
    """Deploys `contract` and calls it `name`. A proxy is used through the ABI of `proxied`."""

    name: str
    contract: str
    arguments: tuple = ()
    proxied: str | None = None

    @property
    def title(self) -> str:
        return f"deploy {self.name}" + (f" ({self.contract})" if self.contract != self.name else "")


@dataclass(frozen=True)
class Call:
    """Calls `function` of the contract called `target`.

    `done_when` is a view with its answer, (name, function, answer), for what others may do as well: where it answers
    so, nothing is left to do.
    """

    target: str
    function: str
    arguments: tuple = ()
    note: str = ""
    done_when: tuple[str, str, str] | None = None

    @property
    def title(self) -> str:
        return f"{self.target}.{self.function}" + (f" ({self.note})" if self.note else "")


@dataclass(frozen=True)
class CallWithSpareGas(Call):
    """A call whose estimate may be too low, as some of what it does may fail without it."""

    spare_gas: int = 0


@dataclass(frozen=True)
class UseExisting:
    """Takes a contract that is on the chain already as `name`."""

    name: str
    contract: str
    address: str

    @property
    def title(self) -> str:
        return f"use {self.name} at {self.address}"


@dataclass(frozen=True)
class Encoded:
    """An argument that is calldata itself; its own arguments may be names."""

    signature: str
    arguments: tuple


Step = Deploy | Call | UseExisting


@dataclass(frozen=True)
class Plan:
    """The steps for one parameter file."""

    parameters: Parameters
    commit: str
    steps: tuple[Step, ...]

    @property
    def transactions(self) -> int:
        """How many steps need one."""
        return sum(not isinstance(step, UseExisting) for step in self.steps)

    @property
    def contracts(self) -> list[str]:
        """What is deployed, by the names of the build."""
        return sorted({step.contract for step in self.steps if isinstance(step, Deploy)})

    @property
    def digest(self) -> str:
        """Tells two plans apart: the same for the same parameters, commit and steps."""
        content = [[type(step).__name__, vars(step)] for step in self.steps]
        text = json.dumps([self.parameters.chain_id, content], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def build_plan(parameters: Parameters, commit: str) -> Plan:
    """The steps of a fresh network, in their order.

    The Controller is born paused and stays so to the end. `commit` (20 bytes, hex) goes into the registry.
    """
    steps: list[Step] = []

    def register(name: str, contract: str | None = None) -> None:
        arguments = (contract_id(name), f"${contract or name}", commit)
        steps.append(Call("Controller", "setContractInfo", arguments, name))

    steps.append(Deploy("Controller", "Controller"))

    minter = parameters.minter
    rates = (minter.inflation_ppb, minter.inflation_change_ppb, minter.target_bonding_rate_ppb)
    steps.append(Deploy("Minter", "Minter", ("$Controller", *rates)))
    register("Minter")
    if parameters.token.address:
        steps.append(UseExisting("LivepeerToken", "LivepeerToken", parameters.token.address))
    else:
        steps.append(Deploy("LivepeerToken", "LivepeerToken"))
    register("LivepeerToken")

    clock = "AdjustableRoundsManager" if parameters.rounds_manager.adjustable_clock else "RoundsManager"

    def deploy_behind_proxy(name: str, contract: str) -> None:
        target = f"{name}Target"
        steps.append(Deploy(target, contract, ("$Controller",)))
        steps.append(Deploy(name, "ManagerProxy", ("$Controller", contract_id(target)), proxied=contract))
        register(target)
        register(name)

    deploy_behind_proxy("TicketBroker", "TicketBroker")
    # The Minter takes ETH from, and pays it for, whoever bears this second name.
    register("JobsManager", "TicketBroker")
    deploy_behind_proxy("BondingManager", "BondingManager")
    deploy_behind_proxy("BondingVotes", "BondingVotes")
    deploy_behind_proxy("RoundsManager", clock)
    deploy_behind_proxy("ServiceRegistry", "ServiceRegistry")
    steps.append(Deploy("MerkleSnapshot", "MerkleSnapshot", ("$Controller",)))
    register("MerkleSnapshot")
    steps.append(Deploy("Governor", "Governor"))
    steps.append(Deploy("Treasury", "Treasury"))
    register("Treasury")
    deploy_behind_proxy("LivepeerGovernor", "LivepeerGovernor")
    steps.append(Deploy("PollCreator", "PollCreator", ("$BondingManager",)))

    if parameters.l2_lpt_data_cache:
        steps.append(UseExisting("L2LPTDataCache", "IL2LPTDataCache", parameters.l2_lpt_data_cache))
    else:
        steps.append(Deploy("L2LPTDataCache", "DummyL2LPTDataCache"))
    register("L2LPTDataCache")

    if faucet := parameters.token.faucet:
        request = (to_base_units(faucet.request_amount_lpt), faucet.request_wait_hours)
        steps.append(Deploy("LivepeerTokenFaucet", "LivepeerTokenFaucet", ("$LivepeerToken", *request)))
        register("LivepeerTokenFaucet")

    steps += _parameter_calls(parameters)
    steps += _governance_calls(parameters)
    steps += _token_calls(parameters)
    steps += _hand_over(parameters)
    return Plan(parameters, commit, tuple(steps))


def _parameter_calls(parameters: Parameters) -> list[Step]:
    bonding, rounds, tickets = parameters.bonding_manager, parameters.rounds_manager, parameters.ticket_broker
    ceiling = to_base_units(bonding.treasury_balance_ceiling_lpt)
    calls = [
        Call("BondingManager", "setUnbondingPeriod", (bonding.unbonding_period_rounds,)),
        Call("BondingManager", "setNumActiveTranscoders", (bonding.pool_max_size,)),
        Call("BondingManager", "setTreasuryRewardCutRate", (bonding.treasury_reward_cut_rate_ray,)),
        Call("BondingManager", "setTreasuryBalanceCeiling", (ceiling,)),
        Call("RoundsManager", "setRoundLength", (rounds.round_length_blocks,)),
        Call("RoundsManager", "setRoundLockAmount", (rounds.round_lock_amount_ppm,)),
    ]
    calls += [
        Call("RoundsManager", "setLIPUpgradeRound", (lip, round_number), f"LIP-{lip}")
        for lip, round_number in sorted(rounds.lip_upgrade_rounds.items())
    ]
    calls += [
        Call("TicketBroker", "setUnlockPeriod", (tickets.unlock_period_rounds,)),
        Call("TicketBroker", "setTicketValidityPeriod", (tickets.ticket_validity_period_rounds,)),
    ]
    return calls


def _governance_calls(parameters: Parameters) -> list[Step]:
    """The treasury belongs to the votes of stake in the end, and to itself; to the deployer only until then.

    The votes need rounds of a known length, so this comes after the parameters of the clock.
    """
    given = parameters.livepeer_governor
    delay = parameters.treasury.min_delay_seconds
    settings = (
        given.voting_delay_rounds,
        given.voting_period_rounds,
        to_base_units(given.proposal_threshold_lpt),
        given.quorum_ppm,
        given.quota_ppm,
    )
    return [
        Call("Treasury", "initialize", (delay, (), (), DEPLOYER), "deployer for now"),
        Call("LivepeerGovernor", "initialize", settings),
        *(
            Call("Treasury", "grantRole", (role, "$LivepeerGovernor"), f"{name} to the LivepeerGovernor")
            for name, role in TREASURY_ROLES.items()
        ),
        Call("Treasury", "renounceRole", (TIMELOCK_ADMIN_ROLE, DEPLOYER), "admin, by deployer"),
    ]


def _token_calls(parameters: Parameters) -> list[Step]:
    """Initial supply and roles of the token. BURNER_ROLE is given to nobody here (LIP-73)."""
    token = parameters.token
    steps: list[Step] = []
    mints = []
    if token.faucet:
        mints.append(("$LivepeerTokenFaucet", to_base_units(token.faucet.supply_lpt)))
    if token.deployer_supply_lpt:
        mints.append((DEPLOYER, to_base_units(token.deployer_supply_lpt)))
    if mints:
        steps.append(Call("LivepeerToken", "grantRole", (MINTER_ROLE, DEPLOYER), "minter, for the supply"))
        steps += [Call("LivepeerToken", "mint", mint) for mint in mints]
        steps.append(Call("LivepeerToken", "revokeRole", (MINTER_ROLE, DEPLOYER), "minter, from deployer"))
    steps.append(Call("LivepeerToken", "grantRole", (MINTER_ROLE, "$Minter"), "minter"))
    return steps


def _hand_over(parameters: Parameters) -> list[Step]:
    """The Governor gets its owner by its own means, then the Controller and the token if the file says so."""
    governor = parameters.governor
    steps: list[Step] = []
    if governor.owner != DEPLOYER:
        owner = "$Treasury" if governor.owner == TREASURY else governor.owner
        call_data = Encoded("transferOwnership(address)", (owner,))
        update = (("$Governor",), (0,), (call_data,), 0)
        steps += [
            Call("Governor", "stage", (update, 0), "transferOwnership"),
            # Whatever is staged, anybody may execute.
            Call("Governor", "execute", (update,), "transferOwnership", ("Governor", "owner", owner)),
        ]
    if parameters.unpause:
        steps.append(Call("Controller", "unpause"))
    if governor.owns_controller:
        steps += [
            Call("Controller", "transferOwnership", ("$Governor",)),
            Call("LivepeerToken", "grantRole", (DEFAULT_ADMIN_ROLE, "$Governor"), "admin"),
            Call("LivepeerToken", "renounceRole", (DEFAULT_ADMIN_ROLE, DEPLOYER), "admin"),
        ]
    return steps
