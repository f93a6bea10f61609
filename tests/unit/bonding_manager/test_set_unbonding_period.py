"""setUnbondingPeriod: for how many rounds an unbonded amount waits.

given the caller does not own the Controller    it should revert with CallerNotControllerOwner
given a period of 0 rounds                      it should revert with UnbondingPeriodIsZero (DEV-6)
given the owner and a positive period           it should store it and emit ParameterUpdate and ParameterChanged, in
                                                a pause too

What it means for locks that exist: test_unbond.py, test_withdraw_stake.py.
"""

import pytest

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("period", [0, 5])
def test_set_unbonding_period__caller_is_not_the_owner__reverts_before_the_value_is_looked_at(
    staking, manager, stranger, period
):
    with staking.chain.reverts("CallerNotControllerOwner", caller=stranger, owner=staking.protocol.owner):
        manager.setUnbondingPeriod.send(period, sender=stranger)


def test_set_unbonding_period__zero__reverts(staking, manager, owner):
    with staking.chain.reverts("UnbondingPeriodIsZero"):
        manager.setUnbondingPeriod.send(0, sender=owner)


@pytest.mark.parametrize("period", [1, 7, 2**64 - 1])
def test_set_unbonding_period__positive__is_stored_and_reported(manager, owner, period):
    receipt = manager.setUnbondingPeriod.send(period, sender=owner)

    receipt.assert_events(
        [
            manager.Events.ParameterUpdate(param="unbondingPeriod"),
            manager.Events.ParameterChanged(param="unbondingPeriod", previousValue=7, newValue=period),
        ]
    )
    assert manager.unbondingPeriod() == period


def test_set_unbonding_period__paused__works(staking, manager, owner):
    staking.protocol.controller.pause.send(sender=owner)

    manager.setUnbondingPeriod.send(5, sender=owner)

    assert manager.unbondingPeriod() == 5


def test_set_unbonding_period__owner_has_changed__the_new_one_sets_it(staking, manager, owner, stranger):
    staking.protocol.controller.transferOwnership.send(stranger, sender=owner)

    manager.setUnbondingPeriod.send(5, sender=stranger)

    with staking.chain.reverts("CallerNotControllerOwner", caller=owner, owner=stranger):
        manager.setUnbondingPeriod.send(6, sender=owner)
    assert manager.unbondingPeriod() == 5


def test_set_unbonding_period__longer_than_any_round_number__unbonding_reverts_and_nothing_is_lost(
    network, owner
):
    """The withdraw round has 64 bits; the period can still be corrected."""
    staking, r = network.staking, network.staking.round
    staking.manager.setUnbondingPeriod.send(2**64 - 1, sender=owner)
    before = staking.records(network.delegator)

    with staking.chain.reverts("SafeCastOverflowedUintDowncast", bits=64, value=2**64 - 1 + r):
        staking.manager.unbond.send(1, sender=network.delegator)

    staking.assert_records(before)
