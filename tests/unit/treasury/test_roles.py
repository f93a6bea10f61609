"""grantRole, revokeRole: a timelock admin, else AccessControlUnauthorizedAccount; renounceRole: for oneself, else
AccessControlBadConfirmation.  Once no admin but the treasury itself is left, only an operation changes roles (G8).
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.governance import (
    CANCELLER_ROLE,
    DEFAULT_ADMIN_ROLE,
    EXECUTOR_ROLE,
    GOVERNOR_ROLES,
    PROPOSER_ROLE,
    TIMELOCK_ADMIN_ROLE,
    deploy_governance,
)
from tests.unit.treasury.conftest import HOUR, ROLE_NAMES, Operation

ADMINISTERED = (TIMELOCK_ADMIN_ROLE, *GOVERNOR_ROLES)


@pytest.mark.parametrize("role", ADMINISTERED)
def test_grant_and_revoke_role__by_an_admin__is_told(treasury, admin, stranger, role):
    receipt = treasury.grantRole.send(role, stranger, sender=admin)
    receipt.assert_events([treasury.Events.RoleGranted(role=role, account=stranger, sender=admin)])
    assert treasury.hasRole(role, stranger) is True
    treasury.grantRole.send(role, stranger, sender=admin).assert_events([])

    receipt = treasury.revokeRole.send(role, stranger, sender=admin)
    receipt.assert_events([treasury.Events.RoleRevoked(role=role, account=stranger, sender=admin)])
    assert treasury.hasRole(role, stranger) is False
    treasury.revokeRole.send(role, stranger, sender=admin).assert_events([])


@pytest.mark.parametrize("function", ["grantRole", "revokeRole"])
def test_grant_and_revoke_role__by_no_admin__reverts(chain, treasury, proposer, stranger, function):
    for role in ADMINISTERED:
        for caller in (proposer, stranger):
            with chain.reverts(
                "AccessControlUnauthorizedAccount", account=caller, neededRole=TIMELOCK_ADMIN_ROLE
            ):
                getattr(treasury, function).send(role, stranger, sender=caller)


@pytest.mark.parametrize("function", ["grantRole", "revokeRole"])
def test_default_admin_role__nobody_has_it__nobody_can_give_it(chain, treasury, admin, function):
    for caller in (admin, treasury.address):
        with chain.reverts("AccessControlUnauthorizedAccount", account=caller, neededRole=DEFAULT_ADMIN_ROLE):
            getattr(treasury, function).send(DEFAULT_ADMIN_ROLE, admin, sender=caller)


def test_renounce_role__ones_own__is_gone(treasury, admin):
    receipt = treasury.renounceRole.send(TIMELOCK_ADMIN_ROLE, admin, sender=admin)

    receipt.assert_events(
        [treasury.Events.RoleRevoked(role=TIMELOCK_ADMIN_ROLE, account=admin, sender=admin)]
    )
    assert treasury.hasRole(TIMELOCK_ADMIN_ROLE, admin) is False


def test_renounce_role__of_another__reverts(chain, treasury, admin, proposer):
    with chain.reverts("AccessControlBadConfirmation"):
        treasury.renounceRole.send(PROPOSER_ROLE, proposer, sender=admin)


def test_roles__admin_has_left__change_by_an_operation_only(
    chain, treasury, admin, proposer, executor, stranger
):
    treasury.renounceRole.send(TIMELOCK_ADMIN_ROLE, admin, sender=admin)
    with chain.reverts("AccessControlUnauthorizedAccount", account=admin, neededRole=TIMELOCK_ADMIN_ROLE):
        treasury.grantRole.send(EXECUTOR_ROLE, stranger, sender=admin)

    grant = Operation(treasury.address, 0, treasury.grantRole.encode(EXECUTOR_ROLE, stranger))
    scheduled = treasury.schedule.send(*grant.arguments, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR)
    treasury.execute.send(*grant.arguments, sender=executor)

    assert treasury.hasRole(EXECUTOR_ROLE, stranger) is True


def test_executor_role__given_to_the_zero_address__is_everybodys(
    chain, treasury, admin, proposer, stranger, target, set_number
):
    treasury.grantRole.send(EXECUTOR_ROLE, ZERO_ADDRESS, sender=admin)
    scheduled = treasury.schedule.send(*set_number.arguments, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR)

    treasury.execute.send(*set_number.arguments, sender=stranger)

    assert target.number() == 5


@pytest.mark.parametrize("role", [PROPOSER_ROLE, CANCELLER_ROLE])
def test_other_roles__given_to_the_zero_address__are_nobodys(
    chain, treasury, admin, stranger, set_number, role
):
    treasury.grantRole.send(role, ZERO_ADDRESS, sender=admin)
    call = {
        PROPOSER_ROLE: lambda: treasury.schedule.send(*set_number.arguments, HOUR, sender=stranger),
        CANCELLER_ROLE: lambda: treasury.cancel.send(set_number.id, sender=stranger),
    }[role]

    with chain.reverts("AccessControlUnauthorizedAccount", account=stranger, neededRole=role):
        call()


def test_roles__after_the_deployment__are_the_required_ones(protocol):
    """The end state of governance.md, part E; the deployer has nothing left."""
    governance = deploy_governance(protocol)
    treasury, governor = governance.treasury, governance.governor
    accounts = (
        protocol.owner,
        governor.address,
        treasury.address,
        protocol.governor.address,
        protocol.controller.address,
        ZERO_ADDRESS,
    )

    holders = {
        (name, account)
        for name, role in ROLE_NAMES.items()
        for account in accounts
        if treasury.hasRole(role, account)
    }

    assert holders == {
        ("TIMELOCK_ADMIN_ROLE", treasury.address),
        ("PROPOSER_ROLE", governor.address),
        ("CANCELLER_ROLE", governor.address),
        ("EXECUTOR_ROLE", governor.address),
    }
    assert treasury.getMinDelay() == 0
