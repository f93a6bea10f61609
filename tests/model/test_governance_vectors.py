"""The LivepeerGovernor on the reference model: the vectors and numbers of governance.md D, with real stake.

- A proposal's id, its rounds, its states and its operation (D3)
- Votes: who weighs what, before and after the delegate's (D4); quorum and quota at their bounds (G3, G5)
- What only a proposal can do (G6)
"""

import pytest

from reference_model.counting import ABSTAIN, AGAINST, FOR
from reference_model.exceptions import (
    CallerNotControllerOwner,
    ERC20InsufficientBalance,
    GovernorInsufficientProposerVotes,
    GovernorNonexistentProposal,
    GovernorOnlyExecutor,
    GovernorRestrictedProposer,
    GovernorUnableToCancel,
    GovernorUnexpectedProposalState,
    InvalidInitialization,
    InvalidQuota,
    InvalidVoteType,
    Panic,
    VoteAlreadyCast,
)
from reference_model.governance_cryptography import Calls
from reference_model.proposals import ProposalState
from reference_model.types import Message
from simulation.governance import make_proposal
from simulation.governance_model import MODEL_CONTRACTS, add_governance
from simulation.model_stage import LPT, address_of
from tests.model.governance_stage import PAYEE, RIVAL, SETTINGS, A, B, Bench, T, open_bench


@pytest.fixture
def bench() -> Bench:
    return open_bench()


# ---- proposals


def test_id__vector_of_the_specification__is_the_hash(bench: Bench) -> None:
    calls = Calls(["0x" + "00" * 19 + "AA"], [0], [Message(bytes.fromhex("12345678"), "")])
    expected = 0xB30FE7CEF0392A024CF7405316F9E4A7727A05F6D091182FCAB8EB3C11464197

    assert bench.cryptography.hash_proposal(calls, bench.cryptography.hash_description("hello")) == expected


def test_proposal__from_round_r__is_voted_on_from_r_plus_2_to_r_plus_11(bench: Bench) -> None:
    proposal = bench.propose(bench.grant())
    states = {}
    for round_number in range(101, 114):
        if round_number > 101:
            bench.start_round(round_number)
        states[round_number] = bench.state(proposal)
        if round_number == 103:
            bench.governor.cast_vote(T, proposal.id, FOR)

    assert [r for r, state in states.items() if state is ProposalState.PENDING] == [101, 102]
    assert [r for r, state in states.items() if state is ProposalState.ACTIVE] == list(range(103, 113))
    assert states[113] is ProposalState.SUCCEEDED


def test_grant__voted_for__is_paid_by_the_treasury(bench: Bench) -> None:
    proposal = bench.propose(bench.grant())
    bench.start_round(103)
    assert bench.governor.cast_vote(T, proposal.id, FOR) == 400 * LPT
    bench.start_round(113)

    bench.queue(proposal)
    assert bench.events() == ["CallScheduled", "CallSalt", "ProposalQueued"]
    assert bench.state(proposal) is ProposalState.QUEUED
    assert bench.governor.proposal_eta(proposal.id) == bench.model.timestamp
    assert bench.treasury.get_timestamp(proposal.operation_id) == bench.model.timestamp
    bench.execute(proposal)

    assert bench.events() == ["Transfer", "CallExecuted", "ProposalExecuted"]
    assert bench.model.token.balance_of(PAYEE) == 50 * LPT
    assert bench.state(proposal) is ProposalState.EXECUTED
    with pytest.raises(GovernorUnexpectedProposalState):
        bench.execute(proposal)


def test_grant__more_than_there_is__leaves_everything_as_it_was(bench: Bench) -> None:
    proposal = bench.propose(bench.grant(501))
    bench.start_round(103)
    bench.governor.cast_vote(T, proposal.id, FOR)
    bench.start_round(113)
    bench.queue(proposal)

    with pytest.raises(ERC20InsufficientBalance):
        bench.execute(proposal)

    assert bench.model.token.balance_of(PAYEE) == 0
    assert bench.state(proposal) is ProposalState.QUEUED


def test_propose__stake_of_this_round__does_not_count_yet(bench: Bench) -> None:
    bench.bond(RIVAL, 800, RIVAL)
    bench.governor.proposal_threshold = 1_000 * LPT

    with pytest.raises(GovernorInsufficientProposerVotes) as refused:
        bench.propose(bench.grant(), RIVAL)
    assert refused.value.votes == 200 * LPT
    bench.start_round(102)
    bench.propose(bench.grant(), RIVAL)


def test_propose__reserved_for_its_proposer__is_not_for_another(bench: Bench) -> None:
    ours = bench.grant(description=f"Ours #proposer={T.upper().replace('0X', '0x')}")

    with pytest.raises(GovernorRestrictedProposer):
        bench.propose(ours, RIVAL)
    bench.propose(ours)
    bench.propose(bench.grant(description="Anybody's #proposer=0x12"), RIVAL)


def test_cancel__by_its_proposer_before_the_vote__and_nobody_else(bench: Bench) -> None:
    proposal = bench.propose(bench.grant())
    with pytest.raises(GovernorUnableToCancel):
        bench.cancel(proposal, RIVAL)
    bench.cancel(proposal, T)
    assert bench.state(proposal) is ProposalState.CANCELED

    other = bench.propose(bench.grant(description="Another"))
    bench.start_round(103)
    with pytest.raises(GovernorUnableToCancel):
        bench.cancel(other, T)


def test_state__nobody_has_proposed_it__raises(bench: Bench) -> None:
    with pytest.raises(GovernorNonexistentProposal):
        bench.governor.state(7)


# ---- votes


@pytest.mark.parametrize("order", [(T, A), (A, T)])
def test_votes__delegator_and_orchestrator__weigh_the_same_in_both_orders(bench: Bench, order) -> None:
    proposal = bench.propose(bench.grant())
    bench.start_round(103)

    for account in order:
        bench.governor.cast_vote(account, proposal.id, FOR if account == T else AGAINST)

    assert bench.governor.proposal_votes(proposal.id) == (100 * LPT, 300 * LPT, 0)
    assert bench.governor.has_voted(proposal.id, A) and not bench.governor.has_voted(proposal.id, B)


def test_votes__delegator_moves_after_the_snapshot__is_taken_from_the_old_one(bench: Bench) -> None:
    proposal = bench.propose(bench.grant())
    bench.start_round(103)
    bench.bond(A, 0, RIVAL)

    for account in (T, RIVAL, A):
        bench.governor.cast_vote(account, proposal.id, ABSTAIN if account == A else FOR)

    assert bench.governor.proposal_votes(proposal.id) == (0, 500 * LPT, 100 * LPT)


def test_votes__all_that_is_staked__is_never_exceeded(bench: Bench) -> None:
    proposal = bench.propose(bench.grant())
    bench.start_round(103)
    for account in (A, T, RIVAL, B):
        bench.governor.cast_vote(account, proposal.id, FOR)

    assert sum(bench.governor.proposal_votes(proposal.id)) == 600 * LPT


def test_vote__wrong_or_second__raises(bench: Bench) -> None:
    proposal = bench.propose(bench.grant())
    with pytest.raises(GovernorUnexpectedProposalState):
        bench.governor.cast_vote(T, proposal.id, FOR)
    bench.start_round(103)

    with pytest.raises(InvalidVoteType):
        bench.governor.cast_vote(T, proposal.id, 3)
    bench.governor.cast_vote(T, proposal.id, FOR)
    with pytest.raises(VoteAlreadyCast):
        bench.governor.cast_vote(T, proposal.id, AGAINST)


@pytest.mark.parametrize(
    ("votes", "passes"),
    [
        # Quorum: 33.33 % of 600 LPT are 199.98; RIVAL alone has 200, A and B together 150.
        ({RIVAL: FOR}, True),
        ({A: FOR, B: FOR}, False),
        ({A: FOR, RIVAL: ABSTAIN}, True),
        # Nobody has an opinion; a tie; fewer for it than against.
        ({RIVAL: ABSTAIN}, False),
        ({A: FOR, B: FOR, RIVAL: AGAINST}, False),
        ({T: FOR, A: AGAINST, B: AGAINST, RIVAL: AGAINST}, False),
        ({T: FOR, A: AGAINST, RIVAL: AGAINST}, False),
        ({T: FOR, RIVAL: AGAINST}, True),
    ],
)
def test_result__by_quorum_and_quota__is_what_the_formulas_say(bench: Bench, votes, passes) -> None:
    proposal = bench.propose(bench.grant())
    bench.start_round(103)
    for account, support in votes.items():
        bench.governor.cast_vote(account, proposal.id, support)
    bench.start_round(113)

    expected = ProposalState.SUCCEEDED if passes else ProposalState.DEFEATED
    assert bench.state(proposal) is expected


# ---- what only proposals do


def enact(bench: Bench, *calls: tuple, first_round: int, description: str = "Enact it") -> None:
    proposal = bench.propose(make_proposal(*calls, description=description))
    bench.start_round(first_round + 2)
    bench.governor.cast_vote(T, proposal.id, FOR)
    bench.start_round(first_round + 12)
    bench.queue(proposal)
    bench.execute(proposal)


def test_settings__by_a_proposal__change_in_its_order(bench: Bench) -> None:
    governor = bench.governor
    calls = [bench.encode(governor, "setVotingDelay", 3), bench.encode(governor, "setVotingPeriod", 20)]

    enact(bench, *calls, first_round=101)

    assert (governor.voting_delay, governor.voting_period) == (3, 20)
    assert bench.events() == [
        "VotingDelaySet",
        "CallExecuted",
        "VotingPeriodSet",
        "CallExecuted",
        "ProposalExecuted",
    ]


def test_settings__without_a_proposal__do_not_change(bench: Bench) -> None:
    with pytest.raises(GovernorOnlyExecutor):
        bench.governor.set_voting_period(bench.owner, 1)
    with pytest.raises(Panic) as panicked:
        bench.governor.set_voting_period(bench.treasury.address, 1)
    assert panicked.value.code == 0x31


def test_propose__after_a_vote_on_what_was_not_there__can_be_voted_on(bench: Bench) -> None:
    grant = bench.grant()
    with pytest.raises(GovernorNonexistentProposal):
        bench.governor.cast_vote(A, grant.id, FOR)
    bench.propose(grant)
    bench.start_round(103)

    bench.governor.cast_vote(A, grant.id, FOR)

    assert bench.governor.has_voted(grant.id, A)


def test_quorum__lowered_by_a_proposal__leaves_the_past_alone(bench: Bench) -> None:
    proposal = bench.propose(bench.grant())
    bench.start_round(103)
    bench.governor.cast_vote(A, proposal.id, FOR)
    bench.start_round(113)
    assert bench.state(proposal) is ProposalState.DEFEATED

    enact(bench, bench.encode(bench.governor, "updateQuorumNumerator", 1), first_round=113)

    assert bench.governor.quorum_numerator() == 1
    assert bench.governor.quorum_numerator(102) == 333_300
    assert bench.state(proposal) is ProposalState.DEFEATED


@pytest.mark.parametrize("quota", [1_000_000, 2_000_000])
def test_initialize__quota_that_nothing_exceeds__raises(bench: Bench, quota: int) -> None:
    for initialized in (bench.governor, bench.model.contracts[bench.governor.target]):
        with pytest.raises(InvalidInitialization):
            initialized.initialize(bench.owner, *SETTINGS)
    addresses = {name: address_of(f"another {name}") for name in MODEL_CONTRACTS}
    other = add_governance(bench.model, addresses).governor

    with pytest.raises(InvalidQuota):
        other.initialize(bench.owner, *SETTINGS[:-1], quota)
    with pytest.raises(CallerNotControllerOwner):
        other.initialize("stranger", *SETTINGS)
    assert other.voting_period == 0
