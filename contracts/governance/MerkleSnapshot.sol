// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IMerkleSnapshot} from "../interfaces/IMerkleSnapshot.sol";
import {Manager} from "../registry/Manager.sol";

/// @title MerkleSnapshot
/// @notice See IMerkleSnapshot.
contract MerkleSnapshot is Manager, IMerkleSnapshot {
    /// @custom:storage-location erc7201:livepeer.storage.MerkleSnapshot
    struct MerkleSnapshotStorage {
        // --- slot 0 ---
        mapping(bytes32 id => bytes32 root) roots;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.MerkleSnapshot")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant MERKLE_SNAPSHOT_STORAGE =
        0xbc230f8dfb9eae1fb1ff4db01d76b3a97b1cb532249824437eaf54246353ec00;

    constructor(address _controller) Manager(_controller) {}

    /// @inheritdoc IMerkleSnapshot
    function setSnapshot(bytes32 _id, bytes32 _root) external onlyControllerOwner {
        MerkleSnapshotStorage storage $ = _storage();
        emit SnapshotSet(_id, $.roots[_id], _root);
        $.roots[_id] = _root;
    }

    /// @inheritdoc IMerkleSnapshot
    function snapshot(bytes32 _id) external view returns (bytes32) {
        return _storage().roots[_id];
    }

    /// @inheritdoc IMerkleSnapshot
    function verify(bytes32 _id, bytes32[] calldata _proof, bytes32 _leaf) external view returns (bool) {
        return MerkleProof.verifyCalldata(_proof, _storage().roots[_id], _leaf);
    }

    function _storage() private pure returns (MerkleSnapshotStorage storage $) {
        assembly ("memory-safe") {
            $.slot := MERKLE_SNAPSHOT_STORAGE
        }
    }
}
