"""initializeRound(), steps in order:

1. the system runs, else SystemPaused
2. r := currentRound(); a length of zero panics with 0x12
3. lastInitializedRound < r, else RoundAlreadyInitialized
4. lastInitializedRound := r; h := hash of the block before the transaction's; blockHashForRound[r] := h
5. BondingManager.setCurrentRoundTotalActiveStake(); what it throws bubbles
6. Minter.setCurrentRewardTokens(); what it throws bubbles
7. NewRound(r, h)
"""

import pytest

from simulation.protocol import LPT, contract_id
from tests.helpers.issuance import INFLATION, INFLATION_CHANGE

LENGTH = 50
UNINITIALIZED = bytes(32)


@pytest.fixture
def clock(chain, rounds_manager, owner, base_block):
    """Rounds of 50 blocks; the next transaction is in the first block of a round that is not initialized."""
    chain.mine_to(base_block - 2)
    rounds_manager.setRoundLength.send(LENGTH, sender=owner)
    return rounds_manager


def test_initialize_round__paused_and_no_length__reverts_for_the_pause(
    chain, issuance, rounds_manager, owner
):
    issuance.controller.pause.send(sender=owner)

    with chain.reverts("SystemPaused"):
        rounds_manager.initializeRound.send(sender=owner)


def test_initialize_round__paused_and_initialized__reverts_for_the_pause(chain, issuance, clock, owner):
    clock.initializeRound.send(sender=owner)
    issuance.controller.pause.send(sender=owner)

    with chain.reverts("SystemPaused"):
        clock.initializeRound.send(sender=owner)


def test_initialize_round__no_length__panics(chain, rounds_manager, owner):
    """R12."""
    with chain.panics(0x12):
        rounds_manager.initializeRound.send(sender=owner)


def test_initialize_round__a_second_time_in_the_round__reverts_before_a_collaborator_is_called(
    chain, issuance, clock, owner, stranger, base_block
):
    """R9: the usual outcome of a race of callers."""
    clock.initializeRound.send(sender=owner)
    issuance.bonding_manager.refuseStake.send(sender=owner)

    with chain.reverts("RoundAlreadyInitialized", round=base_block // LENGTH):
        clock.initializeRound.send(sender=stranger)


def test_initialize_round__by_anybody__marks_the_round(clock, stranger, base_block):
    """R9: permissionless."""
    assert clock.currentRoundInitialized(block=base_block) is False

    clock.initializeRound.send(sender=stranger)

    assert clock.lastInitializedRound() == base_block // LENGTH
    assert clock.currentRoundInitialized() is True


def test_initialize_round__succeeds__records_the_hash_of_the_block_before(chain, clock, owner, base_block):
    """R10: what the chain gives is recorded, nothing made up."""
    receipt = clock.initializeRound.send(sender=owner)

    assert receipt.block_number == base_block
    assert clock.blockHashForRound(base_block // LENGTH) == chain.block_hash(base_block - 1)


def test_initialize_round__succeeds__emits_the_issuance_and_then_the_round(
    chain, issuance, clock, owner, base_block
):
    issuance.set_supply(1_000 * LPT)
    chain.mine_to(base_block + LENGTH - 1)

    receipt = clock.initializeRound.send(sender=owner)

    # No stake: inflation rises by one step. 1,000 LPT × 219,000 / 10⁹ = 0.219 LPT.
    receipt.assert_events(
        [
            issuance.minter.Events.SetCurrentRewardTokens(
                currentMintableTokens=219 * LPT // 1_000, currentInflation=INFLATION + INFLATION_CHANGE
            ),
            clock.Events.NewRound(
                round=base_block // LENGTH + 1, blockHash=chain.block_hash(base_block + LENGTH - 1)
            ),
        ]
    )


def test_initialize_round__stake_changes_with_the_round__issuance_follows_the_new_stake(
    issuance, clock, owner
):
    """The BondingManager comes before the Minter: 60 % bonded lowers inflation, the 0 % before would raise it."""
    issuance.set_supply(1_000 * LPT)
    issuance.bonding_manager.setNextTotalBonded.send(600 * LPT, sender=owner)

    clock.initializeRound.send(sender=owner)

    assert issuance.minter.inflation() == INFLATION - INFLATION_CHANGE


def test_initialize_round__bonding_manager_reverts__bubbles_and_leaves_the_round_uninitialized(
    chain, issuance, clock, owner, base_block
):
    issuance.bonding_manager.refuseStake.send(sender=owner)

    with chain.reverts("StakeRefused", nextTotalBonded=0):
        clock.initializeRound.send(sender=owner)

    assert clock.currentRoundInitialized(block=base_block) is False
    assert clock.blockHashForRound(base_block // LENGTH) == UNINITIALIZED


def test_initialize_round__minter_reverts__bubbles_and_leaves_the_round_uninitialized(
    chain, issuance, clock, owner, base_block
):
    issuance.unregister("L2LPTDataCache")

    with chain.reverts("ContractNotRegistered", ...):
        clock.initializeRound.send(sender=owner)

    assert clock.currentRoundInitialized(block=base_block) is False


@pytest.mark.parametrize("name", ["BondingManager", "Minter"])
def test_initialize_round__collaborator_not_registered__reverts_with_its_id(
    chain, issuance, clock, owner, name
):
    issuance.unregister(name)

    with chain.reverts("ContractNotRegistered", id=contract_id(name)):
        clock.initializeRound.send(sender=owner)


def test_initialize_round__collaborator_registered_anew__calls_the_new_one_at_once(
    chain, issuance, clock, owner
):
    issuance.bonding_manager.refuseStake.send(sender=owner)
    issuance.deploy_registered("BondingManagerTotals__Mock", name="BondingManager")

    clock.initializeRound.send(sender=owner)

    assert clock.currentRoundInitialized() is True


def test_initialize_round__after_five_rounds_without__jumps_there_with_one_step_of_inflation(
    chain, issuance, clock, owner, base_block
):
    clock.initializeRound.send(sender=owner)
    first = base_block // LENGTH
    inflation = issuance.minter.inflation()
    chain.mine_to(base_block + 6 * LENGTH + 10)

    clock.initializeRound.send(sender=owner)

    assert clock.lastInitializedRound() == first + 6
    assert [clock.blockHashForRound(first + missed) for missed in range(1, 6)] == [UNINITIALIZED] * 5
    assert issuance.minter.inflation() == inflation + INFLATION_CHANGE


def test_initialize_round__after_rounds_of_pause__works_once_the_system_runs(
    chain, issuance, clock, owner, base_block
):
    issuance.controller.pause.send(sender=owner)
    chain.mine_to(base_block + 5 * LENGTH)
    issuance.controller.unpause.send(sender=owner)

    clock.initializeRound.send(sender=owner)

    assert clock.lastInitializedRound() == base_block // LENGTH + 5


def test_initialize_round__in_each_round__emits_rising_round_numbers(chain, clock, owner, base_block):
    rounds = []
    for number in range(4):
        chain.mine_to(base_block + number * LENGTH - 1)
        rounds.append(clock.initializeRound.send(sender=owner).event("NewRound")["round"])

    first = base_block // LENGTH
    assert rounds == [first, first + 1, first + 2, first + 3]


def test_initialize_round__in_round_0__reverts_as_that_counts_as_initialized(chain, rounds_manager, owner):
    rounds_manager.setRoundLength.send(2**32, sender=owner)

    assert rounds_manager.currentRound() == 0
    assert rounds_manager.currentRoundInitialized() is True
    with chain.reverts("RoundAlreadyInitialized", round=0):
        rounds_manager.initializeRound.send(sender=owner)
    assert rounds_manager.blockHashForRound(0) == UNINITIALIZED


def test_initialize_round__other_clock_numbers__stay(clock, owner, base_block):
    clock.setRoundLockAmount.send(100_000, sender=owner)

    clock.initializeRound.send(sender=owner)

    assert clock.roundLength() == LENGTH
    assert clock.roundLockAmount() == 100_000
    assert clock.lastRoundLengthUpdateStartBlock() == base_block - LENGTH
    assert clock.lastRoundLengthUpdateRound() == base_block // LENGTH - 1
