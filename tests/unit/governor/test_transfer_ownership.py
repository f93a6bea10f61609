"""transferOwnership(newOwner), checks in order:

1. caller is the Governor itself, else CallerNotGovernor: even the owner has to stage it
2. `newOwner` is not zero, else NewOwnerIsZero
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staged_updates import run_update, update


@pytest.mark.parametrize("caller", ["owner", "stranger"])
def test_transfer_ownership__caller_is_not_the_governor__reverts_first(chain, request, governor, caller):
    sender = request.getfixturevalue(caller)

    with chain.reverts("CallerNotGovernor", caller=sender, governor=governor):
        governor.transferOwnership.send(ZERO_ADDRESS, sender=sender)


def test_transfer_ownership__to_nobody__reverts(chain, governor):
    with chain.reverts("NewOwnerIsZero"):
        governor.transferOwnership.send(ZERO_ADDRESS, sender=governor)


def test_transfer_ownership__to_nobody_by_a_staged_update__reverts(chain, governor, owner):
    staged = update((governor, 0, governor.transferOwnership.encode(ZERO_ADDRESS)))
    governor.stage.send(staged, 0, sender=owner)

    with chain.reverts("NewOwnerIsZero"):
        governor.execute.send(staged, sender=owner)


def test_transfer_ownership__by_a_staged_update__takes_effect_at_once(
    chain, governor, owner, stranger, set_number
):
    staged = update((governor, 0, governor.transferOwnership.encode(stranger)))

    receipt = run_update(governor, staged, sender=owner)

    receipt.assert_events(
        [
            governor.Events.OwnershipTransferred(previousOwner=owner, newOwner=stranger),
            governor.Events.UpdateExecuted(update=staged),
        ]
    )
    assert governor.owner() == stranger
    governor.stage.send(set_number, 0, sender=stranger)
    with chain.reverts("CallerNotOwner", caller=owner, owner=stranger):
        governor.cancel.send(set_number, sender=owner)
