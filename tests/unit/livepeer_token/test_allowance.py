"""approve(spender, amount), increaseAllowance(spender, addedValue), decreaseAllowance(spender, subtractedValue).

Each returns true and emits Approval with the resulting allowance.  Failures: `spender` is zero (ERC20InvalidSpender),
the sum passes 256 bits (panic 0x11), the difference is negative (ERC20InsufficientAllowance).
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import LPT


@pytest.mark.parametrize("function", ["approve", "increaseAllowance"])
def test_allowance__spender_is_nobody__reverts(chain, token, holder, function):
    with chain.reverts("ERC20InvalidSpender", spender=ZERO_ADDRESS):
        getattr(token, function).send(ZERO_ADDRESS, LPT, sender=holder)


def test_approve__any_amount__replaces_the_allowance(token, holder, spender):
    token.approve.send(spender, 5 * LPT, sender=holder)

    receipt = token.approve.send(spender, 3 * LPT, sender=holder)

    assert receipt.return_value is True
    assert token.allowance(holder, spender) == 3 * LPT
    assert token.allowance(spender, holder) == 0
    receipt.assert_events([token.Events.Approval(owner=holder, spender=spender, value=3 * LPT)])


def test_increase_allowance__some__adds_it(token, holder, spender):
    token.approve.send(spender, 5 * LPT, sender=holder)

    receipt = token.increaseAllowance.send(spender, 3 * LPT, sender=holder)

    assert receipt.return_value is True
    assert token.allowance(holder, spender) == 8 * LPT
    receipt.assert_events([token.Events.Approval(owner=holder, spender=spender, value=8 * LPT)])


def test_increase_allowance__beyond_256_bits__panics(chain, token, holder, spender):
    token.approve.send(spender, 1, sender=holder)

    with chain.panics(0x11):
        token.increaseAllowance.send(spender, 2**256 - 1, sender=holder)


@pytest.mark.parametrize("left", [0, 2 * LPT])
def test_decrease_allowance__covered__subtracts_it(token, holder, spender, left):
    token.approve.send(spender, 5 * LPT, sender=holder)

    receipt = token.decreaseAllowance.send(spender, 5 * LPT - left, sender=holder)

    assert receipt.return_value is True
    assert token.allowance(holder, spender) == left
    receipt.assert_events([token.Events.Approval(owner=holder, spender=spender, value=left)])


def test_decrease_allowance__more_than_there_is__reverts(chain, token, holder, spender):
    token.approve.send(spender, 5 * LPT, sender=holder)

    with chain.reverts("ERC20InsufficientAllowance", spender=spender, allowance=5 * LPT, needed=5 * LPT + 1):
        token.decreaseAllowance.send(spender, 5 * LPT + 1, sender=holder)
