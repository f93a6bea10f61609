"""`fundDeposit`, `fundReserve`, `fundDepositAndReserve`, `fundDepositAndReserveFor` (payments.md 2.3).

each of the four
├── when the system is paused
│   └── it should revert with SystemPaused
├── when an amount does not fit 112 bits
│   └── it should revert with SafeCastOverflowedUintDowncast
└── otherwise, zero value included
    ├── it should add to the pots, and the ETH should be in the Minter
    ├── when an unlock of the caller itself is in progress
    │   └── it should cancel it; UnlockCancelled comes after ReserveFunded in fundReserve, else first
    └── in rounds that are not initialized, too
fundDepositAndReserve, fundDepositAndReserveFor
├── when the sum of both amounts overflows
│   └── it should panic with 0x11
├── when the ETH sent is not the sum
│   └── it should revert with FundingValueMismatch, paused first
└── otherwise
    └── it should emit both events, for zero amounts too
fundDepositAndReserveFor
└── when the caller is not the account
    └── it should leave an unlock alone
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS

pytestmark = pytest.mark.unit

LARGEST_POT = 2**112 - 1


@pytest.fixture
def fund(market):
    """`fund(entry, deposit, reserve)` calls one of the four entries for the gateway itself."""
    broker, gateway = market.broker, market.gateway

    def call(entry: str, deposit: int = 0, reserve: int = 0, value: int | None = None):
        paid = deposit + reserve if value is None else value
        match entry:
            case "fundDeposit":
                return broker.fundDeposit.send(sender=gateway, value=deposit)
            case "fundReserve":
                return broker.fundReserve.send(sender=gateway, value=reserve)
            case "fundDepositAndReserve":
                return broker.fundDepositAndReserve.send(deposit, reserve, sender=gateway, value=paid)
            case "fundDepositAndReserveFor":
                return broker.fundDepositAndReserveFor.send(
                    gateway, deposit, reserve, sender=gateway, value=paid
                )

    return call


ENTRIES = {
    "fundDeposit": (700, 0),
    "fundReserve": (0, 300),
    "fundDepositAndReserve": (700, 300),
    "fundDepositAndReserveFor": (700, 300),
}
EACH_ENTRY = pytest.mark.parametrize(("entry", "amounts"), ENTRIES.items(), ids=ENTRIES)
BOTH_POTS = pytest.mark.parametrize("entry", ["fundDepositAndReserve", "fundDepositAndReserveFor"])


def expected_events(market, entry: str, deposit: int, reserve: int, cancelled: bool) -> list:
    events, gateway = market.broker.Events, market.gateway
    cancel = [events.UnlockCancelled(sender=gateway)] if cancelled else []
    to_deposit = events.DepositFunded(sender=gateway, amount=deposit)
    to_reserve = events.ReserveFunded(reserveHolder=gateway, amount=reserve)
    return {
        "fundDeposit": [*cancel, to_deposit],
        "fundReserve": [to_reserve, *cancel],
        "fundDepositAndReserve": [*cancel, to_reserve, to_deposit],
        "fundDepositAndReserveFor": [*cancel, to_reserve, to_deposit],
    }[entry]


@EACH_ENTRY
def test_fund__paused__reverts(market, fund, entry, amounts):
    market.protocol.controller.pause.send(sender=market.protocol.owner)
    with market.chain.reverts("SystemPaused"):
        fund(entry, *amounts)


@BOTH_POTS
def test_fund_both__paused_and_wrong_value__reverts_with_the_pause(market, fund, entry):
    market.protocol.controller.pause.send(sender=market.protocol.owner)
    with market.chain.reverts("SystemPaused"):
        fund(entry, 5, 5, value=9)


@BOTH_POTS
@pytest.mark.parametrize("value", [0, 999, 1001])
def test_fund_both__value_is_not_the_sum__reverts(market, fund, entry, value):
    with market.chain.reverts("FundingValueMismatch", valueWei=value, requiredWei=1000):
        fund(entry, 700, 300, value=value)


@BOTH_POTS
def test_fund_both__sum_overflows__panics(market, fund, entry):
    with market.chain.panics(0x11):
        fund(entry, 2**256 - 1, 2, value=1)


@EACH_ENTRY
@pytest.mark.parametrize("is_unlocking", [False, True], ids=["locked", "unlocking"])
def test_fund__adds_to_the_pots__and_cancels_ones_own_unlock(market, fund, entry, amounts, is_unlocking):
    market.fund(deposit=10, reserve=20)
    if is_unlocking:
        market.broker.unlock.send(sender=market.gateway)
    held_before = market.chain.balance(market.protocol.minter)

    receipt = fund(entry, *amounts)

    deposit, reserve = amounts
    receipt.assert_events(expected_events(market, entry, deposit, reserve, cancelled=is_unlocking))
    assert market.deposit() == 10 + deposit
    assert market.reserve() == 20 + reserve
    assert market.withdraw_round() == 0
    assert market.chain.balance(market.protocol.minter) == held_before + deposit + reserve
    assert market.chain.balance(market.broker) == 0


@EACH_ENTRY
def test_fund__nothing__still_cancels_an_unlock(market, fund, entry, amounts):
    market.fund(deposit=10)
    market.become_unlocked()

    receipt = fund(entry, 0, 0)

    receipt.assert_events(expected_events(market, entry, 0, 0, cancelled=True))
    assert market.withdraw_round() == 0


@EACH_ENTRY
def test_fund__round_not_initialized__succeeds(market, fund, entry, amounts):
    market.protocol.mine_to_round(2)
    fund(entry, *amounts)
    assert (market.deposit(), market.reserve()) == amounts


@EACH_ENTRY
def test_fund__beyond_112_bits__reverts_with_the_value(market, fund, entry, amounts):
    market.chain.set_balance(market.gateway, 2**120)
    too_much = tuple(LARGEST_POT + 1 if amount else 0 for amount in amounts)
    with market.chain.reverts("SafeCastOverflowedUintDowncast", bits=112, value=LARGEST_POT + 1):
        fund(entry, *too_much)


def test_fund__up_to_112_bits__keeps_both_pots_apart(market, fund):
    market.chain.set_balance(market.gateway, 2**120)
    fund("fundDeposit", LARGEST_POT)
    fund("fundReserve", 0, LARGEST_POT)
    market.broker.unlock.send(sender=market.gateway)
    assert (market.deposit(), market.reserve()) == (LARGEST_POT, LARGEST_POT)
    assert market.withdraw_round() == market.round + 2

    with market.chain.reverts("SafeCastOverflowedUintDowncast", bits=112, value=LARGEST_POT + 1):
        fund("fundDeposit", 1)


@pytest.mark.parametrize("account", ["gateway", "zero"])
def test_fund_for__somebody_else_pays__credits_the_account_alone(market, account):
    holder = ZERO_ADDRESS if account == "zero" else market.gateway
    receipt = market.broker.fundDepositAndReserveFor.send(holder, 30, 12, sender=market.redeemer, value=42)

    events = market.broker.Events
    receipt.assert_events(
        [
            events.ReserveFunded(reserveHolder=holder, amount=12),
            events.DepositFunded(sender=holder, amount=30),
        ]
    )
    assert (market.deposit(holder), market.reserve(holder)) == (30, 12)
    assert (market.deposit(market.redeemer), market.reserve(market.redeemer)) == (0, 0)


def test_fund_for__somebody_else_pays_an_unlocked_sender__leaves_it_unlocked(market):
    market.fund(deposit=10)
    market.become_unlocked()
    withdraw_round = market.withdraw_round()

    receipt = market.broker.fundDepositAndReserveFor.send(
        market.gateway, 5, 6, sender=market.redeemer, value=11
    )

    assert receipt.events_named("UnlockCancelled") == []
    assert market.withdraw_round() == withdraw_round
    assert (market.deposit(), market.reserve()) == (15, 6)


def test_fund__minter_does_not_know_the_broker__reverts(market, fund):
    market.protocol.unregister("JobsManager")
    with market.chain.reverts("CallerNotEitherRegistered", ...):
        fund("fundDeposit", 1)


def test_fund__no_minter__reverts(market, fund):
    market.protocol.unregister("Minter")
    with market.chain.reverts("ContractNotRegistered", ...):
        fund("fundDeposit", 1)


@pytest.mark.parametrize("data", [b"", bytes.fromhex("deadbeef")], ids=["empty", "unknown"])
def test_plain_payment__is_refused(market, data):
    with market.chain.reverts_raw(b""):
        market.chain.transact(market.broker, data, sender=market.gateway, value=1)


def test_view_and_exit_functions__sent_with_eth__are_refused(market):
    with market.chain.reverts_raw(b""):
        market.broker.unlock.send(sender=market.gateway, value=1)
