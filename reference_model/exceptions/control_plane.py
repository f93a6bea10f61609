"""Errors of the registry, the Governor, the Minter and the clock."""

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


class CallerNotController(ProtocolError):
    """Only the Controller that a manager follows tells it to follow another."""

    caller: str
    controller: str


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


class ContractNotRegistered(ProtocolError):
    """A collaborator is needed that is not registered."""

    id: str


class TargetNotRegistered(ProtocolError):
    """A proxy has no code to run."""

    targetContractId: str


class TargetIsProxy(ProtocolError):
    """A proxy would run itself (DEV-8)."""

    targetContractId: str


class InvalidTarget(ProtocolError):
    """A proxy would run code that was not built for it (DEV-8)."""

    targetContractId: str
    target: str


class CurrentRoundNotInitialized(ProtocolError):
    """Nobody has initialized the current round yet."""

    currentRound: int


# ---- Governor


class CallerNotGovernor(ProtocolError):
    """Only an executed update changes the owner of the Governor."""

    caller: str
    governor: str


class UpdateAlreadyStaged(ProtocolError):
    """The same update waits already."""

    updateHash: bytes
    executableFromBlock: int


class UpdateNotStaged(ProtocolError):
    """The update does not wait: it never did, or it was executed or cancelled."""

    updateHash: bytes


class UpdateDelayNotExpired(ProtocolError):
    """The update has to wait longer."""

    updateHash: bytes
    currentBlock: int
    executableFromBlock: int


# ---- minting


class InvalidInflation(ProtocolError):
    """A Minter would start with inflation above 100 %."""

    inflation: int
    maximum: int


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


class NewMinterIsCurrentMinter(ProtocolError):
    """A Minter would migrate to itself."""

    minter: str


class NewMinterIsZero(ProtocolError):
    """A Minter would migrate to nobody."""


class NewMinterControllerMismatch(ProtocolError):
    """The new Minter follows another Controller."""

    newMinterController: str
    controller: str


class MinterNotRegistered(ProtocolError):
    """Only the registered Minter migrates."""

    minter: str
    registered: str


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
