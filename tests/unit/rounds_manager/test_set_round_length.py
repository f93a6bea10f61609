"""setRoundLength(_roundLength), checks in order:

1. caller owns the Controller, else CallerNotControllerOwner
2. `_roundLength` > 0, else RoundLengthIsZero
3. length, round and block fit the clock, else SafeCast's error

First call at block B: anchor round U = ⌊B / L⌋, anchor block S = U·L.  Later calls at block B, with the old length L
and k = ⌊(B − S) / L⌋: U += k, S += k·L.  A later round number is U + ⌊(B − S) / new length⌋.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

LENGTH = 50


def set_length_at(chain, rounds_manager, owner, block, length):
    """Send setRoundLength in that block."""
    chain.mine_to(block - 1)
    return rounds_manager.setRoundLength.send(length, sender=owner)


def assert_anchor(rounds_manager, round_, start_block):
    assert rounds_manager.lastRoundLengthUpdateRound() == round_
    assert rounds_manager.lastRoundLengthUpdateStartBlock() == start_block


def test_set_round_length__caller_is_not_controller_owner__reverts_before_the_value_is_looked_at(
    chain, rounds_manager, owner, stranger
):
    with chain.reverts("CallerNotControllerOwner", caller=stranger, owner=owner):
        rounds_manager.setRoundLength.send(0, sender=stranger)


def test_set_round_length__zero__reverts(chain, rounds_manager, owner):
    with chain.reverts("RoundLengthIsZero"):
        rounds_manager.setRoundLength.send(0, sender=owner)


def test_set_round_length__first_call__numbers_rounds_from_block_zero(
    chain, rounds_manager, owner, base_block
):
    set_length_at(chain, rounds_manager, owner, base_block + 30, LENGTH)

    assert rounds_manager.roundLength() == LENGTH
    assert_anchor(rounds_manager, base_block // 50, base_block)
    assert rounds_manager.currentRound() == base_block // 50
    assert rounds_manager.currentRoundStartBlock() == base_block


def test_set_round_length__first_call__emits_the_name_and_both_values(rounds_manager, owner):
    receipt = rounds_manager.setRoundLength.send(LENGTH, sender=owner)

    receipt.assert_events(
        [
            rounds_manager.Events.ParameterUpdate(param="roundLength"),
            rounds_manager.Events.ParameterChanged(param="roundLength", previousValue=0, newValue=LENGTH),
        ]
    )


def test_set_round_length__later_call__emits_the_previous_value(rounds_manager, owner):
    rounds_manager.setRoundLength.send(LENGTH, sender=owner)

    receipt = rounds_manager.setRoundLength.send(70, sender=owner)

    receipt.assert_events(
        [
            rounds_manager.Events.ParameterUpdate(param="roundLength"),
            rounds_manager.Events.ParameterChanged(param="roundLength", previousValue=LENGTH, newValue=70),
        ]
    )


@pytest.mark.parametrize(
    ("new_length", "round_jump", "start_offset"),
    [
        (51, 0, 0),  # longer: the round is stretched
        (1_000, 0, 0),
        (31, 0, 0),  # shorter, but more than the 30 blocks that have passed
        (30, 1, 30),  # as long as what has passed: the next round starts now
        (29, 1, 29),
        (16, 1, 16),
        (15, 2, 30),  # ⌊30 / 15⌋ = 2
        (7, 4, 28),  # ⌊30 / 7⌋ = 4
        (1, 30, 30),
        (50, 0, 0),  # the same length again
    ],
)
def test_set_round_length__30_blocks_into_a_round_of_50__moves_the_round_by_whole_new_lengths(
    chain, rounds_manager, owner, base_block, new_length, round_jump, start_offset
):
    set_length_at(chain, rounds_manager, owner, base_block + 10, LENGTH)
    round_before = base_block // 50

    set_length_at(chain, rounds_manager, owner, base_block + 30, new_length)

    assert_anchor(rounds_manager, round_before, base_block)
    assert rounds_manager.currentRound() == round_before + round_jump
    assert rounds_manager.currentRoundStartBlock() == base_block + start_offset


def test_set_round_length__some_rounds_after_the_first_call__anchors_at_the_running_round(
    chain, rounds_manager, owner, base_block
):
    set_length_at(chain, rounds_manager, owner, base_block, LENGTH)

    # Block 120 of rounds of 50 is block 20 of the third: k = ⌊120 / 50⌋ = 2.
    set_length_at(chain, rounds_manager, owner, base_block + 120, 20)

    assert_anchor(rounds_manager, base_block // 50 + 2, base_block + 100)
    assert rounds_manager.currentRound() == base_block // 50 + 3


def test_set_round_length__several_changes_within_a_round__each_starts_from_the_one_before(
    chain, rounds_manager, owner, base_block
):
    set_length_at(chain, rounds_manager, owner, base_block, LENGTH)
    set_length_at(chain, rounds_manager, owner, base_block + 10, 100)
    set_length_at(chain, rounds_manager, owner, base_block + 60, 40)  # 60 ≥ 40: jumps by one
    set_length_at(chain, rounds_manager, owner, base_block + 70, 25)  # 70 - 40 = 30 ≥ 25: jumps by one

    assert_anchor(rounds_manager, base_block // 50 + 1, base_block + 40)
    assert rounds_manager.currentRound() == base_block // 50 + 2
    assert rounds_manager.currentRoundStartBlock() == base_block + 65


def test_set_round_length__increased__no_earlier_round_number_comes_back(
    chain, rounds_manager, owner, base_block
):
    """R2: without an anchor the round number would be block / length, and fall from base / 50 to base / 100."""
    set_length_at(chain, rounds_manager, owner, base_block, LENGTH)
    before = rounds_manager.currentRound()

    set_length_at(chain, rounds_manager, owner, base_block + 1, 100)

    assert rounds_manager.currentRound() == before == base_block // 50
    chain.mine_to(base_block + 99)
    assert rounds_manager.currentRound() == before
    chain.mine_to(base_block + 100)
    assert rounds_manager.currentRound() == before + 1


def test_set_round_length__shortened_past_the_running_round__new_round_is_not_initialized(
    chain, issuance, rounds_manager, owner, base_block
):
    set_length_at(chain, rounds_manager, owner, base_block, LENGTH)
    rounds_manager.initializeRound.send(sender=owner)

    set_length_at(chain, rounds_manager, owner, base_block + 30, 20)

    assert rounds_manager.currentRound() == rounds_manager.lastInitializedRound() + 1
    assert rounds_manager.currentRoundInitialized() is False


def test_set_round_length__while_paused__works(issuance, rounds_manager, owner):
    issuance.controller.pause.send(sender=owner)

    rounds_manager.setRoundLength.send(LENGTH, sender=owner)

    assert rounds_manager.roundLength() == LENGTH


@pytest.mark.parametrize("length", [1, 5_760_100, 2**64 - 1])
def test_set_round_length__any_length_of_64_bits__is_taken(rounds_manager, owner, length):
    rounds_manager.setRoundLength.send(length, sender=owner)

    assert rounds_manager.roundLength() == length


def test_set_round_length__length_of_65_bits__reverts_with_the_value(chain, rounds_manager, owner):
    with chain.reverts("SafeCastOverflowedUintDowncast", bits=64, value=2**64):
        rounds_manager.setRoundLength.send(2**64, sender=owner)


@given(
    steps=st.lists(
        st.tuples(st.integers(1, 200), st.integers(0, 150)),
        min_size=1,
        max_size=8,
    )
)
def test_set_round_length__any_sequence_of_changes__round_never_falls_and_contains_the_block(
    session_chain, deployed_clock, steps
):
    """Invariants 1 to 3 of the clock, over (new length, blocks until the next change)."""
    with session_chain.isolate() as chain:
        rounds_manager, owner = deployed_clock.rounds_manager, deployed_clock.owner
        rounds_manager.setRoundLength.send(LENGTH, sender=owner)
        for length, wait in steps:
            chain.mine(wait)
            now = chain.block_number + 1
            round_before = rounds_manager.currentRound(block=now)
            start_before = rounds_manager.currentRoundStartBlock(block=now)

            rounds_manager.setRoundLength.send(length, sender=owner)

            round_after = rounds_manager.currentRound()
            start_after = rounds_manager.currentRoundStartBlock()
            elapsed = now - start_before
            assert round_after == round_before + elapsed // length
            assert (start_after == start_before) == (elapsed < length)
            assert start_after <= now < start_after + length
