// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IManager
/// @notice What every contract has that takes its orders from the Controller: a pointer to it, and the guards that
/// follow from it.
/// @dev Parameter authority is `Controller.owner()`, asked at each guarded call, never stored. The pause flag and the
/// registry entries that a manager uses are kept in its own storage; the Controller refreshes them in the very
/// transaction that changes them (see IRegistrySubscriber).
interface IManager {
    /// @notice Emitted when the manager follows another Controller.
    event SetController(address controller);

    /// @notice Emitted when the parameter called `param` is set; clients of the deployed protocol read this one.
    event ParameterUpdate(string param);

    /// @notice Emitted right after ParameterUpdate, with the numbers (DEV-7).
    event ParameterChanged(string param, uint256 previousValue, uint256 newValue);

    /// @notice Thrown when something is reserved to the Controller.
    error CallerNotController(address caller, address controller);

    /// @notice Thrown when something is reserved to the owner of the Controller.
    error CallerNotControllerOwner(address caller, address owner);

    /// @notice Thrown when something needs a running system.
    error SystemPaused();

    /// @notice Thrown when something needs a paused system.
    error SystemNotPaused();

    /// @notice Thrown when something is reserved to the contract registered under `requiredId`.
    /// @param required That contract; zero means that the id is not registered, which disables the role.
    error CallerNotRegistered(address caller, bytes32 requiredId, address required);

    /// @notice Thrown when something is reserved to the contracts registered under two ids.
    error CallerNotEitherRegistered(address caller, bytes32 firstId, bytes32 secondId);

    /// @notice Thrown when a collaborator is needed whose id is not registered with the Controller, or when this
    /// contract itself is not registered and hence not kept up to date.
    error ContractNotRegistered(bytes32 id);

    /// @notice Thrown when something needs the current round to be initialized.
    error CurrentRoundNotInitialized(uint256 currentRound);

    /// @notice The Controller that this contract obeys.
    function controller() external view returns (address);

    /// @notice Follows `_controller` from now on. Any value is taken: the caller is the present Controller.
    /// @dev Errors: CallerNotController.
    function setController(address _controller) external;
}
