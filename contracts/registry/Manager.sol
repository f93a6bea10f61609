// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IController} from "../interfaces/IController.sol";
import {IManager} from "../interfaces/IManager.sol";

/// @title Manager
/// @notice Base of every contract that obeys the Controller: guards, and one named way to find a collaborator.
/// @dev The constructor must not call the Controller: proxies are built before it knows them.
abstract contract Manager is IManager {
    /// @custom:storage-location erc7201:livepeer.storage.Manager
    struct ManagerStorage {
        // --- slot 0: all that a call through a proxy needs before the target runs ---
        /// Code that a proxy runs; the main collaborator of a contract without proxy.
        address target;
        /// The Controller's pause flag, as of now.
        bool isPaused;
        // --- slot 1 ---
        address controller;
        // --- slot 2 ---
        /// Registry entries that this contract subscribes to, as of now.
        mapping(bytes32 id => address contractAddress) registeredContracts;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.Manager")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant MANAGER_STORAGE =
        0x130df29cc34f1d716edf0c75b6daff6eef52f7842e72ce6f21b15ba4f0c49200;

    /// @param controller_ The Controller to obey. It is not called.
    constructor(address controller_) {
        _managerStorage().controller = controller_;
    }

    modifier onlyController() {
        _requireController();
        _;
    }

    modifier onlyControllerOwner() {
        _requireControllerOwner();
        _;
    }

    modifier whenSystemNotPaused() {
        _requireRunning();
        _;
    }

    modifier whenSystemPaused() {
        require(_managerStorage().isPaused, SystemNotPaused());
        _;
    }

    /// @inheritdoc IManager
    function controller() public view returns (address) {
        return _managerStorage().controller;
    }

    /// @inheritdoc IManager
    function setController(address _controller) external onlyController {
        _managerStorage().controller = _controller;
        emit SetController(_controller);
    }

    /// @dev The contract registered under `id`, which must be one of the contract's dependencies.
    function _registered(bytes32 id) internal view returns (address contractAddress) {
        contractAddress = _registeredOrZero(id);
        require(contractAddress != address(0), ContractNotRegistered(id));
    }

    /// @dev As `_registered`, for an id that may be unset: nobody can act in its role then.
    function _registeredOrZero(bytes32 id) internal view virtual returns (address) {
        return _managerStorage().registeredContracts[id];
    }

    function _requireCaller(bytes32 id) internal view {
        address required = _registeredOrZero(id);
        require(msg.sender == required, CallerNotRegistered(msg.sender, id, required));
    }

    /// @dev `firstId` should be the usual caller: the second entry is only read when it is not the first.
    function _requireEitherCaller(bytes32 firstId, bytes32 secondId) internal view {
        require(
            msg.sender == _registeredOrZero(firstId) || msg.sender == _registeredOrZero(secondId),
            CallerNotEitherRegistered(msg.sender, firstId, secondId)
        );
    }

    function _requireRunning() internal view {
        require(!_managerStorage().isPaused, SystemPaused());
    }

    function _requireController() internal view {
        address controller_ = controller();
        require(msg.sender == controller_, CallerNotController(msg.sender, controller_));
    }

    function _requireControllerOwner() internal view {
        address owner = IController(controller()).owner();
        require(msg.sender == owner, CallerNotControllerOwner(msg.sender, owner));
    }

    function _emitParameterUpdate(string memory param, uint256 previousValue, uint256 newValue) internal {
        emit ParameterUpdate(param);
        emit ParameterChanged(param, previousValue, newValue);
    }

    function _managerStorage() internal pure returns (ManagerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := MANAGER_STORAGE
        }
    }
}
