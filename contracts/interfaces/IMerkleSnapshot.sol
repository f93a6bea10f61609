// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManager} from "./IManager.sol";

/// @title IMerkleSnapshot
/// @notice Roots of Merkle trees, by which others prove what was true elsewhere: the L2 migrator, what somebody had
/// bonded on L1 (id keccak256("LIP-73")).
/// @dev Nodes are hashed in ascending order, so a proof does not say which side a node is on. Warning: what is hashed
/// to a leaf must not be 64 bytes long, as an inner node could pass for a leaf.
interface IMerkleSnapshot is IManager {
    /// @notice Emitted when a root is set.
    event SnapshotSet(bytes32 indexed id, bytes32 previousRoot, bytes32 newRoot);

    /// @notice Root of the tree with the given id; zero when there is none, which is no
    /// hash of anything.
    function snapshot(bytes32 _id) external view returns (bytes32);

    /// @notice Sets the root `_root` of the tree `_id`, in place of what was there.
    /// @dev Errors: CallerNotControllerOwner.
    function setSnapshot(bytes32 _id, bytes32 _root) external;

    /// @notice Whether `_leaf` is in the tree `_id`, as `_proof` says: its neighbours from the leaf up.
    /// @dev Never reverts.
    function verify(bytes32 _id, bytes32[] calldata _proof, bytes32 _leaf) external view returns (bool);
}
