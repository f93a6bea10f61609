"""transferBond: what is refused.

Checks in order, after the guards:
    the receiver may be made to claim (as in bondForWithHint); else IllegalClaimEarnings
    the amount can be unbonded (as in unbond); else DelegatorNotBonded, UnbondAmountIsZero, InsufficientBond
    given a receiver without bond and delegate: it is neither the caller's delegate, nor the zero address; else
        InvalidDelegator
    the receiver's delegate is not leaving without having rewarded; else DelegateMustRewardFirst
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import PENDING, UNBONDED

pytestmark = pytest.mark.unit


def test_transfer_bond__receivers_delegate_has_not_rewarded__reverts(network):
    """V19."""
    with network.staking.chain.reverts(
        "IllegalClaimEarnings",
        caller=network.delegator,
        delegator=network.rival,
        delegate=network.rival,
    ):
        network.staking.transfer_bond(network.delegator, network.rival, 1)


@pytest.mark.parametrize("amount", [0, 1, 2001])
def test_transfer_bond__claim_not_allowed_and_not_unbondable__reverts_for_the_claim(
    network, newcomer, amount
):
    with network.staking.chain.reverts("IllegalClaimEarnings", ...):
        network.staking.transfer_bond(newcomer, network.rival, amount)


def test_transfer_bond__without_bond__reverts(network, newcomer, stranger):
    with network.staking.chain.reverts("DelegatorNotBonded", delegator=newcomer, status=UNBONDED):
        network.staking.transfer_bond(newcomer, stranger, 0)


def test_transfer_bond__pending__reverts(network, newcomer, stranger):
    network.staking.bond(newcomer, 5, network.orchestrator)

    with network.staking.chain.reverts("DelegatorNotBonded", delegator=newcomer, status=PENDING):
        network.staking.transfer_bond(newcomer, stranger, 1)


def test_transfer_bond__zero_to_the_zero_address__reverts_for_the_amount(network):
    with network.staking.chain.reverts("UnbondAmountIsZero"):
        network.staking.transfer_bond(network.delegator, ZERO_ADDRESS, 0)


def test_transfer_bond__more_than_is_bonded_to_the_zero_address__reverts_for_the_amount(network):
    with network.staking.chain.reverts("InsufficientBond", requestedAmount=2001, bondedAmount=2000):
        network.staking.transfer_bond(network.delegator, ZERO_ADDRESS, 2001)


@pytest.mark.parametrize("amount", [1, 2000])
def test_transfer_bond__to_the_zero_address__reverts(network, amount):
    """V16."""
    with network.staking.chain.reverts("InvalidDelegator", delegator=ZERO_ADDRESS):
        network.staking.transfer_bond(network.delegator, ZERO_ADDRESS, amount)


def test_transfer_bond__unbonded_receiver_is_the_callers_delegate__reverts(network, newcomer, benefactor):
    """V15: it would make the receiver an orchestrator."""
    staking = network.staking
    staking.bond(newcomer, 10, benefactor)
    staking.start_round()

    with staking.chain.reverts("InvalidDelegator", delegator=benefactor):
        staking.transfer_bond(newcomer, benefactor, 1)


def test_transfer_bond__orchestrators_whole_bond_to_itself__reverts(network):
    with network.staking.chain.reverts("InvalidDelegator", delegator=network.rival):
        network.staking.transfer_bond(network.rival, network.rival, 2000)


def test_transfer_bond__to_the_zero_address_behind_a_leaving_delegate__reverts_for_the_receiver(
    network, leaving
):
    """The caller's delegate, which a receiver without bond would get, is leaving."""
    with network.staking.chain.reverts("InvalidDelegator", delegator=ZERO_ADDRESS):
        network.staking.transfer_bond(leaving, ZERO_ADDRESS, 1)


def test_transfer_bond__receivers_delegate_is_leaving_and_has_not_rewarded__reverts(network, leaving):
    staking = network.staking

    with staking.chain.reverts("DelegateMustRewardFirst", delegate=leaving, currentRound=staking.round):
        staking.transfer_bond(leaving, staking.chain.actor("heir"), 1)
