"""POLL: polls, on which nothing in the protocol depends (governance.md B and 5)."""

from collections.abc import Iterator

from reference_model.polls import POLL_CREATION_COST, POLL_PERIOD
from simulation.calls import POLLS, Call
from simulation.governance_model import poll_address
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import FAILURE, Moment

# All that a vote could want to change; rounds pass by themselves.
UNTOUCHED = ("bonds", "pool", "lpt", "ether", "senders", "contracts", "parameters", "roles", "polls", "votes")


@invariant(
    "POLL-1",
    "a vote in a poll emits one Vote(caller, choice), and changes nothing (5.6)",
    why="it is weighed off-chain: choices beyond yes and no are ignored there",
    on=("Vote",),
)
def votes_are_only_words(moment: Moment) -> Iterator[str]:
    call = moment.call
    expected = [{"voter": str.__str__(call.sender), "choiceID": call.arguments[0]}]
    if moment.told("Vote") != expected or len(moment.model.journal.events) != 1:
        yield f"{moment.model.journal.events}"
    for name in UNTOUCHED:
        was, now = (
            getattr(one, name, None) if hasattr(one, name) else getattr(one.council, name)
            for one in (moment.before, moment.now)
        )
        if was != now:
            yield f"{name} changed"


@invariant(
    "POLL-2",
    "a poll is opened exactly by who has 100 LPT, pending stake or total stake, and ends 57600 blocks later (5.7)",
    why="it costs nothing but having stake; the end block is when that of everybody else is weighed",
    on=("PollCreated", FAILURE),
)
def polls_take_stake(moment: Moment) -> Iterator[str]:
    step = moment.step
    if not isinstance(step, Call) or step.function != "createPoll":
        return
    account = str.__str__(step.sender)
    stake = max(moment.before.pending_stake[account], moment.manager.transcoder_total_stake(account))
    if moment.succeeded != (stake >= POLL_CREATION_COST):
        yield f"{account} has {stake}"
    for given in moment.told("PollCreated"):
        ends = (given["endBlock"], moment.now.council.polls.get(given["poll"]))
        if ends != (moment.now.clock.block + POLL_PERIOD,) * 2:
            yield f"ends at {ends}, opened in block {moment.now.clock.block}"


@invariant(
    "POLL-3",
    "votes are taken up to the end block, destruction after it: never both in one block (5.8)",
    why="the vote of the last block counts, and nobody ends a poll early",
)
def polls_are_open_or_over(moment: Moment) -> Iterator[str]:
    call = moment.call
    if moment.council is None or call is None or call.function not in ("vote", "destroy"):
        return
    site = poll_address(moment.council.creator.address, POLLS.index(call.contract) + 1)
    end = moment.now.council.polls.get(site)
    if end is not None and (moment.now.clock.block > end) != (call.function == "destroy"):
        yield f"{call.function} in block {moment.now.clock.block}, end block {end}"
