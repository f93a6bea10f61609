"""constructor(_controller, _inflation, _inflationChange, _targetBondingRate), checks in order:

1. `_inflation` ≤ 10⁹, else InvalidInflation
2. `_inflationChange` ≤ 10⁹, else InvalidInflationChange
3. `_targetBondingRate` ≤ 10⁹, else InvalidTargetBondingRate

The Controller is stored and not called.
"""

import pytest

WHOLE = 10**9
TOO_MUCH = WHOLE + 1


@pytest.mark.parametrize("inflation", [TOO_MUCH, 2**64, 2**256 - 1])
def test_constructor__inflation_above_the_whole__reverts_before_the_others_are_looked_at(
    chain, stranger, inflation
):
    with chain.reverts("InvalidInflation", inflation=inflation, maximum=WHOLE):
        chain.deploy("Minter", stranger, inflation, TOO_MUCH, TOO_MUCH)


def test_constructor__inflation_change_above_the_whole__reverts_before_the_target_is_looked_at(
    chain, stranger
):
    with chain.reverts("InvalidInflationChange", inflationChange=TOO_MUCH, maximum=WHOLE):
        chain.deploy("Minter", stranger, WHOLE, TOO_MUCH, TOO_MUCH)


def test_constructor__target_bonding_rate_above_the_whole__reverts(chain, stranger):
    with chain.reverts("InvalidTargetBondingRate", targetBondingRate=TOO_MUCH, maximum=WHOLE):
        chain.deploy("Minter", stranger, WHOLE, WHOLE, TOO_MUCH)


@pytest.mark.parametrize("rates", [(0, 0, 0), (1, 2, 3), (WHOLE, WHOLE, WHOLE)])
def test_constructor__rates_up_to_the_whole__are_stored(chain, stranger, rates):
    """R5: nine digits, so that one part per billion is a step of its own."""
    minter = chain.deploy("Minter", stranger, *rates)

    assert (minter.inflation(), minter.inflationChange(), minter.targetBondingRate()) == rates
    assert (minter.currentMintableTokens(), minter.currentMintedTokens()) == (0, 0)


def test_constructor__controller_without_code__is_stored(chain, stranger):
    minter = chain.deploy("Minter", stranger, 1, 2, 3)

    assert minter.controller() == minter.getController() == stranger
    minter.creation.assert_events([])
