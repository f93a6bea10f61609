"""blockNum() and blockHash(_block) at block B, checks in order:

1. `_block` < B, else BlockNotPast
2. B < 256 or `_block` ≥ B − 256, else BlockHashNotAvailable
"""

import pytest


def test_block_num__at_any_block__is_the_block_number(chain, rounds_manager):
    chain.mine(7)

    assert rounds_manager.blockNum() == chain.block_number


@pytest.mark.parametrize("ahead", [0, 1, 10**30])
def test_block_hash__current_or_coming_block__reverts(chain, rounds_manager, ahead):
    block = chain.block_number

    with chain.reverts("BlockNotPast", blockNumber=block + ahead, currentBlock=block):
        rounds_manager.blockHash(block + ahead)


@pytest.mark.parametrize("back", [1, 2, 255, 256])
def test_block_hash__one_of_the_last_256_blocks__is_its_hash(chain, rounds_manager, base_block, back):
    chain.mine_to(base_block)

    assert rounds_manager.blockHash(base_block - back) == chain.block_hash(base_block - back) != bytes(32)


@pytest.mark.parametrize("block", [257, 300])
def test_block_hash__older_than_256_blocks__reverts_with_the_oldest_available(
    chain, rounds_manager, base_block, block
):
    chain.mine_to(base_block)

    with chain.reverts(
        "BlockHashNotAvailable", blockNumber=base_block - block, oldestAvailable=base_block - 256
    ):
        rounds_manager.blockHash(base_block - block)


@pytest.mark.parametrize("current", [1, 255, 256])
def test_block_hash__block_0_in_a_young_chain__does_not_revert(rounds_manager, current):
    rounds_manager.blockHash(0, block=current)


def test_block_hash__block_0_at_block_257__reverts(chain, rounds_manager):
    with chain.reverts("BlockHashNotAvailable", blockNumber=0, oldestAvailable=1):
        rounds_manager.blockHash(0, block=257)
