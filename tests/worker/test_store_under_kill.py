"""SIGKILL between any two steps loses no credited winner and lets no ticket count twice (offchain.md 25).

| killed | after the restart |
|---|---|
| inside the payment's transaction | nothing of it happened; the same payment is accepted whole |
| after its commit | everything of it happened; the same payment has no effect, its tickets elsewhere are replays |
| around "marked as sent", after the broadcast | every winner is redeemed exactly once |
"""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from offchain_worker.tickets.balance import compute_ticket_units
from offchain_worker.tickets.database import open_database
from offchain_worker.tickets.errors import NonceReplayed
from offchain_worker.tickets.recipient_store import RecipientStore, WinnerState
from offchain_worker.tickets.redeemer import Redeemer, RedeemerPolicy
from tests.worker import kill_scenario
from tests.worker.kill_scenario import PRICE_WEI, TICKETS, make_chain, make_payment, make_recipient

pytestmark = pytest.mark.worker


def _run_until_killed(database: Path, step: str) -> RecipientStore:
    finished = subprocess.run(
        [sys.executable, kill_scenario.__file__, str(database), step], capture_output=True, timeout=60
    )
    assert finished.returncode == -signal.SIGKILL, finished.stderr.decode()
    return RecipientStore(open_database(f"sqlite:///{database}"))


def _expected_winners(store: RecipientStore, chain) -> tuple[set[bytes], int]:
    """Hashes of the winners among the scenario's tickets, by the draw rule alone, and the value of all tickets."""
    from offchain_worker.tickets.parameters import recipient_rand_of
    from offchain_worker.tickets.ticket import is_winning

    recipient = make_recipient(store, chain)
    payment = make_payment(recipient, chain)
    sender, parameters = payment.sender, payment.parameters
    rand = recipient_rand_of(recipient._secret, sender, PRICE_WEI, parameters)
    winners = {
        parameters.ticket(sender, ticket.sender_nonce).hash
        for ticket in payment.tickets
        if is_winning(ticket.signature, rand, parameters.win_probability)
    }
    return winners, TICKETS * compute_ticket_units(parameters.face_value_wei, parameters.win_probability)


INSIDE = ["after the first nonce", "after the last nonce", "before the balance", "before the commit"]


@pytest.mark.parametrize("step", INSIDE)
def test_receive__killed_inside_the_transaction__nothing_happened_and_a_retry_counts_whole(tmp_path, step):
    store = _run_until_killed(tmp_path / "money.db", step)
    assert store.session("session").balance_units == 0
    assert store.winners() == []
    chain = make_chain()
    recipient = make_recipient(store, chain)
    outcome = recipient.receive(store.session("session"), make_payment(recipient, chain), chain.clock())
    winners, value = _expected_winners(store, chain)
    assert outcome.error is None
    assert outcome.balance_units == value
    assert {winner.ticket.hash for winner in store.winners()} == winners


def test_receive__killed_after_the_commit__keeps_every_winner_and_refuses_replay(tmp_path):
    store = _run_until_killed(tmp_path / "money.db", "after the commit")
    chain = make_chain()
    winners, value = _expected_winners(store, chain)
    assert winners
    assert {winner.ticket.hash for winner in store.winners(WinnerState.WON)} == winners
    recipient = make_recipient(store, chain)
    session, payment = store.session("session"), make_payment(recipient, chain)
    assert session.balance_units == value
    assert recipient.receive(session, payment, chain.clock()).balance_units == value
    replay = recipient.receive(session, replace(payment, digest=b"q" * 32), chain.clock())
    assert isinstance(replay.error, NonceReplayed)
    assert replay.balance_units == value
    assert {winner.ticket.hash for winner in store.winners()} == winners


@pytest.mark.parametrize(
    "step",
    [
        "before a redemption is marked as sent",
        "after a redemption is marked as sent",
        "after a redemption is broadcast",
    ],
)
def test_run_once__killed_around_sending__redeems_every_winner_exactly_once(tmp_path, step):
    database = tmp_path / "money.db"
    store = _run_until_killed(database, step)
    chain = make_chain()
    chain.block += 40
    winners, _ = _expected_winners(store, make_chain())
    if (left := Path(f"{database}.broadcast")).exists():
        _mine_what_was_broadcast(store, chain, left.read_bytes())
    redeemer = Redeemer(store, chain, RedeemerPolicy(redeem_gas=10))
    redeemer.run_once()
    chain.block += 1  # a ticket that was put back waits for the next block
    redeemer.run_once()
    assert {winner.ticket.hash for winner in store.winners(WinnerState.REDEEMED)} == winners
    assert sum(winner.paid_wei for winner in store.winners()) == 1000 * len(winners)
    assert chain.used == winners
    assert len(chain.broadcasts) == len(winners)


def _mine_what_was_broadcast(store: RecipientStore, chain, transaction_hash: bytes) -> None:
    (sent,) = store.winners(WinnerState.SENT)
    assert sent.transaction_hash == transaction_hash
    chain.pending[transaction_hash] = (sent.ticket, sent.signature, sent.recipient_rand)
    chain.broadcast(
        chain.prepare_redemption(sent.ticket, sent.signature, sent.recipient_rand).__class__(
            transaction_hash, b""
        )
    )
