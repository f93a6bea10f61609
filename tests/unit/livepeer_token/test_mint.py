"""mint(_to, _amount): caller has the minter role, else AccessControlUnauthorizedAccount.

Emits Transfer(0, _to, _amount), then Mint(_to, _amount).
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import LPT, MINTER_ROLE


@pytest.mark.parametrize("caller", ["stranger", "owner", "burner", "holder"])
def test_mint__caller_is_no_minter__reverts(chain, request, token, caller):
    sender = request.getfixturevalue(caller)

    with chain.reverts("AccessControlUnauthorizedAccount", account=sender, neededRole=MINTER_ROLE):
        token.mint.send(sender, LPT, sender=sender)


def test_mint__by_a_minter__adds_to_balance_and_supply(token, minter, stranger):
    receipt = token.mint.send(stranger, 3 * LPT, sender=minter)

    assert token.balanceOf(stranger) == 3 * LPT
    assert token.totalSupply() == 13 * LPT
    receipt.assert_events(
        [
            token.Events.Transfer(from_=ZERO_ADDRESS, to=stranger, value=3 * LPT),
            token.Events.Mint(to=stranger, amount=3 * LPT),
        ]
    )


def test_mint__nothing__emits_both_events(token, minter, stranger):
    receipt = token.mint.send(stranger, 0, sender=minter)

    receipt.assert_events(
        [
            token.Events.Transfer(from_=ZERO_ADDRESS, to=stranger, value=0),
            token.Events.Mint(to=stranger, amount=0),
        ]
    )


def test_mint__to_nobody__reverts(chain, token, minter):
    with chain.reverts("ERC20InvalidReceiver", receiver=ZERO_ADDRESS):
        token.mint.send(ZERO_ADDRESS, LPT, sender=minter)


def test_mint__supply_beyond_256_bits__panics(chain, token, minter, stranger):
    with chain.panics(0x11):
        token.mint.send(stranger, 2**256 - 1, sender=minter)
