"""Errors of LPT and of its faucet."""

# ruff: noqa: N815

from reference_model.exceptions.base import ProtocolError

# ---- token


class ERC20InvalidSender(ProtocolError):
    """Tokens of the zero address."""

    sender: str


class ERC20InvalidReceiver(ProtocolError):
    """Tokens to the zero address."""

    receiver: str


class ERC20InvalidApprover(ProtocolError):
    """An allowance of the zero address."""

    approver: str


class ERC20InvalidSpender(ProtocolError):
    """An allowance for the zero address."""

    spender: str


class ERC20InsufficientBalance(ProtocolError):
    """The sender has less."""

    sender: str
    balance: int
    needed: int


class ERC20InsufficientAllowance(ProtocolError):
    """The spender is allowed less."""

    spender: str
    allowance: int
    needed: int


class AccessControlUnauthorizedAccount(ProtocolError):
    """The account lacks a role of the token."""

    account: str
    neededRole: str


class AccessControlBadConfirmation(ProtocolError):
    """An account gives up its own roles only."""


class ERC2612ExpiredSignature(ProtocolError):
    """The permit came too late."""

    deadline: int


class ERC2612InvalidSigner(ProtocolError):
    """Somebody else than the owner signed the permit, or it was for another nonce, amount, spender or token."""

    signer: str
    owner: str


class ECDSAInvalidSignature(ProtocolError):
    """No address follows from the signature."""


class ECDSAInvalidSignatureS(ProtocolError):
    """The signature is the twin of another one."""

    s: bytes


# ---- faucet


class RequestTooEarly(ProtocolError):
    """The account has to wait for its next request."""

    requester: str
    currentTime: int
    nextValidRequest: int
