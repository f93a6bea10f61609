"""burn(_amount) and burnFrom(_from, _amount), checks in order:

1. caller has the burner role, else AccessControlUnauthorizedAccount
2. burnFrom only: `_from` allows the caller that much, even where they are the same account, else
   ERC20InsufficientAllowance
3. the balance covers it, else ERC20InsufficientBalance

Emit Transfer(burner, 0, amount), then Burn(burner, amount), where burner is who loses the tokens.
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import BURNER_ROLE, LPT

UNLIMITED = 2**256 - 1


@pytest.fixture
def burner_with_lpt(token, minter, burner):
    """The burner holds 5 LPT itself."""
    token.mint.send(burner, 5 * LPT, sender=minter)
    return burner


@pytest.mark.parametrize("caller", ["holder", "minter", "owner", "stranger"])
def test_burn__caller_is_no_burner__reverts_before_the_balance_is_looked_at(chain, request, token, caller):
    """Holders cannot burn on L2."""
    sender = request.getfixturevalue(caller)

    with chain.reverts("AccessControlUnauthorizedAccount", account=sender, neededRole=BURNER_ROLE):
        token.burn.send(1_000 * LPT, sender=sender)


def test_burn__not_covered__reverts(chain, token, burner_with_lpt):
    with chain.reverts(
        "ERC20InsufficientBalance", sender=burner_with_lpt, balance=5 * LPT, needed=5 * LPT + 1
    ):
        token.burn.send(5 * LPT + 1, sender=burner_with_lpt)


def test_burn__by_a_burner__destroys_its_own_only(token, burner_with_lpt, holder):
    receipt = token.burn.send(2 * LPT, sender=burner_with_lpt)

    assert token.balanceOf(burner_with_lpt) == 3 * LPT
    assert token.balanceOf(holder) == 10 * LPT
    assert token.totalSupply() == 13 * LPT
    receipt.assert_events(
        [
            token.Events.Transfer(from_=burner_with_lpt, to=ZERO_ADDRESS, value=2 * LPT),
            token.Events.Burn(burner=burner_with_lpt, amount=2 * LPT),
        ]
    )


def test_burn_from__caller_is_no_burner__reverts_even_with_an_allowance(chain, token, holder, spender):
    token.approve.send(spender, LPT, sender=holder)

    with chain.reverts("AccessControlUnauthorizedAccount", account=spender, neededRole=BURNER_ROLE):
        token.burnFrom.send(holder, LPT, sender=spender)


def test_burn_from__without_allowance__reverts_before_the_balance_is_looked_at(chain, token, burner, holder):
    """R7: the burner role alone cannot destroy what others hold."""
    with chain.reverts("ERC20InsufficientAllowance", spender=burner, allowance=0, needed=11 * LPT):
        token.burnFrom.send(holder, 11 * LPT, sender=burner)


def test_burn_from__own_balance_without_allowance__reverts(chain, token, burner_with_lpt):
    """R7."""
    with chain.reverts("ERC20InsufficientAllowance", spender=burner_with_lpt, allowance=0, needed=LPT):
        token.burnFrom.send(burner_with_lpt, LPT, sender=burner_with_lpt)


def test_burn_from__not_covered__reverts(chain, token, burner, holder):
    token.approve.send(burner, 20 * LPT, sender=holder)

    with chain.reverts("ERC20InsufficientBalance", sender=holder, balance=10 * LPT, needed=11 * LPT):
        token.burnFrom.send(holder, 11 * LPT, sender=burner)


def test_burn_from__allowed__destroys_the_holders_and_uses_the_allowance(token, burner, holder):
    token.approve.send(burner, 5 * LPT, sender=holder)

    receipt = token.burnFrom.send(holder, 4 * LPT, sender=burner)

    assert token.balanceOf(holder) == token.totalSupply() == 6 * LPT
    assert token.allowance(holder, burner) == LPT
    receipt.assert_events(
        [
            token.Events.Transfer(from_=holder, to=ZERO_ADDRESS, value=4 * LPT),
            token.Events.Burn(burner=holder, amount=4 * LPT),
        ]
    )


def test_burn_from__unlimited_allowance__stays(token, burner, holder):
    token.approve.send(burner, UNLIMITED, sender=holder)

    token.burnFrom.send(holder, 4 * LPT, sender=burner)

    assert token.allowance(holder, burner) == UNLIMITED
