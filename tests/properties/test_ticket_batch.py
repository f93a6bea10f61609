"""A batch does what its tickets would do one by one (payments.md invariant 13).

Tickets of two gateways to several recipients are spoilt at random; the same tickets are redeemed in one batch
and, on the same state, each alone with failures skipped.  Everything visible and every event must be equal.
"""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.facade import Chain
from simulation.chain.reverts import Reverted
from simulation.tickets import SignedTicket, compact, twin
from tests.helpers.ticket_market import TicketMarket, open_ticket_market, register_orchestrator

pytestmark = pytest.mark.property

# The late orchestrator is registered but not active yet, the outsider has never bonded.
RECIPIENTS = ("orchestrator", "second_orchestrator", "newcomer", "late_orchestrator", "outsider")
SENDERS = ("gateway", "other_gateway", "unlocked_gateway", "unfunded_gateway")

SPOIL_TICKET = {
    "recipient is zero": lambda ticket: replace(ticket, recipient=ZERO_ADDRESS),
    "sender is zero": lambda ticket: replace(ticket, sender=ZERO_ADDRESS),
    "aux data too short": lambda ticket: replace(ticket, aux_data=ticket.as_struct["auxData"][:40]),
    "aux data missing": lambda ticket: replace(ticket, aux_data=b""),
    "round to come": lambda ticket: replace(ticket, creation_round=ticket.creation_round + 5),
    "round 0": lambda ticket: replace(ticket, creation_round=0),
    "block hash is another": lambda ticket: replace(ticket, block_hash=b"\x55" * 32),
    "loses": lambda ticket: replace(ticket, win_prob=0),
    "even odds": lambda ticket: replace(ticket, win_prob=2**255),
}
SPOIL_SIGNED = {
    "another number": lambda signed: replace(signed, recipient_rand=signed.recipient_rand + 1),
    "no signature": lambda signed: signed.with_signature(b""),
    "compact": lambda signed: signed.with_signature(compact(signed.signature)),
    "padded": lambda signed: signed.with_signature(signed.signature + b"\0"),
    "high s": lambda signed: signed.with_signature(twin(signed.signature)),
    "v of 0": lambda signed: signed.with_signature(signed.signature[:64] + b"\0"),
    "face value raised": lambda signed: replace(
        signed, ticket=replace(signed.ticket, face_value=signed.ticket.face_value + 1)
    ),
}
GOOD = "nothing"
TWICE = "same as the one before"

orders = st.lists(
    st.tuples(
        st.just(GOOD) | st.just(GOOD) | st.sampled_from([TWICE, *SPOIL_TICKET, *SPOIL_SIGNED]),
        st.sampled_from(SENDERS[:2] * 3 + SENDERS[2:]),
        st.sampled_from(RECIPIENTS),
        st.integers(0, 120),
        st.integers(0, 2),  # rounds since creation
    ),
    max_size=12,
)
pots = st.tuples(st.integers(0, 400), st.integers(0, 400))


@pytest.fixture(scope="session")
def aged_market(session_chain: Chain) -> TicketMarket:
    """Three rounds old, so that tickets of every age can be issued; one gateway is unlocked."""
    market = open_ticket_market(session_chain)
    market.fund(50, 50, sender=session_chain.actor("unlocked_gateway"))
    market.become_unlocked(session_chain.actor("unlocked_gateway"))
    register_orchestrator(market.protocol, session_chain.actor("late_orchestrator"))
    return market


def issue(market: TicketMarket, orders_: list[tuple]) -> list[SignedTicket]:
    """The tickets of an example, the spoilt ones included."""
    issued: list[SignedTicket] = []
    current_round = market.round
    for number, (fault, sender, recipient, face_value, age) in enumerate(orders_):
        if fault == TWICE and issued:
            issued.append(issued[-1])
            continue
        ticket = market.ticket(
            face_value,
            sender=market.chain.actor(sender),
            recipient=market.chain.actor(recipient),
            creation_round=current_round - age,
            sender_nonce=number,
        )
        signed = SPOIL_TICKET.get(fault, lambda good: good)(ticket).sign(ticket.sender)
        issued.append(SPOIL_SIGNED.get(fault, lambda good: good)(signed))
    return issued


def redeem_one_by_one(market: TicketMarket, tickets: list[SignedTicket]) -> list:
    events = []
    for signed in tickets:
        try:
            events += market.redeem(signed).events
        except Reverted:
            continue
    return events


@given(orders=orders, first=pots, second=pots)
@example(
    orders=[
        (GOOD, "gateway", "orchestrator", 60, 0),
        (GOOD, "gateway", "late_orchestrator", 40, 0),
        (GOOD, "gateway", "outsider", 0, 0),
        (TWICE, "gateway", "outsider", 0, 0),
        (GOOD, "gateway", "orchestrator", 60, 1),
        (GOOD, "gateway", "orchestrator", 60, 2),
        ("compact", "gateway", "second_orchestrator", 10, 0),
        (GOOD, "other_gateway", "second_orchestrator", 100, 0),
    ],
    first=(100, 300),
    second=(0, 300),
)
def test_batch__any_tickets__equals_singles_with_failures_skipped(
    aged_market: TicketMarket, session_chain: Chain, orders, first, second
):
    """Invariant 13."""
    market = aged_market
    senders = [session_chain.actor(role) for role in SENDERS]
    recipients = [session_chain.actor(role) for role in RECIPIENTS]
    with session_chain.isolate():
        market.fund(*first, sender=senders[0])
        market.fund(*second, sender=senders[1])
        tickets = issue(market, orders)

        with session_chain.isolate():
            one_by_one = redeem_one_by_one(market, tickets)
            expected = market.snapshot_of(senders, recipients, tickets)
        at_once = market.redeem_batch(tickets).events

        assert at_once == one_by_one
        assert market.snapshot_of(senders, recipients, tickets) == expected
