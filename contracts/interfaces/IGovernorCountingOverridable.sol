// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IGovernorCountingOverridable
/// @notice Counting of votes against, for and abstaining, in which a delegator may override its orchestrator (LIP-89).
///
/// An orchestrator votes with all stake delegated to it. A delegator that votes takes its own stake out of its
/// orchestrator's vote, whoever of the two comes first: the tally depends on who voted what, not on the order. Each
/// unit of stake counts once at most.
///
/// @dev A delegate that does not delegate to itself has no stake of others in its votes, so nothing is taken from it.
/// A delegate never loses more than it has: should the votes of its delegators add up to more than its own, its vote
/// counts nothing, and nobody is kept from voting (DEV-19).
interface IGovernorCountingOverridable {
    /// @notice Thrown when a vote is neither against (0) nor for (1) nor abstaining (2).
    error InvalidVoteType(uint8 voteType);

    /// @notice Thrown when an account votes twice on a proposal. A vote cannot be changed.
    error VoteAlreadyCast();

    /// @notice Share of the votes for and against that a proposal needs to exceed, in parts per million.
    /// @dev Exactly that share is not enough, nothing is rounded, and abstaining counts on neither side: a tie fails,
    /// and so does a proposal on which all abstain (DEV-18).
    function quota() external view returns (uint256);

    /// @notice Votes (LPT) against, for and abstaining as they count now, without what delegators have overridden.
    function proposalVotes(uint256 _proposalId)
        external
        view
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes);
}
