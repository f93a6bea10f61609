// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IController
/// @notice Registry of the protocol's contracts, its only pause switch, and its only owner. Everything else looks up
/// here who is who and who may set parameters.
/// @dev A contract that is registered under an id, points to this Controller and implements IRegistrySubscriber is
/// attached: it receives every change of the entries it subscribes to. It is detached, and its entries cleared, when
/// its last id goes to another contract.
interface IController {
    /// @notice Emitted when the owner changes; before the write.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// @notice Emitted when the system stops.
    event Pause();

    /// @notice Emitted when the system runs again.
    event Unpause();

    /// @notice Emitted when an entry is written. Clients decode it without indexed fields.
    event SetContractInfo(bytes32 id, address contractAddress, bytes20 gitCommitHash);

    /// @notice Thrown when something is reserved to the owner.
    error CallerNotOwner(address caller, address owner);

    /// @notice Thrown when ownership would be given to nobody.
    error NewOwnerIsZero();

    /// @notice Thrown when the system is to be paused but is, or when something needs it to run.
    error SystemPaused();

    /// @notice Thrown when the system is to be unpaused but runs.
    error SystemNotPaused();

    /// @notice Thrown when an address without code is to be registered (DEV-8), or is to be told its new Controller.
    /// @param contractAddress The address; zero when `id` is not registered at all.
    error ContractHasNoCode(bytes32 id, address contractAddress);

    /// @notice The account that may register contracts, pause, and set every parameter of the protocol.
    function owner() external view returns (address);

    /// @notice Whether the system stands still. It does from deployment until the first `unpause`.
    function paused() external view returns (bool);

    /// @notice The contract registered under `_id`; zero when there is none.
    function getContract(bytes32 _id) external view returns (address);

    /// @notice The contract registered under `_id` and the Git commit that it was built from; zeros when there is none.
    function getContractInfo(bytes32 _id) external view returns (address, bytes20);

    /// @notice The subscribers of `_id`, in no particular order.
    function getSubscribers(bytes32 _id) external view returns (address[] memory);

    /// @notice Whether `_subscriber` is attached, that is: receives the entries that it subscribes to.
    function isAttached(address _subscriber) external view returns (bool);

    /// @notice Registers `_contractAddress`, built from commit `_gitCommitHash`, under `_id`, and tells all who read
    /// that entry. A zero address removes the entry. When `_id` is the target of a proxy, this is the upgrade: the
    /// proxy runs the new code, with the collaborators that the new code asks for, from this transaction on.
    /// @dev Errors: CallerNotOwner, ContractHasNoCode; TargetIsProxy and InvalidTarget of ManagerProxy.
    function setContractInfo(bytes32 _id, address _contractAddress, bytes20 _gitCommitHash) external;

    /// @notice Tells the contract registered under `_id` to follow `_controller` from now on. If that is a Controller
    /// which knows the contract under the ids that it has here, the contract is attached there at once.
    /// @dev Errors: CallerNotOwner, ContractHasNoCode; what the contract's `setController` throws.
    function updateController(bytes32 _id, address _controller) external;

    /// @notice Attaches the contract registered under `_id`, if it points here and is not attached. Anybody may call:
    /// it only brings about what `setContractInfo` does for a contract that already points here.
    function attach(bytes32 _id) external;

    /// @notice Stops the system. What stops is listed in docs/glossary.md under "pause".
    /// @dev Errors: CallerNotOwner, SystemPaused.
    function pause() external;

    /// @notice Lets the system run again. Rounds that have passed meanwhile stay uninitialized.
    /// @dev Errors: CallerNotOwner, SystemNotPaused.
    function unpause() external;

    /// @notice Makes `newOwner` the owner, in one step.
    /// @dev Errors: CallerNotOwner, NewOwnerIsZero.
    function transferOwnership(address newOwner) external;
}
