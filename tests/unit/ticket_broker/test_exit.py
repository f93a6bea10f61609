"""`unlock`, `cancelUnlock`, `withdraw` and the life cycle of a sender (payments.md 2.5 and 3.6).

unlock
├── when the system is paused → SystemPaused
├── when both pots are empty → SenderHasNoFunds, an unlock in progress or not
├── when an unlock is in progress → UnlockAlreadyInitiated
└── otherwise → withdraw round = current round + unlock period, Unlock
cancelUnlock
├── when the system is paused → SystemPaused
├── when no unlock is in progress → NoUnlockInProgress
└── otherwise, unlocking or unlocked → withdraw round = 0, UnlockCancelled
withdraw
├── when the system is paused → SystemPaused
├── when both pots are empty → SenderHasNoFunds, an unlock in progress or not
├── when no unlock is in progress → NoUnlockInProgress
├── when the withdraw round has not come → SenderLocked
└── otherwise → both pots are paid and emptied, the withdraw round stays, Withdrawal

| state | redeem | withdraw | unlock | cancel |
|---|---|---|---|---|
| locked: no withdraw round | yes | no | yes, if funded | no |
| unlocking: withdraw round to come | yes | no | no | yes |
| unlocked: withdraw round has come | no | yes, if funded | no | yes |
"""

import pytest

from simulation.chain.reverts import Reverted

pytestmark = pytest.mark.unit

UNLOCK_PERIOD = 2


@pytest.fixture
def act(market):
    """`act("unlock")` as the gateway."""

    def call(function: str):
        return market.broker[f"{function}()"].send(sender=market.gateway)

    return call


# unlock


@pytest.mark.parametrize("function", ["unlock", "cancelUnlock", "withdraw"])
def test_exit__paused__reverts_first(market, act, function):
    market.protocol.controller.pause.send(sender=market.protocol.owner)
    with market.chain.reverts("SystemPaused"):
        act(function)


def test_unlock__no_funds__reverts(market, act):
    with market.chain.reverts("SenderHasNoFunds", sender=market.gateway):
        act("unlock")


def test_unlock__no_funds_and_unlocking__reverts_with_the_funds(market, act):
    market.fund(deposit=1)
    market.become_unlocked()
    act("withdraw")
    with market.chain.reverts("SenderHasNoFunds", sender=market.gateway):
        act("unlock")


def test_unlock__already_unlocking__reverts(market, act):
    market.fund(reserve=1)
    act("unlock")
    withdraw_round = market.round + UNLOCK_PERIOD
    with market.chain.reverts("UnlockAlreadyInitiated", sender=market.gateway, withdrawRound=withdraw_round):
        act("unlock")


@pytest.mark.parametrize("pots", [(5, 0), (0, 5), (5, 5)], ids=["deposit", "reserve", "both"])
def test_unlock__funded__sets_the_withdraw_round(market, act, pots):
    market.fund(*pots)
    start_round = market.round

    receipt = act("unlock")

    end_round = start_round + UNLOCK_PERIOD
    receipt.assert_events(
        [market.broker.Events.Unlock(sender=market.gateway, startRound=start_round, endRound=end_round)]
    )
    assert market.withdraw_round() == end_round
    assert (market.deposit(), market.reserve()) == pots
    assert market.broker.isUnlockInProgress(market.gateway) is True


def test_unlock__round_not_initialized__counts_from_the_current_round(market, act):
    market.fund(deposit=1)
    market.protocol.mine_to_round(3)
    market.chain.mine()
    current_round = market.round
    act("unlock")
    assert market.withdraw_round() == current_round + UNLOCK_PERIOD


def test_unlock__withdraw_round_beyond_32_bits__reverts_with_it(market, act):
    market.fund(deposit=1)
    market.broker.setUnlockPeriod.send(2**32 - 1, sender=market.protocol.owner)
    withdraw_round = market.round + 2**32 - 1
    with market.chain.reverts("SafeCastOverflowedUintDowncast", bits=32, value=withdraw_round):
        act("unlock")


# cancelUnlock


def test_cancel_unlock__not_unlocking__reverts(market, act):
    market.fund(deposit=1)
    with market.chain.reverts("NoUnlockInProgress", sender=market.gateway):
        act("cancelUnlock")


@pytest.mark.parametrize("rounds", [0, UNLOCK_PERIOD], ids=["unlocking", "unlocked"])
def test_cancel_unlock__in_progress__locks_again(market, act, rounds):
    market.fund(deposit=3, reserve=4)
    act("unlock")
    market.protocol.pass_rounds(rounds)

    receipt = act("cancelUnlock")

    receipt.assert_events([market.broker.Events.UnlockCancelled(sender=market.gateway)])
    assert market.withdraw_round() == 0
    assert market.broker.isUnlockInProgress(market.gateway) is False
    assert (market.deposit(), market.reserve()) == (3, 4)


# withdraw


def test_withdraw__no_funds__reverts_before_the_unlock_is_looked_at(market, act):
    with market.chain.reverts("SenderHasNoFunds", sender=market.gateway):
        act("withdraw")


def test_withdraw__not_unlocking__reverts(market, act):
    market.fund(deposit=1)
    with market.chain.reverts("NoUnlockInProgress", sender=market.gateway):
        act("withdraw")


def test_withdraw__before_the_withdraw_round__reverts(market, act):
    market.fund(deposit=1)
    act("unlock")
    withdraw_round = market.withdraw_round()
    market.protocol.pass_rounds(UNLOCK_PERIOD - 1)
    with market.chain.reverts(
        "SenderLocked",
        sender=market.gateway,
        withdrawRound=withdraw_round,
        currentRound=withdraw_round - 1,
    ):
        act("withdraw")


@pytest.mark.parametrize("pots", [(50, 0), (0, 60), (50, 60)], ids=["deposit", "reserve", "both"])
@pytest.mark.parametrize("is_initialized", [True, False], ids=["initialized", "not initialized"])
def test_withdraw__unlocked__pays_both_pots_and_keeps_the_withdraw_round(market, act, pots, is_initialized):
    deposit, reserve = pots
    market.fund(deposit, reserve)
    act("unlock")
    withdraw_round = market.withdraw_round()
    market.protocol.mine_to_round(UNLOCK_PERIOD)
    if is_initialized:
        market.protocol.initialize_round()
    held = market.chain.balance(market.protocol.minter)
    owned = market.chain.balance(market.gateway)

    receipt = act("withdraw")

    receipt.assert_events(
        [market.broker.Events.Withdrawal(sender=market.gateway, deposit=deposit, reserve=reserve)]
    )
    assert (market.deposit(), market.reserve()) == (0, 0)
    assert market.withdraw_round() == withdraw_round
    assert market.chain.balance(market.gateway) == owned + deposit + reserve
    assert market.chain.balance(market.protocol.minter) == held - deposit - reserve


def test_withdraw__minter_cannot_pay__changes_nothing(market, act):
    market.fund(deposit=100)
    market.become_unlocked()
    market.chain.set_balance(market.protocol.minter, 99)

    with market.chain.reverts("InsufficientETH", amount=100, balance=99):
        act("withdraw")

    assert market.deposit() == 100


def test_withdraw__paid_in_by_others_after_the_withdraw_round__pays_at_once(market, act):
    market.fund(deposit=1)
    market.become_unlocked()
    act("withdraw")
    market.broker.fundDepositAndReserveFor.send(market.gateway, 7, 8, sender=market.redeemer, value=15)

    receipt = act("withdraw")

    assert receipt.event("Withdrawal").args == {"sender": market.gateway, "deposit": 7, "reserve": 8}


# life cycle: which operation each state allows


def set_state(market, state: str, is_funded: bool) -> None:
    market.fund(deposit=100)
    match state:
        case "unlocking":
            market.broker.unlock.send(sender=market.gateway)
        case "unlocked":
            market.become_unlocked()
    if not is_funded:
        assert state == "unlocked", "only an unlocked sender can empty its pots by leaving"
        market.broker.withdraw.send(sender=market.gateway)


def is_allowed(market, operation: str) -> bool:
    with market.chain.isolate():
        try:
            if operation == "redeem":
                market.redeem(market.issue(10))
            else:
                market.broker[f"{operation}()"].send(sender=market.gateway)
        except Reverted:
            return False
        return True


@pytest.mark.parametrize(
    ("state", "is_funded", "allowed"),
    [
        ("locked", True, {"redeem", "unlock"}),
        ("unlocking", True, {"redeem", "cancelUnlock"}),
        ("unlocked", True, {"withdraw", "cancelUnlock"}),
        ("unlocked", False, {"cancelUnlock"}),
    ],
)
def test_life_cycle__each_state__allows_exactly_its_operations(market, state, is_funded, allowed):
    set_state(market, state, is_funded)
    operations = ("redeem", "withdraw", "unlock", "cancelUnlock")
    assert {operation for operation in operations if is_allowed(market, operation)} == allowed


def test_life_cycle__withdrawn_sender_funds_itself__is_locked_and_may_unlock_again(market, act):
    market.fund(deposit=100)
    market.become_unlocked()
    act("withdraw")

    market.fund(deposit=100)

    assert market.withdraw_round() == 0
    assert is_allowed(market, "redeem")
    assert is_allowed(market, "unlock")
