"""grantRole, revokeRole (admin only, else AccessControlUnauthorizedAccount), renounceRole (own role only, else
AccessControlBadConfirmation), supportsInterface.  Invariant 19: only holders of the two roles change the supply.
"""

import pytest

from simulation.protocol import LPT, MINTER_ROLE

ADMIN_ROLE = bytes(32)


@pytest.mark.parametrize("function", ["grantRole", "revokeRole"])
def test_roles__caller_is_not_the_admin__reverts(chain, token, minter, stranger, function):
    with chain.reverts("AccessControlUnauthorizedAccount", account=minter, neededRole=ADMIN_ROLE):
        getattr(token, function).send(MINTER_ROLE, stranger, sender=minter)


def test_grant_role__by_the_admin__lets_the_account_mint(token, owner, stranger):
    receipt = token.grantRole.send(MINTER_ROLE, stranger, sender=owner)

    receipt.assert_events([token.Events.RoleGranted(role=MINTER_ROLE, account=stranger, sender=owner)])
    token.mint.send(stranger, LPT, sender=stranger)
    assert token.balanceOf(stranger) == LPT


def test_revoke_role__by_the_admin__stops_the_account(chain, token, owner, minter):
    receipt = token.revokeRole.send(MINTER_ROLE, minter, sender=owner)

    receipt.assert_events([token.Events.RoleRevoked(role=MINTER_ROLE, account=minter, sender=owner)])
    with chain.reverts("AccessControlUnauthorizedAccount", account=minter, neededRole=MINTER_ROLE):
        token.mint.send(minter, LPT, sender=minter)


def test_renounce_role__own__gives_it_up(token, minter):
    receipt = token.renounceRole.send(MINTER_ROLE, minter, sender=minter)

    assert token.hasRole(MINTER_ROLE, minter) is False
    receipt.assert_events([token.Events.RoleRevoked(role=MINTER_ROLE, account=minter, sender=minter)])


def test_renounce_role__anothers__reverts(chain, token, owner, minter):
    with chain.reverts("AccessControlBadConfirmation"):
        token.renounceRole.send(MINTER_ROLE, minter, sender=owner)


@pytest.mark.parametrize(
    ("interface_id", "supported"),
    [("01ffc9a7", True), ("7965db0b", True), ("ffffffff", False)],  # ERC-165, AccessControl, none
)
def test_supports_interface__by_id__answers(token, interface_id, supported):
    assert token.supportsInterface(bytes.fromhex(interface_id)) is supported
