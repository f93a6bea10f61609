"""transferBond: a part of the caller's bond goes to the bond of a receiver; no tokens move.

given a receiver with a bond         it keeps its delegate and start round
given a receiver without             it gets the caller's delegate, and is pending
Two lock ids are used up, of the caller and of the receiver; no lock remains. Refusals: test_transfer_bond_refusals.py.
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import PENDING, BondRecord

pytestmark = pytest.mark.unit


# ---- receivers with a bond


def test_transfer_bond__between_delegators_of_one_orchestrator__moves_the_amount(network, newcomer):
    staking = network.staking
    orchestrator, delegator = network.orchestrator, network.delegator
    staking.bond(newcomer, 500, orchestrator)
    staking.reward(orchestrator, 0)
    r = staking.round
    before = staking.records(orchestrator, delegator, newcomer)

    receipt = staking.transfer_bond(delegator, newcomer, 300)

    between = {
        orchestrator: replace(before[orchestrator], delegated=3200),
        delegator: replace(before[delegator], bonded=1700, claim=r, next_lock=1),
    }
    after = {
        orchestrator: before[orchestrator],
        delegator: between[delegator],
        newcomer: replace(before[newcomer], bonded=800, next_lock=1),
    }
    assert after[newcomer].start == r + 1 and after[delegator].start == r
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, between),
            staking.unbonded(delegator, orchestrator, 0, 300, r + 7),
            *staking.checkpointed(delegator, before, between),
            staking.transferred(delegator, newcomer, (0, 0), 300),
            *staking.checkpointed(orchestrator, between, after),
            staking.rebonded(newcomer, orchestrator, 0, 300),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    assert staking.lock(delegator, 0) == staking.lock(newcomer, 0) == (0, 0)
    staking.assert_pool((orchestrator, 3500), (network.rival, 2000))


def test_transfer_bond__to_a_receiver_with_earnings__claims_both_first(network, newcomer):
    """V12: what arrives takes no part in what was earned before."""
    staking = network.staking
    orchestrator, rival, delegator = network.orchestrator, network.rival, network.delegator
    staking.bond(newcomer, 500, rival)
    staking.start_round()
    staking.reward(orchestrator, 1000)
    staking.reward(rival, 250)
    r = staking.round
    before = staking.records(orchestrator, rival, delegator, newcomer)

    receipt = staking.transfer_bond(delegator, newcomer, 2444)

    # The delegator: ⌊2000 · (1 + ⌊667/3000⌋)⌋ = 2444, all of it. The newcomer: 500 · (1 + 250/2500) = 550.
    between = {
        orchestrator: replace(before[orchestrator], delegated=4000 - 2444),
        delegator: BondRecord(claim=r, next_lock=1),
    }
    after = {
        **between,
        rival: replace(before[rival], delegated=2750 + 2444),
        newcomer: replace(before[newcomer], bonded=550 + 2444, claim=r, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r, rewards=444),
            *staking.checkpointed(orchestrator, before, between),
            staking.unbonded(delegator, orchestrator, 0, 2444, r + 7),
            *staking.checkpointed(delegator, before, between),
            staking.transferred(delegator, newcomer, (0, 0), 2444),
            staking.claimed(newcomer, before, r, rewards=50),
            *staking.checkpointed(rival, before, after),
            staking.rebonded(newcomer, rival, 0, 2444),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    staking.assert_pool((rival, 5194), (orchestrator, 1556))


def test_transfer_bond__orchestrator_to_orchestrator__two_checkpoints(network):
    staking, r = network.staking, network.staking.round
    orchestrator, rival = network.orchestrator, network.rival
    staking.manager.claimEarnings.send(0, sender=rival)
    before = staking.records(orchestrator, rival)

    receipt = staking.transfer_bond(orchestrator, rival, 400)

    after = {
        orchestrator: replace(before[orchestrator], bonded=600, delegated=2600, claim=r, next_lock=1),
        rival: replace(before[rival], bonded=2400, delegated=2400, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(orchestrator, before, r),
            staking.unbonded(orchestrator, orchestrator, 0, 400, r + 7),
            *staking.checkpointed(orchestrator, before, after),
            staking.transferred(orchestrator, rival, (0, 0), 400),
            staking.rebonded(rival, rival, 0, 400),
            *staking.checkpointed(rival, before, after),
        ]
    )
    staking.assert_pool((orchestrator, 2600), (rival, 2400))


def test_transfer_bond__delegator_to_its_orchestrator__raises_its_own_bond(network):
    staking = network.staking
    orchestrator, delegator = network.orchestrator, network.delegator
    staking.reward(orchestrator, 0)
    r = staking.round
    before = staking.records(orchestrator, delegator)

    receipt = staking.transfer_bond(delegator, orchestrator, 2000)

    between = {
        orchestrator: replace(before[orchestrator], delegated=1000),
        delegator: BondRecord(claim=r, next_lock=1),
    }
    after = {
        orchestrator: replace(before[orchestrator], bonded=3000, claim=r, next_lock=1),
        delegator: between[delegator],
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, between),
            staking.unbonded(delegator, orchestrator, 0, 2000, r + 7),
            *staking.checkpointed(delegator, before, between),
            staking.transferred(delegator, orchestrator, (0, 0), 2000),
            staking.claimed(orchestrator, before, r),
            staking.rebonded(orchestrator, orchestrator, 0, 2000),
            *staking.checkpointed(orchestrator, between, after),
        ]
    )


def test_transfer_bond__receiver_bonded_to_the_zero_address__keeps_it_as_delegate(network, newcomer):
    """V14: the receiver's bond is not pointed anew without moving what it has."""
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 500, ZERO_ADDRESS)
    before = staking.records(ZERO_ADDRESS, newcomer, network.orchestrator)

    staking.transfer_bond(network.delegator, newcomer, 300)

    staking.assert_records(
        {
            ZERO_ADDRESS: BondRecord(delegated=800),
            newcomer: BondRecord(bonded=800, start=r + 1, claim=r, next_lock=1),
            network.orchestrator: replace(before[network.orchestrator], delegated=2700),
        }
    )


def test_transfer_bond__orchestrators_whole_bond__resigns_first(network, newcomer):
    """The pool's events come before the receiver's part, which lets another in."""
    staking = network.staking
    staking.bond(newcomer, 10, newcomer)
    r = staking.start_round()
    before = staking.records(network.rival, newcomer)

    receipt = staking.transfer_bond(network.rival, newcomer, 2000)

    after = {
        network.rival: BondRecord(claim=r, next_lock=1),
        newcomer: replace(before[newcomer], bonded=2010, delegated=2010, claim=r, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.rival, before, r),
            staking.left(network.rival, r + 1),
            staking.unbonded(network.rival, network.rival, 0, 2000, r + 7),
            *staking.checkpointed(network.rival, before, after),
            staking.transferred(network.rival, newcomer, (0, 0), 2000),
            staking.claimed(newcomer, before, r),
            staking.joined(newcomer, r + 1),
            staking.rebonded(newcomer, newcomer, 0, 2000),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000), (newcomer, 2010))


# ---- receivers without a bond


@pytest.mark.parametrize("amount", [300, 2000], ids=["part", "everything"])
def test_transfer_bond__to_a_receiver_without_bond__gets_the_callers_delegate(network, newcomer, amount):
    staking, r = network.staking, network.staking.round
    orchestrator, delegator = network.orchestrator, network.delegator
    before = staking.records(orchestrator, delegator, newcomer)

    receipt = staking.transfer_bond(delegator, newcomer, amount)

    left = BondRecord(bonded=2000 - amount, delegate=orchestrator, start=r, claim=r, next_lock=1)
    between = {
        orchestrator: replace(before[orchestrator], delegated=3000 - amount),
        delegator: left if amount < 2000 else BondRecord(claim=r, next_lock=1),
    }
    after = {
        orchestrator: before[orchestrator],
        delegator: between[delegator],
        newcomer: BondRecord(bonded=amount, delegate=orchestrator, start=r + 1, claim=r, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, between),
            staking.unbonded(delegator, orchestrator, 0, amount, r + 7),
            *staking.checkpointed(delegator, before, between),
            staking.transferred(delegator, newcomer, (0, 0), amount),
            staking.claimed(newcomer, before, r),
            *staking.checkpointed(orchestrator, between, after),
            staking.rebonded(newcomer, orchestrator, 0, amount),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    assert staking.manager.delegatorStatus(newcomer) == PENDING
    assert [staking.stake_at(orchestrator, n) for n in (r, r + 1)] == [3000, 3000]


def test_transfer_bond__orchestrator_to_a_receiver_without_bond__makes_it_its_delegator(network, newcomer):
    staking, r = network.staking, network.staking.round
    before = staking.records(network.rival)

    staking.transfer_bond(network.rival, newcomer, 500)

    staking.assert_records(
        {
            network.rival: replace(before[network.rival], bonded=1500, claim=r, next_lock=1),
            newcomer: BondRecord(bonded=500, delegate=network.rival, start=r + 1, claim=r, next_lock=1),
        }
    )


def test_transfer_bond__second_time_to_one_receiver__uses_its_next_id(network, newcomer):
    """V12: ids are counted up, so that no lock is overwritten."""
    staking = network.staking
    staking.transfer_bond(network.delegator, newcomer, 300)

    receipt = staking.transfer_bond(network.delegator, newcomer, 200)

    assert receipt.event("TransferBond") == staking.transferred(network.delegator, newcomer, (1, 1), 200)
    assert [staking.record(a).next_lock for a in (network.delegator, newcomer)] == [2, 2]


def test_transfer_bond__receiver_with_locks__they_stay(network, newcomer):
    staking, r = network.staking, network.staking.round
    staking.transfer_bond(network.delegator, newcomer, 300)
    staking.start_round()
    staking.manager.unbond.send(300, sender=newcomer)

    receipt = staking.transfer_bond(network.delegator, newcomer, 100)

    assert receipt.event("TransferBond")["newUnbondingLockId"] == 2
    assert [staking.lock(newcomer, n) for n in range(3)] == [(0, 0), (300, r + 8), (0, 0)]


# ---- to oneself


def test_transfer_bond__part_to_oneself__uses_two_ids_and_changes_nothing_else(network):
    staking, r = network.staking, network.staking.round
    before = staking.records(network.orchestrator, network.delegator)

    receipt = staking.transfer_bond(network.delegator, network.delegator, 300)

    staking.assert_records(
        {
            network.orchestrator: before[network.orchestrator],
            network.delegator: replace(before[network.delegator], claim=r, next_lock=2),
        }
    )
    assert receipt.event("TransferBond") == staking.transferred(
        network.delegator, network.delegator, (0, 1), 300
    )
    assert receipt.event("Rebond") == staking.rebonded(network.delegator, network.orchestrator, 1, 300)


def test_transfer_bond__everything_to_oneself__is_pending_afterwards(network):
    staking, r = network.staking, network.staking.round

    staking.transfer_bond(network.delegator, network.delegator, 2000)

    assert staking.record(network.delegator) == BondRecord(
        bonded=2000, delegate=network.orchestrator, start=r + 1, claim=r, next_lock=2
    )
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))


def test_transfer_bond__part_to_oneself_by_an_orchestrator__changes_nothing_else(network):
    staking, r = network.staking, network.staking.round
    before = staking.records(network.rival)

    staking.transfer_bond(network.rival, network.rival, 1999)

    staking.assert_records({network.rival: replace(before[network.rival], claim=r, next_lock=2)})
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))
    assert [staking.stake_at(network.rival, n) for n in (r, r + 1)] == [2000, 2000]
