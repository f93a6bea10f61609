"""What a recipient accepts of a payment, row by row of offchain.md 8.2, and that credits, nonces and winners are one.

| row | condition | outcome |
|---|---|---|
| 1 | sender withdraws soon / one round later | SenderUnlocking, fatal / accepted |
| 2 | other recipient | TicketRecipientMismatch, fatal |
| 3 | other sender | TicketSenderMismatch, fatal |
| - | price not the session's | PriceMismatch, fatal |
| 4 | any parameter changed | TicketParametersMismatch, fatal |
| 5 | signature bad | TicketSignatureRejected; earlier credit stays, later tickets are not credited |
| 7 | nonce used | NonceReplayed |
| 8 | 601st nonce | TooManyNonces |
| 9 | parameters expired | TicketParametersExpired; a winner is stored all the same |
| 10 | float below the face value | SenderUnderfunded; a winner is stored all the same |
| - | losing ticket | credited, not stored |
| - | same message again | accepted without effect |
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from offchain_worker.tickets import errors
from offchain_worker.tickets.balance import compute_ticket_units
from offchain_worker.tickets.database import open_database
from offchain_worker.tickets.parameters import TicketEconomics, TicketParameters
from offchain_worker.tickets.recipient import Payment, SignedNonce, TicketRecipient
from offchain_worker.tickets.recipient_store import RecipientStore, Session, WinnerState
from offchain_worker.tickets.signatures import LocalSigner
from offchain_worker.tickets.ticket import ZERO_HASH, is_winning
from tests.worker.fake_chain import ETHER, FakeChain

pytestmark = pytest.mark.worker

ECONOMICS = TicketEconomics(
    ticket_expected_value_wei=500, max_face_value_wei=1000, max_nonces_per_parameters=5, redeem_gas=10
)
PRICE_WEI = 7


@dataclass
class Desk:
    """One recipient, one sender, one session."""

    chain: FakeChain
    store: RecipientStore
    recipient: TicketRecipient
    orchestrator: LocalSigner
    gateway: LocalSigner
    session: Session
    parameters: TicketParameters

    @property
    def ticket_units(self) -> int:
        return compute_ticket_units(self.parameters.face_value_wei, self.parameters.win_probability)

    def signed(
        self, nonce: int, parameters: TicketParameters | None = None, signer: LocalSigner | None = None
    ) -> SignedNonce:
        ticket = (parameters or self.parameters).ticket(self.gateway.address, nonce)
        return SignedNonce(nonce, (signer or self.gateway).sign(ticket.hash))

    def payment(self, *tickets: SignedNonce, digest: bytes | None = None, **changes) -> Payment:
        number = sum(ticket.sender_nonce for ticket in tickets)
        base = {
            "sender": self.gateway.address,
            "price_wei": PRICE_WEI,
            "parameters": self.parameters,
        } | changes
        return Payment(digest=digest or number.to_bytes(32, "big"), tickets=tickets, **base)

    def receive(self, payment: Payment):
        return self.recipient.receive(self.session, payment, self.chain.clock())

    def nonce_where(self, wins: bool) -> int:
        """A nonce whose ticket wins or loses. The draw is secret to the sender, so the store tells."""
        for nonce in range(1, 64):
            signed = self.signed(nonce)
            if is_winning(signed.signature, self.recipient_rand, self.parameters.win_probability) is wins:
                return nonce
        raise AssertionError("no such nonce among 63")

    @property
    def recipient_rand(self) -> int:
        from offchain_worker.tickets.parameters import recipient_rand_of

        return recipient_rand_of(self.recipient._secret, self.gateway.address, PRICE_WEI, self.parameters)


@pytest.fixture
def desk(tmp_path) -> Desk:
    orchestrator, gateway = LocalSigner(b"\x22" * 32), LocalSigner(b"\x11" * 32)
    chain = FakeChain(active_orchestrators={orchestrator.address})
    chain.fund(gateway.address)
    store = RecipientStore(open_database(f"sqlite:///{tmp_path}/money.db"))
    recipient = TicketRecipient(orchestrator.address, b"m" * 32, store, chain, ECONOMICS, draw_seed=lambda: 1)
    session = Session("session", gateway.address, PRICE_WEI, 0, 0, 10**10, "{}")
    store.create_session(session)
    parameters = recipient.make_parameters(gateway.address, PRICE_WEI, chain.clock())
    return Desk(chain, store, recipient, orchestrator, gateway, session, parameters)


def test_make_parameters__funded_sender__binds_round_value_and_lifetime(desk: Desk):
    parameters = desk.parameters
    assert parameters.recipient == desk.orchestrator.address
    assert parameters.face_value_wei == 1000
    assert parameters.expiration_block == desk.chain.block + 40
    assert (parameters.creation_round, parameters.creation_round_block_hash) == (
        10,
        desk.chain.block_hash_for_round(10),
    )


def test_make_parameters__block_hash_of_the_round_is_zero__uses_the_round_before(desk: Desk, monkeypatch):
    hashes = {10: ZERO_HASH, 9: b"\x09" * 32}
    monkeypatch.setattr(desk.chain, "block_hash_for_round", hashes.__getitem__, raising=False)
    parameters = desk.recipient.make_parameters(desk.gateway.address, PRICE_WEI, desk.chain.clock())
    assert (parameters.creation_round, parameters.creation_round_block_hash) == (9, b"\x09" * 32)


def test_make_parameters__no_reserve__raises_sender_underfunded(desk: Desk):
    desk.chain.set_sender(desk.gateway.address, reserve_wei=0)
    with pytest.raises(errors.SenderUnderfunded):
        desk.recipient.make_parameters(desk.gateway.address, PRICE_WEI, desk.chain.clock())


def test_make_parameters__price_zero__asks_for_nothing(desk: Desk):
    parameters = desk.recipient.make_parameters(desk.gateway.address, 0, desk.chain.clock())
    assert (parameters.face_value_wei, parameters.win_probability) == (0, 0)


def test_receive__good_tickets__credits_each_expected_value_once(desk: Desk):
    outcome = desk.receive(desk.payment(desk.signed(1), desk.signed(2)))
    assert outcome.error is None
    assert outcome.accepted == 2
    assert outcome.balance_units == outcome.credited_units == 2 * desk.ticket_units


def test_receive__winning_ticket__is_stored_with_all_that_redemption_needs(desk: Desk):
    nonce = desk.nonce_where(wins=True)
    outcome = desk.receive(desk.payment(desk.signed(nonce)))
    assert outcome.winners == 1
    (winner,) = desk.store.winners()
    assert winner.ticket == desk.parameters.ticket(desk.gateway.address, nonce)
    assert (winner.state, winner.recipient_rand) == (WinnerState.WON, desk.recipient_rand)
    assert winner.has_won


def test_receive__losing_ticket__is_credited_and_not_stored(desk: Desk):
    outcome = desk.receive(desk.payment(desk.signed(desk.nonce_where(wins=False))))
    assert (outcome.accepted, outcome.winners, desk.store.winners()) == (1, 0, [])


@pytest.mark.parametrize(("withdraw_round", "is_refused"), [(0, False), (10, True), (11, True), (12, False)])
def test_receive__sender_unlocking__is_fatal_up_to_the_next_round(desk: Desk, withdraw_round, is_refused):
    desk.chain.set_sender(desk.gateway.address, withdraw_round=withdraw_round)
    outcome = desk.receive(desk.payment(desk.signed(1)))
    assert isinstance(outcome.error, errors.SenderUnlocking) is is_refused
    assert (outcome.balance_units == 0) is is_refused


def _foreign_signer(desk: Desk) -> Payment:
    return desk.payment(desk.signed(1, signer=LocalSigner(b"\x33" * 32)))


CHANGED_PARAMETERS = {
    "face value": {"face_value_wei": 2000},
    "win probability": {"win_probability": 1},
    "seed": {"seed": 2},
    "expiration block": {"expiration_block": 10**6},
    "creation round": {"creation_round": 9},
    "block hash": {"creation_round_block_hash": b"\x01" * 32},
    "commitment": {"recipient_rand_hash": b"\x02" * 32},
}


@pytest.mark.parametrize("changes", CHANGED_PARAMETERS.values(), ids=CHANGED_PARAMETERS)
def test_receive__parameter_changed_by_the_sender__is_fatal(desk: Desk, changes):
    parameters = replace(desk.parameters, **changes)
    outcome = desk.receive(desk.payment(desk.signed(1, parameters), parameters=parameters))
    assert isinstance(outcome.error, errors.TicketParametersMismatch)
    assert outcome.error.is_fatal
    assert (outcome.balance_units, desk.store.winners()) == (0, [])


FATAL = {
    "recipient": (
        lambda desk: {"parameters": replace(desk.parameters, recipient="0x" + "99" * 20)},
        "TicketRecipientMismatch",
    ),
    "sender": (lambda desk: {"sender": "0x" + "99" * 20}, "TicketSenderMismatch"),
    "price of another offer": (lambda desk: {"price_wei": PRICE_WEI + 1}, "PriceMismatch"),
    "price of zero": (lambda desk: {"price_wei": 0}, "PriceMismatch"),
}


@pytest.mark.parametrize(("change", "name"), FATAL.values(), ids=FATAL)
def test_receive__terms_not_those_of_the_session__is_fatal(desk: Desk, change, name):
    outcome = desk.receive(desk.payment(desk.signed(1), desk.signed(2), **change(desk)))
    assert outcome.error.name == name
    assert outcome.error.is_fatal
    assert outcome.balance_units == 0


def test_receive__session_price_not_the_one_of_the_parameters__is_fatal(desk: Desk):
    # The price enters the commitment, so parameters of a cheap session are worthless in a dear one.
    dear = Session("dear", desk.gateway.address, PRICE_WEI * 2, 0, 0, 10**10, "{}")
    desk.store.create_session(dear)
    outcome = desk.recipient.receive(
        dear, desk.payment(desk.signed(1), price_wei=PRICE_WEI * 2), desk.chain.clock()
    )
    assert isinstance(outcome.error, errors.TicketParametersMismatch)


def test_receive__bad_signature_second__keeps_the_first_credit_only(desk: Desk):
    bad = SignedNonce(2, desk.signed(3).signature)
    outcome = desk.receive(desk.payment(desk.signed(1), bad, desk.signed(4)))
    assert isinstance(outcome.error, errors.TicketSignatureRejected)
    assert (outcome.accepted, outcome.balance_units) == (1, desk.ticket_units)


@pytest.mark.parametrize("form", ["compact", "v", "high s", "foreign"])
def test_receive__signature_in_another_form__is_refused_and_not_drawn(desk: Desk, form):
    good = desk.signed(1).signature
    forms = {
        "compact": good[:64],
        "v": good[:64] + bytes([good[64] - 27]),
        "high s": good[:32] + b"\xff" * 32 + good[64:],
        "foreign": _foreign_signer(desk).tickets[0].signature,
    }
    outcome = desk.receive(desk.payment(SignedNonce(1, forms[form])))
    assert isinstance(outcome.error, errors.TicketSignatureRejected)
    assert (outcome.balance_units, desk.store.winners()) == (0, [])


def test_receive__nonce_used_before__is_refused_and_credits_nothing(desk: Desk):
    desk.receive(desk.payment(desk.signed(1)))
    outcome = desk.receive(desk.payment(desk.signed(1), digest=b"2" * 32))
    assert isinstance(outcome.error, errors.NonceReplayed)
    assert outcome.balance_units == desk.ticket_units


def test_receive__nonce_twice_in_one_payment__is_credited_once(desk: Desk):
    outcome = desk.receive(desk.payment(desk.signed(1), desk.signed(1)))
    assert isinstance(outcome.error, errors.NonceReplayed)
    assert outcome.balance_units == desk.ticket_units


def test_receive__same_message_again__has_no_effect_and_no_error(desk: Desk):
    payment = desk.payment(desk.signed(1))
    first, second = desk.receive(payment), desk.receive(payment)
    assert second.error is None
    assert second.credited_units == 0
    assert second.balance_units == first.balance_units == desk.ticket_units


def test_receive__more_nonces_than_allowed__is_refused(desk: Desk):
    outcome = desk.receive(desk.payment(*(desk.signed(nonce) for nonce in range(1, 7))))
    assert isinstance(outcome.error, errors.TooManyNonces)
    assert outcome.accepted == 5


@pytest.mark.parametrize(("blocks", "is_refused"), [(39, False), (40, True)])
def test_receive__parameters_at_their_last_block__expire_exactly_there(desk: Desk, blocks, is_refused):
    nonce = desk.nonce_where(wins=True)
    desk.chain.block += blocks
    outcome = desk.receive(desk.payment(desk.signed(nonce)))
    assert isinstance(outcome.error, errors.TicketParametersExpired) is is_refused
    assert outcome.winners == 1
    assert (outcome.balance_units == 0) is is_refused


def test_receive__float_below_the_face_value__refuses_credit_but_keeps_the_winner(desk: Desk):
    nonce = desk.nonce_where(wins=True)
    desk.chain.set_sender(desk.gateway.address, reserve_wei=999, deposit_wei=0)
    outcome = desk.receive(desk.payment(desk.signed(nonce)))
    assert isinstance(outcome.error, errors.SenderUnderfunded)
    assert (outcome.balance_units, outcome.winners) == (0, 1)


def test_receive__winners_waiting__lower_the_float_until_the_deposit_covers_three_of_them(desk: Desk):
    desk.chain.set_sender(desk.gateway.address, reserve_wei=1500, deposit_wei=2999)
    desk.receive(desk.payment(desk.signed(desk.nonce_where(wins=True))))
    loser = desk.signed(desk.nonce_where(wins=False))
    assert isinstance(desk.receive(desk.payment(loser)).error, errors.SenderUnderfunded)
    desk.chain.set_sender(desk.gateway.address, deposit_wei=3 * ETHER)
    fresh = desk.recipient.make_parameters(desk.gateway.address, PRICE_WEI, desk.chain.clock())
    assert fresh.face_value_wei == 1000


def test_receive__after_a_restart__still_knows_offers_and_nonces(desk: Desk):
    desk.receive(desk.payment(desk.signed(1)))
    again = TicketRecipient(desk.orchestrator.address, b"m" * 32, desk.store, desk.chain, ECONOMICS)
    clock = desk.chain.clock()
    assert again.receive(desk.session, desk.payment(desk.signed(2)), clock).error is None
    replay = again.receive(desk.session, desk.payment(desk.signed(1), digest=b"3" * 32), clock)
    assert isinstance(replay.error, errors.NonceReplayed)
