"""Operations of polls and of stake-weighted governance, from proposal to execution."""

from simulation.governance import AGAINST, FOR, Proposal, make_proposal
from simulation.protocol import LPT
from tests.gas.bench import Bench
from tests.gas.operations import TEN, operation

GRANT = 50 * LPT


@operation("poll.create", TEN)
def create_poll(bench):
    """O1.createPoll(34 bytes)"""
    return _create_poll(bench)


@operation("poll.vote", TEN)
def vote_on_poll(bench):
    """O1.vote(1)"""
    created = _create_poll(bench).event("PollCreated")
    return bench.chain.at("Poll", created["poll"]).vote.send(1, sender=bench.o(1))


@operation("treasury.propose", TEN)
def propose(bench):
    """O1.propose([LPT.transfer(N1, 50 LPT)], 'Proposal #1: pay N1')"""
    return bench.governance.propose(_grant(bench), sender=bench.o(1))


@operation("treasury.castVote.orchestrator", TEN)
def cast_vote(bench):
    """two rounds later: O1.castVote(for), first vote"""
    grant = _open_vote(bench)
    return _vote(bench, grant, bench.o(1), FOR)


@operation("treasury.castVote.orchestrator.2nd", TEN)
def cast_second_vote(bench):
    """O2.castVote(for) after O1"""
    grant = _open_vote(bench)
    _vote(bench, grant, bench.o(1), FOR)
    return _vote(bench, grant, bench.o(2), FOR)


@operation("treasury.castVote.delegator.after", TEN)
def override_vote_cast(bench):
    """D1.castVote(against) after O1 voted for (override)"""
    grant = _open_vote(bench)
    _vote(bench, grant, bench.o(1), FOR)
    return _vote(bench, grant, bench.D1, AGAINST)


@operation("treasury.castVote.delegator.before", TEN)
def override_vote_to_come(bench):
    """D1.castVote(against) before O1 voted"""
    grant = _open_vote(bench)
    return _vote(bench, grant, bench.D1, AGAINST)


@operation("treasury.castVote.orchestrator.after-delegator", TEN)
def cast_vote_with_deduction(bench):
    """then O1.castVote(for), with a deduction"""
    grant = _open_vote(bench)
    _vote(bench, grant, bench.D1, AGAINST)
    return _vote(bench, grant, bench.o(1), FOR)


@operation("treasury.castVoteWithReason", TEN)
def cast_vote_with_reason(bench):
    """O1.castVoteWithReason(for, 'because')"""
    grant = _open_vote(bench)
    return bench.governance.governor.castVoteWithReason.send(grant.id, FOR, "because", sender=bench.o(1))


@operation("treasury.queue", TEN)
def queue(bench):
    """all ten voted for; after the voting period queue()"""
    grant = _pass(bench)
    return bench.governance.queue(grant, sender=bench.o(1))


@operation("treasury.execute", TEN)
def execute(bench):
    """then execute(): 50 LPT to N1"""
    grant = _pass(bench)
    bench.governance.queue(grant, sender=bench.o(1))
    return bench.governance.execute(grant, sender=bench.o(1))


def _create_poll(bench: Bench):
    return bench.governance.poll_creator.createPoll.send(b"Q" * 34, sender=bench.o(1))


def _grant(bench: Bench) -> Proposal:
    token = bench.protocol.token
    return make_proposal(
        (token, 0, token.transfer.encode(bench.N1, GRANT)), description="Proposal #1: pay N1"
    )


def _open_vote(bench: Bench) -> Proposal:
    """The grant, proposed two rounds ago."""
    grant = _grant(bench)
    bench.governance.propose(grant, sender=bench.o(1))
    bench.protocol.pass_rounds(2)
    return grant


def _pass(bench: Bench) -> Proposal:
    """The grant, which everybody voted for."""
    bench.protocol.token.transfer.send(bench.governance.treasury, 2 * GRANT, sender=bench.N0)
    grant = _open_vote(bench)
    for orchestrator in bench.orchestrators:
        _vote(bench, grant, orchestrator, FOR)
    bench.protocol.pass_rounds(bench.governance.parameters.voting_period)
    return grant


def _vote(bench: Bench, grant: Proposal, voter: str, support: int):
    return bench.governance.governor.castVote.send(grant.id, support, sender=voter)
