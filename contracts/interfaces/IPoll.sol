// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IPoll
/// @notice A poll about a protocol change (LIP-16). It records who said what; who of them has how much stake is looked
/// up off-chain, at the end block. Choice 0 is yes, 1 is no, any other is ignored by the tally.
interface IPoll {
    /// @notice Emitted for each vote. Of several votes of one account the tally takes the last.
    event Vote(address indexed voter, uint256 choiceID);

    /// @notice Thrown when somebody votes after the end block.
    error PollIsOver(uint256 currentBlock, uint256 endBlock);

    /// @notice Thrown when the poll is to be destroyed while votes can come.
    error PollIsActive(uint256 currentBlock, uint256 endBlock);

    /// @notice The last block in which a vote counts.
    function endBlock() external view returns (uint256);

    /// @notice Says `_choiceID`. Anybody may, and as often as they like.
    /// @dev Errors: PollIsOver.
    function vote(uint256 _choiceID) external;

    /// @notice Gives the caller the ETH that was forced upon the poll, if any. Anybody may, after the end block.
    /// @dev The code stays: since EIP-6780 no contract can remove it. Nothing reads a poll after its end.
    ///
    /// Errors: PollIsActive; what a caller throws that does not take ETH, byte for byte.
    function destroy() external;
}
