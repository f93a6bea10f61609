"""setCurrentRewardTokens(), checks in order:

1. caller is the RoundsManager, else CallerNotRegistered
2. the system runs, else SystemPaused

Effects, with G the global supply and b = ⌊bonded · 10⁹ / G⌋ (0 for G = 0, without asking the BondingManager):
b < target: inflation += change, without ceiling.  b > target: inflation := max(0, inflation − change).  b = target:
inflation stays.  mintable := ⌊G · new inflation / 10⁹⌋, minted := 0.  Event: SetCurrentRewardTokens with both.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.protocol import LPT, contract_id
from tests.helpers.issuance import INFLATION, INFLATION_CHANGE, PPB, TARGET_BONDING_RATE, deploy_issuance

RAISED, LOWERED = INFLATION + INFLATION_CHANGE, INFLATION - INFLATION_CHANGE


@pytest.mark.parametrize("caller", ["stranger", "owner", "bonding_manager", "broker"])
def test_set_current_reward_tokens__caller_is_not_the_rounds_manager__reverts_even_while_paused(
    chain, request, minter, rounds_manager, paused, caller
):
    sender = request.getfixturevalue(caller)

    with chain.reverts(
        "CallerNotRegistered", caller=sender, requiredId=contract_id("RoundsManager"), required=rounds_manager
    ):
        minter.setCurrentRewardTokens.send(sender=sender)


def test_set_current_reward_tokens__paused__reverts(chain, minter, rounds_manager, paused):
    with chain.reverts("SystemPaused"):
        minter.setCurrentRewardTokens.send(sender=rounds_manager)


@pytest.mark.parametrize(
    ("bonded", "inflation"),
    [
        (0, RAISED),
        (499_999_999, RAISED),
        (500_000_000, INFLATION),
        (500_000_001, LOWERED),
        (1_000_000_000, LOWERED),
    ],
)
def test_set_current_reward_tokens__bonded_share_of_a_supply_of_1e9__moves_inflation_towards_the_target(
    issuance, minter, bonded, inflation
):
    issuance.set_supply(PPB)
    issuance.bonding_manager.setTotalBonded.send(bonded, sender=issuance.owner)

    issuance.fix_reward_tokens()

    assert minter.inflation() == inflation
    assert minter.currentMintableTokens() == inflation  # ⌊10⁹ · inflation / 10⁹⌋


def test_set_current_reward_tokens__bonded_a_hair_above_the_target__keeps_inflation_as_the_rate_is_floored(
    issuance, minter
):
    issuance.set_supply(2 * PPB + 1)
    # More than a half, yet ⌊(10⁹ + 1) · 10⁹ / (2 · 10⁹ + 1)⌋ = 500,000,000, the target.
    issuance.bonding_manager.setTotalBonded.send(PPB + 1, sender=issuance.owner)

    issuance.fix_reward_tokens()

    assert minter.inflation() == INFLATION


def test_set_current_reward_tokens__change_above_inflation__lowers_to_zero(issuance, minter):
    issuance.minter.setInflationChange.send(INFLATION + 1, sender=issuance.owner)
    issuance.set_supply(PPB)
    issuance.bonding_manager.setTotalBonded.send(PPB, sender=issuance.owner)

    issuance.fix_reward_tokens()

    assert minter.inflation() == 0
    assert minter.currentMintableTokens() == 0


def test_set_current_reward_tokens__change_equal_to_inflation__lowers_to_zero(issuance, minter):
    issuance.minter.setInflationChange.send(INFLATION, sender=issuance.owner)
    issuance.set_supply(PPB)
    issuance.bonding_manager.setTotalBonded.send(PPB, sender=issuance.owner)

    issuance.fix_reward_tokens()

    assert minter.inflation() == 0


def test_set_current_reward_tokens__inflation_at_the_whole__rises_above_it(chain):
    issuance = deploy_issuance(chain, inflation=PPB)
    issuance.set_supply(1_000 * LPT)

    issuance.fix_reward_tokens()

    assert issuance.minter.inflation() == PPB + INFLATION_CHANGE
    # 1,000 LPT · 1,000,000,500 / 10⁹
    assert issuance.minter.currentMintableTokens() == 1_000_000_500 * LPT // 1_000_000


def test_set_current_reward_tokens__largest_steps__keep_adding_up(chain):
    issuance = deploy_issuance(chain, inflation=PPB)
    issuance.minter.setInflationChange.send(PPB, sender=issuance.owner)

    for _ in range(4):
        issuance.fix_reward_tokens()

    assert issuance.minter.inflation() == 5 * PPB


def test_set_current_reward_tokens__no_supply__raises_without_asking_for_the_stake(issuance, minter):
    issuance.unregister("BondingManager")

    issuance.fix_reward_tokens()

    assert minter.inflation() == RAISED
    assert minter.currentMintableTokens() == 0


def test_set_current_reward_tokens__no_supply_and_target_zero__keeps_inflation(issuance, minter):
    minter.setTargetBondingRate.send(0, sender=issuance.owner)

    issuance.fix_reward_tokens()

    assert minter.inflation() == INFLATION


def test_set_current_reward_tokens__supply_on_l1__counts_for_bonding_rate_and_mintable_tokens(
    issuance, minter
):
    """R1: 500 of 600 LPT on L2 are bonded, yet of all 1,600 LPT that is 31 %, and all 1,600 LPT bear inflation."""
    issuance.set_supply(600 * LPT, l1=1_000 * LPT)
    issuance.bonding_manager.setTotalBonded.send(500 * LPT, sender=issuance.owner)

    issuance.fix_reward_tokens()

    assert minter.inflation() == RAISED
    assert minter.currentMintableTokens() == 1_600 * LPT * RAISED // PPB == 350_400_000_000_000_000


def test_set_current_reward_tokens__live_figures__mints_what_the_formula_gives(issuance, minter):
    """28,000,000.000000000000000007 LPT · 219,000 / 10⁹ = 6,132.0…0015, rounded down."""
    issuance.set_supply(28_000_000 * LPT + 7)

    receipt = issuance.fix_reward_tokens()

    assert minter.currentMintableTokens() == 6_132 * LPT
    receipt.assert_events(
        [minter.Events.SetCurrentRewardTokens(currentMintableTokens=6_132 * LPT, currentInflation=219_000)]
    )


def test_set_current_reward_tokens__after_rewards__starts_from_zero_minted_tokens(issuance, minter):
    issuance.set_supply(1_000 * LPT)
    issuance.fix_reward_tokens()
    minter.createReward.send(1, 2, sender=issuance.bonding_manager)

    issuance.fix_reward_tokens()

    assert minter.currentMintedTokens() == 0


def test_set_current_reward_tokens__called_once_after_many_rounds__takes_one_step(issuance, minter):
    issuance.chain.mine(10_000)

    issuance.fix_reward_tokens()

    assert minter.inflation() == RAISED


@pytest.mark.parametrize("name", ["LivepeerToken", "L2LPTDataCache"])
def test_set_current_reward_tokens__collaborator_not_registered__reverts_with_its_id(chain, issuance, name):
    issuance.unregister(name)

    with chain.reverts("ContractNotRegistered", id=contract_id(name)):
        issuance.fix_reward_tokens()


def test_set_current_reward_tokens__supply_without_bonding_manager__reverts_with_its_id(chain, issuance):
    issuance.set_supply(LPT)
    issuance.unregister("BondingManager")

    with chain.reverts("ContractNotRegistered", id=contract_id("BondingManager")):
        issuance.fix_reward_tokens()


def test_set_current_reward_tokens__mintable_tokens_beyond_112_bits__reverts_with_the_value(chain, issuance):
    # 219,000 / 10⁹ of it is 2¹¹² and a little.
    supply = 2**112 * PPB // RAISED + 1
    issuance.set_supply(0, l1=supply)

    with chain.reverts("SafeCastOverflowedUintDowncast", bits=112, value=supply * RAISED // PPB):
        issuance.fix_reward_tokens()


def test_set_current_reward_tokens__rounds_manager_registered_anew__obeys_the_new_one_only(
    chain, issuance, minter
):
    successor = issuance.deploy_registered("Placeholder__Mock", name="RoundsManager")

    minter.setCurrentRewardTokens.send(sender=successor)

    with chain.reverts("CallerNotRegistered", ...):
        minter.setCurrentRewardTokens.send(sender=issuance.rounds_manager)


@given(
    bonded_shares=st.lists(st.integers(0, 1_500_000_000), min_size=1, max_size=12),
    change=st.integers(0, PPB),
)
def test_set_current_reward_tokens__any_bonding_rates__follow_the_formula(
    session_chain, deployed_issuance, bonded_shares, change
):
    """Invariants 9 and 10, round after round."""
    issuance, minter = deployed_issuance, deployed_issuance.minter
    with session_chain.isolate():
        minter.setInflationChange.send(change, sender=issuance.owner)
        issuance.set_supply(PPB, l1=3 * PPB)
        inflation = INFLATION
        for bonded in bonded_shares:
            issuance.bonding_manager.setTotalBonded.send(bonded, sender=issuance.owner)
            rate = bonded * PPB // (4 * PPB)
            if rate < TARGET_BONDING_RATE:
                inflation += change
            elif rate > TARGET_BONDING_RATE:
                inflation = max(0, inflation - change)

            issuance.fix_reward_tokens()

            assert minter.inflation() == inflation
            assert minter.currentMintableTokens() == 4 * inflation
            assert minter.currentMintedTokens() == 0
