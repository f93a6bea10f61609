// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernorCountingOverridable} from "./IGovernorCountingOverridable.sol";
import {IManager} from "./IManager.sol";
import {IManagerProxyTarget} from "./IManagerProxyTarget.sol";

/// @title ILivepeerGovernor
/// @notice Lets bonded stake decide about the treasury and about its own settings (LIP-89). What is said here adds to
/// the interface of OpenZeppelin's Governor, whose errors and events it keeps.
///
/// Life of a proposal, counted in rounds: proposed in round r, with as many votes as the threshold at the end of
/// r - 1; snapshot t = r + voting delay, whose end decides who has how many votes; voting in the rounds t + 1 to
/// t + voting period. It succeeds if all votes together reach the quorum and those for it exceed the quota. Then
/// anybody queues it in the treasury, and executes it when the treasury's delay is over. Only its proposer can cancel
/// it, before voting begins.
///
/// The id of a proposal is the hash of what it does and of its description, so that whoever sees it coming could
/// propose it first, and cancel it. A description that ends in `#proposer=0x` and 40 hexadecimal digits can be proposed
/// by that address only: append it.
///
/// @dev Votes, delegations, total stake and the clock come from one contract, `token()`, so that they cannot contradict
/// each other (DEV-21). There is no other clock: while the token cannot tell the round, nothing goes on (DEV-20).
///
/// A proposal's quorum is its share, as it was at the snapshot, of the total active stake at the snapshot. All
/// registered orchestrators vote, active or not: the votes may exceed the total.
///
/// Trust: the treasury gives the roles of proposer, executor and canceller to this contract alone. A second holder of
/// one of them could spend the treasury without a vote, or stop what was voted.
interface ILivepeerGovernor is IGovernorCountingOverridable, IManager, IManagerProxyTarget {
    /// @notice Emitted when the number of rounds between a proposal and its snapshot changes.
    event VotingDelaySet(uint256 oldVotingDelay, uint256 newVotingDelay);

    /// @notice Emitted when the number of rounds in which a proposal can be voted on changes.
    event VotingPeriodSet(uint256 oldVotingPeriod, uint256 newVotingPeriod);

    /// @notice Emitted when the votes (LPT) that proposing takes change.
    event ProposalThresholdSet(uint256 oldProposalThreshold, uint256 newProposalThreshold);

    /// @notice Thrown when no proposal could pass any more: nothing exceeds the whole, 1,000,000 ppm.
    error InvalidQuota(uint256 quotaPpm, uint256 exclusiveMaximum);

    /// @notice Sets the governor up, once. Its treasury and its token are those of the registry.
    /// @dev Parameters: delay and period in rounds, threshold in LPT, quorum and quota in parts per million.
    ///
    /// Reserved to the owner of the Controller: until it is set up, a stranger could (DEV-22). The token has to tell
    /// the round already.
    ///
    /// Errors, in order: InvalidInitialization, CallerNotControllerOwner, GovernorInvalidVotingPeriod,
    /// ContractNotRegistered, GovernorInvalidQuorumFraction, InvalidQuota; SafeCastOverflowedUintDowncast.
    function initialize(
        uint256 initialVotingDelay,
        uint256 initialVotingPeriod,
        uint256 initialProposalThreshold,
        uint256 initialQuorum,
        uint256 initialQuota
    ) external;

    /// @notice The contract registered as BondingVotes; zero when there is none.
    function votes() external view returns (address);

    /// @notice Takes votes from `votes()` from now on, for open proposals too. Anybody may.
    /// @dev Nothing is lost as long as BondingVotes keeps its proxy. If that has to change, do this in the same batch.
    ///
    /// Errors: ContractNotRegistered.
    function bumpGovernorVotesTokenAddress() external;

    /// @notice Sets the rounds between a proposal and its snapshot.
    /// @dev Reserved to executed proposals. Errors: GovernorOnlyExecutor, SafeCastOverflowedUintDowncast.
    function setVotingDelay(uint256 newVotingDelay) external;

    /// @notice Sets for how many rounds later proposals can be voted on; at least one.
    /// @dev Reserved to executed proposals. Errors: GovernorOnlyExecutor, GovernorInvalidVotingPeriod,
    /// SafeCastOverflowedUintDowncast.
    function setVotingPeriod(uint256 newVotingPeriod) external;

    /// @notice Sets the votes (LPT) that proposing takes.
    /// @dev Reserved to executed proposals. Errors: GovernorOnlyExecutor.
    function setProposalThreshold(uint256 newProposalThreshold) external;

    /// @notice Casts the vote of whoever signed `Ballot(uint256 proposalId,uint8 support)` (EIP-712), the form of the
    /// deployed governor. There is no nonce: an account votes once.
    /// @dev The form with a voter and bytes is OpenZeppelin's; it takes the signatures of contracts, too.
    ///
    /// Errors: those of ECDSA, then those of `castVote`.
    function castVoteBySig(uint256 proposalId, uint8 support, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint256);

    /// @notice As `castVoteBySig`, for
    /// `ExtendedBallot(uint256 proposalId,uint8 support,string reason,bytes params)`.
    /// @dev Errors: those of ECDSA, then those of `castVote`.
    function castVoteWithReasonAndParamsBySig(
        uint256 proposalId,
        uint8 support,
        string calldata reason,
        bytes calldata params,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256);
}
