"""trustedWithdrawETH(_to, _amount), checks in order:

1. caller is the BondingManager or the TicketBroker (id JobsManager), else CallerNotEitherRegistered
2. the system runs, else SystemPaused
3. the Minter has that much, else InsufficientETH
4. the recipient takes it with 2,300 gas, else ETHTransferFailed

No event.
"""

import pytest

from simulation.protocol import ETHER, contract_id

ACCEPTS, EMITS_EVENT, WRITES_STORAGE, REFUSES = range(4)


@pytest.fixture
def funded(minter, broker, chain):
    """The Minter holds 10 ether."""
    chain.set_balance(broker, 10 * ETHER)
    minter.depositETH.send(sender=broker, value=10 * ETHER)
    return minter


@pytest.mark.parametrize("caller", ["stranger", "owner", "rounds_manager", "minter"])
def test_trusted_withdraw_eth__caller_is_neither_broker_nor_bonding_manager__reverts_even_while_paused(
    chain, request, funded, paused, caller
):
    sender = request.getfixturevalue(caller)

    with chain.reverts(
        "CallerNotEitherRegistered",
        caller=sender,
        firstId=contract_id("BondingManager"),
        secondId=contract_id("JobsManager"),
    ):
        funded.trustedWithdrawETH.send(sender, 10 * ETHER + 1, sender=sender)


@pytest.mark.parametrize("caller", ["broker", "bonding_manager"])
def test_trusted_withdraw_eth__paused__reverts_before_the_balance_is_looked_at(
    chain, request, funded, paused, stranger, caller
):
    with chain.reverts("SystemPaused"):
        funded.trustedWithdrawETH.send(stranger, 10 * ETHER + 1, sender=request.getfixturevalue(caller))


def test_trusted_withdraw_eth__not_covered__reverts_with_both_amounts(chain, funded, broker):
    refusing = chain.deploy("EtherRecipient__Mock", REFUSES)

    with chain.reverts("InsufficientETH", amount=10 * ETHER + 1, balance=10 * ETHER):
        funded.trustedWithdrawETH.send(refusing, 10 * ETHER + 1, sender=broker)


@pytest.mark.parametrize("caller", ["broker", "bonding_manager"])
@pytest.mark.parametrize("amount", [1, 4 * ETHER, 10 * ETHER])
def test_trusted_withdraw_eth__covered__pays(chain, request, funded, caller, amount):
    recipient = "0x" + "22" * 20

    receipt = funded.trustedWithdrawETH.send(recipient, amount, sender=request.getfixturevalue(caller))

    assert chain.balance(recipient) == amount
    assert chain.balance(funded) == 10 * ETHER - amount
    receipt.assert_events([])


@pytest.mark.parametrize("behaviour", [ACCEPTS, EMITS_EVENT])
def test_trusted_withdraw_eth__contract_within_2300_gas__pays(chain, funded, broker, behaviour):
    recipient = chain.deploy("EtherRecipient__Mock", behaviour)

    funded.trustedWithdrawETH.send(recipient, ETHER, sender=broker)

    assert chain.balance(recipient) == ETHER


@pytest.mark.parametrize("behaviour", [WRITES_STORAGE, REFUSES])
def test_trusted_withdraw_eth__contract_refuses_or_needs_more_gas__reverts_with_recipient_and_amount(
    chain, funded, broker, behaviour
):
    recipient = chain.deploy("EtherRecipient__Mock", behaviour)

    with chain.reverts("ETHTransferFailed", recipient=recipient, amount=ETHER):
        funded.trustedWithdrawETH.send(recipient, ETHER, sender=broker)

    assert chain.balance(funded) == 10 * ETHER


@pytest.mark.parametrize("behaviour", [ACCEPTS, EMITS_EVENT])
def test_trusted_withdraw_eth__nothing__calls_with_the_same_gas(chain, funded, broker, behaviour):
    recipient = chain.deploy("EtherRecipient__Mock", behaviour)

    receipt = funded.trustedWithdrawETH.send(recipient, 0, sender=broker)

    assert len(receipt.events) == (1 if behaviour == EMITS_EVENT else 0)


def test_trusted_withdraw_eth__broker_not_registered__serves_the_bonding_manager_only(
    chain, issuance, funded, bonding_manager, stranger
):
    issuance.unregister("JobsManager")

    funded.trustedWithdrawETH.send(stranger, ETHER, sender=bonding_manager)

    with chain.reverts("CallerNotEitherRegistered", ...):
        funded.trustedWithdrawETH.send(stranger, ETHER, sender=issuance.broker)
