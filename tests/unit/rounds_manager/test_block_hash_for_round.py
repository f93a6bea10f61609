"""blockHashForRound(_round): the hash recorded when the round was initialized, zero for all others."""

NONE = bytes(32)


def test_block_hash_for_round__not_initialized__is_zero(rounds_manager):
    assert rounds_manager.blockHashForRound(5) == NONE


def test_block_hash_for_round__later_rounds_initialized__stays_as_recorded(
    chain, rounds_manager, owner, base_block
):
    chain.mine_to(base_block - 2)
    rounds_manager.setRoundLength.send(50, sender=owner)
    first = base_block // 50
    rounds_manager.initializeRound.send(sender=owner)
    recorded = rounds_manager.blockHashForRound(first)

    chain.mine_to(base_block + 99)
    receipt = rounds_manager.initializeRound.send(sender=owner)

    assert rounds_manager.blockHashForRound(first) == recorded == chain.block_hash(base_block - 1)
    assert rounds_manager.blockHashForRound(first + 1) == NONE
    assert rounds_manager.blockHashForRound(first + 2) == receipt.event("NewRound")["blockHash"]
