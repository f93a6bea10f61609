"""transferOwnership(newOwner), checks in order:

1. caller is the owner, else CallerNotOwner
2. `newOwner` is not zero, else NewOwnerIsZero
"""

from simulation.chain.addresses import ZERO_ADDRESS


def test_transfer_ownership__caller_is_not_the_owner__reverts_first(chain, faucet, owner, stranger):
    with chain.reverts("CallerNotOwner", caller=stranger, owner=owner):
        faucet.transferOwnership.send(ZERO_ADDRESS, sender=stranger)


def test_transfer_ownership__to_nobody__reverts(chain, faucet, owner):
    with chain.reverts("NewOwnerIsZero"):
        faucet.transferOwnership.send(ZERO_ADDRESS, sender=owner)


def test_transfer_ownership__to_another__takes_effect_at_once(chain, faucet, owner, stranger):
    receipt = faucet.transferOwnership.send(stranger, sender=owner)

    receipt.assert_events([faucet.Events.OwnershipTransferred(previousOwner=owner, newOwner=stranger)])
    assert faucet.owner() == stranger
    faucet.addToWhitelist.send(owner, sender=stranger)
    with chain.reverts("CallerNotOwner", caller=owner, owner=stranger):
        faucet.addToWhitelist.send(owner, sender=owner)
