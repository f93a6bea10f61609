"""setRoundLockAmount(_roundLockAmount), checks in order:

1. caller owns the Controller, else CallerNotControllerOwner
2. `_roundLockAmount` ≤ 1,000,000 (100 %), else InvalidRoundLockAmount
"""

import pytest


def test_set_round_lock_amount__caller_is_not_controller_owner__reverts_before_the_value_is_looked_at(
    chain, rounds_manager, owner, stranger
):
    with chain.reverts("CallerNotControllerOwner", caller=stranger, owner=owner):
        rounds_manager.setRoundLockAmount.send(1_000_001, sender=stranger)


@pytest.mark.parametrize("amount", [1_000_001, 2**24, 2**256 - 1])
def test_set_round_lock_amount__more_than_the_whole__reverts(chain, rounds_manager, owner, amount):
    with chain.reverts("InvalidRoundLockAmount", roundLockAmount=amount, maximum=1_000_000):
        rounds_manager.setRoundLockAmount.send(amount, sender=owner)


@pytest.mark.parametrize("amount", [0, 1, 100_000, 1_000_000])
def test_set_round_lock_amount__at_most_the_whole__is_stored(rounds_manager, owner, amount):
    rounds_manager.setRoundLockAmount.send(amount, sender=owner)

    assert rounds_manager.roundLockAmount() == amount


def test_set_round_lock_amount__changed__emits_the_name_and_both_values(rounds_manager, owner):
    rounds_manager.setRoundLockAmount.send(100_000, sender=owner)

    receipt = rounds_manager.setRoundLockAmount.send(50_000, sender=owner)

    receipt.assert_events(
        [
            rounds_manager.Events.ParameterUpdate(param="roundLockAmount"),
            rounds_manager.Events.ParameterChanged(
                param="roundLockAmount", previousValue=100_000, newValue=50_000
            ),
        ]
    )


def test_set_round_lock_amount__length_and_anchor__stay(rounds_manager, owner):
    rounds_manager.setRoundLength.send(50, sender=owner)
    anchor = rounds_manager.lastRoundLengthUpdateRound(), rounds_manager.lastRoundLengthUpdateStartBlock()

    rounds_manager.setRoundLockAmount.send(1_000_000, sender=owner)

    assert rounds_manager.roundLength() == 50
    assert anchor == (
        rounds_manager.lastRoundLengthUpdateRound(),
        rounds_manager.lastRoundLengthUpdateStartBlock(),
    )


def test_set_round_lock_amount__while_paused__works(issuance, rounds_manager, owner):
    issuance.controller.pause.send(sender=owner)

    rounds_manager.setRoundLockAmount.send(100_000, sender=owner)

    assert rounds_manager.roundLockAmount() == 100_000
