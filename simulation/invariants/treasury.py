"""TREAS: what leaves the treasury, its operations, and its roles (governance.md E and 5)."""

from collections.abc import Iterator

from reference_model.constants import ZERO_ADDRESS
from reference_model.treasury import (
    CANCELLER_ROLE,
    DONE_TIMESTAMP,
    EXECUTOR_ROLE,
    PROPOSER_ROLE,
)
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment

ROLES = {"CallScheduled": PROPOSER_ROLE, "CallExecuted": EXECUTOR_ROLE, "Cancelled": CANCELLER_ROLE}


@invariant(
    "TREAS-1",
    "LPT leave the treasury only by executed operations; ETH: Δ balance = wei sent along − Σ value of its CallExecuted "
    "(5.22)",
    why="it holds what belongs to everybody",
)
def nothing_leaves_unexecuted(moment: Moment) -> Iterator[str]:
    if moment.council is None:
        return
    treasury, executed = moment.council.treasury.address, moment.told("CallExecuted")
    if moment.now.lpt.get(treasury, 0) < moment.before.lpt.get(treasury, 0) and not executed:
        yield f"LPT: {moment.before.lpt[treasury]} → {moment.now.lpt.get(treasury, 0)}"
    came = moment.call.value if executed else 0
    paid = sum(given["value"] for given in executed if given["target"] != treasury)
    difference = moment.now.ether.get(treasury, 0) - moment.before.ether.get(treasury, 0)
    # Anybody may give it something besides.
    if difference < came - paid or (executed and difference != came - paid):
        yield f"wei: {difference}; {came} came, {paid} named"


@invariant(
    "TREAS-2",
    "an operation is executed once, when its time has come, with exactly the calls that were scheduled, in their order "
    "(5.22)",
    why="everybody can see what will happen, and until when to object",
    on=("CallExecuted",),
)
def operations_run_as_scheduled(moment: Moment) -> Iterator[str]:
    calls: dict[bytes, list[tuple]] = {}
    for given in moment.told("CallExecuted"):
        calls.setdefault(given["id"], []).append((given["target"], given["value"], given["data"]))
    for number, made in calls.items():
        ready = moment.before.council.operations.get(number, 0)
        if not DONE_TIMESTAMP < ready <= moment.model.timestamp:
            yield f"ready at {ready}, executed at {moment.model.timestamp}"
        if moment.now.council.operations.get(number) != DONE_TIMESTAMP:
            yield "it can be executed again"
        scheduled = moment.books.scheduled[number]
        if made != [scheduled[index] for index in sorted(scheduled)]:
            yield f"{made}, scheduled were {scheduled}"


@invariant(
    "TREAS-3",
    "roles are what RoleGranted and RoleRevoked say, and change only by executed operations, or given up (5.24)",
    why="G6, G8: one more holder could schedule, execute or block what it likes",
)
def roles_change_by_proposal(moment: Moment) -> Iterator[str]:
    if moment.council is None:
        return
    was, now = moment.before.council.roles, moment.now.council.roles
    if now != moment.books.roles:
        yield f"{sorted(now ^ moment.books.roles)}"
    if was == now or moment.told("CallExecuted"):
        return
    call = moment.call
    is_given_up = call is not None and call.function == "renounceRole" and call.contract == "Treasury"
    if not is_given_up or any(account != call.sender for _, account in was ^ now):
        yield f"{sorted(was ^ now)} by {moment.step}"


@invariant(
    "TREAS-4",
    "an operation is ready at the second of its scheduling + its delay, which is at least the least delay of then",
    why="the delay is the time in which to object",
    on=("CallScheduled",),
)
def operations_wait(moment: Moment) -> Iterator[str]:
    for given in moment.told("CallScheduled"):
        ready = moment.now.council.operations.get(given["id"])
        if ready != moment.model.timestamp + given["delay"]:
            yield f"ready at {ready}, scheduled at {moment.model.timestamp} with {given['delay']}"
        if given["delay"] < moment.before.council.settings["minDelay"]:
            yield f"{given['delay']} < {moment.before.council.settings['minDelay']}"


@invariant(
    "TREAS-5",
    "times of operations change only where CallScheduled, CallExecuted or Cancelled name them; what is done stays done",
    why="an operation that came back could pay twice",
)
def operations_change_by_events(moment: Moment) -> Iterator[str]:
    if moment.council is None:
        return
    was, now = moment.before.council.operations, moment.now.council.operations
    if was == now:
        return
    told = {given["id"] for given in moment.told(*ROLES)}
    for number in was.keys() | now.keys():
        earlier, later = was.get(number, 0), now.get(number, 0)
        if earlier != later and (number not in told or earlier == DONE_TIMESTAMP):
            yield f"{number.hex()}: {earlier} → {later}"


@invariant(
    "TREAS-6",
    "only who has the role schedules, executes or cancels; everybody executes where the zero address has that role",
    why="G6: the governor is to be the only one, until a proposal decides otherwise",
    on=tuple(ROLES),
)
def operations_are_for_role_holders(moment: Moment) -> Iterator[str]:
    call, roles = moment.call, moment.before.council.roles
    through_governor = call.contract == "LivepeerGovernor"
    caller = moment.council.governor.address if through_governor else str.__str__(call.sender)
    for name, role in ROLES.items():
        is_open = name == "CallExecuted" and (role, ZERO_ADDRESS) in roles
        if moment.told(name) and not is_open and (role, caller) not in roles:
            yield f"{name} by {caller}"
