"""currentRound() = U + k and currentRoundStartBlock() = S + k·L at block B, with k = ⌊(B − S) / L⌋.

Anchored at block `base` (U = base / 50, S = base) with L = 50, these views see any block that a test names.
"""

import pytest

LENGTH = 50


@pytest.fixture
def clock(chain, rounds_manager, owner, base_block):
    """Rounds of 50 blocks, anchored at `base_block`."""
    chain.mine_to(base_block - 1)
    rounds_manager.setRoundLength.send(LENGTH, sender=owner)
    return rounds_manager


@pytest.mark.parametrize(
    ("offset", "rounds", "start"),
    [(0, 0, 0), (1, 0, 0), (49, 0, 0), (50, 1, 50), (99, 1, 50), (100, 2, 100), (5_049, 100, 5_000)],
)
def test_current_round__some_blocks_after_the_anchor__counts_whole_lengths(
    clock, base_block, offset, rounds, start
):
    block = base_block + offset

    assert clock.currentRound(block=block) == base_block // LENGTH + rounds
    assert clock.currentRoundStartBlock(block=block) == base_block + start


def test_current_round__paused__goes_on(chain, issuance, clock, owner, base_block):
    issuance.controller.pause.send(sender=owner)
    chain.mine_to(base_block + LENGTH)

    assert clock.currentRound() == base_block // LENGTH + 1


def test_current_round__called_on_the_target_itself__knows_nothing_of_the_proxys_clock(
    chain, issuance, clock
):
    with chain.panics(0x12):
        issuance.targets["RoundsManager"].currentRound()
