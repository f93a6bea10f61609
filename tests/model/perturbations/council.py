"""Faults for GOV, TREAS and POLL: proposals, votes, the treasury, polls."""

from typing import Any

from reference_model.counting import FOR
from reference_model.treasury import PROPOSER_ROLE
from simulation.calls import Draft, UpdateCall, parts_of
from tests.model.perturbations.stage import LPT, LiveStage, trips

GOVERNOR, TREASURY, CREATOR, POLL = "LivepeerGovernor", "Treasury", "PollCreator", "Poll 1"
BROKEN_SOURCE = "the source of votes breaks its promise, which is an invariant of its own"


class Council:
    """What a stage needs to govern."""

    def __init__(self, stage: LiveStage) -> None:
        self.stage, self.council = stage, stage.chronicle.council
        self.governor, self.treasury = self.council.governor, self.council.treasury
        self.books = stage.chronicle.books

    def call(self, sender: str, function: str, *arguments: Any, contract: str = GOVERNOR):
        return self.stage.call(sender, contract, function, *arguments)

    def draft(self, contract: str = "LivepeerToken", function: str = "transfer", *arguments: Any) -> Draft:
        """A payment of the treasury, or another call."""
        target = self.stage.world.cast.addresses[contract]
        arguments = arguments or (str.__str__(self.stage.attacker), 1)
        return Draft((UpdateCall(target, contract, function, arguments),), "a proposal")

    def propose(self, draft: Draft | None = None, then=None) -> Draft:
        draft = draft or self.draft()
        self.stage.take(self.call(self.stage.first, "propose", draft), then)
        return draft

    def open(self, draft: Draft | None = None) -> Draft:
        """A proposal on which votes can be cast."""
        draft = self.propose(draft)
        self.start()
        return draft

    def start(self) -> None:
        self.stage.next_round()
        self.stage.initialize()

    def vote(self, account: str, draft: Draft, then=None) -> None:
        self.stage.take(self.call(account, "castVote", draft, FOR), then)

    def pass_it(self, draft: Draft | None = None) -> Draft:
        """A proposal that has succeeded."""
        draft = self.open(draft)
        self.vote(self.stage.first, draft)
        self.start()
        return draft

    def queue(self, draft: Draft, then=None) -> None:
        self.stage.take(self.call(self.stage.attacker, "queue", draft), then)

    def execute(self, draft: Draft, then=None) -> None:
        self.stage.take(self.call(self.stage.attacker, "execute", draft), then)

    def tally(self, draft: Draft):
        return self.record(draft).tally

    def record(self, draft: Draft):
        return self.governor.proposals[parts_of(draft).proposal_id]

    def inflate(self, draft: Draft, account: str, votes: int) -> None:
        """Let the source of votes give an account more at the snapshot than its orchestrator has."""
        snapshot = self.record(draft).vote_start

        def past_votes(original, asked: str, round_number: int) -> int:
            return votes if (asked, round_number) == (account, snapshot) else original(asked, round_number)

        def at_start(original, asked: str, round_number: int) -> tuple[int, str]:
            found = original(asked, round_number)
            return (votes, found[1]) if (asked, round_number) == (account, snapshot + 1) else found

        self.stage.patch(self.stage.votes, "get_past_votes", past_votes)
        self.stage.patch(self.stage.votes, "get_votes_and_delegate_at_round_start", at_start)


# ---- votes


@trips("GOV-7", also=("VOTE-2",), because=BROKEN_SOURCE)
def delegator_counts_more_than_there_is(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.open()
    council.inflate(draft, stage.behind_first, 10**6 * LPT)
    council.vote(stage.behind_first, draft)


@trips("GOV-8")
def vote_is_not_counted_in_full(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.open()

    def lose() -> None:
        council.tally(draft).votes[FOR] -= 1

    council.vote(stage.first, draft, lose)


@trips("GOV-9", also=("VOTE-2",), because=BROKEN_SOURCE)
def override_adds_votes(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.open()
    council.vote(stage.first, draft)
    council.inflate(draft, stage.behind_first, 300 * LPT)
    council.vote(stage.behind_first, draft)


@trips("GOV-10")
def somebody_votes_twice(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.open()
    council.vote(stage.second, draft)
    stage.patch(council.tally(draft), "check", lambda original, *given: None)
    council.vote(stage.second, draft)


@trips("GOV-11")
def vote_comes_after_the_deadline(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.open()
    council.start()
    stage.patch(council.governor, "_require_state", lambda original, *given: None)
    council.vote(stage.third, draft)


@trips("GOV-12")
def event_tells_less_than_the_votes(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.open()

    def tell_less() -> None:
        council.tally(draft).votes[FOR] -= 1
        stage.event("VoteCast")["weight"] -= 1

    council.vote(stage.first, draft, tell_less)


# ---- proposals


@trips("GOV-13")
def quorum_of_a_past_round_changes(stage: LiveStage) -> None:
    council, current_round = Council(stage), stage.clock.current_round()

    def change() -> None:
        numerators = council.governor.quorum_numerators
        numerators[current_round] = council.governor.quorum_numerator()
        numerators[current_round - 1] = 5

    stage.wait(change)


@trips("GOV-14")
def proposal_passes_without_votes(stage: LiveStage) -> None:
    council = Council(stage)
    council.open()
    stage.patch(council.governor, "_passes", lambda original, proposal: True)
    council.start()


@trips("GOV-15")
def defeated_proposal_waits_again(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.open()
    council.start()
    stage.wait(lambda: stage.add(council.record(draft), "vote_start", 10))


@trips("GOV-16")
def setting_changes_by_itself(stage: LiveStage) -> None:
    council = Council(stage)

    def change() -> None:
        council.governor.voting_delay = council.books.settings["votingDelay"] = 7

    stage.wait(change)


@trips("GOV-17")
def proposal_starts_later_than_told(stage: LiveStage) -> None:
    Council(stage).propose(then=lambda: stage.event("ProposalCreated").update(voteStart=1))


@trips("GOV-18")
def setting_is_told_wrongly(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.pass_it(council.draft(GOVERNOR, "setVotingDelay", 3))
    council.queue(draft)
    council.execute(draft, lambda: stage.event("VotingDelaySet").update(newVotingDelay=4))


@trips("GOV-19")
def other_calls_are_scheduled(stage: LiveStage) -> None:
    council = Council(stage)
    council.queue(council.pass_it(), lambda: stage.event("CallScheduled").update(value=1))


# ---- the treasury


@trips("TREAS-1")
def wei_leave_by_themselves(stage: LiveStage) -> None:
    council = Council(stage)

    def leave() -> None:
        stage.model.pay(council.treasury.address, stage.attacker, 1)

    stage.wait(leave)


@trips("TREAS-2")
def other_calls_are_executed(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.pass_it()
    council.queue(draft)
    council.execute(draft, lambda: stage.event("CallExecuted").update(data=b"another"))


@trips("TREAS-3")
def somebody_gets_a_role(stage: LiveStage) -> None:
    council = Council(stage)
    role = (PROPOSER_ROLE, str.__str__(stage.attacker))

    def grant() -> None:
        council.treasury.roles[role] = True
        council.books.roles.add(role)

    stage.wait(grant)


@trips("TREAS-4")
def operation_waits_too_long(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.pass_it()

    def delay() -> None:
        council.treasury.timestamps[parts_of(draft).operation_id] += 1

    council.queue(draft, delay)


@trips("TREAS-5")
def executed_operation_comes_back(stage: LiveStage) -> None:
    council = Council(stage)
    draft = council.pass_it()
    council.queue(draft)
    council.execute(draft)

    def come_back() -> None:
        council.treasury.timestamps[parts_of(draft).operation_id] = stage.model.timestamp

    stage.wait(come_back)


@trips("TREAS-6")
def stranger_schedules(stage: LiveStage) -> None:
    council = Council(stage)
    stage.patch(council.treasury, "_require_role", lambda original, *given: None)
    call = council.call(stage.attacker, "scheduleBatch", council.draft(), bytes(32), 0, contract=TREASURY)
    stage.take(call)


# ---- polls


def open_poll(stage: LiveStage, then=None) -> None:
    stage.take(stage.call(stage.first, CREATOR, "createPoll", b"LIP"), then)


@trips("POLL-1")
def vote_is_of_somebody_else(stage: LiveStage) -> None:
    open_poll(stage)
    vote = stage.call(stage.second, POLL, "vote", 1)
    stage.take(vote, lambda: stage.event("Vote").update(voter=str.__str__(stage.first)))


@trips("POLL-2")
def poll_ends_later_than_told(stage: LiveStage) -> None:
    open_poll(stage, lambda: stage.event("PollCreated").update(endBlock=5))


@trips("POLL-2")
def poll_is_refused_in_spite_of_stake(stage: LiveStage) -> None:
    creator = stage.chronicle.council.creator
    stage.refuse(creator, "create_poll")
    stage.fail(stage.call(stage.first, CREATOR, "createPoll", b"LIP"), stage.unpatch)


@trips("POLL-3")
def poll_is_destroyed_early(stage: LiveStage) -> None:
    open_poll(stage)
    poll = stage.world.contracts[POLL].poll
    end_block = poll.end_block
    stage.unseen(lambda: setattr(poll, "end_block", 0))
    stage.take(stage.call(stage.second, POLL, "destroy"), lambda: setattr(poll, "end_block", end_block))
