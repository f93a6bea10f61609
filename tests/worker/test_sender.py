"""What a sender accepts of offered parameters, at the exact boundaries of offchain.md 7.2, and its nonces.

| rule | condition | outcome |
|---|---|---|
| 3 | expires in 1 / 2 blocks | TicketParametersExpired / accepted |
| 4 | worthless tickets | accepted, nothing else looked at |
| 6 | expected value above / at the limit | ExpectedValueRefused / accepted |
| W22 | expected value equal to the face value | accepted if the deposit covers it |
| 7 | withdraw round last + 1 / last + 2; no deposit; no reserve | SenderUnlocking / accepted; SenderNotFunded |
| 8 | all tickets above / at the limit | BudgetExhausted / accepted |
| 9 | face value above / at the deposit | FaceValueTooLarge / accepted |
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from offchain_worker.tickets import errors
from offchain_worker.tickets.database import open_database
from offchain_worker.tickets.parameters import TicketParameters
from offchain_worker.tickets.sender import SenderLimits, TicketSender
from offchain_worker.tickets.signatures import LocalSigner, require_signature
from offchain_worker.tickets.ticket import MAX_WIN_PROBABILITY
from tests.worker.fake_chain import FakeChain

pytestmark = pytest.mark.worker

GATEWAY = LocalSigner(b"\x11" * 32)
ALWAYS = MAX_WIN_PROBABILITY
PARAMETERS = TicketParameters("0x" + "aa" * 20, 1000, ALWAYS, b"\x05" * 32, 1, 102, 10, b"\x06" * 32)
LIMITS = SenderLimits(max_ticket_expected_value_wei=1000, max_total_expected_value_wei=3000)


@pytest.fixture
def chain() -> FakeChain:
    chain = FakeChain(block=100)
    chain.fund(GATEWAY.address, deposit_wei=1000, reserve_wei=1)
    return chain


@pytest.fixture
def sender(chain: FakeChain, tmp_path) -> TicketSender:
    return TicketSender(GATEWAY, open_database(f"sqlite:///{tmp_path}/gateway.db"), chain, LIMITS)


def test_require_acceptable__everything_at_its_limit__is_accepted(sender, chain):
    sender.require_acceptable(PARAMETERS, 3, chain.clock())


@pytest.mark.parametrize(
    ("changes", "escrow", "count", "error"),
    [
        ({"expiration_block": 101}, {}, 1, errors.TicketParametersExpired),
        ({"expiration_block": 0}, {}, 1, errors.TicketParametersExpired),
        ({"face_value_wei": 1001}, {"deposit_wei": 2000}, 1, errors.ExpectedValueRefused),
        ({}, {"withdraw_round": 11}, 1, errors.SenderUnlocking),
        ({}, {"reserve_wei": 0}, 1, errors.SenderNotFunded),
        ({}, {"deposit_wei": 0}, 1, errors.SenderNotFunded),
        ({}, {}, 4, errors.BudgetExhausted),
        ({"win_probability": 1}, {}, 601, errors.TooManyNonces),
        ({}, {"deposit_wei": 999}, 1, errors.FaceValueTooLarge),
    ],
    ids=[
        "expires next block",
        "no expiry",
        "value",
        "unlocking",
        "no reserve",
        "no deposit",
        "total",
        "count",
        "face value",
    ],
)
def test_require_acceptable__one_rule_violated__raises_its_error(
    sender, chain, changes, escrow, count, error
):
    chain.set_sender(GATEWAY.address, **escrow)
    with pytest.raises(error):
        sender.require_acceptable(replace(PARAMETERS, **changes), count, chain.clock())


def test_require_acceptable__withdraw_round_two_ahead__is_accepted(sender, chain):
    chain.set_sender(GATEWAY.address, withdraw_round=12)
    sender.require_acceptable(PARAMETERS, 1, chain.clock())


def test_require_acceptable__worthless_tickets__need_no_funds(sender, chain):
    chain.set_sender(GATEWAY.address, deposit_wei=0, reserve_wei=0)
    sender.require_acceptable(replace(PARAMETERS, win_probability=0), 1, chain.clock())


def test_sign_tickets__two_payments__count_nonces_from_one_without_repetition(sender):
    first, second = sender.sign_tickets(PARAMETERS, 2), sender.sign_tickets(PARAMETERS, 1)
    assert [ticket.sender_nonce for ticket in (*first, *second)] == [1, 2, 3]
    for ticket in (*first, *second):
        message = PARAMETERS.ticket(GATEWAY.address, ticket.sender_nonce).hash
        require_signature(GATEWAY.address, message, ticket.signature)


def test_sign_tickets__after_a_restart__continues_the_nonces(sender, chain, tmp_path):
    sender.sign_tickets(PARAMETERS, 5)
    again = TicketSender(GATEWAY, open_database(f"sqlite:///{tmp_path}/gateway.db"), chain, LIMITS)
    assert again.sign_tickets(PARAMETERS, 1)[0].sender_nonce == 6


def test_sign_tickets__other_commitment__counts_on_its_own(sender):
    sender.sign_tickets(PARAMETERS, 5)
    assert sender.sign_tickets(replace(PARAMETERS, recipient_rand_hash=b"\x07" * 32), 1)[0].sender_nonce == 1
