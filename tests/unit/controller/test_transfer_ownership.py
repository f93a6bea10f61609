"""transferOwnership(newOwner): the owner of the Controller is the authority over every parameter.

given the caller is not the owner    it should revert with CallerNotOwner
given the zero address               it should revert with NewOwnerIsZero
else                                 it should change the owner at once, and emit OwnershipTransferred
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import COMMIT, contract_id

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("new_owner", ["governor", "zero address"])
def test_transfer_ownership__caller_is_not_the_owner__reverts_before_the_address_is_looked_at(
    plane, controller, governor, stranger, new_owner
):
    address = governor if new_owner == "governor" else ZERO_ADDRESS

    with plane.chain.reverts("CallerNotOwner", caller=stranger, owner=plane.owner):
        controller.transferOwnership.send(address, sender=stranger)


def test_transfer_ownership__zero__reverts(plane, controller):
    with plane.chain.reverts("NewOwnerIsZero"):
        controller.transferOwnership.send(ZERO_ADDRESS, sender=plane.owner)


def test_transfer_ownership__another__is_the_owner_at_once(plane, controller, governor):
    receipt = controller.transferOwnership.send(governor, sender=plane.owner)

    receipt.assert_events(
        [controller.Events.OwnershipTransferred(previousOwner=plane.owner, newOwner=governor)]
    )
    assert controller.owner() == governor


def test_transfer_ownership__to_oneself__is_legal(plane, controller):
    receipt = controller.transferOwnership.send(plane.owner, sender=plane.owner)

    assert receipt.event("OwnershipTransferred")["newOwner"] == plane.owner


def test_transfer_ownership__former_owner__has_no_authority_left(plane, controller, governor):
    """Invariant 3, over all functions of the owner."""
    minter = plane.deploy_registered("Minter", controller, 0, 0, 0)
    controller.transferOwnership.send(governor, sender=plane.owner)
    calls = {
        "setContractInfo": (contract_id("Minter"), ZERO_ADDRESS, COMMIT),
        "updateController": (contract_id("Minter"), governor),
        "pause": (),
        "unpause": (),
        "transferOwnership": (plane.owner,),
    }

    for function, arguments in calls.items():
        with plane.chain.reverts("CallerNotOwner", caller=plane.owner, owner=governor):
            getattr(controller, function).send(*arguments, sender=plane.owner)

    assert controller.getContract(contract_id("Minter")) == minter
    assert minter.controller() == controller
    assert controller.paused()
    assert controller.owner() == governor


def test_transfer_ownership__parameters__follow_the_new_owner_at_once(plane, controller, governor):
    """Invariant 7: the owner is asked at each call."""
    minter = plane.deploy_registered("Minter", controller, 0, 0, 0)
    controller.transferOwnership.send(governor, sender=plane.owner)

    minter.setInflationChange.send(5, sender=governor)

    with plane.chain.reverts("CallerNotControllerOwner", caller=plane.owner, owner=governor):
        minter.setInflationChange.send(6, sender=plane.owner)
    assert minter.inflationChange() == 5
