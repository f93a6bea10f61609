"""Errors of stake-weighted governance, the treasury and polls."""

# ruff: noqa: N815

from reference_model.exceptions.base import ProtocolError


class InvalidInitialization(ProtocolError):
    """The contract has been set up before."""


class FailedCall(ProtocolError):
    """A call failed without saying why."""


# ---- the governor


class GovernorInvalidVotingPeriod(ProtocolError):
    """Nobody could vote."""

    votingPeriod: int


class GovernorInvalidQuorumFraction(ProtocolError):
    """More than all stake would have to vote."""

    quorumNumerator: int
    quorumDenominator: int


class InvalidQuota(ProtocolError):
    """Nothing could exceed the quota (DEV-18)."""

    quotaPpm: int
    exclusiveMaximum: int


class GovernorRestrictedProposer(ProtocolError):
    """The description names another proposer."""

    proposer: str


class GovernorInsufficientProposerVotes(ProtocolError):
    """The proposer had fewer votes than proposing takes."""

    proposer: str
    votes: int
    threshold: int


class GovernorInvalidProposalLength(ProtocolError):
    """Targets, values and calldata differ in number, or there are none."""

    targets: int
    calldatas: int
    values: int


class GovernorUnexpectedProposalState(ProtocolError):
    """The proposal is not in one of the states, given as bits, in which this can be done."""

    proposalId: int
    current: int
    expectedStates: bytes


class GovernorNonexistentProposal(ProtocolError):
    """Nobody has proposed this."""

    proposalId: int


class GovernorUnableToCancel(ProtocolError):
    """Only its proposer cancels a proposal, and only before the vote."""

    proposalId: int
    account: str


class GovernorOnlyExecutor(ProtocolError):
    """Only the treasury changes the governor."""

    account: str


class GovernorDisabledDeposit(ProtocolError):
    """The governor holds neither ETH nor tokens; the treasury does."""


class GovernorInvalidSignature(ProtocolError):
    """The voter has not signed this ballot."""

    voter: str


class InvalidVoteType(ProtocolError):
    """A vote is against, for or abstaining."""

    voteType: int


class VoteAlreadyCast(ProtocolError):
    """An account votes once."""


# ---- the treasury


class CallerNotDeployer(ProtocolError):
    """Only who deployed the treasury sets it up (DEV-22)."""

    caller: str
    deployer: str


class TimelockInvalidOperationLength(ProtocolError):
    """Targets, values and payloads differ in number."""

    targets: int
    payloads: int
    values: int


class TimelockInsufficientDelay(ProtocolError):
    """The operation would be ready too soon."""

    delay: int
    minDelay: int


class TimelockUnexpectedOperationState(ProtocolError):
    """The operation is not in one of the states, given as bits, in which this can be done."""

    operationId: bytes
    expectedStates: bytes


class TimelockUnexecutedPredecessor(ProtocolError):
    """Another operation has to come first."""

    predecessorId: bytes


class TimelockUnauthorizedCaller(ProtocolError):
    """Only the treasury itself changes its delay."""

    caller: str


# ---- polls


class InsufficientStake(ProtocolError):
    """Neither the stake of the creator nor that delegated to it suffices to open a poll."""

    creator: str
    pendingStake: int
    totalStake: int
    required: int


class PollIsOver(ProtocolError):
    """The end block has passed."""

    currentBlock: int
    endBlock: int


class PollIsActive(ProtocolError):
    """The end block has not passed."""

    currentBlock: int
    endBlock: int
