"""AdjustableRoundsManager: a clock set by hand.

setBlockNum, setBlockHash and mineBlocks are open to anybody.  blockNum() answers the number that was set;
blockHash(b) answers the hash that was set for every b ≥ num − 256 (BlockHashNotAvailable below), and panics with 0x11
while num < 256.
"""

import pytest

from tests.helpers.issuance import deploy_issuance

HASH = bytes.fromhex("ab" * 32)


@pytest.fixture
def issuance(chain):
    return deploy_issuance(chain, "AdjustableRoundsManager")


@pytest.fixture
def clock(issuance):
    """The clock at its proxy, at block 0."""
    return issuance.rounds_manager


def test_set_block_num__by_anybody__sets_the_block_number(clock, stranger):
    clock.setBlockNum.send(1_234, sender=stranger)

    assert clock.num() == clock.blockNum() == 1_234


def test_set_block_num__to_an_earlier_block__is_taken(clock, stranger):
    clock.setBlockNum.send(1_234, sender=stranger)
    clock.setBlockNum.send(7, sender=stranger)

    assert clock.blockNum() == 7


def test_mine_blocks__by_anybody__adds_to_the_block_number(clock, stranger):
    clock.setBlockNum.send(1_000, sender=stranger)

    clock.mineBlocks.send(234, sender=stranger)

    assert clock.blockNum() == 1_234


@pytest.mark.parametrize("block", [744, 999, 1_000, 5_000])
def test_block_hash__from_256_blocks_back_on__is_what_was_set(clock, stranger, block):
    clock.setBlockNum.send(1_000, sender=stranger)
    clock.setBlockHash.send(HASH, sender=stranger)

    assert clock.blockHash(block) == clock.hash() == HASH


def test_block_hash__older__reverts(chain, clock, stranger):
    clock.setBlockNum.send(1_000, sender=stranger)

    with chain.reverts("BlockHashNotAvailable", blockNumber=743, oldestAvailable=744):
        clock.blockHash(743)


def test_block_hash__below_block_256__panics(chain, clock, stranger):
    clock.setBlockNum.send(255, sender=stranger)

    with chain.panics(0x11):
        clock.blockHash(255)


def test_initialize_round__on_the_set_clock__uses_its_round_and_hash(issuance, clock, owner, stranger):
    clock.setBlockNum.send(1_000, sender=stranger)
    clock.setBlockHash.send(HASH, sender=stranger)
    clock.setRoundLength.send(50, sender=owner)
    clock.mineBlocks.send(50, sender=stranger)

    receipt = clock.initializeRound.send(sender=stranger)

    assert receipt.events[-1] == clock.Events.NewRound(round=21, blockHash=HASH)
    assert (clock.currentRound(), clock.currentRoundStartBlock()) == (21, 1_050)
    assert clock.currentRoundInitialized() is True


def test_current_round__real_blocks_pass__stays(chain, clock, owner, stranger):
    clock.setBlockNum.send(1_000, sender=stranger)
    clock.setRoundLength.send(50, sender=owner)

    chain.mine(500)

    assert clock.currentRound() == 20
