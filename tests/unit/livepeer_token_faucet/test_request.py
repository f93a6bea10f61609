"""request(): caller is whitelisted, or the block's time ≥ nextValidRequest of the caller; else RequestTooEarly.

Gives requestAmount and emits Request.  Unless the caller is whitelisted, nextValidRequest := now + wait · 3,600.
"""

import pytest

from simulation.protocol import LPT

HOUR = 3_600


def test_constructor__any_arguments__are_stored(faucet, token, owner):
    assert faucet.token() == token
    assert (faucet.requestAmount(), faucet.requestWait()) == (10 * LPT, 1)
    assert faucet.owner() == owner
    faucet.creation.assert_events([])


def test_request__first__gives_the_amount_and_starts_the_wait(faucet, token, stranger):
    assert faucet.nextValidRequest(stranger) == 0

    receipt = faucet.request.send(sender=stranger)

    assert token.balanceOf(stranger) == 10 * LPT
    assert token.balanceOf(faucet) == 90 * LPT
    assert faucet.nextValidRequest(stranger) == receipt.timestamp + HOUR
    receipt.assert_events(
        [
            token.Events.Transfer(from_=faucet, to=stranger, value=10 * LPT),
            faucet.Events.Request(to=stranger, amount=10 * LPT),
        ]
    )


def test_request__a_second_before_the_wait_is_over__reverts(chain, faucet, stranger):
    first = faucet.request.send(sender=stranger).timestamp
    chain.set_timestamp(first + HOUR - 1)

    with chain.reverts(
        "RequestTooEarly", requester=stranger, currentTime=first + HOUR - 1, nextValidRequest=first + HOUR
    ):
        faucet.request.send(sender=stranger)


def test_request__when_the_wait_is_over__gives_again(chain, faucet, token, stranger):
    first = faucet.request.send(sender=stranger).timestamp
    chain.set_timestamp(first + HOUR)

    faucet.request.send(sender=stranger)

    assert token.balanceOf(stranger) == 20 * LPT
    assert faucet.nextValidRequest(stranger) == first + 2 * HOUR


def test_request__by_another__need_not_wait(faucet, token, stranger, owner):
    faucet.request.send(sender=stranger)

    faucet.request.send(sender=owner)

    assert token.balanceOf(owner) == 10 * LPT


def test_request__whitelisted__gives_at_once_and_starts_no_wait(faucet, token, owner, stranger):
    faucet.addToWhitelist.send(stranger, sender=owner)

    faucet.request.send(sender=stranger)
    faucet.request.send(sender=stranger)

    assert token.balanceOf(stranger) == 20 * LPT
    assert faucet.nextValidRequest(stranger) == 0


def test_request__whitelisted_after_a_request__need_not_wait_and_leaves_the_time(faucet, owner, stranger):
    first = faucet.request.send(sender=stranger).timestamp
    faucet.addToWhitelist.send(stranger, sender=owner)

    faucet.request.send(sender=stranger)

    assert faucet.nextValidRequest(stranger) == first + HOUR


def test_request__removed_from_the_whitelist__has_one_more_at_once(chain, faucet, owner, stranger):
    faucet.addToWhitelist.send(stranger, sender=owner)
    faucet.request.send(sender=stranger)
    faucet.removeFromWhitelist.send(stranger, sender=owner)

    faucet.request.send(sender=stranger)

    with chain.reverts("RequestTooEarly", ...):
        faucet.request.send(sender=stranger)


@pytest.mark.parametrize("wait", [0, 1, 48])
def test_request__wait_in_hours__is_counted_in_seconds(chain, token, owner, stranger, wait):
    faucet = chain.deploy("LivepeerTokenFaucet", token, 1, wait)
    token.mint.send(faucet, 1, sender=owner)

    receipt = faucet.request.send(sender=stranger)

    assert faucet.nextValidRequest(stranger) == receipt.timestamp + wait * HOUR


def test_request__empty_faucet__reverts_with_the_tokens_error(chain, token, stranger):
    faucet = chain.deploy("LivepeerTokenFaucet", token, LPT, 1)

    with chain.reverts("ERC20InsufficientBalance", sender=faucet, balance=0, needed=LPT):
        faucet.request.send(sender=stranger)

    assert faucet.nextValidRequest(stranger) == 0
