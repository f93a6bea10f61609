"""What only an executed proposal can do: setVotingDelay, setVotingPeriod, setProposalThreshold, updateQuorumNumerator,
updateTimelock, relay; checks in order:

1. the treasury calls, else GovernorOnlyExecutor
2. with calldata that a proposal, being executed now, aims at the governor, else a panic 0x31 (G6)
3. what is said of each below
"""

import pytest

from simulation.governance import EXECUTOR_ROLE, PROPOSER_ROLE, State
from simulation.protocol import ETHER
from tests.helpers.council import DEADLINE, FIRST_ROUND

POPPED_FROM_NOTHING = 0x31
SETTERS = {
    "setVotingDelay": (3,),
    "setVotingPeriod": (20,),
    "setProposalThreshold": (7,),
    "updateQuorumNumerator": (250_000,),
    "updateTimelock": ("0x" + "11" * 20,),
    "relay": ("0x" + "11" * 20, 0, b""),
}


@pytest.mark.parametrize("function", SETTERS)
def test_setter__not_by_the_treasury__reverts(chain, council, proposer, owner, function):
    for caller in (proposer, owner, council.governor.address):
        with chain.reverts("GovernorOnlyExecutor", account=caller):
            getattr(council.governor, function).send(*SETTERS[function], sender=caller)


@pytest.mark.parametrize("function", SETTERS)
def test_setter__by_the_treasury_without_a_proposal__panics(chain, council, function):
    with chain.panics(POPPED_FROM_NOTHING):
        getattr(council.governor, function).send(*SETTERS[function], sender=council.treasury)


def test_setter__scheduled_by_a_second_proposer__panics(chain, council, stranger):
    """G6: who may schedule and execute in the treasury still cannot change the governor."""
    treasury = council.treasury
    for role in (PROPOSER_ROLE, EXECUTOR_ROLE):
        council.enact((treasury, 0, treasury.grantRole.encode(role, stranger)), description=role.hex())
    data = council.governor.setVotingPeriod.encode(1_000)
    arguments = (council.governor, 0, data, bytes(32), bytes(32))
    treasury.schedule.send(*arguments, 0, sender=stranger)

    with chain.panics(POPPED_FROM_NOTHING):
        treasury.execute.send(*arguments, sender=stranger)


def test_setter__left_over_by_its_proposal__is_forgotten(chain, council):
    """A proposal's permission ends with its execution, used or not."""
    council.enact(council.setting("setVotingDelay", 2))

    with chain.panics(POPPED_FROM_NOTHING):
        council.governor.setVotingDelay.send(2, sender=council.treasury)


# ---- each of them


def test_set_voting_delay__by_a_proposal__holds_for_later_ones(council):
    before = council.propose(description="Before")

    receipt = council.enact(council.setting("setVotingDelay", 3))

    emitted = council.governor.Events
    assert receipt.event("VotingDelaySet") == emitted.VotingDelaySet(oldVotingDelay=1, newVotingDelay=3)
    assert council.governor.votingDelay() == 3
    assert council.governor.proposalSnapshot(before.id) == FIRST_ROUND + 1
    after = council.propose(description="After")
    assert council.governor.proposalSnapshot(after.id) == council.governor.clock() + 3


def test_set_voting_delay__none__lets_votes_of_this_round_count(council, orchestrator):
    council.enact(council.setting("setVotingDelay", 0))
    round_ = council.governor.clock()
    proposal = council.propose(description="At once")
    council.power(orchestrator, 10, since=round_)

    assert council.state(proposal) is State.PENDING
    council.start(round_ + 1)
    assert council.vote(orchestrator, proposal, 1).return_value == 10


def test_set_voting_period__by_a_proposal__holds_for_later_ones(council):
    before = council.propose(description="Before")

    receipt = council.enact(council.setting("setVotingPeriod", 20))

    emitted = council.governor.Events
    assert receipt.event("VotingPeriodSet") == emitted.VotingPeriodSet(oldVotingPeriod=10, newVotingPeriod=20)
    assert council.governor.votingPeriod() == 20
    assert council.governor.proposalDeadline(before.id) == DEADLINE
    after = council.propose(description="After")
    assert council.governor.proposalDeadline(after.id) == council.governor.clock() + 1 + 20


def test_set_voting_period__of_no_rounds__reverts(chain, council):
    with chain.reverts("GovernorInvalidVotingPeriod", votingPeriod=0):
        council.enact(council.setting("setVotingPeriod", 0))


@pytest.mark.parametrize("function", ["setVotingDelay", "setVotingPeriod"])
def test_set_rounds__more_than_fit__reverts(chain, council, function):
    with chain.reverts("SafeCastOverflowedUintDowncast", bits=32, value=2**32):
        council.enact(council.setting(function, 2**32))


def test_set_proposal_threshold__by_a_proposal__is_told(council):
    receipt = council.enact(council.setting("setProposalThreshold", 2**200))

    emitted = council.governor.Events
    assert receipt.event("ProposalThresholdSet") == emitted.ProposalThresholdSet(
        oldProposalThreshold=100, newProposalThreshold=2**200
    )
    assert council.governor.proposalThreshold() == 2**200


def test_update_quorum_numerator__by_a_proposal__is_told(council):
    receipt = council.enact(council.setting("updateQuorumNumerator", 1_000_000))

    emitted = council.governor.Events
    assert receipt.event("QuorumNumeratorUpdated") == emitted.QuorumNumeratorUpdated(
        oldQuorumNumerator=333_300, newQuorumNumerator=1_000_000
    )
    assert council.governor.quorumNumerator() == 1_000_000


def test_update_quorum_numerator__above_the_whole__reverts(chain, council):
    with chain.reverts(
        "GovernorInvalidQuorumFraction", quorumNumerator=1_000_001, quorumDenominator=1_000_000
    ):
        council.enact(council.setting("updateQuorumNumerator", 1_000_001))


def test_update_timelock__by_a_proposal__is_the_executor_from_now_on(chain, council, stranger):
    receipt = council.enact(council.setting("updateTimelock", stranger))

    emitted = council.governor.Events
    assert receipt.event("TimelockChange") == emitted.TimelockChange(
        oldTimelock=council.treasury.address, newTimelock=stranger
    )
    assert council.governor.timelock() == stranger
    with chain.reverts("GovernorOnlyExecutor", account=council.treasury):
        council.governor.setVotingDelay.send(2, sender=council.treasury)


def test_several_settings__in_one_proposal__are_made_in_its_order(council):
    receipt = council.enact(
        council.setting("setVotingDelay", 4),
        council.set_number(8),
        council.setting("setVotingDelay", 5),
        council.setting("setVotingPeriod", 6),
    )

    names = [event.name for event in receipt.events if event.name != "CallExecuted"]
    assert names == [
        "VotingDelaySet",
        "Called",
        "VotingDelaySet",
        "VotingPeriodSet",
        "ProposalExecuted",
    ]
    assert (council.governor.votingDelay(), council.governor.votingPeriod()) == (5, 6)


# ---- relay: what was sent to the governor by mistake


def test_relay__by_a_proposal__calls_as_the_governor(chain, council):
    target = council.target
    chain.set_balance(council.governor, ETHER)

    receipt = council.enact(council.setting("relay", target, ETHER, target.setNumber.encode(9)))

    assert receipt.event("Called") == target.Events.Called(
        caller=council.governor.address, number=9, value=ETHER
    )
    assert chain.balance(council.governor) == 0


def test_relay__the_call_fails__reverts_with_it(chain, council):
    target = council.target

    with chain.reverts("Refused", number=3):
        council.enact(council.setting("relay", target, 0, target.refuse.encode(3)))
