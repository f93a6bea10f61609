"""currentRoundState() and roundStateAndBlockHash(_round): several views in one call, each equal to the single one."""

import pytest

LENGTH = 50


@pytest.fixture
def clock(chain, rounds_manager, owner, base_block):
    """Rounds of 50 blocks whose last 10 % are locked; the round of `base_block` is initialized."""
    chain.mine_to(base_block - 3)
    rounds_manager.setRoundLength.send(LENGTH, sender=owner)
    rounds_manager.setRoundLockAmount.send(100_000, sender=owner)
    rounds_manager.initializeRound.send(sender=owner)
    return rounds_manager


@pytest.mark.parametrize(
    ("offset", "rounds", "initialized", "locked"),
    [
        (-1, -1, False, True),
        (0, 0, True, False),
        (44, 0, True, False),
        (45, 0, True, True),
        (50, 1, False, False),
        (95, 1, False, True),
    ],
)
def test_current_round_state__at_any_block__equals_the_single_views(
    clock, base_block, offset, rounds, initialized, locked
):
    block = base_block + offset

    state = clock.currentRoundState(block=block)

    assert (state.round, state.isInitialized, state.isLocked) == (
        base_block // LENGTH + rounds,
        initialized,
        locked,
    )
    assert state.round == clock.currentRound(block=block)
    assert state.isInitialized == clock.currentRoundInitialized(block=block)
    assert state.isLocked == clock.currentRoundLocked(block=block)


def test_round_state_and_block_hash__of_the_initialized_round__gives_its_hash(chain, clock, base_block):
    state = clock.roundStateAndBlockHash(base_block // LENGTH)

    assert (state.round, state.isInitialized) == (base_block // LENGTH, True)
    assert state.roundBlockHash == chain.block_hash(base_block - 1)


def test_round_state_and_block_hash__of_an_earlier_round__tells_the_current_one(chain, clock, base_block):
    state = clock.roundStateAndBlockHash(base_block // LENGTH, block=base_block + LENGTH)

    assert (state.round, state.isInitialized) == (base_block // LENGTH + 1, False)
    assert state.roundBlockHash == chain.block_hash(base_block - 1)


def test_round_state_and_block_hash__of_a_round_not_initialized__gives_no_hash(clock, base_block):
    assert clock.roundStateAndBlockHash(base_block // LENGTH + 1).roundBlockHash == bytes(32)
