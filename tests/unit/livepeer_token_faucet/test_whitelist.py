"""addToWhitelist(_addr) and removeFromWhitelist(_addr): caller is the owner, else CallerNotOwner.  No events."""

import pytest


@pytest.mark.parametrize("function", ["addToWhitelist", "removeFromWhitelist"])
def test_whitelist__caller_is_not_the_owner__reverts(chain, faucet, owner, stranger, function):
    with chain.reverts("CallerNotOwner", caller=stranger, owner=owner):
        getattr(faucet, function).send(stranger, sender=stranger)


def test_whitelist__added_and_removed__is_known(faucet, owner, stranger):
    assert faucet.isWhitelisted(stranger) is False

    faucet.addToWhitelist.send(stranger, sender=owner).assert_events([])
    assert faucet.isWhitelisted(stranger) is True
    assert faucet.isWhitelisted(owner) is False

    faucet.removeFromWhitelist.send(stranger, sender=owner).assert_events([])
    assert faucet.isWhitelisted(stranger) is False
