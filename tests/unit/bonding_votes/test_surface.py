"""Metadata, clock, and the functions of ERC-5805 that BondingVotes does not have.

given a round that does not fit 48 bits    clock should revert with the round
given delegate or delegateBySig            it should revert with MustCallBondingManager, naming what to call instead
given any other function of ERC-5805       it should ask for the start of the round after the one it speaks of
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.unit.bonding_votes.conftest import FIRST_ROUND, deploy_votes

pytestmark = pytest.mark.unit


def test_metadata__of_the_token_that_is_none(votes):
    assert votes.contract.name() == "Livepeer Voting Power"
    assert votes.contract.symbol() == "vLPT"
    assert votes.contract.decimals() == 18


def test_clock__is_the_round(votes):
    assert votes.contract.CLOCK_MODE() == "mode=livepeer_round"
    assert votes.contract.clock() == FIRST_ROUND
    votes.start(FIRST_ROUND + 7)
    assert votes.contract.clock() == FIRST_ROUND + 7


def test_clock__last_round_of_48_bits__is_told(votes):
    votes.start(2**48 - 1)

    assert votes.contract.clock() == 2**48 - 1


def test_clock__round_does_not_fit__reverts_with_it(votes):
    votes.start(2**48)

    with votes.chain.reverts("SafeCastOverflowedUintDowncast", bits=48, value=2**48):
        votes.contract.clock()


def test_clock__rounds_manager_is_not_registered__reverts_with_its_id(votes):
    votes.plane.unregister("RoundsManager")

    with votes.chain.reverts("ContractNotRegistered", ...):
        votes.contract.clock()


def test_delegate__always__names_what_to_call(votes, delegator, orchestrator):
    with votes.chain.reverts("MustCallBondingManager", bondingManagerFunction="bond"):
        votes.contract.delegate(orchestrator, sender=delegator)


def test_delegate_by_sig__always__names_what_to_call(votes, delegator, orchestrator):
    with votes.chain.reverts("MustCallBondingManager", bondingManagerFunction="bondFor"):
        votes.contract.delegateBySig(orchestrator, 0, 2**64, 27, bytes(32), bytes(32), sender=delegator)


def test_erc_5805__asks_for_the_start_of_the_round_after(chain, delegator):
    harness = deploy_votes(chain, "BondingVotes__Harness").contract

    assert harness.getVotes(delegator) == 1000 * (FIRST_ROUND + 1)
    assert harness.getPastVotes(delegator, 7) == 1000 * 8
    assert harness.totalSupply() == 10 * (FIRST_ROUND + 1)
    assert harness.getPastTotalSupply(7) == 10 * 8


@pytest.mark.parametrize("paused", [False, True])
def test_views__account_never_seen__are_zero(votes, delegator, paused):
    if paused:
        votes.plane.controller.pause.send(sender=votes.plane.owner)

    contract = votes.contract
    assert contract.getVotes(delegator) == contract.getPastVotes(delegator, FIRST_ROUND - 1) == 0
    assert contract.delegates(delegator) == contract.delegatedAt(delegator, 0) == ZERO_ADDRESS
    assert contract.totalSupply() == contract.getPastTotalSupply(0) == 0
    assert not contract.hasCheckpoint(delegator)
    assert contract.stakeHistoryAt(delegator, FIRST_ROUND) == (0, 0, False)
