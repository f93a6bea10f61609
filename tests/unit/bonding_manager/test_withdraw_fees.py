"""withdrawFees: claimed fees are paid out in ETH.

Checks in order, after the guards and a claim of the caller's earnings:
    the recipient is not the zero address; else FeeRecipientIsZero
    the amount is not above the claimed fees; else InsufficientFees

given these hold: the Minter pays, the balance of fees falls, and a claim made on the way has its checkpoint (V16)
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.earnings import RAY, fee_factor, frac
from tests.helpers.staking import BondRecord

pytestmark = pytest.mark.unit


def withdrawn(staking, delegator, recipient, amount):
    return staking.manager.Events.WithdrawFees(delegator=delegator, recipient=recipient, amount=amount)


@pytest.fixture
def fees(network):
    """What the delegator has earned: fees of 1000 on a stake of 3000, of which the delegator has 2000."""
    network.staking.earn_fees(network.orchestrator, 1000)
    network.staking.start_round()
    # df = ⌊1000 · 0.666667⌋ = 666; 2000 · ⌊666/3000⌋ = 444.
    assert frac(2000, fee_factor(0, RAY, 1000, 666_667, 3000), RAY) == 444
    return 444


def test_withdraw_fees__zero_recipient__reverts(network, fees):
    with network.staking.chain.reverts("FeeRecipientIsZero"):
        network.staking.manager.withdrawFees.send(ZERO_ADDRESS, 1, sender=network.delegator)


def test_withdraw_fees__zero_recipient_and_too_much__reverts_for_the_recipient(network, fees):
    with network.staking.chain.reverts("FeeRecipientIsZero"):
        network.staking.manager.withdrawFees.send(ZERO_ADDRESS, fees + 1, sender=network.delegator)


@pytest.mark.parametrize("excess", [1, 2**255])
def test_withdraw_fees__more_than_the_claimed_fees__reverts_with_both_amounts(network, fees, excess):
    with network.staking.chain.reverts("InsufficientFees", requestedAmount=fees + excess, claimedFees=fees):
        network.staking.manager.withdrawFees.send(network.delegator, fees + excess, sender=network.delegator)


def test_withdraw_fees__without_fees__reverts(staking, newcomer):
    with staking.chain.reverts("InsufficientFees", requestedAmount=1, claimedFees=0):
        staking.manager.withdrawFees.send(newcomer, 1, sender=newcomer)


@pytest.mark.parametrize("amount", [0, 100, 444])
def test_withdraw_fees__unclaimed_fees__claims_pays_and_checkpoints(network, fees, newcomer, amount):
    staking, r = network.staking, network.staking.round
    before = staking.records(network.delegator, network.orchestrator)
    held, had = staking.chain.balance(staking.minter), staking.chain.balance(newcomer)

    receipt = staking.manager.withdrawFees.send(newcomer, amount, sender=network.delegator)

    after = {
        network.delegator: replace(before[network.delegator], fees=fees - amount, claim=r),
        network.orchestrator: before[network.orchestrator],
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.delegator, before, r, fees=fees),
            withdrawn(staking, network.delegator, newcomer, amount),
            *staking.checkpointed(network.delegator, before, after),
        ]
    )
    assert staking.chain.balance(newcomer) == had + amount
    assert staking.chain.balance(staking.minter) == held - amount


def test_withdraw_fees__already_claimed__only_pays(network, fees):
    staking, delegator = network.staking, network.delegator
    staking.manager.claimEarnings.send(0, sender=delegator)
    before = staking.records(delegator)

    receipt = staking.manager.withdrawFees.send(delegator, 44, sender=delegator)

    staking.assert_records({delegator: replace(before[delegator], fees=400)})
    receipt.assert_events([withdrawn(staking, delegator, delegator, 44)])


def test_withdraw_fees__nothing_by_an_account_never_seen__claims_zeros(staking, newcomer):
    r = staking.round
    before = staking.records(newcomer)

    receipt = staking.manager.withdrawFees.send(newcomer, 0, sender=newcomer)

    after = {newcomer: BondRecord(claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            withdrawn(staking, newcomer, newcomer, 0),
            *staking.checkpointed(newcomer, before, after),
        ]
    )


def test_withdraw_fees__after_unbonding_everything__what_was_claimed_is_paid(network, fees):
    staking, delegator = network.staking, network.delegator
    staking.manager.unbond.send(2000, sender=delegator)
    staking.start_round()
    had = staking.chain.balance(delegator)

    staking.manager.withdrawFees.send(delegator, fees, sender=delegator)

    assert staking.chain.balance(delegator) == had + fees
    assert staking.record(delegator).fees == 0


def test_withdraw_fees__earned_by_an_orchestrator_after_its_claim__wait_for_the_next_round(network):
    """They show in pendingFees at once, but a second claim in a round brings nothing."""
    staking, orchestrator = network.staking, network.orchestrator
    staking.manager.claimEarnings.send(0, sender=orchestrator)
    staking.earn_fees(orchestrator, 1000)

    # Its part: 1000 - 666; its bond takes no part in a round in which it has claimed.
    assert staking.pending(orchestrator) == (1000, 334)
    with staking.chain.reverts("InsufficientFees", requestedAmount=334, claimedFees=0):
        staking.manager.withdrawFees.send(orchestrator, 334, sender=orchestrator)

    staking.start_round()
    staking.manager.withdrawFees.send(orchestrator, 334, sender=orchestrator)
    assert staking.pending(orchestrator) == (1000, 0)
