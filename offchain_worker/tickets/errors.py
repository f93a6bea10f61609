"""Errors of the money path, in the order in which a payment can meet them."""

from __future__ import annotations

from typing import ClassVar

from offchain_worker.errors import NamedError


class SignatureRejected(NamedError):
    """A signature has the wrong length, form or signer."""

    status = 401
    template = "signature {field} is {found}, required is {required}"


class TicketError(NamedError):
    """A ticket or its parameters are refused.

    `is_fatal`: nothing later in the payment is looked at (offchain.md 8.2).
    """

    status = 402
    is_fatal: ClassVar[bool] = False


class SenderUnlocking(TicketError):
    is_fatal = True
    template = (
        "sender {sender} withdraws in round {withdrawRound}; it must be locked beyond round {lastSafeRound}"
    )


class TicketRecipientMismatch(TicketError):
    is_fatal = True
    template = "ticket recipient is {found}, this orchestrator is {required}"


class TicketSenderMismatch(TicketError):
    is_fatal = True
    template = "ticket sender is {found}, the session belongs to {required}"


class PriceMismatch(TicketError):
    is_fatal = True
    template = "payment states a price of {found} wei per million pixels, the session's price is {required}"


class TicketParametersMismatch(TicketError):
    is_fatal = True
    template = (
        "recipient rand hash {found} does not commit to these ticket parameters and this price; "
        "use the parameters as offered"
    )


class TicketSignatureRejected(TicketError):
    status = 401
    template = "signature of the ticket with nonce {senderNonce}: {field} is {found}, required is {required}"


class NonceReplayed(TicketError):
    status = 409
    template = (
        "sender nonce {senderNonce} was already used under recipient rand hash {recipientRandHash}; "
        "nonces only grow"
    )


class TooManyNonces(TicketError):
    template = (
        "{found} nonces were used under recipient rand hash {recipientRandHash}, at most {required} are accepted; "
        "take fresh parameters"
    )


class TicketParametersExpired(TicketError):
    status = 409
    template = (
        "ticket parameters expire at block {expirationBlock}, the last block is {lastBlock}; "
        "ask for a new offer"
    )


class SenderUnderfunded(TicketError):
    template = (
        "sender {sender} can be relied on for {maxFloatWei} wei, required are {requiredWei} wei; "
        "fund deposit or reserve"
    )


class InsufficientBalance(TicketError):
    template = (
        "session balance is {balanceWei} wei, this segment needs {requiredWei} wei; pay with more tickets"
    )


class SessionUnknown(NamedError):
    status = 404
    template = "session {session} is not known here; ask for an offer"


class SessionExpired(NamedError):
    status = 401
    template = "session {session} expired at {expiresAt} (unix seconds), it is {now}; ask for a new offer"


class TicketDidNotWin(TicketError):
    template = "draw {draw} is not below the win probability {winProbability}: there is nothing to redeem"


class RecipientRandMismatch(TicketError):
    template = "recipient rand does not hash to {required}; found {found}"


class FaceValueTooLarge(TicketError):
    template = "face value {faceValueWei} wei exceeds the sender's spendable deposit of {requiredWei} wei"


class ExpectedValueRefused(TicketError):
    template = "expected value of {found} wei per ticket is refused: {required}"


class BudgetExhausted(TicketError):
    template = (
        "{scope}: paying {requestedWei} wei on top of {spentWei} wei passes the limit of {limitWei} wei"
    )


class SenderNotFunded(TicketError):
    template = (
        "sender {sender} has deposit {depositWei} wei and reserve {reserveWei} wei; both must be above zero"
    )
