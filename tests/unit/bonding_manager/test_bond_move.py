"""bond, bondWithHint, and bondForWithHint for oneself: pointing a bond at another delegate.

given a bond (pending or not) and another delegate, the zero address included
    it should move the whole bond, earnings claimed first, and what is added; start anew from the next round on
    it should take the bond from the old delegate first, then add to the new one
    given the new delegate is the owner: the owner becomes an orchestrator
    given the owner is an orchestrator: it should revert with RegisteredTranscoderCannotMove
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.earnings import RAY, frac, reward_factor
from tests.helpers.staking import BONDED, PENDING, BondRecord

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("amount", [0, 300])
def test_bond__to_another_orchestrator__moves_the_whole_bond_at_once(network, bond, amount):
    staking, r = network.staking, network.staking.round
    orchestrator, rival, delegator = network.orchestrator, network.rival, network.delegator
    staking.fund(delegator, amount)
    before = staking.records(orchestrator, rival, delegator)
    assert before[delegator].start == r and staking.manager.delegatorStatus(delegator) == BONDED

    receipt = bond(amount, rival, sender=delegator)

    after = {
        orchestrator: replace(before[orchestrator], delegated=1000),
        rival: replace(before[rival], delegated=4000 + amount),
        delegator: BondRecord(bonded=2000 + amount, delegate=rival, start=r + 1, claim=r),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, after),
            *staking.checkpointed(rival, before, after),
            *([staking.paid(delegator, staking.minter, amount)] if amount else []),
            staking.bonded(delegator, rival, amount, 2000 + amount, old=orchestrator),
            *staking.checkpointed(delegator, before, after),
        ]
    )
    staking.assert_pool((rival, 4000 + amount), (orchestrator, 1000))
    assert staking.manager.delegatorStatus(delegator) == PENDING
    assert [staking.stake_at(orchestrator, n) for n in (r, r + 1)] == [3000, 1000]
    assert [staking.stake_at(rival, n) for n in (r, r + 1)] == [2000, 4000 + amount]
    assert staking.manager.currentRoundTotalActiveStake() == 5000
    assert staking.next_votes(delegator) == (2000 + amount, rival)


def test_bond__to_another_with_earnings_pending__moves_them_too(network, bond):
    staking = network.staking
    orchestrator, rival, delegator = network.orchestrator, network.rival, network.delegator
    staking.reward(orchestrator, 1000)
    r = staking.start_round()
    before = staking.records(orchestrator, rival, delegator)
    assert before[orchestrator].delegated == 4000

    receipt = bond(0, rival, sender=delegator)

    # com = 333, dr = 667: ⌊2000 · (1 + ⌊667/3000⌋)⌋ = ⌊2444.67⌋ = 2444.
    moved = frac(2000, reward_factor(RAY, 1000, 333_333, 3000), RAY)
    assert moved == 2444
    after = {
        orchestrator: replace(before[orchestrator], delegated=1556),
        rival: replace(before[rival], delegated=4444),
        delegator: BondRecord(bonded=2444, delegate=rival, start=r + 1, claim=r),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r, rewards=444),
            *staking.checkpointed(orchestrator, before, after),
            *staking.checkpointed(rival, before, after),
            staking.bonded(delegator, rival, 0, 2444, old=orchestrator),
            *staking.checkpointed(delegator, before, after),
        ]
    )


def test_bond__pending_bond_to_another__moves_again_in_the_same_round(network, newcomer, bond):
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 500, network.orchestrator)
    before = staking.records(network.orchestrator, network.rival, newcomer)

    receipt = bond(0, network.rival, sender=newcomer)

    after = {
        network.orchestrator: replace(before[network.orchestrator], delegated=3000),
        network.rival: replace(before[network.rival], delegated=2500),
        newcomer: replace(before[newcomer], delegate=network.rival),
    }
    assert after[newcomer].start == r + 1
    staking.assert_records(after)
    receipt.assert_events(
        [
            *staking.checkpointed(network.orchestrator, before, after),
            *staking.checkpointed(network.rival, before, after),
            staking.bonded(newcomer, network.rival, 0, 500, old=network.orchestrator),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    # Back where it was at the start of the round: the freeze of that round is not written again.
    assert [staking.stake_at(network.orchestrator, n) for n in (r, r + 1)] == [3000, 3000]


def test_bond__from_the_zero_address_to_an_orchestrator__takes_the_bond_from_the_zero_address(
    network, newcomer, bond
):
    """V12: the zero address is a delegate like others here."""
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 500, ZERO_ADDRESS)
    staking.fund(newcomer, 1)
    before = staking.records(network.orchestrator, ZERO_ADDRESS, newcomer)

    receipt = bond(1, network.orchestrator, sender=newcomer)

    after = {
        network.orchestrator: replace(before[network.orchestrator], delegated=3501),
        ZERO_ADDRESS: BondRecord(),
        newcomer: BondRecord(bonded=501, delegate=network.orchestrator, start=r + 1, claim=r),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            *staking.checkpointed(network.orchestrator, before, after),
            staking.paid(newcomer, staking.minter, 1),
            staking.bonded(newcomer, network.orchestrator, 1, 501, old=ZERO_ADDRESS),
            *staking.checkpointed(newcomer, before, after),
        ]
    )


def test_bond__to_the_zero_address__leaves_the_orchestrator(network, bond):
    staking, r = network.staking, network.staking.round
    before = staking.records(network.orchestrator, ZERO_ADDRESS, network.delegator)

    receipt = bond(0, ZERO_ADDRESS, sender=network.delegator)

    after = {
        network.orchestrator: replace(before[network.orchestrator], delegated=1000),
        ZERO_ADDRESS: BondRecord(delegated=2000),
        network.delegator: BondRecord(bonded=2000, start=r + 1, claim=r),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.delegator, before, r),
            *staking.checkpointed(network.orchestrator, before, after),
            staking.bonded(network.delegator, ZERO_ADDRESS, 0, 2000, old=network.orchestrator),
            *staking.checkpointed(network.delegator, before, after),
        ]
    )


def test_bond__to_oneself__becomes_an_orchestrator_and_may_evict_the_one_it_left(network, bond):
    staking, r = network.staking, network.staking.round
    orchestrator, delegator = network.orchestrator, network.delegator
    staking.fund(delegator, 1)
    before = staking.records(orchestrator, delegator)

    receipt = bond(1, delegator, sender=delegator)

    # The old delegate has 1000 left when the full pool (1000, 2000) is challenged with 2001.
    after = {
        orchestrator: replace(before[orchestrator], delegated=1000),
        delegator: BondRecord(bonded=2001, delegate=delegator, delegated=2001, start=r + 1, claim=r),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, after),
            staking.left(orchestrator, r + 1),
            staking.joined(delegator, r + 1),
            staking.paid(delegator, staking.minter, 1),
            staking.bonded(delegator, delegator, 1, 2001, old=orchestrator),
            *staking.checkpointed(delegator, before, after),
        ]
    )
    staking.assert_pool((delegator, 2001), (network.rival, 2000))


def test_bond__to_an_orchestrator_outside_the_pool__it_enters_in_place_of_the_one_left(
    network, newcomer, bond
):
    staking, r = network.staking, network.staking.round
    orchestrator, delegator = network.orchestrator, network.delegator
    staking.bond(newcomer, 500, newcomer)
    before = staking.records(orchestrator, newcomer, delegator)

    receipt = bond(0, newcomer, sender=delegator)

    after = {
        orchestrator: replace(before[orchestrator], delegated=1000),
        newcomer: replace(before[newcomer], delegated=2500),
        delegator: BondRecord(bonded=2000, delegate=newcomer, start=r + 1, claim=r),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, after),
            staking.left(orchestrator, r + 1),
            staking.joined(newcomer, r + 1),
            *staking.checkpointed(newcomer, before, after),
            staking.bonded(delegator, newcomer, 0, 2000, old=orchestrator),
            *staking.checkpointed(delegator, before, after),
        ]
    )
    staking.assert_pool((newcomer, 2500), (network.rival, 2000))


def test_bond__away_from_an_orchestrator_outside_the_pool__changes_no_pool(
    network, leaving, newcomer, benefactor, bond
):
    staking = network.staking
    staking.start_round()
    staking.bond(benefactor, 1, leaving)
    r = staking.round
    before = staking.records(leaving, benefactor)
    # 2001 is not more than what the newcomer has.
    staking.assert_pool((network.orchestrator, 3000), (newcomer, 2001))

    bond(0, ZERO_ADDRESS, sender=benefactor)

    staking.assert_records(
        {
            leaving: replace(before[leaving], delegated=2000),
            benefactor: BondRecord(bonded=1, start=r + 1, claim=r),
        }
    )
    staking.assert_pool((network.orchestrator, 3000), (newcomer, 2001))


def test_bond__away_from_the_smallest_member__it_stays_in_the_pool(network, bond):
    """Nobody is evicted for becoming small."""
    staking = network.staking
    staking.manager.unbond.send(999, sender=network.orchestrator)

    bond(0, ZERO_ADDRESS, sender=network.delegator)

    staking.assert_pool((network.rival, 2000), (network.orchestrator, 1))


@pytest.mark.parametrize("amount", [0, 10])
def test_bond__orchestrator_to_another__reverts(network, bond, amount):
    """V1."""
    staking = network.staking
    staking.fund(network.orchestrator, amount)

    with staking.chain.reverts(
        "RegisteredTranscoderCannotMove",
        transcoder=network.orchestrator,
        requestedDelegate=network.rival,
    ):
        bond(amount, network.rival, sender=network.orchestrator)


def test_bond__orchestrator_to_the_zero_address__reverts(network, bond):
    with network.staking.chain.reverts(
        "RegisteredTranscoderCannotMove",
        transcoder=network.orchestrator,
        requestedDelegate=ZERO_ADDRESS,
    ):
        bond(0, ZERO_ADDRESS, sender=network.orchestrator)


def test_bond__orchestrator_outside_the_pool_to_another__reverts(network, leaving, bond):
    network.staking.start_round()

    with network.staking.chain.reverts(
        "RegisteredTranscoderCannotMove", transcoder=leaving, requestedDelegate=network.orchestrator
    ):
        bond(0, network.orchestrator, sender=leaving)


def test_bond__orchestrator_to_another_without_allowance__reverts_for_the_move_first(network, bond):
    with network.staking.chain.reverts("RegisteredTranscoderCannotMove", ...):
        bond(10**6, network.rival, sender=network.orchestrator)


def test_bond__former_orchestrator_to_another__is_a_plain_bond(network, bond):
    staking = network.staking
    staking.manager.unbond.send(1000, sender=network.orchestrator)
    staking.fund(network.orchestrator, 5)
    r = staking.round

    bond(5, network.rival, sender=network.orchestrator)

    # The delegator stays pointed at the former orchestrator.
    assert staking.record(network.orchestrator) == BondRecord(
        bonded=5, delegate=network.rival, delegated=2000, start=r + 1, claim=r, next_lock=1
    )
    assert staking.next_votes(network.delegator) == (0, network.orchestrator)
