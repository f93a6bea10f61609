"""withdrawStake: the amount of a ripe lock is paid out.

Checks in order, after the guards:
    there is such a lock; else InvalidUnbondingLock
    its round has come; else WithdrawRoundNotReached

given these hold: the Minter pays the amount once, the lock ends; no claim, no checkpoint, no other event
"""

import pytest

pytestmark = pytest.mark.unit


@pytest.fixture
def unbonded(network):
    """The delegator, 700 of its 2000 in lock 0 and 300 in lock 1, which can leave 7 rounds from now."""
    for amount in (700, 300):
        network.staking.manager.unbond.send(amount, sender=network.delegator)
    return network.delegator


def test_withdraw_stake__unknown_lock__reverts(network, unbonded):
    network.staking.start_round(7)

    with network.staking.chain.reverts("InvalidUnbondingLock", delegator=unbonded, unbondingLockId=2):
        network.staking.manager.withdrawStake.send(2, sender=unbonded)


def test_withdraw_stake__lock_of_somebody_else__reverts(network, unbonded, newcomer):
    network.staking.start_round(7)

    with network.staking.chain.reverts("InvalidUnbondingLock", delegator=newcomer, unbondingLockId=0):
        network.staking.manager.withdrawStake.send(0, sender=newcomer)


@pytest.mark.parametrize("rounds", [0, 6])
def test_withdraw_stake__before_its_round__reverts_with_both_rounds(network, unbonded, rounds):
    staking, r = network.staking, network.staking.round
    if rounds:
        staking.start_round(rounds)

    with staking.chain.reverts("WithdrawRoundNotReached", withdrawRound=r + 7, currentRound=r + rounds):
        staking.manager.withdrawStake.send(0, sender=unbonded)


@pytest.mark.parametrize("rounds", [7, 12])
def test_withdraw_stake__in_its_round_or_later__pays_and_ends_the_lock(network, unbonded, rounds):
    staking, r = network.staking, network.staking.round
    # Earnings that stay pending.
    staking.reward(network.orchestrator, 1000)
    staking.start_round(rounds)
    before = staking.records(unbonded, network.orchestrator)
    held = staking.token.balanceOf(staking.minter)

    receipt = staking.manager.withdrawStake.send(0, sender=unbonded)

    receipt.assert_events(
        [
            staking.paid(staking.minter, unbonded, 700),
            staking.manager.Events.WithdrawStake(
                delegator=unbonded, unbondingLockId=0, amount=700, withdrawRound=r + 7
            ),
        ]
    )
    staking.assert_records(before)
    assert [staking.lock(unbonded, n) for n in (0, 1)] == [(0, 0), (300, r + 7)]
    assert staking.token.balanceOf(unbonded) == 700
    assert staking.token.balanceOf(staking.minter) == held - 700


def test_withdraw_stake__second_time__reverts(network, unbonded):
    network.staking.start_round(7)
    network.staking.manager.withdrawStake.send(0, sender=unbonded)

    with network.staking.chain.reverts("InvalidUnbondingLock", delegator=unbonded, unbondingLockId=0):
        network.staking.manager.withdrawStake.send(0, sender=unbonded)


def test_withdraw_stake__period_shortened_meanwhile__the_lock_keeps_its_round(network, unbonded):
    staking, r = network.staking, network.staking.round
    staking.manager.setUnbondingPeriod.send(1, sender=staking.protocol.owner)
    staking.start_round(6)

    with staking.chain.reverts("WithdrawRoundNotReached", withdrawRound=r + 7, currentRound=r + 6):
        staking.manager.withdrawStake.send(0, sender=unbonded)


def test_withdraw_stake__orchestrator_that_has_left__gets_its_whole_bond(network):
    staking, rival = network.staking, network.rival
    staking.manager.unbond.send(2000, sender=rival)
    staking.start_round(7)

    staking.manager.withdrawStake.send(0, sender=rival)

    assert staking.token.balanceOf(rival) == 2000
