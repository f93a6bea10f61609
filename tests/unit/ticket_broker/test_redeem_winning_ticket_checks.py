"""Checks of `redeemWinningTicket` (payments.md 2.4, rows 1 to 16, and DEV-1), first to last.

when the system is paused → SystemPaused
when the current round is not initialized → CurrentRoundNotInitialized
when the recipient is zero → TicketRecipientIsZero
when the sender is zero → TicketSenderIsZero
when the auxiliary data are not 64 bytes → InvalidAuxDataLength
when no block hash is recorded for the creation round → CreationRoundHasNoBlockHash
when the ticket carries another block hash → CreationRoundBlockHashMismatch
when the validity period is over → TicketExpired
when the number revealed does not fit the commitment → RecipientRandMismatch
when the ticket has been redeemed → TicketAlreadyUsed
when the signature is not 65 bytes → InvalidSignatureLength
when its s is in the upper half → MalleableSignature
when nobody can be recovered → UnrecoverableSignature
when the signer is not the sender → InvalidTicketSignature
when the draw is not below the win probability → TicketDidNotWin
when the withdraw round has come → SenderUnlocked
when both pots are empty → SenderHasNoFunds, for face value zero too
when deposit and claimable reserve do not cover the face value → InsufficientFundsForFaceValue

Each is shown alone, and each pair that can be at once is shown to fail with the earlier.
"""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from simulation.tickets import ALWAYS_WINS
from tests.unit.ticket_broker.redemption_faults import (
    BY_NAME,
    DEPOSIT,
    FAULTS,
    INCOMPATIBLE,
    attempt,
)

pytestmark = pytest.mark.unit

PAIRS = [pair for pair in combinations(BY_NAME, 2) if pair not in INCOMPATIBLE]


def assert_fails_with_the_first(market, names) -> None:
    faults = [BY_NAME[name] for name in names]
    signed = attempt(market, faults)
    first = faults[0]
    was_used = market.broker.usedTickets(signed.ticket.hash)

    with market.chain.reverts(first.error, **first.arguments(market, signed)):
        market.redeem(signed)

    assert market.broker.usedTickets(signed.ticket.hash) is was_used


@pytest.mark.parametrize("name", BY_NAME)
def test_redeem_winning_ticket__one_check_fails__reverts_with_found_and_required(market, name):
    assert_fails_with_the_first(market, [name])


@pytest.mark.parametrize("names", PAIRS, ids=" and ".join)
def test_redeem_winning_ticket__two_checks_fail__reverts_with_the_earlier(market, names):
    assert_fails_with_the_first(market, names)


def test_redeem_winning_ticket__no_check_fails__succeeds(market):
    market.redeem(attempt(market, []))


def test_faults__neighbours__are_compared_directly_or_through_a_third():
    """Every adjacent pair is either compared, or one of them is only possible without the other."""
    names = list(BY_NAME)
    left_out = [pair for pair in pairwise(names) if pair in INCOMPATIBLE]
    assert len(FAULTS) == 18
    assert left_out == [
        ("aux data too short", "creation round has no block hash"),
        ("signature has a wrong v", "signer is not the sender"),
    ]


# cases at the edges of single checks


@pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 96, 128])
def test_redeem_winning_ticket__aux_data_of_other_lengths__reverts(market, length):
    market.fund(deposit=DEPOSIT)
    signed = market.issue(1, aux_data=(b"\x01" * length))
    with market.chain.reverts("InvalidAuxDataLength", length=length, requiredLength=64):
        market.redeem(signed)


@pytest.mark.parametrize("creation_round", [0, 2**32, 2**32 + 2, 2**256 - 1])
def test_redeem_winning_ticket__round_that_never_was__has_no_block_hash(market, creation_round):
    market.fund(deposit=DEPOSIT)
    signed = market.issue(1, creation_round=creation_round, block_hash=b"\x01" * 32)
    with market.chain.reverts("CreationRoundHasNoBlockHash", creationRound=creation_round):
        market.redeem(signed)


def test_redeem_winning_ticket__zero_hash_for_a_round_without_hash__still_reverts(market):
    market.fund(deposit=DEPOSIT)
    signed = market.issue(1, creation_round=market.round + 1, block_hash=bytes(32))
    with market.chain.reverts("CreationRoundHasNoBlockHash", creationRound=market.round + 1):
        market.redeem(signed)


def test_redeem_winning_ticket__last_round_of_validity__succeeds_and_the_next_is_too_late(market):
    market.fund(deposit=DEPOSIT)
    in_time, too_late = market.issue(1), market.issue(1)
    market.protocol.start_round()
    market.redeem(in_time)

    market.protocol.start_round()
    creation_round = too_late.ticket.creation_round
    with market.chain.reverts(
        "TicketExpired",
        creationRound=creation_round,
        validityPeriodRounds=2,
        currentRound=creation_round + 2,
    ):
        market.redeem(too_late)


@pytest.mark.parametrize("length", [0, 1, 63, 64, 66, 130])
def test_redeem_winning_ticket__signature_of_other_lengths__reverts(market, length):
    market.fund(deposit=DEPOSIT)
    signed = market.issue(1)
    padded = (signed.signature * 2)[:length]
    with market.chain.reverts("InvalidSignatureLength", length=length, requiredLength=65):
        market.redeem(signed.with_signature(padded))


@pytest.mark.parametrize("v", [0, 1, 26, 29, 255])
def test_redeem_winning_ticket__v_other_than_27_and_28__reverts(market, v):
    market.fund(deposit=DEPOSIT)
    signed = market.issue(1)
    spoilt = signed.with_signature(signed.signature[:64] + bytes([v]))
    with market.chain.reverts("UnrecoverableSignature", v=v, r=signed.signature[:32]):
        market.redeem(spoilt)


def test_redeem_winning_ticket__r_on_no_point__reverts(market):
    market.fund(deposit=DEPOSIT)
    signed = market.issue(1)
    spoilt = signed.with_signature(bytes(32) + signed.signature[32:])
    with market.chain.reverts("UnrecoverableSignature", v=signed.signature[64], r=bytes(32)):
        market.redeem(spoilt)


def test_redeem_winning_ticket__other_v__recovers_somebody_else(market):
    market.fund(deposit=DEPOSIT)
    signed = market.issue(1)
    flipped = signed.with_signature(signed.signature[:64] + bytes([55 - signed.signature[64]]))
    with market.chain.reverts("InvalidTicketSignature", ...) as expected:
        market.redeem(flipped)
    assert expected.caught.args_by_name["sender"] == market.gateway
    assert expected.caught.args_by_name["signer"] != market.gateway


@pytest.mark.parametrize(
    "change",
    [
        {"face_value": 2},
        {"win_prob": ALWAYS_WINS - 1},
        {"sender_nonce": 10**6},
        {"recipient_rand": 6},
        {"recipient": "second_orchestrator"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_redeem_winning_ticket__field_changed_after_signing__is_not_the_senders(market, change):
    market.fund(deposit=DEPOSIT)
    signed = market.issue(1)
    fields = {k: getattr(market, v) if k == "recipient" else v for k, v in change.items()}
    rand = fields.get("recipient_rand", signed.recipient_rand)
    forged = replace(signed, ticket=replace(signed.ticket, **fields), recipient_rand=rand)
    with market.chain.reverts("InvalidTicketSignature", ...):
        market.redeem(forged)


def test_redeem_winning_ticket__draw_on_either_side_of_the_win_probability__decides(market):
    market.fund(deposit=DEPOSIT)
    tickets = [market.issue(1, win_prob=2**255) for _ in range(40)]
    for signed in tickets:
        if signed.draw < 2**255:
            market.redeem(signed)
        else:
            with market.chain.reverts("TicketDidNotWin", draw=signed.draw, winProb=2**255):
                market.redeem(signed)
    assert {signed.draw < 2**255 for signed in tickets} == {True, False}


def test_redeem_winning_ticket__face_value_zero_and_no_funds__reverts(market):
    with market.chain.reverts("SenderHasNoFunds", sender=market.gateway):
        market.redeem(market.issue(0))


@pytest.mark.parametrize("recipient", ["newcomer", "outsider"])
def test_redeem_winning_ticket__recipient_not_active__may_not_draw_on_the_reserve(market, recipient):
    market.fund(deposit=10, reserve=300)
    signed = market.issue(11, recipient=getattr(market, recipient))
    with market.chain.reverts(
        "InsufficientFundsForFaceValue", faceValueWei=11, depositWei=10, claimableReserveWei=0
    ):
        market.redeem(signed)


@pytest.mark.parametrize("recipient", ["newcomer", "outsider"])
def test_redeem_winning_ticket__recipient_not_active__is_refused_by_the_bonding_manager(market, recipient):
    market.fund(deposit=10)
    actor = getattr(market, recipient)
    signed = market.issue(10, recipient=actor)
    with market.chain.reverts("TranscoderNotActive", transcoder=actor, currentRound=market.round):
        market.redeem(signed)
    assert market.broker.usedTickets(signed.ticket.hash) is False
    assert market.deposit() == 10


def test_redeem_winning_ticket__broker_not_registered__reverts_with_the_callees_error(market):
    market.fund(deposit=10)
    signed = market.issue(10)
    market.protocol.register("TicketBroker", market.protocol.targets["TicketBroker"])
    with market.chain.reverts("CallerNotRegistered", ...):
        market.redeem(signed)


def test_redeem_winning_ticket__face_value_beyond_all_funds__reverts_without_overflow(market):
    market.fund(deposit=10, reserve=300)
    signed = market.issue(2**256 - 1)
    with market.chain.reverts(
        "InsufficientFundsForFaceValue", faceValueWei=2**256 - 1, depositWei=10, claimableReserveWei=100
    ):
        market.redeem(signed)
