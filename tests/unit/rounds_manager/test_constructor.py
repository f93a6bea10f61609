"""constructor(_controller): stores the Controller without calling it, and nothing else.

Until the round length is set there is no clock: every view of the round panics with a division by zero (R12).
"""

import pytest

UNSET_VIEWS = [
    "currentRound",
    "currentRoundStartBlock",
    "currentRoundInitialized",
    "currentRoundLocked",
    "currentRoundState",
]


def test_constructor__controller_without_code__is_stored(chain, stranger):
    rounds_manager = chain.deploy("RoundsManager", stranger)

    assert rounds_manager.controller() == stranger
    assert rounds_manager.targetContractId() == bytes(32)


def test_constructor__all_numbers__are_zero(rounds_manager):
    assert rounds_manager.roundLength() == 0
    assert rounds_manager.roundLockAmount() == 0
    assert rounds_manager.lastInitializedRound() == 0
    assert rounds_manager.lastRoundLengthUpdateRound() == 0
    assert rounds_manager.lastRoundLengthUpdateStartBlock() == 0


@pytest.mark.parametrize("view", UNSET_VIEWS)
def test_round_views__before_the_length_is_set__panic(chain, rounds_manager, view):
    """R12."""
    with chain.panics(0x12):
        getattr(rounds_manager, view)()


def test_round_state_and_block_hash__before_the_length_is_set__panics(chain, rounds_manager):
    """R12."""
    with chain.panics(0x12):
        rounds_manager.roundStateAndBlockHash(0)
