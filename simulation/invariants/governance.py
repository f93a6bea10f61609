"""GOV: staged updates of the Governor (governance.md A and 5)."""

from collections.abc import Iterator

from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment


def _hash(moment: Moment, given: dict) -> bytes:
    return moment.model.cryptography.hash_update(given["update"])


@invariant(
    "GOV-1",
    "an update waits only after the owner has staged it, from the block of that call + its delay on (5.1, 5.5)",
    why="G1: everybody can see what will happen, and until when to object",
    on=("UpdateStaged",),
)
def updates_are_staged_by_the_owner(moment: Moment) -> Iterator[str]:
    for given in moment.events_named("UpdateStaged"):
        due = moment.now.clock.block + given["delay"]
        if moment.now.staged.get(_hash(moment, given)) != due:
            yield f"{moment.now.staged.get(_hash(moment, given))}, {due} expected"
        if moment.call.sender != moment.before.governor_owner:
            yield f"by {moment.call.sender}"


@invariant(
    "GOV-2",
    "the updates that wait, and their blocks, are what UpdateStaged, UpdateExecuted and UpdateCancelled say",
    why="watchers warn of what is coming by these events",
)
def waiting_updates_are_what_events_say(moment: Moment) -> Iterator[str]:
    if moment.client.staged != moment.now.staged:
        yield f"{moment.now.staged}, {moment.client.staged} by events"


@invariant(
    "AUTH-8",
    "a staged update runs once, not before its block, and as a whole or not at all",
    why="everybody can see what will happen, and until when to object",
    on=("UpdateExecuted",),
)
def updates_run_once_and_in_time(moment: Moment) -> Iterator[str]:
    for given in moment.events_named("UpdateExecuted"):
        due = moment.before.staged.get(_hash(moment, given))
        if due is None or moment.now.clock.block < due:
            yield f"in block {moment.now.clock.block}, due {due}"
        if _hash(moment, given) in moment.now.staged:
            yield "it still waits"


@invariant(
    "GOV-3",
    "an update is cancelled by the owner alone",
    why="somebody else could keep the protocol from being mended",
    on=("UpdateCancelled",),
)
def updates_are_cancelled_by_the_owner(moment: Moment) -> Iterator[str]:
    if moment.call.sender != moment.before.governor_owner:
        yield f"by {moment.call.sender}"


@invariant(
    "GOV-4",
    "the Governor's owner changes only by an executed update that calls the Governor (5.4)",
    why="even the owner has to announce it",
)
def the_owner_changes_by_update(moment: Moment) -> Iterator[str]:
    was, now = moment.before.governor_owner, moment.now.governor_owner
    if was == now:
        return
    executed = moment.events_named("UpdateExecuted")
    if not any(moment.model.governor.address in given["update"].target for given in executed):
        yield f"{was} → {now}"


@invariant(
    "GOV-5",
    "an executed update has made each of its calls, in their order",
    why="half an upgrade is worse than none",
    on=("UpdateExecuted",),
)
def updates_are_executed_as_a_whole(moment: Moment) -> Iterator[str]:
    made = iter(moment.model.journal.calls)
    for given in moment.events_named("UpdateExecuted"):
        update = given["update"]
        for target, message in zip(update.target, update.data, strict=False):
            contract = moment.model.contracts.get(target)
            # Accounts without code take every call.
            if contract is not None and (contract.name, message.function) not in made:
                yield f"{contract.name}.{message.function} was not called"


@invariant(
    "GOV-6",
    "an execution gives each call the wei that it names; the Governor keeps what else came",
    why="wei left from earlier updates pay for later ones, and for nothing else",
    on=("UpdateExecuted",),
)
def updates_pay_what_they_name(moment: Moment) -> Iterator[str]:
    governor = moment.model.governor.address
    kept = moment.now.ether.get(governor, 0) - moment.before.ether.get(governor, 0)
    paid = sum(sum(given["update"].value) for given in moment.events_named("UpdateExecuted"))
    if kept != moment.call.value - paid:
        yield f"{moment.call.value} came, {paid} named, {kept} kept"
