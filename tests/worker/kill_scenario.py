"""A recipient in a process of its own that is killed at a given step. Run as a script by `test_store_under_kill.py`.

Usage: python kill_scenario.py DATABASE STEP, where STEP names the point at which the process kills itself (SIGKILL).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from offchain_worker.tickets.database import master_secret, open_database
from offchain_worker.tickets.parameters import TicketEconomics
from offchain_worker.tickets.recipient import Payment, SignedNonce, TicketRecipient
from offchain_worker.tickets.recipient_store import RecipientStore, Session
from offchain_worker.tickets.redeemer import Redeemer, RedeemerPolicy
from offchain_worker.tickets.signatures import LocalSigner
from tests.worker.fake_chain import FakeChain

ORCHESTRATOR, GATEWAY = LocalSigner(b"\x22" * 32), LocalSigner(b"\x11" * 32)
ECONOMICS = TicketEconomics(ticket_expected_value_wei=500, max_face_value_wei=1000, redeem_gas=10)
PRICE_WEI = 7
TICKETS = 12
SEED = 1


def make_chain() -> FakeChain:
    chain = FakeChain(active_orchestrators={ORCHESTRATOR.address})
    chain.fund(GATEWAY.address)
    return chain


def make_recipient(store: RecipientStore, chain: FakeChain) -> TicketRecipient:
    secret = master_secret(store.engine)
    return TicketRecipient(ORCHESTRATOR.address, secret, store, chain, ECONOMICS, draw_seed=lambda: SEED)


def make_payment(recipient: TicketRecipient, chain: FakeChain) -> Payment:
    """The payment that every run sees: the same parameters, nonces and signatures."""
    parameters = recipient.make_parameters(GATEWAY.address, PRICE_WEI, chain.clock())
    tickets = tuple(
        SignedNonce(nonce, GATEWAY.sign(parameters.ticket(GATEWAY.address, nonce).hash))
        for nonce in range(1, TICKETS + 1)
    )
    return Payment(b"p" * 32, GATEWAY.address, PRICE_WEI, parameters, tickets)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_on_call(target: object, name: str, number: int = 1, after: bool = False) -> None:
    """Makes the `number`-th call of `target.name` kill the process, before or after its work."""
    original, calls = getattr(target, name), 0

    def patched(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == number and not after:
            die()
        result = original(*args, **kwargs)
        if calls == number:
            die()
        return result

    setattr(target, name, patched)


def main(database: str, step: str) -> None:
    store = RecipientStore(open_database(f"sqlite:///{database}"))
    chain = make_chain()
    recipient = make_recipient(store, chain)
    session = Session("session", GATEWAY.address, PRICE_WEI, 0, 0, 10**10, "{}")
    store.create_session(session)
    payment = make_payment(recipient, chain)
    if step == "after the first nonce":
        kill_on_call(store, "add_nonce_in", after=True)
    elif step == "after the last nonce":
        kill_on_call(store, "add_nonce_in", TICKETS, after=True)
    elif step == "before the balance":
        kill_on_call(store, "change_balance_in")
    elif step == "before the commit":
        kill_on_call(store, "change_balance_in", after=True)
    recipient.receive(session, payment, chain.clock())
    if step == "after the commit":
        die()
    chain.block += 40
    redeemer = Redeemer(store, chain, RedeemerPolicy(redeem_gas=10))
    if step == "before a redemption is marked as sent":
        kill_on_call(store, "advance_winner")
    elif step == "after a redemption is marked as sent":
        kill_on_call(store, "advance_winner", after=True)
    elif step == "after a redemption is broadcast":
        # The chain outlives the process: what was broadcast is left beside the database.
        broadcast = chain.broadcast

        def broadcast_and_die(transaction):
            broadcast(transaction)
            Path(f"{database}.broadcast").write_bytes(transaction.hash)
            die()

        chain.broadcast = broadcast_and_die
    redeemer.run_once()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
