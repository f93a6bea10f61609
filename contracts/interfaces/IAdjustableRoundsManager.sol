// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRoundsManager} from "./IRoundsManager.sol";

/// @title IAdjustableRoundsManager
/// @notice A RoundsManager whose block number and block hash are set by hand, for development chains and tests.
/// @dev Warning: anybody may set them. Never deploy it on a live network.
///
/// `blockHash` answers for every block from 256 before the current one on, the current and coming ones included; it
/// panics (0x11) while the block number is below 256.
interface IAdjustableRoundsManager is IRoundsManager {
    /// @notice The block number that `blockNum` answers.
    function num() external view returns (uint256);

    /// @notice The hash that `blockHash` answers for every block.
    function hash() external view returns (bytes32);

    /// @notice Sets the block number to `_num`.
    function setBlockNum(uint256 _num) external;

    /// @notice Sets the block hash to `_hash`.
    function setBlockHash(bytes32 _hash) external;

    /// @notice Advances the block number by `_blocks`.
    function mineBlocks(uint256 _blocks) external;
}
