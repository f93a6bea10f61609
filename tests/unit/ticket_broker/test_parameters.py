"""`setUnlockPeriod` and `setTicketValidityPeriod` (payments.md 2.2, DEV-6, DEV-7).

setUnlockPeriod, setTicketValidityPeriod
├── when the caller is not the owner of the Controller
│   └── it should revert with CallerNotControllerOwner, whatever the value
├── when the period is zero
│   └── it should revert with UnlockPeriodIsZero, TicketValidityPeriodIsZero
├── when the period does not fit 32 bits
│   └── it should revert with SafeCastOverflowedUintDowncast
└── otherwise, paused or not
    └── it should store the period and emit ParameterUpdate and ParameterChanged
"""

import pytest

pytestmark = pytest.mark.unit

LARGEST = 2**32 - 1
SETTERS = pytest.mark.parametrize(
    ("parameter", "setter", "zero_error"),
    [
        ("unlockPeriod", "setUnlockPeriod", "UnlockPeriodIsZero"),
        ("ticketValidityPeriod", "setTicketValidityPeriod", "TicketValidityPeriodIsZero"),
    ],
)


@SETTERS
@pytest.mark.parametrize("period", [0, 3])
def test_set_period__by_somebody_else__reverts_first(market, parameter, setter, zero_error, period):
    owner = market.protocol.owner
    with market.chain.reverts("CallerNotControllerOwner", caller=market.attacker, owner=owner):
        market.broker[f"{setter}(uint256)"].send(period, sender=market.attacker)


@SETTERS
def test_set_period__zero__reverts(market, parameter, setter, zero_error):
    with market.chain.reverts(zero_error):
        market.broker[f"{setter}(uint256)"].send(0, sender=market.protocol.owner)


@SETTERS
def test_set_period__beyond_32_bits__reverts_with_the_value(market, parameter, setter, zero_error):
    with market.chain.reverts("SafeCastOverflowedUintDowncast", bits=32, value=LARGEST + 1):
        market.broker[f"{setter}(uint256)"].send(LARGEST + 1, sender=market.protocol.owner)


@SETTERS
@pytest.mark.parametrize("period", [1, LARGEST])
def test_set_period__valid__is_stored_and_announced(market, parameter, setter, zero_error, period):
    receipt = market.broker[f"{setter}(uint256)"].send(period, sender=market.protocol.owner)

    events = market.broker.Events
    receipt.assert_events(
        [
            events.ParameterUpdate(param=parameter),
            events.ParameterChanged(param=parameter, previousValue=2, newValue=period),
        ]
    )
    assert market.broker[f"{parameter}()"]() == period


@SETTERS
def test_set_period__paused__succeeds(market, parameter, setter, zero_error):
    market.protocol.controller.pause.send(sender=market.protocol.owner)
    market.broker[f"{setter}(uint256)"].send(9, sender=market.protocol.owner)
    assert market.broker[f"{parameter}()"]() == 9


def test_set_periods__one_after_the_other__do_not_disturb_each_other(market):
    owner = market.protocol.owner
    market.broker.setUnlockPeriod.send(LARGEST, sender=owner)
    market.broker.setTicketValidityPeriod.send(7, sender=owner)
    assert (market.broker.unlockPeriod(), market.broker.ticketValidityPeriod()) == (LARGEST, 7)


def test_set_unlock_period__during_an_unlock__leaves_its_withdraw_round(market):
    market.fund(deposit=1)
    market.broker.unlock.send(sender=market.gateway)
    withdraw_round = market.withdraw_round()

    market.broker.setUnlockPeriod.send(50, sender=market.protocol.owner)

    assert market.withdraw_round() == withdraw_round


def test_set_ticket_validity_period__shortened__voids_issued_tickets(market):
    market.fund(deposit=10)
    signed = market.issue(10)
    market.protocol.start_round()
    market.broker.setTicketValidityPeriod.send(1, sender=market.protocol.owner)

    creation_round = signed.ticket.creation_round
    with market.chain.reverts(
        "TicketExpired",
        creationRound=creation_round,
        validityPeriodRounds=1,
        currentRound=creation_round + 1,
    ):
        market.redeem(signed)
