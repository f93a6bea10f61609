"""Errors of the BondingManager and of BondingVotes."""

# ruff: noqa: N815

from reference_model.exceptions.base import ProtocolError

# ---- parameters


class InvalidTreasuryRewardCutRate(ProtocolError):
    """The treasury would get more than everything."""

    cutRateRay: int
    maxRateRay: int


class PoolSizeNotIncreased(ProtocolError):
    """The pool only grows."""

    requestedSize: int
    currentMaxSize: int


class UnbondingPeriodIsZero(ProtocolError):
    """Stake would leave at once (DEV-6)."""


class PoolSizeNotSet(ProtocolError):
    """Somebody would enter the pool before it has a size."""


# ---- bonds


class BondAmountIsZero(ProtocolError):
    """Nothing to bond, and nothing to move along."""


class UnbondAmountIsZero(ProtocolError):
    """Nothing to unbond."""


class InsufficientBond(ProtocolError):
    """More would leave than is bonded, claimed earnings included."""

    requestedAmount: int
    bondedAmount: int


class DelegatorNotBonded(ProtocolError):
    """The delegator has no bond, or none that counts yet."""

    delegator: str
    status: int


class DelegatorNotUnbonded(ProtocolError):
    """The delegator has a bond."""

    delegator: str
    status: int


class InvalidDelegator(ProtocolError):
    """Somebody else may not start this account's bond."""

    delegator: str


class InvalidDelegate(ProtocolError):
    """Somebody else would make this account an orchestrator."""

    delegate: str


class InvalidDelegateChange(ProtocolError):
    """Somebody else would move a bond."""

    currentDelegate: str
    requestedDelegate: str


class RegisteredTranscoderCannotMove(ProtocolError):
    """An orchestrator has to unbond before it bonds to another."""

    transcoder: str
    requestedDelegate: str


class IllegalClaimEarnings(ProtocolError):
    """Somebody else would make a delegator miss this round's reward."""

    caller: str
    delegator: str
    delegate: str


class DelegateMustRewardFirst(ProtocolError):
    """Rejoining would cost an orchestrator that leaves after this round its reward."""

    delegate: str
    currentRound: int


class InvalidUnbondingLock(ProtocolError):
    """There is no such lock."""

    delegator: str
    unbondingLockId: int


class WithdrawRoundNotReached(ProtocolError):
    """The lock is still closed."""

    withdrawRound: int
    currentRound: int


class FeeRecipientIsZero(ProtocolError):
    """Fees would go to nobody."""


class InsufficientFees(ProtocolError):
    """More fees would leave than have been claimed."""

    requestedAmount: int
    claimedFees: int


# ---- orchestrators


class TranscoderNotRegistered(ProtocolError):
    """The account does not bond to itself."""

    transcoder: str


class TranscoderNotActive(ProtocolError):
    """The orchestrator is not in the active set of the round."""

    transcoder: str
    currentRound: int


class RoundLocked(ProtocolError):
    """Rates are fixed for the rest of the round."""

    currentRound: int


class InvalidRewardCut(ProtocolError):
    """More than all rewards would be kept."""

    rewardCutPpm: int
    maxPpm: int


class InvalidFeeShare(ProtocolError):
    """More than all fees would be passed on."""

    feeSharePpm: int
    maxPpm: int


class RewardNotCalled(ProtocolError):
    """An active orchestrator sets rates only after its reward."""

    transcoder: str
    lastRewardRound: int
    currentRound: int


class RewardAlreadyCalled(ProtocolError):
    """One reward per round."""

    transcoder: str
    currentRound: int


class CallerNotRewardCaller(ProtocolError):
    """The orchestrator has chosen somebody else, or nobody, to reward for it."""

    caller: str
    transcoder: str
    rewardCaller: str


class InvalidSlashShare(ProtocolError):
    """A share of more than the whole."""

    sharePpm: int
    maxPpm: int


# ---- votes


class InvalidCaller(ProtocolError):
    """Only the BondingManager writes checkpoints."""

    caller: str
    required: str


class InvalidStartRound(ProtocolError):
    """A checkpoint holds from the next round on."""

    checkpointRound: int
    requiredRound: int


class FutureLastClaimRound(ProtocolError):
    """A checkpoint holds no earnings of the future."""

    lastClaimRound: int
    maxAllowed: int


class InvalidTotalStakeCheckpointRound(ProtocolError):
    """A total is that of the current round."""

    checkpointRound: int
    requiredRound: int


class DecreasingValues(ProtocolError):
    """History would be written backwards; only a clock that goes back does that."""

    newValue: int
    lastValue: int


class FutureLookup(ProtocolError):
    """The round has not ended, or not begun."""

    queryRound: int
    maxAllowed: int


class MissingEarningsPool(ProtocolError):
    """The factor of a reward is missing; it never is."""

    transcoder: str
    round: int


class MustCallBondingManager(ProtocolError):
    """Votes follow bonds."""

    bondingManagerFunction: str
