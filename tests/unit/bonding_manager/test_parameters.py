"""setTreasuryRewardCutRate, setTreasuryBalanceCeiling, setNumActiveTranscoders. A pause does not stop them.

given the caller does not own the Controller    each should revert with CallerNotControllerOwner, whatever the value
given a cut rate above 100 %                    it should revert with InvalidTreasuryRewardCutRate
given a pool that does not get larger           it should revert with PoolSizeNotIncreased
given a pool above 65,535                       it should revert with the value (DEV-13)
given the owner and a valid value               each should store it, and emit ParameterUpdate and ParameterChanged
given a larger pool                             nobody is pulled in; the next to try finds room

setUnbondingPeriod: test_set_unbonding_period.py.
"""

import pytest

from tests.helpers.earnings import RAY
from tests.helpers.staking import POOL_SIZE

pytestmark = pytest.mark.unit

# getter, name in the events, value before, a valid value
SETTERS = {
    "setTreasuryRewardCutRate": (
        "nextRoundTreasuryRewardCutRate",
        "nextRoundTreasuryRewardCutRate",
        0,
        RAY // 10,
    ),
    "setTreasuryBalanceCeiling": ("treasuryBalanceCeiling", "treasuryBalanceCeiling", 0, 750_000 * 10**18),
    "setNumActiveTranscoders": ("getTranscoderPoolMaxSize", "numActiveTranscoders", POOL_SIZE, 100),
}


@pytest.fixture
def owner(staking):
    return staking.protocol.owner


@pytest.mark.parametrize("setter", SETTERS)
@pytest.mark.parametrize("value", [1, 2**256 - 1])
def test_setters__caller_is_not_the_owner__revert_before_the_value_is_looked_at(
    staking, manager, owner, stranger, setter, value
):
    with staking.chain.reverts("CallerNotControllerOwner", caller=stranger, owner=owner):
        getattr(manager, setter).send(value, sender=stranger)


@pytest.mark.parametrize("setter", SETTERS)
@pytest.mark.parametrize("paused", [False, True], ids=["running", "paused"])
def test_setters__valid_value__is_stored_and_reported(staking, manager, owner, setter, paused):
    getter, name, previous, value = SETTERS[setter]
    if paused:
        staking.protocol.controller.pause.send(sender=owner)
    assert getattr(manager, getter)() == previous

    receipt = getattr(manager, setter).send(value, sender=owner)

    assert getattr(manager, getter)() == value
    receipt.assert_events(
        [
            manager.Events.ParameterUpdate(param=name),
            manager.Events.ParameterChanged(param=name, previousValue=previous, newValue=value),
        ]
    )


@pytest.mark.parametrize("value", [0, RAY])
def test_set_treasury_reward_cut_rate__extremes__are_valid(manager, owner, value):
    manager.setTreasuryRewardCutRate.send(5, sender=owner)

    manager.setTreasuryRewardCutRate.send(value, sender=owner)

    assert manager.nextRoundTreasuryRewardCutRate() == value


@pytest.mark.parametrize("value", [RAY + 1, 101 * RAY // 100, 2**256 - 1])
def test_set_treasury_reward_cut_rate__above_the_whole__reverts(staking, manager, owner, value):
    with staking.chain.reverts("InvalidTreasuryRewardCutRate", cutRateRay=value, maxRateRay=RAY):
        manager.setTreasuryRewardCutRate.send(value, sender=owner)


def test_set_treasury_reward_cut_rate__in_a_round__that_of_the_round_stays(staking, manager, owner):
    manager.setTreasuryRewardCutRate.send(RAY, sender=owner)

    assert manager.treasuryRewardCutRate() == 0
    staking.start_round()
    assert manager.treasuryRewardCutRate() == RAY


@pytest.mark.parametrize("value", [0, 2**256 - 1])
def test_set_treasury_balance_ceiling__any__is_valid(manager, owner, value):
    manager.setTreasuryBalanceCeiling.send(7, sender=owner)

    manager.setTreasuryBalanceCeiling.send(value, sender=owner)

    assert manager.treasuryBalanceCeiling() == value


@pytest.mark.parametrize("size", [0, POOL_SIZE - 1, POOL_SIZE])
def test_set_num_active_transcoders__not_larger__reverts_with_both_sizes(staking, manager, owner, size):
    with staking.chain.reverts("PoolSizeNotIncreased", requestedSize=size, currentMaxSize=POOL_SIZE):
        manager.setNumActiveTranscoders.send(size, sender=owner)


def test_set_num_active_transcoders__largest__is_valid(manager, owner):
    manager.setNumActiveTranscoders.send(65_535, sender=owner)

    assert manager.getTranscoderPoolMaxSize() == 65_535


@pytest.mark.parametrize("size", [65_536, 2**256 - 1])
def test_set_num_active_transcoders__more_than_fits__reverts_with_the_value(staking, manager, owner, size):
    with staking.chain.reverts("SafeCastOverflowedUintDowncast", bits=16, value=size):
        manager.setNumActiveTranscoders.send(size, sender=owner)


def test_set_num_active_transcoders__somebody_waits_outside__has_to_ask(network, newcomer, owner):
    staking = network.staking
    staking.bond(newcomer, 10, newcomer)

    staking.manager.setNumActiveTranscoders.send(3, sender=owner)

    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))
    staking.set_rates(newcomer, 0, 0)
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000), (newcomer, 10))
