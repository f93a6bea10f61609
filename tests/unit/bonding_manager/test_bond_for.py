"""bondForWithHint for somebody else: the caller pays for the bond of the owner.

Checks in order, after the guards:
    the owner may be made to claim: it has no bond, or its delegate is not active, or has rewarded in this round, or the
        owner has claimed in it; else IllegalClaimEarnings
    the delegate asked for is not leaving without having rewarded; else DelegateMustRewardFirst
    the owner is not the zero address; else InvalidDelegator
    given an owner without a bond: the delegate asked for is not the owner; else InvalidDelegate
    given an owner with one: the delegate asked for is the one it has; else InvalidDelegateChange
    something is bonded; else BondAmountIsZero
    the caller can pay; else the token's error
L2Migrator may do what the owner may; the zero address is no owner for it either (DEV-26).
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import NO_HINTS, BondRecord

pytestmark = pytest.mark.unit


# ---- may the owner be made to claim?


@pytest.mark.parametrize("owner", ["delegator", "orchestrator"])
def test_bond_for__active_delegate_has_not_rewarded__reverts(network, benefactor, owner):
    """V19: the claim would cost the owner this round's reward. An orchestrator is its own delegate."""
    owner = getattr(network, owner)

    with network.staking.chain.reverts(
        "IllegalClaimEarnings", caller=benefactor, delegator=owner, delegate=network.orchestrator
    ):
        network.staking.bond_for(benefactor, 1, owner, network.orchestrator)


def test_bond_for__active_delegate_has_rewarded__adds_to_the_bond_and_claims(network, benefactor):
    staking, r = network.staking, network.staking.round
    staking.reward(network.orchestrator, 1000)
    staking.fund(benefactor, 70)
    before = staking.records(network.orchestrator, network.delegator, benefactor)

    receipt = staking.manager.bondForWithHint.send(
        70, network.delegator, network.orchestrator, *NO_HINTS, sender=benefactor
    )

    # 2000 and the reward of test_bond_more: 2444; the start round of the bond stays.
    after = {
        network.orchestrator: replace(before[network.orchestrator], delegated=4070),
        network.delegator: replace(before[network.delegator], bonded=2514, claim=r),
        benefactor: BondRecord(),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.delegator, before, r, rewards=444),
            *staking.checkpointed(network.orchestrator, before, after),
            staking.paid(benefactor, staking.minter, 70),
            staking.bonded(network.delegator, network.orchestrator, 70, 2514, old=network.orchestrator),
            *staking.checkpointed(network.delegator, before, after),
        ]
    )
    assert staking.token.balanceOf(benefactor) == 0


def test_bond_for__owner_has_claimed_in_this_round__adds_to_the_bond(network, benefactor):
    staking = network.staking
    staking.manager.claimEarnings.send(0, sender=network.delegator)

    staking.bond_for(benefactor, 70, network.delegator, network.orchestrator)

    assert staking.record(network.delegator).bonded == 2070


@pytest.mark.parametrize("delegate", ["nobody", "zero address"])
def test_bond_for__delegate_is_not_active__adds_to_the_bond(
    network, newcomer, benefactor, stranger, delegate
):
    staking = network.staking
    delegate = stranger if delegate == "nobody" else ZERO_ADDRESS
    staking.bond(newcomer, 10, delegate)
    r = staking.start_round()

    staking.bond_for(benefactor, 5, newcomer, delegate)

    assert staking.record(newcomer) == BondRecord(bonded=15, delegate=delegate, start=r, claim=r)


def test_bond_for__delegate_left_the_active_set_with_the_last_round__adds_to_the_bond(
    network, leaving, benefactor
):
    staking = network.staking
    staking.start_round()

    staking.bond_for(benefactor, 2, leaving, leaving)

    assert staking.record(leaving).bonded == 2002
    # 2002 beat the 2001 of the newcomer who took its place.
    staking.assert_pool((network.orchestrator, 3000), (leaving, 2002))


def test_bond_for__migrator_and_delegate_has_not_rewarded__adds_to_the_bond(network):
    staking = network.staking
    migrator = staking.register_migrator()

    staking.bond_for(migrator, 3, network.delegator, network.orchestrator)

    assert staking.record(network.delegator).bonded == 2003


def test_bond_for__migrator_is_no_longer_registered__is_a_third_party(network):
    staking = network.staking
    migrator = staking.register_migrator()
    staking.protocol.unregister("L2Migrator")

    with staking.chain.reverts("IllegalClaimEarnings", ...):
        staking.bond_for(migrator, 3, network.delegator, network.orchestrator)


# ---- an owner without a bond


@pytest.mark.parametrize("delegate", ["orchestrator", "nobody", "zero address"])
def test_bond_for__owner_without_bond__starts_a_pending_bond(
    network, newcomer, benefactor, stranger, delegate
):
    staking, r = network.staking, network.staking.round
    to = {"orchestrator": network.orchestrator, "nobody": stranger, "zero address": ZERO_ADDRESS}[delegate]
    staking.fund(benefactor, 70)
    before = staking.records(to, newcomer, benefactor)

    receipt = staking.manager.bondForWithHint.send(70, newcomer, to, *NO_HINTS, sender=benefactor)

    after = {
        to: replace(before[to], delegated=before[to].delegated + 70),
        newcomer: BondRecord(bonded=70, delegate=to, start=r + 1, claim=r),
        benefactor: BondRecord(),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            *staking.checkpointed(to, before, after),
            staking.paid(benefactor, staking.minter, 70),
            staking.bonded(newcomer, to, 70, 70, old=ZERO_ADDRESS),
            *staking.checkpointed(newcomer, before, after),
        ]
    )


def test_bond_for__owner_without_bond_to_itself__reverts(network, newcomer, benefactor):
    """V15: it would make the owner an orchestrator, who cannot choose a delegate any more."""
    with network.staking.chain.reverts("InvalidDelegate", delegate=newcomer):
        network.staking.bond_for(benefactor, 1, newcomer, newcomer)


def test_bond_for__owner_that_has_unbonded_everything_to_itself__reverts(network, benefactor):
    network.staking.manager.unbond.send(2000, sender=network.delegator)

    with network.staking.chain.reverts("InvalidDelegate", delegate=network.delegator):
        network.staking.bond_for(benefactor, 1, network.delegator, network.delegator)


@pytest.mark.parametrize("to_owner", [True, False], ids=["to itself", "to an orchestrator"])
def test_bond_for__owner_is_the_zero_address__reverts(network, benefactor, to_owner):
    """V16: named before the delegate is looked at."""
    to = ZERO_ADDRESS if to_owner else network.orchestrator

    with network.staking.chain.reverts("InvalidDelegator", delegator=ZERO_ADDRESS):
        network.staking.bond_for(benefactor, 1, ZERO_ADDRESS, to)


# ---- an owner with a bond


@pytest.mark.parametrize("to", ["rival", "delegator", "zero address"])
def test_bond_for__another_delegate_than_the_owners__reverts(network, benefactor, to):
    """V13."""
    staking = network.staking
    staking.reward(network.orchestrator, 1000)
    to = ZERO_ADDRESS if to == "zero address" else getattr(network, to)

    with staking.chain.reverts(
        "InvalidDelegateChange", currentDelegate=network.orchestrator, requestedDelegate=to
    ):
        staking.bond_for(benefactor, 1, network.delegator, to)


def test_bond_for__orchestrator_to_itself__adds_to_its_bond(network, benefactor):
    staking, r = network.staking, network.staking.round
    staking.reward(network.rival, 100)
    staking.fund(benefactor, 7)
    before = staking.records(network.rival)

    receipt = staking.manager.bondForWithHint.send(
        7, network.rival, network.rival, *NO_HINTS, sender=benefactor
    )

    # Reward cut 0 on a stake of 2000, all its own: 2000 · (1 + 100/2000) = 2100.
    after = {network.rival: replace(before[network.rival], bonded=2107, delegated=2107, claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.rival, before, r, rewards=100),
            staking.paid(benefactor, staking.minter, 7),
            staking.bonded(network.rival, network.rival, 7, 2107, old=network.rival),
            *staking.checkpointed(network.rival, before, after),
        ]
    )


# ---- the migrator


def test_bond_for__migrator_and_owner_without_bond_to_itself__makes_it_an_orchestrator(staking, newcomer):
    migrator = staking.register_migrator()
    r = staking.round

    receipt = staking.bond_for(migrator, 50, newcomer, newcomer)

    assert staking.record(newcomer) == BondRecord(
        bonded=50, delegate=newcomer, delegated=50, start=r + 1, claim=r
    )
    assert receipt.event("Transfer") == staking.paid(migrator.address, staking.minter, 50)
    staking.assert_pool((newcomer, 50))


def test_bond_for__migrator_and_another_delegate__moves_the_bond(network):
    staking, r = network.staking, network.staking.round
    migrator = staking.register_migrator()

    staking.bond_for(migrator, 50, network.delegator, network.rival)

    staking.assert_records(
        {network.delegator: BondRecord(bonded=2050, delegate=network.rival, start=r + 1, claim=r)}
    )
    staking.assert_pool((network.rival, 4050), (network.orchestrator, 1000))


@pytest.mark.parametrize("to_owner", [True, False], ids=["to itself", "to an orchestrator"])
def test_bond_for__migrator_and_the_zero_address_as_owner__reverts(network, to_owner):
    """DEV-26."""
    migrator = network.staking.register_migrator()
    to = ZERO_ADDRESS if to_owner else network.orchestrator

    with network.staking.chain.reverts("InvalidDelegator", delegator=ZERO_ADDRESS):
        network.staking.bond_for(migrator, 50, ZERO_ADDRESS, to)


def test_bond_for__migrator_and_an_orchestrator_to_another__reverts(network):
    migrator = network.staking.register_migrator()

    with network.staking.chain.reverts("RegisteredTranscoderCannotMove", ...):
        network.staking.bond_for(migrator, 50, network.orchestrator, network.rival)


# ---- the order of checks: both fail, the first speaks


def test_bond_for__claim_not_allowed_and_delegate_leaving__reverts_for_the_claim(
    network, leaving, benefactor
):
    with network.staking.chain.reverts("IllegalClaimEarnings", ...):
        network.staking.bond_for(benefactor, 1, network.delegator, leaving)


def test_bond_for__claim_not_allowed_and_another_delegate__reverts_for_the_claim(network, benefactor):
    with network.staking.chain.reverts("IllegalClaimEarnings", ...):
        network.staking.bond_for(benefactor, 0, network.delegator, network.delegator)


def test_bond_for__delegate_leaving_and_zero_owner__reverts_for_the_delegate(network, leaving, benefactor):
    with network.staking.chain.reverts(
        "DelegateMustRewardFirst", delegate=leaving, currentRound=network.staking.round
    ):
        network.staking.bond_for(benefactor, 1, ZERO_ADDRESS, leaving)


def test_bond_for__delegate_leaving_and_not_the_owners__reverts_for_the_delegate(
    network, leaving, benefactor
):
    network.staking.manager.claimEarnings.send(0, sender=network.delegator)

    with network.staking.chain.reverts("DelegateMustRewardFirst", ...):
        network.staking.bond_for(benefactor, 1, network.delegator, leaving)


def test_bond_for__another_delegate_and_orchestrator__reverts_for_the_delegate(network, benefactor):
    network.staking.reward(network.orchestrator, 10)

    with network.staking.chain.reverts(
        "InvalidDelegateChange", currentDelegate=network.orchestrator, requestedDelegate=network.rival
    ):
        network.staking.bond_for(benefactor, 1, network.orchestrator, network.rival)


def test_bond_for__another_delegate_and_nothing_bonded__reverts_for_the_delegate(network, benefactor):
    network.staking.reward(network.orchestrator, 10)

    with network.staking.chain.reverts("InvalidDelegateChange", ...):
        network.staking.bond_for(benefactor, 0, network.delegator, network.rival)


def test_bond_for__owner_itself_and_nothing_bonded__reverts_for_the_owner(staking, newcomer, benefactor):
    with staking.chain.reverts("InvalidDelegate", delegate=newcomer):
        staking.bond_for(benefactor, 0, newcomer, newcomer)


def test_bond_for__nothing_bonded__reverts(network, newcomer, benefactor):
    with network.staking.chain.reverts("BondAmountIsZero"):
        network.staking.bond_for(benefactor, 0, newcomer, network.orchestrator)


def test_bond_for__owner_could_pay_but_not_the_caller__reverts(network, benefactor):
    staking = network.staking
    staking.fund(network.delegator, 100)
    staking.reward(network.orchestrator, 10)

    with staking.chain.reverts(
        "ERC20InsufficientAllowance", spender=staking.manager, allowance=0, needed=100
    ):
        staking.manager.bondForWithHint.send(
            100, network.delegator, network.orchestrator, *NO_HINTS, sender=benefactor
        )
