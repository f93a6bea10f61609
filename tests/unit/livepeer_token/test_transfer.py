"""transfer(to, amount) and transferFrom(from, to, amount), checks in order:

1. transferFrom only: `from` allows the caller that much, else ERC20InsufficientAllowance
2. `to` is not zero, else ERC20InvalidReceiver
3. the balance covers it, else ERC20InsufficientBalance

Return true, emit Transfer.
"""

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import LPT

UNLIMITED = 2**256 - 1


def test_transfer__to_nobody__reverts_even_where_it_is_not_covered(chain, token, holder):
    with chain.reverts("ERC20InvalidReceiver", receiver=ZERO_ADDRESS):
        token.transfer.send(ZERO_ADDRESS, 11 * LPT, sender=holder)


def test_transfer__not_covered__reverts(chain, token, holder, stranger):
    with chain.reverts("ERC20InsufficientBalance", sender=holder, balance=10 * LPT, needed=11 * LPT):
        token.transfer.send(stranger, 11 * LPT, sender=holder)


def test_transfer__covered__moves_it(token, holder, stranger):
    receipt = token.transfer.send(stranger, 4 * LPT, sender=holder)

    assert receipt.return_value is True
    assert (token.balanceOf(holder), token.balanceOf(stranger)) == (6 * LPT, 4 * LPT)
    assert token.totalSupply() == 10 * LPT
    receipt.assert_events([token.Events.Transfer(from_=holder, to=stranger, value=4 * LPT)])


def test_transfer_from__without_allowance__reverts_first(chain, token, holder, spender):
    with chain.reverts("ERC20InsufficientAllowance", spender=spender, allowance=0, needed=11 * LPT):
        token.transferFrom.send(holder, ZERO_ADDRESS, 11 * LPT, sender=spender)


def test_transfer_from__to_nobody__reverts_even_where_it_is_not_covered(chain, token, holder, spender):
    token.approve.send(spender, 11 * LPT, sender=holder)

    with chain.reverts("ERC20InvalidReceiver", receiver=ZERO_ADDRESS):
        token.transferFrom.send(holder, ZERO_ADDRESS, 11 * LPT, sender=spender)


def test_transfer_from__not_covered__reverts(chain, token, holder, spender, stranger):
    token.approve.send(spender, 11 * LPT, sender=holder)

    with chain.reverts("ERC20InsufficientBalance", sender=holder, balance=10 * LPT, needed=11 * LPT):
        token.transferFrom.send(holder, stranger, 11 * LPT, sender=spender)


def test_transfer_from__allowed__moves_it_and_uses_the_allowance(token, holder, spender, stranger):
    token.approve.send(spender, 5 * LPT, sender=holder)

    receipt = token.transferFrom.send(holder, stranger, 4 * LPT, sender=spender)

    assert receipt.return_value is True
    assert (token.balanceOf(holder), token.balanceOf(stranger)) == (6 * LPT, 4 * LPT)
    assert token.allowance(holder, spender) == LPT
    receipt.assert_events([token.Events.Transfer(from_=holder, to=stranger, value=4 * LPT)])


def test_transfer_from__unlimited_allowance__stays(token, holder, spender, stranger):
    token.approve.send(spender, UNLIMITED, sender=holder)

    token.transferFrom.send(holder, stranger, LPT, sender=spender)

    assert token.allowance(holder, spender) == UNLIMITED
