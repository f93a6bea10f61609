"""depositETH():

1. caller is the TicketBroker (id JobsManager) or the registered Minter, else CallerNotEitherRegistered

Keeps the ETH, returns true, emits nothing, works while paused (R3).  It is the only way in: plain ETH is refused, and
no other function is payable.
"""

import pytest

from simulation.protocol import ETHER, contract_id
from tests.helpers.issuance import INFLATION, INFLATION_CHANGE, TARGET_BONDING_RATE


def assert_refused(chain, minter, sender):
    with chain.reverts(
        "CallerNotEitherRegistered",
        caller=sender,
        firstId=contract_id("JobsManager"),
        secondId=contract_id("Minter"),
    ):
        minter.depositETH.send(sender=sender, value=1)


@pytest.fixture(params=["broker", "minter"])
def payer(chain, request):
    """One who may deposit, with 10 ether; the registered Minter pays into itself or a successor."""
    account = request.getfixturevalue(request.param)
    chain.set_balance(account, 10 * ETHER)
    return account


@pytest.fixture
def successor(chain, issuance):
    """A Minter of the same Controller that is not registered."""
    return chain.deploy("Minter", issuance.controller, INFLATION, INFLATION_CHANGE, TARGET_BONDING_RATE)


@pytest.mark.parametrize("caller", ["stranger", "owner", "bonding_manager", "rounds_manager"])
def test_deposit_eth__caller_is_neither_broker_nor_minter__reverts(chain, request, minter, caller):
    sender = request.getfixturevalue(caller)
    chain.set_balance(sender, ETHER)

    assert_refused(chain, minter, sender)


def test_deposit_eth__by_the_broker__keeps_it(chain, minter, broker):
    chain.set_balance(broker, 3 * ETHER)

    receipt = minter.depositETH.send(sender=broker, value=2 * ETHER)

    assert receipt.return_value is True
    assert chain.balance(minter) == 2 * ETHER
    receipt.assert_events([])


def test_deposit_eth__while_paused__keeps_it(chain, minter, payer, paused):
    """R3."""
    minter.depositETH.send(sender=payer, value=ETHER)

    assert chain.balance(minter) >= ETHER


def test_deposit_eth__by_the_registered_minter_to_a_successor__keeps_it(chain, minter, successor):
    chain.set_balance(minter, ETHER)

    successor.depositETH.send(sender=minter, value=ETHER)

    assert chain.balance(successor) == ETHER


def test_deposit_eth__by_a_minter_that_is_not_registered__reverts(chain, minter, successor):
    chain.set_balance(successor, ETHER)

    assert_refused(chain, minter, successor)


def test_deposit_eth__by_a_minter_that_was_replaced__reverts(chain, issuance, minter, successor):
    chain.set_balance(minter, ETHER)
    issuance.register("Minter", successor)

    assert_refused(chain, successor, minter)


def test_deposit_eth__by_the_broker_to_a_minter_that_is_not_registered__reverts(chain, successor, broker):
    chain.set_balance(broker, ETHER)

    assert_refused(chain, successor, broker)


def test_deposit_eth__broker_registered_anew__obeys_the_new_one_only(chain, issuance, minter, broker):
    new_broker = issuance.deploy_registered("Placeholder__Mock", name="JobsManager")
    for account in (broker, new_broker):
        chain.set_balance(account, ETHER)

    minter.depositETH.send(sender=new_broker, value=ETHER)

    assert_refused(chain, minter, broker)


def test_plain_ether__from_the_broker__is_refused(chain, minter, broker):
    chain.set_balance(broker, ETHER)

    with chain.reverts_raw(b""):
        chain.transact(minter, sender=broker, value=ETHER)


def test_minter__all_functions_but_deposit_eth__are_not_payable(minter):
    payable = [
        function.signature
        for overloads in minter.abi.functions.values()
        for function in overloads
        if function.mutability == "payable"
    ]

    assert payable == ["depositETH()"]
