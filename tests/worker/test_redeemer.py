"""Redemption of winners (offchain.md 10, DEV-1).

| condition | outcome |
|---|---|
| system paused / round not initialized | named error, nothing touched |
| parameters still in use | waits |
| recipient not active, escrow short, gas price high, face value below cost | waits; redeemed once mended |
| losing ticket, wrong recipient rand | TicketDidNotWin, RecipientRandMismatch; lost, nothing sent, others go on |
| created two rounds ago | expired |
| used on chain by somebody else | redeemed, with what was paid |
| reverts in simulation / when mined | won again, next attempt later |
| two redeemers | one transaction |
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from offchain_worker.chain.interface import CurrentRoundNotInitialized, SystemPaused
from offchain_worker.tickets.database import open_database, writing
from offchain_worker.tickets.errors import RecipientRandMismatch, TicketDidNotWin
from offchain_worker.tickets.recipient_store import RecipientStore, Winner, WinnerState
from offchain_worker.tickets.redeemer import Redeemer, RedeemerPolicy, require_winner
from offchain_worker.tickets.signatures import LocalSigner
from offchain_worker.tickets.ticket import MAX_WIN_PROBABILITY, Ticket, compute_recipient_rand_hash
from tests.worker.fake_chain import FakeChain

pytestmark = pytest.mark.worker

GATEWAY, ORCHESTRATOR = LocalSigner(b"\x11" * 32), LocalSigner(b"\x22" * 32)
POLICY = RedeemerPolicy(redeem_gas=10, max_gas_price_wei=50)
RAND = 5


@pytest.fixture
def chain() -> FakeChain:
    chain = FakeChain(active_orchestrators={ORCHESTRATOR.address}, block=140)
    chain.fund(GATEWAY.address, deposit_wei=1000, reserve_wei=0)
    return chain


@pytest.fixture
def store(tmp_path) -> RecipientStore:
    return RecipientStore(open_database(f"sqlite:///{tmp_path}/money.db"))


def make_winner(
    chain: FakeChain, nonce: int = 1, face_value_wei: int = 1000, creation_round: int = 10
) -> Winner:
    ticket = Ticket(
        recipient=ORCHESTRATOR.address,
        sender=GATEWAY.address,
        face_value_wei=face_value_wei,
        win_probability=MAX_WIN_PROBABILITY,
        sender_nonce=nonce,
        recipient_rand_hash=compute_recipient_rand_hash(RAND),
        creation_round=creation_round,
        creation_round_block_hash=chain.block_hash_for_round(creation_round),
    )
    return Winner(ticket, GATEWAY.sign(ticket.hash), RAND, parameters_expiration_block=140)


def add(store: RecipientStore, *winners: Winner) -> None:
    with writing(store.engine) as connection:
        for winner in winners:
            assert store.add_winner_in(connection, winner)


def states(store: RecipientStore) -> list[WinnerState]:
    return [winner.state for winner in store.winners()]


def test_run_once__open_winner__is_redeemed_and_the_paid_amount_recorded(chain, store):
    add(store, make_winner(chain))
    (report,) = Redeemer(store, chain, POLICY).run_once()
    assert (report.state, report.paid_wei) == (WinnerState.REDEEMED, 1000)
    (winner,) = store.winners()
    assert (winner.state, winner.paid_wei, winner.transaction_hash) == (
        WinnerState.REDEEMED,
        1000,
        report.transaction_hash,
    )
    assert Redeemer(store, chain, POLICY).run_once() == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"is_paused": True}, SystemPaused), ({"is_round_initialized": False}, CurrentRoundNotInitialized)],
    ids=["paused", "round not initialized"],
)
def test_run_once__protocol_not_running__raises_before_touching_a_ticket(chain, store, changes, error):
    add(store, make_winner(chain))
    for name, value in changes.items():
        setattr(chain, name, value)
    with pytest.raises(error):
        Redeemer(store, chain, POLICY).run_once()
    assert (states(store), chain.broadcasts) == ([WinnerState.WON], [])


def _shorten_escrow(chain: FakeChain, is_mended: bool) -> None:
    chain.set_sender(GATEWAY.address, deposit_wei=1000 if is_mended else 999)


OBSTACLES = {
    "parameters in use": lambda chain, is_mended: setattr(chain, "block", 140 if is_mended else 139),
    "recipient not active": lambda chain, is_mended: setattr(
        chain, "active_orchestrators", {ORCHESTRATOR.address} if is_mended else set()
    ),
    "escrow short by one wei": _shorten_escrow,
    "gas price above the maximum": lambda chain, is_mended: setattr(
        chain, "gas_price", 50 if is_mended else 51
    ),
}


@pytest.mark.parametrize("obstacle", OBSTACLES.values(), ids=OBSTACLES)
def test_run_once__obstacle__waits_with_a_reason_and_redeems_once_mended(chain, store, obstacle):
    add(store, make_winner(chain))
    redeemer = Redeemer(store, chain, POLICY)
    obstacle(chain, False)
    (report,) = redeemer.run_once()
    assert report.state == WinnerState.WON
    assert report.reason
    assert chain.broadcasts == []
    obstacle(chain, True)
    (report,) = redeemer.run_once()
    assert report.state == WinnerState.REDEEMED


def test_run_once__face_value_not_above_the_cost__waits(chain, store):
    add(store, make_winner(chain, face_value_wei=10))
    (report,) = Redeemer(store, chain, POLICY).run_once()
    assert report.state == WinnerState.WON
    assert "redemption cost" in report.reason


def test_run_once__deposit_covers_one_of_two__redeems_one_and_keeps_the_other(chain, store):
    add(store, make_winner(chain, nonce=1), make_winner(chain, nonce=2))
    Redeemer(store, chain, POLICY).run_once()
    assert sorted(states(store)) == [WinnerState.REDEEMED, WinnerState.WON]
    assert chain.sender_state(GATEWAY.address).deposit_wei == 0


def test_run_once__ticket_of_two_rounds_ago__is_expired_and_not_sent(chain, store):
    add(store, make_winner(chain, creation_round=8))
    (report,) = Redeemer(store, chain, POLICY).run_once()
    assert (report.state, chain.broadcasts) == (WinnerState.EXPIRED, [])


def test_run_once__ticket_of_the_last_round__is_redeemed(chain, store):
    add(store, make_winner(chain, creation_round=9))
    (report,) = Redeemer(store, chain, POLICY).run_once()
    assert report.state == WinnerState.REDEEMED


def test_run_once__several_winners__earliest_deadline_then_largest_value_first(chain, store):
    chain.set_sender(GATEWAY.address, deposit_wei=10_000)
    late, small, large = make_winner(chain, 1), make_winner(chain, 2, 500, 9), make_winner(chain, 3, 900, 9)
    add(store, late, small, large)
    reports = Redeemer(store, chain, POLICY).run_once()
    assert [report.ticket_hash for report in reports] == [
        winner.ticket.hash for winner in (large, small, late)
    ]


def test_run_once__redeemed_by_somebody_else__records_what_was_paid(chain, store):
    winner = make_winner(chain)
    chain.broadcast(chain.prepare_redemption(winner.ticket, winner.signature, RAND))
    add(store, winner)
    (report,) = Redeemer(store, chain, POLICY).run_once()
    assert (report.state, report.paid_wei) == (WinnerState.REDEEMED, 1000)
    assert len(chain.broadcasts) == 1


def test_run_once__reverts_when_mined__is_won_again_and_waits_a_block(chain, store):
    add(store, make_winner(chain))
    prepare = chain.prepare_redemption

    def prepare_then_drain(*arguments):
        chain.set_sender(GATEWAY.address, deposit_wei=0)
        return prepare(*arguments)

    chain.prepare_redemption = prepare_then_drain
    (report,) = Redeemer(store, chain, POLICY).run_once()
    assert (report.state, report.reason) == (WinnerState.WON, "transaction reverted")
    (winner,) = store.winners()
    assert (winner.attempts, winner.next_attempt_block) == (1, chain.block + 1)


def test_run_once__two_redeemers_at_once__send_one_transaction(chain, store):
    add(store, make_winner(chain))
    first, second = Redeemer(store, chain, POLICY), Redeemer(store, chain, POLICY)
    simulate, is_inside = chain.simulate_redemption, False

    def let_the_other_go_first(*arguments):
        nonlocal is_inside
        simulate(*arguments)
        if not is_inside:
            is_inside = True
            second.run_once()

    chain.simulate_redemption = let_the_other_go_first
    first.run_once()
    assert len(chain.broadcasts) == 1
    assert states(store) == [WinnerState.REDEEMED]


def test_require_winner__losing_ticket__raises_ticket_did_not_win(chain):
    winner = make_winner(chain)
    loser = replace(winner, ticket=replace(winner.ticket, win_probability=0))
    with pytest.raises(TicketDidNotWin):
        require_winner(loser)


def test_require_winner__wrong_recipient_rand__raises_recipient_rand_mismatch(chain):
    with pytest.raises(RecipientRandMismatch):
        require_winner(replace(make_winner(chain), recipient_rand=RAND + 1))


def test_run_once__losing_ticket_in_the_store__is_lost_unsent_and_does_not_stop_the_others(chain, store):
    good = make_winner(chain, nonce=1)
    loser = make_winner(chain, nonce=2)
    loser = replace(loser, ticket=replace(loser.ticket, win_probability=0))
    add(store, loser, good)
    reports = {report.ticket_hash: report for report in Redeemer(store, chain, POLICY).run_once()}
    assert reports[loser.ticket.hash].state == WinnerState.LOST
    assert "draw" in reports[loser.ticket.hash].reason
    assert reports[good.ticket.hash].state == WinnerState.REDEEMED
    assert len(chain.broadcasts) == 1
