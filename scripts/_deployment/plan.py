"""What a deployment does, step by step, before anything is sent.

A step deploys one contract under a name, or calls one function of a named contract. Arguments may refer to earlier
names as `$Name` and to the sender as `$deployer`; the plan is the same for everybody who has the same parameters.
"""

import hashlib
import json
from dataclasses import dataclass

from eth_utils import keccak

from scripts._deployment.parameters import DEPLOYER, Parameters, to_base_units

MINTER_ROLE = "0x" + keccak(text="MINTER_ROLE").hex()
DEFAULT_ADMIN_ROLE = "0x" + "00" * 32


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
    """Calls `function` of the contract called `target`."""

    target: str
    function: str
    arguments: tuple = ()
    note: str = ""

    @property
    def title(self) -> str:
        return f"{self.target}.{self.function}" + (f" ({self.note})" if self.note else "")


@dataclass(frozen=True)
class UseExisting:
    """Takes a contract that is on the chain already as `name`."""

    name: str
    contract: str
    address: str

    @property
    def title(self) -> str:
        return f"use {self.name} at {self.address}"


Step = Deploy | Call | UseExisting


@dataclass(frozen=True)
class Plan:
    """The steps for one parameter file."""

    parameters: Parameters
    commit: str
    steps: tuple[Step, ...]

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
    steps.append(Deploy("Governor", "Governor"))
    steps.append(Deploy("Treasury", "Treasury"))
    # At once, and early: until then anybody could set it up, and the deployment would have to start anew.
    delay = parameters.treasury.min_delay_seconds
    steps.append(Call("Treasury", "initialize", (delay, (), (), "$Governor"), "administered by the Governor"))
    register("Treasury")

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
    for name, contract in (
        ("TicketBroker", "TicketBroker"),
        ("BondingManager", "BondingManager"),
        ("BondingVotes", "BondingVotes"),
        ("RoundsManager", clock),
        ("ServiceRegistry", "ServiceRegistry"),
    ):
        target = f"{name}Target"
        steps.append(Deploy(target, contract, ("$Controller",)))
        steps.append(Deploy(name, "ManagerProxy", ("$Controller", contract_id(target)), proxied=contract))
        register(target)
        register(name)
        if name == "TicketBroker":
            # The Minter takes ETH from, and pays it for, whoever bears this second name.
            register("JobsManager", "TicketBroker")

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
        call_data = (
            keccak(text="transferOwnership(address)")[:4] + bytes(12) + bytes.fromhex(governor.owner[2:])
        )
        update = (("$Governor",), (0,), ("0x" + call_data.hex(),), 0)
        steps += [
            Call("Governor", "stage", (update, 0), "transferOwnership"),
            Call("Governor", "execute", (update,), "transferOwnership"),
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
