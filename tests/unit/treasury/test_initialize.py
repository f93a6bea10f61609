"""initialize(minDelay, proposers, executors, admin), checks in order:

1. not initialized yet, else InvalidInitialization
2. caller deployed the contract, else CallerNotDeployer (G7, DEV-22)

The timelock admin role administers all four roles; it goes to the treasury itself, and to `admin` unless zero.
Proposers become cancellers.  Events in the order of the deployed treasury.
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.governance import (
    CANCELLER_ROLE,
    DEFAULT_ADMIN_ROLE,
    EXECUTOR_ROLE,
    PROPOSER_ROLE,
    TIMELOCK_ADMIN_ROLE,
)
from tests.unit.treasury.conftest import ROLE_NAMES


@pytest.fixture
def bare(chain, owner):
    """Deployed, not initialized."""
    return chain.deploy("Treasury", sender=owner)


def test_roles__constants__are_the_deployed_ones(bare):
    expected = {
        "TIMELOCK_ADMIN_ROLE": "5f58e3a2316349923ce3780f8d587db2d72378aed66a8261c916544fa6846ca5",
        "PROPOSER_ROLE": "b09aa5aeb3702cfd50b6b62bc4532604938f21248a27a1d5ca736082b6819cc1",
        "EXECUTOR_ROLE": "d8aa0f3194971a2a116679f7c2090f6939c8d4e01a2a8d7e41d55e5351469e63",
        "CANCELLER_ROLE": "fd643c72710c63c0180259aba6b2d05451e3591a24e58b62239378085726f783",
        "DEFAULT_ADMIN_ROLE": "00" * 32,
    }
    for name, value in expected.items():
        assert getattr(bare, name)().hex() == value == ROLE_NAMES[name].hex()


@pytest.mark.parametrize("with_admin", [False, True])
def test_initialize__by_the_deployer__gives_the_roles(chain, bare, owner, admin, with_admin):
    first, second, executor = (chain.actor(name) for name in ("first", "second", "executor"))
    given_admin = admin if with_admin else ZERO_ADDRESS

    receipt = bare.initialize.send(60, [first, second], [executor], given_admin, sender=owner)

    emitted = bare.Events

    def administered(role):
        return emitted.RoleAdminChanged(
            role=role, previousAdminRole=DEFAULT_ADMIN_ROLE, newAdminRole=TIMELOCK_ADMIN_ROLE
        )

    def granted(role, account):
        return emitted.RoleGranted(role=role, account=account, sender=owner)

    receipt.assert_events(
        [
            *map(administered, (TIMELOCK_ADMIN_ROLE, PROPOSER_ROLE, EXECUTOR_ROLE, CANCELLER_ROLE)),
            granted(TIMELOCK_ADMIN_ROLE, bare.address),
            *([granted(TIMELOCK_ADMIN_ROLE, admin)] if with_admin else []),
            granted(PROPOSER_ROLE, first),
            granted(CANCELLER_ROLE, first),
            granted(PROPOSER_ROLE, second),
            granted(CANCELLER_ROLE, second),
            granted(EXECUTOR_ROLE, executor),
            emitted.MinDelayChange(oldDuration=0, newDuration=60),
            emitted.Initialized(version=1),
        ]
    )
    assert bare.getMinDelay() == 60
    for role in (TIMELOCK_ADMIN_ROLE, PROPOSER_ROLE, EXECUTOR_ROLE, CANCELLER_ROLE):
        assert bare.getRoleAdmin(role) == TIMELOCK_ADMIN_ROLE
    assert bare.hasRole(TIMELOCK_ADMIN_ROLE, admin) is with_admin


def test_initialize__anybody__has_no_role_that_was_not_given(bare, owner, admin, stranger):
    bare.initialize.send(0, [], [], admin, sender=owner)

    holders = {
        (name, account)
        for name, role in ROLE_NAMES.items()
        for account in (owner, admin, stranger, bare.address, ZERO_ADDRESS)
        if bare.hasRole(role, account)
    }
    assert holders == {("TIMELOCK_ADMIN_ROLE", admin), ("TIMELOCK_ADMIN_ROLE", bare.address)}


def test_initialize__by_a_stranger__reverts(chain, bare, owner, stranger):
    with chain.reverts("CallerNotDeployer", caller=stranger, deployer=owner):
        bare.initialize.send(0, [stranger], [stranger], stranger, sender=stranger)


def test_initialize__a_second_time__reverts_for_anybody(chain, treasury, owner, stranger):
    for caller in (owner, stranger):
        with chain.reverts("InvalidInitialization"):
            treasury.initialize.send(0, [caller], [caller], caller, sender=caller)
