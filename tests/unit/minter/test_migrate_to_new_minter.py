"""migrateToNewMinter(_newMinter), checks in order:

1. caller owns the Controller, else CallerNotControllerOwner
2. `_newMinter` is not this Minter, else NewMinterIsCurrentMinter
3. `_newMinter` is not zero, else NewMinterIsZero
4. `_newMinter` answers getController(), else a revert without data
5. with this Minter's Controller, else NewMinterControllerMismatch
6. this Minter is registered, else MinterNotRegistered

Effects: one transfer of all LPT, one deposit of all ETH.  Works while paused (R3).
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import ETHER, LPT, MINTER_ROLE
from tests.helpers.issuance import INFLATION, INFLATION_CHANGE, TARGET_BONDING_RATE

RATES = (INFLATION, INFLATION_CHANGE, TARGET_BONDING_RATE)


@pytest.fixture
def funded(chain, issuance, minter, broker, owner):
    """The Minter holds 10 LPT and 3 ether."""
    issuance.token.mint.send(minter, 10 * LPT, sender=owner)
    chain.set_balance(broker, 3 * ETHER)
    minter.depositETH.send(sender=broker, value=3 * ETHER)
    return minter


@pytest.fixture
def successor(chain, issuance):
    """A Minter of the same Controller that is not registered."""
    return chain.deploy("Minter", issuance.controller, *RATES)


def test_migrate_to_new_minter__caller_is_not_controller_owner__reverts_first(chain, minter, owner, stranger):
    with chain.reverts("CallerNotControllerOwner", caller=stranger, owner=owner):
        minter.migrateToNewMinter.send(minter, sender=stranger)


def test_migrate_to_new_minter__to_itself__reverts_even_where_it_is_not_registered(
    chain, issuance, minter, owner
):
    issuance.unregister("Minter")

    with chain.reverts("NewMinterIsCurrentMinter", minter=minter):
        minter.migrateToNewMinter.send(minter, sender=owner)


def test_migrate_to_new_minter__to_nobody__reverts_even_where_it_is_not_registered(
    chain, issuance, minter, owner
):
    issuance.unregister("Minter")

    with chain.reverts("NewMinterIsZero"):
        minter.migrateToNewMinter.send(ZERO_ADDRESS, sender=owner)


@pytest.mark.parametrize("kind", ["account without code", "contract that is no Minter"])
def test_migrate_to_new_minter__to_what_knows_no_controller__reverts_without_data(
    chain, issuance, minter, owner, stranger, kind
):
    issuance.unregister("Minter")
    target = stranger if kind == "account without code" else issuance.broker

    with chain.reverts_raw(b""):
        minter.migrateToNewMinter.send(target, sender=owner)


def test_migrate_to_new_minter__to_one_of_another_controller__reverts_even_where_it_is_not_registered(
    chain, issuance, minter, owner, stranger
):
    foreign = chain.deploy("Minter", stranger, *RATES)
    issuance.unregister("Minter")

    with chain.reverts(
        "NewMinterControllerMismatch", newMinterController=stranger, controller=issuance.controller
    ):
        minter.migrateToNewMinter.send(foreign, sender=owner)


def test_migrate_to_new_minter__successor_registered_before__reverts(
    chain, issuance, funded, owner, successor
):
    issuance.register("Minter", successor)

    with chain.reverts("MinterNotRegistered", minter=funded, registered=successor):
        funded.migrateToNewMinter.send(successor, sender=owner)


def test_migrate_to_new_minter__registered__moves_all_lpt_and_ether_at_once(
    chain, token, funded, owner, successor
):
    """Invariant 16."""
    receipt = funded.migrateToNewMinter.send(successor, sender=owner)

    assert (token.balanceOf(funded), chain.balance(funded)) == (0, 0)
    assert (token.balanceOf(successor), chain.balance(successor)) == (10 * LPT, 3 * ETHER)
    receipt.assert_events([token.Events.Transfer(from_=funded, to=successor, value=10 * LPT)])


def test_migrate_to_new_minter__while_paused__works(chain, token, funded, owner, successor, paused):
    """R3."""
    funded.migrateToNewMinter.send(successor, sender=owner)

    assert (token.balanceOf(successor), chain.balance(successor)) == (10 * LPT, 3 * ETHER)


def test_migrate_to_new_minter__empty__works(minter, token, owner, successor):
    receipt = minter.migrateToNewMinter.send(successor, sender=owner)

    receipt.assert_events([token.Events.Transfer(from_=minter, to=successor, value=0)])


def test_migrate_to_new_minter__token_answers_false__transfers_once(issuance, minter, owner, successor):
    silent = issuance.deploy_registered("SilentToken__Mock", name="LivepeerToken")

    minter.migrateToNewMinter.send(successor, sender=owner)

    assert silent.transferCalls() == 1


def test_migrate_to_new_minter__whole_procedure__goes_on_with_the_successor(
    chain, issuance, token, funded, owner, successor, bonding_manager, broker
):
    issuance.set_supply(1_000 * LPT)

    funded.migrateToNewMinter.send(successor, sender=owner)
    token.grantRole.send(MINTER_ROLE, successor, sender=owner)
    token.revokeRole.send(MINTER_ROLE, funded, sender=owner)
    issuance.register("Minter", successor)

    # In the same round nothing is left to mint, and asking for it does not fail.
    assert successor.createReward.send(1, 2, sender=bonding_manager).return_value == 0
    successor.setCurrentRewardTokens.send(sender=issuance.rounds_manager)
    assert successor.currentMintableTokens() == 1_000 * LPT * (INFLATION + INFLATION_CHANGE) // 10**9
    successor.createReward.send(1, 1, sender=bonding_manager)
    successor.trustedWithdrawETH.send(owner, 3 * ETHER, sender=broker)
    assert chain.balance(successor) == 0


def test_migrate_to_new_minter__done__leaves_the_old_one_without_callers(
    chain, issuance, funded, owner, successor, bonding_manager, broker, stranger
):
    funded.migrateToNewMinter.send(successor, sender=owner)
    issuance.register("Minter", successor)

    with chain.reverts("CallerNotRegistered", ...):
        funded.createReward.send(1, 2, sender=bonding_manager)
    with chain.reverts("CallerNotEitherRegistered", ...):
        funded.trustedWithdrawETH.send(stranger, 0, sender=broker)
