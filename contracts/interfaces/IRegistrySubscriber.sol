// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IRegistrySubscriber
/// @notice The side of a manager that the Controller keeps up to date. A subscriber names the registry ids that it
/// reads; the Controller writes each change of them, and of the pause flag, into the subscriber's storage within the
/// transaction that makes the change. So an operation finds its collaborators in its own storage, and no stale entry
/// can exist.
/// @dev Implemented by ManagerProxy (for the target behind it) and DirectManager.
interface IRegistrySubscriber {
    /// @notice The ids whose entries the Controller must keep current here; at least one. The list may change only
    /// when the entry of its first id does.
    function registrySubscriptions() external view returns (bytes32[] memory ids);

    /// @notice Takes over that `id` is now registered as `contractAddress`; zero means that it is not.
    /// @dev Errors: CallerNotController; ManagerProxy also TargetIsProxy.
    function onRegistryUpdate(bytes32 id, address contractAddress) external;

    /// @notice Takes over the pause flag.
    /// @dev Errors: CallerNotController.
    function onPauseUpdate(bool isPaused) external;
}
