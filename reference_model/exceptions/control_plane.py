"""Errors of the registry, the token, the Minter and the clock."""

# ruff: noqa: N815

from reference_model.exceptions.base import ProtocolError

# ---- registry


class CallerNotOwner(ProtocolError):
    """Only the owner of the Controller may do this."""

    caller: str
    owner: str


class NewOwnerIsZero(ProtocolError):
    """Ownership would go to nobody."""


class ContractHasNoCode(ProtocolError):
    """An address without code would be registered (DEV-8)."""

    id: str
    contractAddress: str


class SystemPaused(ProtocolError):
    """The system stands still."""


class SystemNotPaused(ProtocolError):
    """The system runs."""


class CallerNotControllerOwner(ProtocolError):
    """Only the owner of the Controller sets parameters."""

    caller: str
    owner: str


class CallerNotRegistered(ProtocolError):
    """Only the contract registered under this id may call."""

    caller: str
    requiredId: str
    required: str


class CallerNotEitherRegistered(ProtocolError):
    """Only the contracts registered under these ids may call."""

    caller: str
    firstId: str
    secondId: str


class CurrentRoundNotInitialized(ProtocolError):
    """Nobody has initialized the current round yet."""

    currentRound: int


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


# ---- minting


class InvalidInflationChange(ProtocolError):
    """The step of inflation would be above 100 %."""

    inflationChange: int
    maximum: int


class InvalidTargetBondingRate(ProtocolError):
    """The target would be above 100 %."""

    targetBondingRate: int
    maximum: int


class RewardExceedsMintableTokens(ProtocolError):
    """The round has less left to mint."""

    reward: int
    currentMintedTokens: int
    currentMintableTokens: int


class InsufficientETH(ProtocolError):
    """The Minter has less."""

    amount: int
    balance: int


class ETHTransferFailed(ProtocolError):
    """The recipient does not take ETH."""

    recipient: str
    amount: int


# ---- rounds


class RoundLengthIsZero(ProtocolError):
    """Rounds would have no blocks."""


class InvalidRoundLockAmount(ProtocolError):
    """More than the whole round would be locked."""

    roundLockAmount: int
    maximum: int


class LIPUpgradeRoundAlreadySet(ProtocolError):
    """The upgrade round of a proposal is set once."""

    lip: int
    round: int


class RoundAlreadyInitialized(ProtocolError):
    """Somebody was faster."""

    round: int


class BlockNotPast(ProtocolError):
    """Only past blocks have a hash."""

    blockNumber: int
    currentBlock: int


class BlockHashNotAvailable(ProtocolError):
    """Only the latest blocks have a hash."""

    blockNumber: int
    oldestAvailable: int
