"""GOV: proposals and votes of the LivepeerGovernor (governance.md D and 5).

V(x) are the votes, D(x) is the delegate of x at the end of the proposal's snapshot t; T are the counted votes.
"""

from collections import defaultdict
from collections.abc import Iterator

from reference_model.arithmetic import part_ppm_down
from reference_model.constants import PPM_WHOLE
from reference_model.counting import ABSTAIN, AGAINST, FOR
from reference_model.proposals import ProposalState
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment

VOTES = ("VoteCast", "VoteCastWithParams")
PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, _, EXECUTED = ProposalState
PASSED = frozenset([SUCCEEDED, QUEUED, EXECUTED])
# From one moment to the next: rounds can pass unseen between them.
TRANSITIONS = {
    PENDING: {ACTIVE, CANCELED, DEFEATED, SUCCEEDED},
    ACTIVE: {DEFEATED, SUCCEEDED},
    SUCCEEDED: {QUEUED},
    QUEUED: {EXECUTED, CANCELED},
    CANCELED: set(),
    DEFEATED: set(),
    EXECUTED: set(),
}


def voted_on(moment: Moment) -> set[int]:
    """The proposals on which the step has voted."""
    return {given["proposalId"] for given in moment.told(*VOTES)}


def snapshot_of(moment: Moment, proposal_id: int) -> int:
    return moment.council.governor.proposal_snapshot(proposal_id)


@invariant(
    "GOV-7",
    "counted votes never exceed the snapshot's stake: Σ T ≤ Σ V(d) over all d with D(d) = d, orchestrators (5.14)",
    why="each unit of stake counts once, whoever votes with it, and in whatever order",
    on=VOTES,
)
def counted_votes_are_within_stake(moment: Moment) -> Iterator[str]:
    source = moment.model.bonding_votes
    for proposal_id in voted_on(moment):
        snapshot = snapshot_of(moment, proposal_id)
        stake = sum(
            source.get_past_votes(account, snapshot)
            for account in moment.accounts
            if source.delegated_at(account, snapshot) == account
        )
        counted = sum(moment.now.council.votes[proposal_id])
        if counted > stake:
            yield f"{counted} counted, {stake} at stake"


@invariant(
    "GOV-8",
    "T[s] = Σ max(0, V(x) − deductions) over voters x for s, with deductions Σ V(y) over voters y ≠ x with D(y) = x, "
    "if D(x) = x (5.12, 5.13, 5.17)",
    why="the sum names no order: whoever votes first, the result is the same; a delegator takes its own part only",
    on=VOTES,
)
def tallies_follow_from_who_voted(moment: Moment) -> Iterator[str]:
    source = moment.model.bonding_votes
    for proposal_id in voted_on(moment):
        snapshot = snapshot_of(moment, proposal_id)
        cast = moment.books.votes[proposal_id]
        taken: dict[str, int] = defaultdict(int)
        for voter, _, weight in cast:
            delegate = source.delegated_at(voter, snapshot)
            if delegate != voter and source.delegated_at(delegate, snapshot) == delegate:
                taken[delegate] += weight
        expected = [0, 0, 0]
        for voter, support, weight in cast:
            expected[support] += max(0, weight - taken[voter])
        if moment.now.council.votes[proposal_id] != tuple(expected):
            yield f"{moment.now.council.votes[proposal_id]}, {tuple(expected)} expected"


@invariant(
    "GOV-9",
    "a delegator whose orchestrator has voted moves V(x) from its choice to its own; Σ T stays (5.15)",
    why="overriding is not voting twice",
    on=VOTES,
)
def overrides_move_votes(moment: Moment) -> Iterator[str]:
    source = moment.model.bonding_votes
    for given in moment.told(*VOTES):
        proposal_id, voter = given["proposalId"], given["voter"]
        snapshot = snapshot_of(moment, proposal_id)
        delegate = source.delegated_at(voter, snapshot)
        was, now = (one.council.votes[proposal_id] for one in (moment.before, moment.now))
        overrides = delegate != voter and source.delegated_at(delegate, snapshot) == delegate
        has_voted = delegate in moment.before.council.voters[proposal_id]
        if overrides and has_voted and sum(was) != sum(now):
            yield f"{voter} after {delegate}: {was} → {now}"
        if not (overrides and has_voted) and sum(now) - sum(was) > given["weight"]:
            yield f"{voter}: {was} → {now} with {given['weight']}"


@invariant(
    "GOV-10",
    "each account votes once on a proposal, and has voted from then on (5.16)",
    why="a vote cannot be changed: what it counts stands in others' votes already",
)
def accounts_vote_once(moment: Moment) -> Iterator[str]:
    if moment.council is None:
        return
    was, now = moment.before.council.voters, moment.now.council.voters
    for given in moment.told(*VOTES):
        if given["voter"] in was[given["proposalId"]]:
            yield f"{given['voter']} again"
    if was == now:
        return
    for proposal_id, voters in was.items():
        told = {given["voter"] for given in moment.told(*VOTES) if given["proposalId"] == proposal_id}
        if now[proposal_id] != voters | told:
            yield f"{sorted(now[proposal_id] ^ (voters | told))}"


@invariant(
    "GOV-11",
    "votes come after the snapshot, and up to the deadline: snapshot < round ≤ deadline (5.18)",
    why="before, stake still moves; afterwards the result is known",
    on=VOTES,
)
def votes_come_in_time(moment: Moment) -> Iterator[str]:
    governor = moment.council.governor
    for proposal_id in voted_on(moment):
        first, last = snapshot_of(moment, proposal_id) + 1, governor.proposal_deadline(proposal_id)
        if not first <= moment.now.round <= last:
            yield f"in round {moment.now.round}, from {first} to {last}"


@invariant(
    "GOV-12",
    "VoteCast tells V(x): all votes of the account at the end of the snapshot, whatever of them counts",
    why="clients show the gross weight, as that of the deployed governor",
    on=VOTES,
)
def votes_tell_gross_weight(moment: Moment) -> Iterator[str]:
    for given in moment.told(*VOTES):
        snapshot = snapshot_of(moment, given["proposalId"])
        votes = moment.model.bonding_votes.get_past_votes(given["voter"], snapshot)
        if given["weight"] != votes:
            yield f"{given['weight']}, {votes} expected"


@invariant(
    "GOV-13",
    "the quorum's share of a past round never changes (5.19)",
    why="G5: a lower quorum must not revive what was defeated for lack of it",
)
def quorums_of_the_past_stand(moment: Moment) -> Iterator[str]:
    if moment.council is None:
        return
    was, now = (
        {r: share for r, share in one.council.numerators.items() if r < moment.now.round}
        for one in (moment.before, moment.now)
    )
    if was != now:
        yield f"{was} → {now}"


@invariant(
    "GOV-14",
    "a proposal passes exactly if Σ T ≥ ⌊total active stake at t · share(t) / 10⁶⌋ and "
    "for · 10⁶ > (for + against) · quota (5.20, DEV-18)",
    why="a tie, or abstentions alone, decide nothing",
)
def proposals_pass_by_quorum_and_quota(moment: Moment) -> Iterator[str]:
    if moment.council is None:
        return
    was, now = moment.before.council, moment.now.council
    for proposal_id, state in now.states.items():
        is_decided = state in PASSED or state is DEFEATED
        # What has been decided stands (GOV-15).
        if not is_decided or (
            was.states.get(proposal_id) is state and not moment.has_turn(proposal_id % 8, 8)
        ):
            continue
        votes = now.votes[proposal_id]
        quorum = _quorum(moment, snapshot_of(moment, proposal_id))
        decided_for = votes[FOR] * PPM_WHOLE > (votes[FOR] + votes[AGAINST]) * now.settings["quota"]
        passes = votes[AGAINST] + votes[FOR] + votes[ABSTAIN] >= quorum and decided_for
        if passes != (state in PASSED):
            yield f"{state.name} with {votes}, quorum {quorum}"


def _quorum(moment: Moment, snapshot: int) -> int:
    share = max((r, share) for r, share in moment.now.council.numerators.items() if r <= snapshot)[1]
    return part_ppm_down(moment.model.bonding_votes.get_past_total_supply(snapshot), share)


def _had_succeeded(moment: Moment, proposal_id: int) -> bool:
    """Whether a call found it so: its block may have begun a round, of which the state before knows nothing."""
    earlier, proposal = (
        moment.before.council.states[proposal_id],
        moment.council.governor.proposals[proposal_id],
    )
    is_over = proposal.vote_start + proposal.vote_duration < moment.model.rounds_manager.current_round()
    return earlier is SUCCEEDED or (SUCCEEDED in TRANSITIONS[earlier] and is_over)


@invariant(
    "GOV-15",
    "a proposal goes from pending to active or canceled, then succeeded or defeated, then queued, then executed (5.21)",
    tolerance="who has a role of the treasury can drop its operation, and schedule it again",
    why="what was decided stays decided, and happens once",
)
def proposals_go_their_way(moment: Moment) -> Iterator[str]:
    if moment.council is None:
        return
    was, now = moment.before.council.states, moment.now.council.states
    if was == now:
        return
    is_past_governor = moment.call is not None and moment.call.contract == "Treasury"
    for proposal_id, state in now.items():
        earlier = was.get(proposal_id)
        if earlier in (None, state) or state in TRANSITIONS[earlier]:
            continue
        if state is QUEUED and _had_succeeded(moment, proposal_id):
            continue
        if not (is_past_governor and (earlier, state) == (CANCELED, QUEUED)):
            yield f"{earlier.name} → {state.name}"
    if missing := was.keys() - now.keys():
        yield f"{missing} are gone"


@invariant(
    "GOV-16",
    "settings of governor and treasury change only by executed operations; the quota never does (5.23)",
    why="whoever could set them would need no votes",
)
def settings_change_by_proposal(moment: Moment) -> Iterator[str]:
    if moment.council is None:
        return
    was, now = moment.before.council.settings, moment.now.council.settings
    changed = {name for name, value in now.items() if was[name] != value}
    if "quota" in changed or (changed and not moment.told("CallExecuted")):
        yield f"{ {name: (was[name], now[name]) for name in changed} }"


@invariant(
    "GOV-17",
    "who proposes has the threshold's votes; snapshot = round + delay, deadline = snapshot + period",
    why="everybody has time to bond and to object before the vote, and knows how long it lasts",
    on=("ProposalCreated",),
)
def proposals_are_announced(moment: Moment) -> Iterator[str]:
    settings, r = moment.now.council.settings, moment.now.round
    for given in moment.told("ProposalCreated"):
        first = r + settings["votingDelay"]
        times = (given["voteStart"], given["voteEnd"])
        if times != (first, first + settings["votingPeriod"]):
            yield f"{times} in round {r}"
        votes = moment.model.bonding_votes.get_past_votes(given["proposer"], r - 1) if r else 0
        if votes < settings["proposalThreshold"]:
            yield f"{given['proposer']} has {votes}"


@invariant(
    "GOV-18",
    "settings are what their events say, of governor and treasury",
    why="clients show delays and quorum without reading them again",
)
def settings_are_what_events_say(moment: Moment) -> Iterator[str]:
    if moment.council is not None and moment.now.council.settings != moment.books.settings:
        yield f"{moment.now.council.settings}, {moment.books.settings} by events"


@invariant(
    "GOV-19",
    "queueing schedules exactly the calls that were proposed, once they have passed (5.22)",
    why="what happens is what was voted on",
    on=("ProposalQueued",),
)
def what_passed_is_scheduled(moment: Moment) -> Iterator[str]:
    for given in moment.told("ProposalQueued"):
        proposal_id = given["proposalId"]
        proposed = moment.books.proposals[proposal_id]
        calls = list(zip(proposed["targets"], proposed["values"], proposed["calldatas"], strict=True))
        scheduled = [(one["target"], one["value"], one["data"]) for one in moment.told("CallScheduled")]
        if scheduled != calls:
            yield f"{scheduled} scheduled, {calls} proposed"
        if not _had_succeeded(moment, proposal_id):
            yield f"it was {moment.before.council.states[proposal_id].name}"
