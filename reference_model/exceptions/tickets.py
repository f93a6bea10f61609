"""Errors of the TicketBroker."""

# ruff: noqa: N815

from reference_model.exceptions.base import ProtocolError

# ---- parameters and funding


class UnlockPeriodIsZero(ProtocolError):
    """Claims and a withdrawal could fall into one round (DEV-6)."""


class TicketValidityPeriodIsZero(ProtocolError):
    """No ticket could ever be redeemed."""


class FundingValueMismatch(ProtocolError):
    """The ETH sent is not what is to be funded."""

    valueWei: int
    requiredWei: int


# ---- redemption, in the order of the checks


class TicketRecipientIsZero(ProtocolError):
    """The ticket pays nobody."""


class TicketSenderIsZero(ProtocolError):
    """Nobody pays the ticket."""


class InvalidAuxDataLength(ProtocolError):
    """Auxiliary data are a round and a block hash."""

    length: int
    requiredLength: int


class CreationRoundHasNoBlockHash(ProtocolError):
    """The creation round was never initialized, or recorded a zero hash."""

    creationRound: int


class CreationRoundBlockHashMismatch(ProtocolError):
    """The ticket names another block hash than the recorded one."""

    creationRound: int
    blockHash: bytes
    recordedBlockHash: bytes


class TicketExpired(ProtocolError):
    """The ticket is too old."""

    creationRound: int
    validityPeriodRounds: int
    currentRound: int


class RecipientRandMismatch(ProtocolError):
    """The number is not the one committed to."""

    recipientRandHash: bytes
    revealedHash: bytes


class TicketAlreadyUsed(ProtocolError):
    """Each ticket pays once."""

    ticketHash: bytes


class InvalidSignatureLength(ProtocolError):
    """A signature has one encoding: a second one would be a second draw."""

    length: int
    requiredLength: int


class MalleableSignature(ProtocolError):
    """The signature is the twin of another one."""

    s: bytes


class UnrecoverableSignature(ProtocolError):
    """No address follows from the signature."""

    v: int
    r: bytes


class InvalidTicketSignature(ProtocolError):
    """Somebody else than the sender signed."""

    signer: str
    sender: str


class TicketDidNotWin(ProtocolError):
    """A ticket wins when its draw is below its win probability."""

    draw: int
    winProb: int


class SenderUnlocked(ProtocolError):
    """The sender may withdraw at any time: its tickets are void."""

    sender: str
    withdrawRound: int
    currentRound: int


class SenderHasNoFunds(ProtocolError):
    """Deposit and reserve are empty."""

    sender: str


class InsufficientFundsForFaceValue(ProtocolError):
    """A ticket is paid in full or not at all (DEV-1)."""

    faceValueWei: int
    depositWei: int
    claimableReserveWei: int


# ---- exit


class UnlockAlreadyInitiated(ProtocolError):
    """The sender is unlocking already."""

    sender: str
    withdrawRound: int


class NoUnlockInProgress(ProtocolError):
    """The sender has not asked to leave."""

    sender: str


class SenderLocked(ProtocolError):
    """The withdraw round has not come."""

    sender: str
    withdrawRound: int
    currentRound: int
