"""currentRoundInitialized(): lastInitializedRound = currentRound()."""

LENGTH = 50


def test_current_round_initialized__until_the_round_ends__holds(chain, rounds_manager, owner, base_block):
    chain.mine_to(base_block - 2)
    rounds_manager.setRoundLength.send(LENGTH, sender=owner)
    assert rounds_manager.currentRoundInitialized() is False

    rounds_manager.initializeRound.send(sender=owner)

    assert rounds_manager.currentRoundInitialized(block=base_block) is True
    assert rounds_manager.currentRoundInitialized(block=base_block + LENGTH - 1) is True
    assert rounds_manager.currentRoundInitialized(block=base_block + LENGTH) is False
