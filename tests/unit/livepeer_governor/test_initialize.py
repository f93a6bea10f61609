"""initialize(initialVotingDelay, initialVotingPeriod, initialProposalThreshold, initialQuorum, initialQuota), in order:

1. not initialized yet, else InvalidInitialization; the target never can be
2. caller owns the Controller, else CallerNotControllerOwner (DEV-22)
3. the period is not zero, else GovernorInvalidVotingPeriod
4. Treasury and BondingVotes are registered, else ContractNotRegistered
5. BondingVotes tells the round, else it reverts with what that reverts with (DEV-20)
6. the quorum is at most 1,000,000, else GovernorInvalidQuorumFraction
7. the quota is below 1,000,000, else InvalidQuota (DEV-18)
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import contract_id, deploy_control_plane
from tests.helpers.council import FIRST_ROUND

ARGUMENTS = (1, 10, 100, 333_300, 500_000)


@pytest.fixture
def plane(chain):
    """A Controller that knows a Treasury and a BondingVotes."""
    plane = deploy_control_plane(chain)
    plane.deploy_registered("Treasury")
    table = plane.deploy_registered("BondingVotesTable__Mock", name="BondingVotes")
    table.setRound.send(FIRST_ROUND, sender=plane.owner)
    return plane


@pytest.fixture
def table(chain, plane):
    return chain.at("BondingVotesTable__Mock", plane.controller.getContract(contract_id("BondingVotes")))


@pytest.fixture
def governor(plane):
    """At its proxy, not initialized."""
    return plane.deploy_behind_proxy("LivepeerGovernor")


def with_argument(position: int, value: int) -> tuple[int, ...]:
    return (*ARGUMENTS[:position], value, *ARGUMENTS[position + 1 :])


def test_initialize__by_the_owner__sets_everything(chain, plane, governor, table, owner):
    treasury = plane.controller.getContract(contract_id("Treasury"))

    receipt = governor.initialize.send(*ARGUMENTS, sender=owner)

    emitted = governor.Events
    receipt.assert_events(
        [
            emitted.VotingDelaySet(oldVotingDelay=0, newVotingDelay=1),
            emitted.VotingPeriodSet(oldVotingPeriod=0, newVotingPeriod=10),
            emitted.ProposalThresholdSet(oldProposalThreshold=0, newProposalThreshold=100),
            emitted.TimelockChange(oldTimelock=ZERO_ADDRESS, newTimelock=treasury),
            emitted.QuorumNumeratorUpdated(oldQuorumNumerator=0, newQuorumNumerator=333_300),
            emitted.Initialized(version=1),
        ]
    )
    assert governor.name() == "LivepeerGovernor"
    assert governor.version() == "1"
    assert governor.votingDelay() == 1
    assert governor.votingPeriod() == 10
    assert governor.proposalThreshold() == 100
    assert governor.quorumNumerator() == 333_300
    assert governor.quorumDenominator() == 1_000_000
    assert governor.quota() == 500_000
    assert governor.timelock() == treasury
    assert governor.token() == governor.votes() == table
    assert governor.clock() == FIRST_ROUND
    assert governor.CLOCK_MODE() == "mode=livepeer_round"
    assert governor.COUNTING_MODE() == "support=bravo&quorum=for,abstain,against"
    assert governor.controller() == plane.controller


def test_initialize__a_second_time__reverts_for_anybody(chain, governor, owner, stranger):
    governor.initialize.send(*ARGUMENTS, sender=owner)

    for caller in (owner, stranger):
        with chain.reverts("InvalidInitialization"):
            governor.initialize.send(*ARGUMENTS, sender=caller)


def test_initialize__on_the_target__reverts(chain, plane, governor, owner):
    target = plane.targets["LivepeerGovernor"]

    target.creation.assert_events([target.Events.Initialized(version=2**64 - 1)])
    assert target.controller() == plane.controller
    with chain.reverts("InvalidInitialization"):
        target.initialize.send(*ARGUMENTS, sender=owner)


def test_initialize__by_a_stranger__reverts(chain, governor, owner, stranger):
    with chain.reverts("CallerNotControllerOwner", caller=stranger, owner=owner):
        governor.initialize.send(*ARGUMENTS, sender=stranger)


def test_initialize__period_is_zero__reverts(chain, governor, owner):
    with chain.reverts("GovernorInvalidVotingPeriod", votingPeriod=0):
        governor.initialize.send(*with_argument(1, 0), sender=owner)


@pytest.mark.parametrize("position", [0, 1])
def test_initialize__more_rounds_than_fit__reverts(chain, governor, owner, position):
    with chain.reverts("SafeCastOverflowedUintDowncast", bits=32, value=2**32):
        governor.initialize.send(*with_argument(position, 2**32), sender=owner)


@pytest.mark.parametrize("name", ["Treasury", "BondingVotes"])
def test_initialize__collaborator_is_not_registered__reverts(chain, plane, governor, owner, name):
    plane.unregister(name)

    with chain.reverts("ContractNotRegistered", id=contract_id(name)):
        governor.initialize.send(*ARGUMENTS, sender=owner)


def test_initialize__round_cannot_be_told__reverts(chain, governor, table, owner):
    """G9: upstream falls back to block numbers, and keeps the quorum under a key of millions."""
    table.setStopped.send(True, sender=owner)

    with chain.reverts("NoClock"):
        governor.initialize.send(*ARGUMENTS, sender=owner)


@pytest.mark.parametrize("quorum", [0, 1_000_000])
def test_initialize__quorum_at_its_bounds__is_taken(governor, owner, quorum):
    governor.initialize.send(*with_argument(3, quorum), sender=owner)

    assert governor.quorumNumerator() == governor.quorumNumerator(FIRST_ROUND) == quorum
    assert governor.quorumNumerator(FIRST_ROUND - 1) == 0


def test_initialize__quorum_above_the_whole__reverts(chain, governor, owner):
    with chain.reverts(
        "GovernorInvalidQuorumFraction", quorumNumerator=1_000_001, quorumDenominator=1_000_000
    ):
        governor.initialize.send(*with_argument(3, 1_000_001), sender=owner)


@pytest.mark.parametrize("quota", [0, 999_999])
def test_initialize__quota_at_its_bounds__is_taken(governor, owner, quota):
    governor.initialize.send(*with_argument(4, quota), sender=owner)

    assert governor.quota() == quota


def test_initialize__quota_that_nothing_exceeds__reverts(chain, governor, owner):
    with chain.reverts("InvalidQuota", quotaPpm=1_000_000, exclusiveMaximum=1_000_000):
        governor.initialize.send(*with_argument(4, 1_000_000), sender=owner)


def test_initialize__paused_system__works(plane, governor, owner):
    plane.controller.pause.send(sender=owner)

    governor.initialize.send(*ARGUMENTS, sender=owner)

    assert governor.votingPeriod() == 10
