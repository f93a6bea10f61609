// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAdjustableRoundsManager} from "../interfaces/IAdjustableRoundsManager.sol";
import {IRoundsManager} from "../interfaces/IRoundsManager.sol";
import {RoundsManager} from "./RoundsManager.sol";

/// @title AdjustableRoundsManager
/// @notice See IAdjustableRoundsManager. Never deploy it on a live network: anybody may set its clock.
contract AdjustableRoundsManager is RoundsManager, IAdjustableRoundsManager {
    /// @custom:storage-location erc7201:livepeer.storage.AdjustableRoundsManager
    struct AdjustableRoundsManagerStorage {
        // --- slot 0 ---
        uint256 blockNumber;
        // --- slot 1 ---
        bytes32 blockHash;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.AdjustableRoundsManager")) - 1))
    /// & ~bytes32(uint256(0xff))
    bytes32 private constant ADJUSTABLE_ROUNDS_MANAGER_STORAGE =
        0xde70f7962c7a270d084f95e8eeed13b66d7f424d8fe57908d686935377716500;

    /// @dev How far back the hash of a block can be asked for.
    uint256 private constant BLOCK_HASHES = 256;

    constructor(address _controller) RoundsManager(_controller) {}

    /// @inheritdoc IAdjustableRoundsManager
    function setBlockNum(uint256 _num) external {
        _adjustableStorage().blockNumber = _num;
    }

    /// @inheritdoc IAdjustableRoundsManager
    function setBlockHash(bytes32 _hash) external {
        _adjustableStorage().blockHash = _hash;
    }

    /// @inheritdoc IAdjustableRoundsManager
    function mineBlocks(uint256 _blocks) external {
        _adjustableStorage().blockNumber += _blocks;
    }

    /// @inheritdoc IAdjustableRoundsManager
    function num() external view returns (uint256) {
        return _adjustableStorage().blockNumber;
    }

    /// @inheritdoc IAdjustableRoundsManager
    function hash() external view returns (bytes32) {
        return _adjustableStorage().blockHash;
    }

    /// @inheritdoc IRoundsManager
    function blockNum() public view override(RoundsManager, IRoundsManager) returns (uint256) {
        return _adjustableStorage().blockNumber;
    }

    /// @inheritdoc IRoundsManager
    function blockHash(uint256 _block) public view override(RoundsManager, IRoundsManager) returns (bytes32) {
        uint256 oldestAvailable = blockNum() - BLOCK_HASHES;
        require(_block >= oldestAvailable, BlockHashNotAvailable(_block, oldestAvailable));
        return _adjustableStorage().blockHash;
    }

    function _adjustableStorage() private pure returns (AdjustableRoundsManagerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := ADJUSTABLE_ROUNDS_MANAGER_STORAGE
        }
    }
}
