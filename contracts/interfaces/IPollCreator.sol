// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IPollCreator
/// @notice Opens polls about protocol changes (LIP-16). A poll decides nothing by itself: its result is counted
/// off-chain, and enacted by the Governor's owner.
/// @dev The tally, at the end block: an orchestrator weighs all stake delegated to it but that of its delegators who
/// voted, a delegator its own. The poll is valid if yes and no together reach QUORUM of the total stake, and accepted
/// if yes exceeds QUOTA of them.
interface IPollCreator {
    /// @notice Emitted when a poll is opened.
    /// @param poll The contract that takes the votes.
    /// @param proposal What it is about, by convention the IPFS hash of a text.
    /// @param endBlock Last block in which it can be voted on.
    /// @param quorum QUORUM.
    /// @param quota QUOTA.
    event PollCreated(address indexed poll, bytes proposal, uint256 endBlock, uint256 quorum, uint256 quota);

    /// @notice Thrown when somebody opens a poll who has neither bonded enough nor enough delegated to them.
    /// @param pendingStake LPT that the creator has bonded, with earnings.
    /// @param totalStake LPT that is delegated to the creator.
    error InsufficientStake(address creator, uint256 pendingStake, uint256 totalStake, uint256 required);

    /// @notice Share of the total stake that has to say yes or no, in parts per million: 33.33 %.
    function QUORUM() external view returns (uint256);

    /// @notice Share of yes and no that has to say yes, in parts per million: more than 50 %.
    function QUOTA() external view returns (uint256);

    /// @notice For how many blocks a poll is open: 57,600. On Arbitrum these are blocks of L1.
    function POLL_PERIOD() external view returns (uint256);

    /// @notice Stake (LPT) that opening a poll takes: 100 LPT. It is only looked at, not spent.
    function POLL_CREATION_COST() external view returns (uint256);

    /// @notice The BondingManager's proxy. It is asked whatever the registry says.
    function bondingManager() external view returns (address);

    /// @notice Opens a poll about `_proposal`.
    /// @dev Errors: InsufficientStake.
    function createPoll(bytes calldata _proposal) external;
}
