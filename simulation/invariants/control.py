"""AUTH: who may do what, the pause, and parameters (control-plane.md 2, 3 and 5)."""

from collections.abc import Iterator

from reference_model.constants import ZERO_ADDRESS
from reference_model.registry import Controller
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import FAILURE, Moment

# Functions that only contracts of the protocol may call, with the ids whose entries they ask for.
RESERVED: dict[tuple[str, str], tuple[str, ...]] = {
    ("BondingManager", "slashTranscoder"): ("Verifier",),
    ("BondingManager", "updateTranscoderWithFees"): ("TicketBroker",),
    ("BondingManager", "creditFees"): ("TicketBroker",),
    ("BondingManager", "setCurrentRoundTotalActiveStake"): ("RoundsManager",),
    ("BondingVotes", "checkpointBondingState"): ("BondingManager",),
    ("BondingVotes", "checkpointTotalActiveStake"): ("BondingManager",),
    ("BondingVotes", "checkpointStake"): ("BondingManager",),
    ("BondingVotes", "checkpointTotal"): ("BondingManager",),
    ("Minter", "createReward"): ("BondingManager",),
    ("Minter", "trustedTransferTokens"): ("BondingManager",),
    ("Minter", "trustedBurnTokens"): ("BondingManager",),
    ("Minter", "trustedWithdrawETH"): ("BondingManager", "JobsManager"),
    ("Minter", "depositETH"): ("Minter", "JobsManager"),
    ("Minter", "setCurrentRewardTokens"): ("RoundsManager",),
}
# What a pause stops (docs/glossary.md, control-plane.md 3.2); setters and checkpoints of accounts go on.
STOPPED: dict[str, frozenset[str]] = {
    "BondingManager": frozenset(
        name + hint
        for name in (
            "bond",
            "bondFor",
            "unbond",
            "rebond",
            "rebondFromUnbonded",
            "transcoder",
            "reward",
            "rewardForTranscoder",
        )
        for hint in ("", "WithHint")
    )
    | {
        "transferBond",
        "withdrawStake",
        "withdrawFees",
        "claimEarnings",
        "setRewardCaller",
        "updateTranscoderWithFees",
        "creditFees",
        "slashTranscoder",
    },
    "RoundsManager": frozenset({"initializeRound"}),
    "Minter": frozenset(
        {
            "createReward",
            "trustedTransferTokens",
            "trustedBurnTokens",
            "trustedWithdrawETH",
            "setCurrentRewardTokens",
        }
    ),
    "TicketBroker": frozenset(
        {
            "fundDeposit",
            "fundReserve",
            "fundDepositAndReserve",
            "fundDepositAndReserveFor",
            "redeemWinningTicket",
            "batchRedeemWinningTickets",
            "unlock",
            "cancelUnlock",
            "withdraw",
        }
    ),
}


@invariant(
    "AUTH-9",
    "a call that fails changes nothing and emits nothing",
    why="all or nothing; a failure that left a trace would be a way around a check",
    on=(FAILURE,),
)
def failures_leave_no_trace(moment: Moment) -> Iterator[str]:
    if moment.now == moment.before:
        return
    for name, was, now in zip(moment.now._fields, moment.before, moment.now, strict=True):
        if was != now:
            yield f"{name} changed by a failing {moment.step.function}"


@invariant(
    "AUTH-10",
    "registry, pause flag and owner change only by a call of the owner (control plane 5.3)",
    why="everything else rests on them",
)
def the_owner_decides(moment: Moment) -> Iterator[str]:
    for what in ("contracts", "paused", "owner"):
        was, now = getattr(moment.before, what), getattr(moment.now, what)
        if was != now and not moment.is_by_owner:
            yield f"{what} by {moment.step}"


@invariant(
    "AUTH-11",
    "the pause flag and the owner are what events say; Pause comes while the system runs, Unpause while it is paused",
    why="clients stop and start by these events (control plane 5.4)",
)
def pauses_alternate(moment: Moment) -> Iterator[str]:
    if (moment.client.paused, moment.client.owner) != (moment.now.paused, moment.now.owner):
        yield f"{moment.now.paused}, {moment.now.owner}; {moment.client.paused}, {moment.client.owner} by events"
    for name, was_paused in (("Pause", False), ("Unpause", True)):
        if moment.events_named(name) and moment.before.paused != was_paused:
            yield f"{name} while paused is {moment.before.paused}"


@invariant(
    "AUTH-12",
    "while the system is paused nothing that a pause stops succeeds (control plane 5.12)",
    why="money stands still until the fault is understood",
)
def a_pause_stops_everything(moment: Moment) -> Iterator[str]:
    call = moment.call
    if call and moment.before.paused and call.function in STOPPED.get(call.contract, ()):
        yield f"{call}"


@invariant(
    "AUTH-13",
    "what is reserved to a contract of the protocol succeeds only for the one registered at that moment",
    why="an id without entry disables its role (C8)",
)
def reserved_calls_come_from_the_registered(moment: Moment) -> Iterator[str]:
    call = moment.call
    ids = RESERVED.get((call.contract, call.function)) if call else None
    if ids and call.sender not in {moment.before.contracts.get(i, ZERO_ADDRESS) for i in ids} - {
        ZERO_ADDRESS
    }:
        yield f"{call}"


@invariant(
    "AUTH-5",
    "setController succeeds only for the present Controller",
    why="whoever could set it would own the contract (5.6)",
)
def controllers_are_set_by_controllers(moment: Moment) -> Iterator[str]:
    yield from _only_by_controllers(moment, "setController")


@invariant(
    "AUTH-17",
    "registry entries and the pause flag are pushed by the Controller alone (DEV-12)",
    why="whoever could push them would be any contract of the protocol",
)
def entries_come_from_the_controller(moment: Moment) -> Iterator[str]:
    yield from _only_by_controllers(moment, "onRegistryUpdate", "onPauseUpdate")


def _only_by_controllers(moment: Moment, *functions: str) -> Iterator[str]:
    call = moment.call
    if call and call.function in functions:
        sender = moment.model.contracts.get(call.sender)
        if not isinstance(sender, Controller):
            yield f"{call}"


@invariant(
    "AUTH-14",
    "parameters change only by a call of the Controller's owner; the treasury's rate also by round and ceiling",
    why="each setter asks for the owner of that moment (5.7)",
)
def parameters_are_set_by_the_owner(moment: Moment) -> Iterator[str]:
    if moment.now.parameters == moment.before.parameters:
        return
    for name, value in moment.now.parameters.items():
        if value == moment.before.parameters[name]:
            continue
        by_protocol = (name == "treasuryRewardCutRate" and moment.events_named("NewRound")) or (
            name == "nextRoundTreasuryRewardCutRate" and value == 0 and moment.events_named("Reward")
        )
        if not by_protocol and not moment.is_by_owner:
            yield f"{name}: {moment.before.parameters[name]} → {value} by {moment.step}"


@invariant(
    "AUTH-15",
    "parameters are what ParameterChanged says, and it tells the value of before (DEV-7)",
    why="an indexer need not read state to know what changed",
)
def parameters_are_what_events_say(moment: Moment) -> Iterator[str]:
    if moment.client.parameters != moment.now.parameters:
        for name, value in moment.now.parameters.items():
            if moment.client.parameters[name] != value:
                yield f"{name}: {value}, {moment.client.parameters[name]} by events"
    for told in moment.events_named("ParameterChanged"):
        if told["previousValue"] != moment.before.parameters[told["param"]]:
            yield f"{told}, was {moment.before.parameters[told['param']]}"


@invariant(
    "AUTH-16",
    "each ParameterChanged comes just after the ParameterUpdate of the same name",
    why="the deployed event is kept for clients that know only it",
    on=("ParameterChanged", "ParameterUpdate"),
)
def both_parameter_events_come(moment: Moment) -> Iterator[str]:
    told = [event for event in moment.events if event.name in ("ParameterUpdate", "ParameterChanged")]
    pairs = list(zip(told[::2], told[1::2], strict=False))
    names = [(first.name, second.name) for first, second in pairs]
    if len(told) % 2 or any(name != ("ParameterUpdate", "ParameterChanged") for name in names):
        yield f"{[event.name for event in told]}"
    for first, second in pairs:
        if (first.contract, first.arguments["param"]) != (second.contract, second.arguments["param"]):
            yield f"{first}, {second}"
