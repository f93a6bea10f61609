"""createReward(_fracNum, _fracDenom), checks in order:

1. caller is the BondingManager, else CallerNotRegistered
2. the system runs, else SystemPaused
3. `_fracDenom` > 0, else panic 0x12
4. with m = ⌊mintable · ⌊num · 10⁹ / den⌋ / 10⁹⌋: minted + m ≤ mintable, else RewardExceedsMintableTokens

Effects: minted += m; m is minted to the Minter, also when it is 0; m is returned.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.protocol import LPT, MINTER_ROLE, contract_id
from tests.helpers.issuance import PPB

# With inflation 219,000 / 10⁹ of this supply a round has 1,000 LPT.
SUPPLY = 1_000 * LPT * PPB // 219_000 + 1
MINTABLE = 1_000 * LPT


@pytest.fixture
def round_tokens(issuance, minter):
    """1,000 LPT may be minted in this round."""
    issuance.set_supply(SUPPLY)
    issuance.fix_reward_tokens()
    assert minter.currentMintableTokens() == MINTABLE
    return minter


@pytest.mark.parametrize("caller", ["stranger", "owner", "rounds_manager", "broker"])
def test_create_reward__caller_is_not_the_bonding_manager__reverts_even_while_paused(
    chain, request, minter, bonding_manager, paused, caller
):
    sender = request.getfixturevalue(caller)

    with chain.reverts(
        "CallerNotRegistered",
        caller=sender,
        requiredId=contract_id("BondingManager"),
        required=bonding_manager,
    ):
        minter.createReward.send(1, 0, sender=sender)


def test_create_reward__paused__reverts_before_the_fraction_is_looked_at(
    chain, minter, bonding_manager, paused
):
    with chain.reverts("SystemPaused"):
        minter.createReward.send(1, 0, sender=bonding_manager)


def test_create_reward__denominator_zero__panics(chain, round_tokens, bonding_manager):
    with chain.panics(0x12):
        round_tokens.createReward.send(1, 0, sender=bonding_manager)


@pytest.mark.parametrize(
    ("numerator", "denominator", "reward"),
    [
        (1, 2, 500 * LPT),
        # ⌊10⁹ / 3⌋ = 333,333,333: not a third of 1,000 LPT but 333.333333 LPT, to the base unit.
        (1, 3, 333_333_333 * 10**12),
        (2, 3, 666_666_666 * 10**12),
        (1, 7, 142_857_142 * 10**12),
        (1, 1, MINTABLE),
        (1, 10**9, 10**12),
        (1, 10**9 + 1, 0),  # below one part per billion the ratio is nothing
        (0, 5, 0),
        # R4: numerators far beyond what a product with the mintable tokens could bear.
        (10**46, 2 * 10**46, 500 * LPT),
        (10**67, 4 * 10**67, 250 * LPT),
    ],
)
def test_create_reward__fraction__mints_the_twice_floored_share(
    round_tokens, token, bonding_manager, numerator, denominator, reward
):
    receipt = round_tokens.createReward.send(numerator, denominator, sender=bonding_manager)

    assert receipt.return_value == reward
    assert round_tokens.currentMintedTokens() == reward
    assert round_tokens.currentMintableTokens() == MINTABLE
    assert token.balanceOf(round_tokens) == reward
    assert token.totalSupply() == SUPPLY + reward


def test_create_reward__odd_mintable_tokens__floors_the_product_too(issuance, minter, bonding_manager):
    """mintable = ⌊10¹⁰ · 219,000 / 10⁹⌋ = 2,190,000; a third: ⌊2,190,000 · 333,333,333 / 10⁹⌋ = ⌊729,999.99927⌋."""
    issuance.set_supply(10**10)
    issuance.fix_reward_tokens()

    assert minter.createReward.send(1, 3, sender=bonding_manager).return_value == 729_999


def test_create_reward__some_tokens__emits_the_tokens_events_only(round_tokens, token, bonding_manager):
    receipt = round_tokens.createReward.send(1, 2, sender=bonding_manager)

    receipt.assert_events(
        [
            token.Events.Transfer(from_="0x" + "00" * 20, to=round_tokens, value=500 * LPT),
            token.Events.Mint(to=round_tokens, amount=500 * LPT),
        ]
    )


def test_create_reward__nothing_to_mint__mints_nothing_with_its_events(minter, token, bonding_manager):
    """A Minter that took over in mid-round has no mintable tokens; rewards must not revert."""
    receipt = minter.createReward.send(1, 2, sender=bonding_manager)

    assert receipt.return_value == 0
    receipt.assert_events(
        [
            token.Events.Transfer(from_="0x" + "00" * 20, to=minter, value=0),
            token.Events.Mint(to=minter, amount=0),
        ]
    )


def test_create_reward__fraction_above_one__reverts(chain, round_tokens, bonding_manager):
    """R6."""
    reward = MINTABLE + MINTABLE // PPB
    with chain.reverts(
        "RewardExceedsMintableTokens",
        reward=reward,
        currentMintedTokens=0,
        currentMintableTokens=MINTABLE,
    ):
        round_tokens.createReward.send(PPB + 1, PPB, sender=bonding_manager)


def test_create_reward__repeated_fractions__stop_at_the_mintable_tokens(chain, round_tokens, bonding_manager):
    """R6: the cap is that of the round, not of a call."""
    round_tokens.createReward.send(2, 5, sender=bonding_manager)
    round_tokens.createReward.send(2, 5, sender=bonding_manager)

    with chain.reverts(
        "RewardExceedsMintableTokens",
        reward=400 * LPT,
        currentMintedTokens=800 * LPT,
        currentMintableTokens=MINTABLE,
    ):
        round_tokens.createReward.send(2, 5, sender=bonding_manager)

    round_tokens.createReward.send(1, 5, sender=bonding_manager)
    assert round_tokens.currentMintedTokens() == MINTABLE


def test_create_reward__one_base_unit_too_much__reverts(chain, issuance, minter, bonding_manager):
    issuance.set_supply(PPB)  # 219,000 base units may be minted
    issuance.fix_reward_tokens()
    minter.createReward.send(1, 1, sender=bonding_manager)

    with chain.reverts(
        "RewardExceedsMintableTokens", reward=1, currentMintedTokens=219_000, currentMintableTokens=219_000
    ):
        minter.createReward.send(4_567, PPB, sender=bonding_manager)  # ⌊219,000 · 4,567 / 10⁹⌋ = 1


def test_create_reward__fraction_beyond_256_bits__panics(chain, round_tokens, bonding_manager):
    with chain.panics(0x11):
        round_tokens.createReward.send(2**256 - 1, 1, sender=bonding_manager)


def test_create_reward__minter_lacks_the_role__reverts_with_the_tokens_error(
    chain, round_tokens, token, owner, bonding_manager
):
    token.revokeRole.send(MINTER_ROLE, round_tokens, sender=owner)

    with chain.reverts("AccessControlUnauthorizedAccount", account=round_tokens, neededRole=MINTER_ROLE):
        round_tokens.createReward.send(1, 2, sender=bonding_manager)

    assert round_tokens.currentMintedTokens() == 0


def test_create_reward__token_answers_false__succeeds(issuance, round_tokens, bonding_manager):
    silent = issuance.deploy_registered("SilentToken__Mock", name="LivepeerToken")

    assert round_tokens.createReward.send(1, 2, sender=bonding_manager).return_value == 500 * LPT
    assert silent.mintCalls() == 1


def test_create_reward__token_not_registered__reverts_with_its_id(chain, issuance, minter, bonding_manager):
    issuance.unregister("LivepeerToken")

    with chain.reverts("ContractNotRegistered", id=contract_id("LivepeerToken")):
        minter.createReward.send(1, 2, sender=bonding_manager)


@given(stakes=st.lists(st.integers(0, 10**28), min_size=1, max_size=10).filter(any))
def test_create_reward__all_shares_of_a_whole__never_pass_the_mintable_tokens(
    session_chain, deployed_issuance, stakes
):
    """Invariant 13: n floors lose less than n · (mintable / 10⁹ + 1), and nothing is minted too much."""
    issuance, total = deployed_issuance, sum(stakes)
    with session_chain.isolate():
        issuance.set_supply(SUPPLY)
        issuance.fix_reward_tokens()
        for stake in stakes:
            reward = issuance.minter.createReward.send(stake, total, sender=issuance.bonding_manager)
            assert reward.return_value == MINTABLE * (stake * PPB // total) // PPB

        minted = issuance.minter.currentMintedTokens()
        assert MINTABLE - len(stakes) * (MINTABLE // PPB + 1) < minted <= MINTABLE
        assert issuance.token.balanceOf(issuance.minter) == minted
