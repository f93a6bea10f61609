"""Hash, signature and draw of a ticket for any input (payments.md 3.1 to 3.3, invariants 15 and 17)."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.chain.actors import actor
from simulation.chain.facade import Chain
from simulation.chain.reverts import Reverted
from simulation.tickets import Ticket, uint256
from tests.helpers.ticket_market import TicketMarket, open_ticket_market

pytestmark = pytest.mark.property

words = st.integers(0, 2**256 - 1)
addresses = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
TRIALS = 400


@pytest.fixture(scope="session")
def market(session_chain: Chain) -> TicketMarket:
    """A gateway with a deposit that never runs out."""
    market = open_ticket_market(session_chain)
    market.fund(deposit=10**18)
    return market


@given(
    recipient=addresses,
    sender=addresses,
    face_value=words,
    win_prob=words,
    nonce=words,
    rand_hash=st.binary(min_size=32, max_size=32).filter(any),
    aux_data=st.binary(max_size=130),
)
def test_get_ticket_hash__any_fields__hashes_them_tightly_packed(
    market: TicketMarket, recipient, sender, face_value, win_prob, nonce, rand_hash, aux_data
):
    ticket = Ticket(
        recipient,
        sender,
        face_value,
        win_prob=win_prob,
        sender_nonce=nonce,
        recipient_rand_hash=rand_hash,
        aux_data=aux_data,
    )
    assert market.broker.getTicketHash(ticket.as_struct) == ticket.hash


@st.composite
def other_strings(draw, signature: bytes) -> bytes:
    """Anything but `signature`, mostly close to it."""
    how = draw(st.sampled_from(["flip", "cut", "pad", "any"]))
    if how == "flip":
        bit = draw(st.integers(0, 8 * len(signature) - 1))
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        return bytes(changed)
    if how == "cut":
        return signature[: draw(st.integers(0, len(signature) - 1))]
    if how == "pad":
        return signature + draw(st.binary(min_size=1, max_size=40))
    return draw(st.binary(min_size=65, max_size=65).filter(lambda other: other != signature))


@given(data=st.data())
def test_signature__any_other_string__is_refused(market: TicketMarket, session_chain: Chain, data):
    """Invariant 15."""
    with session_chain.isolate():
        signed = market.issue(1)
        other = data.draw(other_strings(signed.signature), label="other signature")
        with pytest.raises(Reverted):
            market.redeem(signed.with_signature(other))
        market.redeem(signed)


@pytest.mark.parametrize("odds", [1 / 4, 1 / 2, 9 / 10], ids=["1 in 4", "1 in 2", "9 in 10"])
def test_draw__many_numbers__wins_as_often_as_the_probability_says(
    market: TicketMarket, session_chain: Chain, odds
):
    """Invariant 17, on redemptions; the numbers are fixed, and five standard deviations are allowed."""
    win_prob = int(odds * 2**64) << 192
    ticket_seed = market.ticket(1, win_prob=win_prob)
    with session_chain.isolate():
        tickets = [
            Ticket(
                ticket_seed.recipient,
                ticket_seed.sender,
                1,
                creation_round=ticket_seed.creation_round,
                block_hash=ticket_seed.block_hash,
                win_prob=win_prob,
                recipient_rand=int.from_bytes(uint256(number)[::-1], "big"),
            ).sign(actor("gateway"))
            for number in range(TRIALS)
        ]
        receipt = market.redeem_batch(tickets)
    wins = len(receipt.events_named("WinningTicketRedeemed"))
    assert wins == sum(signed.draw < win_prob for signed in tickets)
    assert abs(wins - odds * TRIALS) <= 5 * sqrt(TRIALS * odds * (1 - odds))
