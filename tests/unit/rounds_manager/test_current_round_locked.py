"""currentRoundLocked(): B − start ≥ L − ⌊L · roundLockAmount / 10⁶⌋."""

import pytest

ALWAYS, NEVER = 0, None


@pytest.mark.parametrize(
    ("length", "lock_amount", "first_locked_offset"),
    [
        (6_377, 100_000, 5_740),  # the live network: ⌊637.7⌋ = 637 blocks
        (50, 100_000, 45),
        (50, 99_999, 46),  # ⌊4.99995⌋ = 4
        (50, 1_000_000, ALWAYS),
        (50, 999_999, 1),  # ⌊49.99995⌋ = 49
        (50, 20_000, 49),
        (50, 19_999, NEVER),  # ⌊0.99995⌋ = 0
        (50, 0, NEVER),
        (1, 1_000_000, ALWAYS),
        (1, 999_999, NEVER),
    ],
)
def test_current_round_locked__by_offset_in_the_round__is_the_floored_last_part(
    chain, rounds_manager, owner, length, lock_amount, first_locked_offset
):
    rounds_manager.setRoundLength.send(length, sender=owner)
    rounds_manager.setRoundLockAmount.send(lock_amount, sender=owner)
    start = rounds_manager.currentRoundStartBlock() + length
    offsets = {0, length - 1}
    if first_locked_offset:
        offsets |= {first_locked_offset - 1, first_locked_offset}

    for offset in offsets:
        locked = first_locked_offset is not NEVER and offset >= first_locked_offset
        assert rounds_manager.currentRoundLocked(block=start + offset) is locked, f"offset {offset}"
