"""The checks of a redemption in their order, each with a way to make it fail.

A fault acts at up to four moments: on the market before the ticket is made, on the ticket's fields before it is
signed, on the signed ticket, and on the market just before the redemption.  Faults combine, so that a pair of
them shows which check comes first.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.tickets import CURVE_ORDER, SignedTicket, Ticket, commitment, uint256
from tests.helpers.ticket_market import TicketMarket

DEPOSIT = 1_000
RESERVE = 300
FACE_VALUE = 400
OTHER_HASH = b"\x77" * 32


@dataclass(frozen=True)
class Fault:
    """One failing check: the error, and the arguments it must carry for the attempt at hand."""

    name: str
    error: str
    arguments: Callable[[TicketMarket, SignedTicket], dict[str, Any]]
    before: Callable[[TicketMarket], None] | None = None
    on_ticket: Callable[[TicketMarket, Ticket], Ticket] | None = None
    on_signed: Callable[[TicketMarket, SignedTicket], SignedTicket] | None = None
    after: Callable[[TicketMarket, SignedTicket], None] | None = None


def attempt(market: TicketMarket, faults: list[Fault]) -> SignedTicket:
    """A funded gateway and a signed winning ticket, spoilt by each fault in turn; nothing is redeemed yet."""
    market.fund(DEPOSIT, RESERVE)
    for fault in faults:
        if fault.before:
            fault.before(market)
    ticket = market.ticket(FACE_VALUE)
    for fault in faults:
        if fault.on_ticket:
            ticket = fault.on_ticket(market, ticket)
    signed = ticket.sign(market.gateway)
    genuine = signed
    for fault in faults:
        if fault.on_signed:
            signed = fault.on_signed(market, signed)
    # The later a check, the earlier its fault: a paused system would stop the others.
    for fault in reversed(faults):
        if fault.after:
            fault.after(market, genuine)
    return signed


def _empty_pots(market: TicketMarket) -> None:
    """Leave, then be paid in again with nothing: funds are gone, the sender is locked."""
    if market.withdraw_round() == 0:
        market.become_unlocked()
        market.broker.withdraw.send(sender=market.gateway)
        market.broker.cancelUnlock.send(sender=market.gateway)
    else:
        market.broker.withdraw.send(sender=market.gateway)


def _flip_to_high_s(market: TicketMarket, signed: SignedTicket) -> SignedTicket:
    signature = signed.signature
    high = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    return signed.with_signature(signature[:32] + uint256(high) + signature[64:])


def _expire(market: TicketMarket, signed: SignedTicket) -> None:
    market.protocol.pass_rounds(market.broker.ticketValidityPeriod())


FAULTS = [
    Fault(
        "system is paused",
        "SystemPaused",
        lambda market, signed: {},
        after=lambda market, _: market.protocol.controller.pause.send(sender=market.protocol.owner),
    ),
    Fault(
        "round is not initialized",
        "CurrentRoundNotInitialized",
        lambda market, signed: {"currentRound": market.protocol.rounds_manager.lastInitializedRound() + 1},
        after=lambda market, _: market.protocol.mine_to_round(),
    ),
    Fault(
        "recipient is zero",
        "TicketRecipientIsZero",
        lambda market, signed: {},
        on_ticket=lambda market, ticket: replace(ticket, recipient=ZERO_ADDRESS),
    ),
    Fault(
        "sender is zero",
        "TicketSenderIsZero",
        lambda market, signed: {},
        on_ticket=lambda market, ticket: replace(ticket, sender=ZERO_ADDRESS),
    ),
    Fault(
        "aux data too short",
        "InvalidAuxDataLength",
        lambda market, signed: {"length": 63, "requiredLength": 64},
        on_ticket=lambda market, ticket: replace(ticket, aux_data=ticket.as_struct["auxData"][:63]),
    ),
    Fault(
        "creation round has no block hash",
        "CreationRoundHasNoBlockHash",
        lambda market, signed: {"creationRound": signed.ticket.creation_round},
        on_ticket=lambda market, ticket: replace(ticket, creation_round=ticket.creation_round + 1),
    ),
    Fault(
        "block hash is another",
        "CreationRoundBlockHashMismatch",
        lambda market, signed: {
            "creationRound": signed.ticket.creation_round,
            "blockHash": OTHER_HASH,
            "recordedBlockHash": market.protocol.rounds_manager.blockHashForRound(
                signed.ticket.creation_round
            ),
        },
        on_ticket=lambda market, ticket: replace(ticket, block_hash=OTHER_HASH),
    ),
    Fault(
        "ticket is expired",
        "TicketExpired",
        lambda market, signed: {
            "creationRound": signed.ticket.creation_round,
            "validityPeriodRounds": 2,
            "currentRound": signed.ticket.creation_round + 2,
        },
        after=_expire,
    ),
    Fault(
        "another number is revealed",
        "RecipientRandMismatch",
        lambda market, signed: {
            "recipientRandHash": signed.ticket.as_struct["recipientRandHash"],
            "revealedHash": commitment(signed.recipient_rand),
        },
        on_signed=lambda market, signed: replace(signed, recipient_rand=signed.recipient_rand + 1),
    ),
    Fault(
        "ticket is used",
        "TicketAlreadyUsed",
        lambda market, signed: {"ticketHash": signed.ticket.hash},
        after=lambda market, genuine: market.redeem(genuine),
    ),
    Fault(
        "signature is compact",
        "InvalidSignatureLength",
        lambda market, signed: {"length": 64, "requiredLength": 65},
        on_signed=lambda market, signed: signed.with_signature(signed.signature[:64]),
    ),
    Fault(
        "signature has a high s",
        "MalleableSignature",
        lambda market, signed: {"s": signed.signature[32:64]},
        on_signed=_flip_to_high_s,
    ),
    Fault(
        "signature has a wrong v",
        "UnrecoverableSignature",
        lambda market, signed: {"v": signed.signature[64], "r": signed.signature[:32]},
        on_signed=lambda market, signed: signed.with_signature(
            signed.signature[:64] + bytes([signed.signature[64:][0] - 27 if signed.signature[64:] else 0])
        ),
    ),
    Fault(
        "signer is not the sender",
        "InvalidTicketSignature",
        lambda market, signed: {"signer": market.attacker, "sender": signed.ticket.sender},
        on_signed=lambda market, signed: signed.with_signature(
            market.attacker.sign_message(signed.ticket.hash)
        ),
    ),
    Fault(
        "ticket loses",
        "TicketDidNotWin",
        lambda market, signed: {"draw": signed.draw, "winProb": 0},
        on_ticket=lambda market, ticket: replace(ticket, win_prob=0),
    ),
    Fault(
        "sender is unlocked",
        "SenderUnlocked",
        lambda market, signed: {
            "sender": market.gateway,
            "withdrawRound": market.withdraw_round(),
            "currentRound": market.round,
        },
        before=lambda market: market.become_unlocked(),
    ),
    Fault(
        "sender has no funds",
        "SenderHasNoFunds",
        lambda market, signed: {"sender": market.gateway},
        before=_empty_pots,
    ),
    Fault(
        "funds do not cover the face value",
        "InsufficientFundsForFaceValue",
        # A third of the reserve is the recipient's.
        lambda market, signed: {
            "faceValueWei": DEPOSIT + 101,
            "depositWei": DEPOSIT,
            "claimableReserveWei": 100,
        },
        on_ticket=lambda market, ticket: replace(ticket, face_value=DEPOSIT + 101),
    ),
]

BY_NAME = {fault.name: fault for fault in FAULTS}

# Pairs that cannot be at once, and why.
_USED = "ticket is used"
INCOMPATIBLE = {
    # A ticket that was once redeemed has no such field, and its sender paid.
    *((_USED, name) for name in ("ticket loses", "funds do not cover the face value", "sender has no funds")),
    *(
        (name, _USED)
        for name in (
            "recipient is zero",
            "sender is zero",
            "aux data too short",
            "creation round has no block hash",
            "block hash is another",
        )
    ),
    (_USED, "sender is unlocked"),
    # The earlier one leaves nothing that the later could look at.
    ("aux data too short", "creation round has no block hash"),
    ("aux data too short", "block hash is another"),
    ("creation round has no block hash", "ticket is expired"),
    ("signature is compact", "signature has a wrong v"),
    ("signature has a high s", "signer is not the sender"),
    ("signature is compact", "signer is not the sender"),
    ("signature has a wrong v", "signer is not the sender"),
}
