// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRegistrySubscriber} from "../interfaces/IRegistrySubscriber.sol";
import {Manager} from "./Manager.sol";

/// @title DirectManager
/// @notice A manager that is registered itself, without a proxy in front.
/// @dev The entry of its main collaborator lies beside the pause flag, where a proxy has its target: who calls, and
/// whether the system runs, is found out with one slot.
abstract contract DirectManager is Manager, IRegistrySubscriber {
    constructor(address controller_) Manager(controller_) {}

    /// @inheritdoc IRegistrySubscriber
    function registrySubscriptions() external pure virtual returns (bytes32[] memory ids);

    /// @inheritdoc IRegistrySubscriber
    function onRegistryUpdate(bytes32 id, address contractAddress) external onlyController {
        ManagerStorage storage $ = _managerStorage();
        if (id == _mainCollaborator()) {
            $.target = contractAddress;
        } else {
            $.registeredContracts[id] = contractAddress;
        }
    }

    /// @inheritdoc IRegistrySubscriber
    function onPauseUpdate(bool isPaused) external onlyController {
        _managerStorage().isPaused = isPaused;
    }

    /// @dev The id of the contract that calls most.
    function _mainCollaborator() internal pure virtual returns (bytes32);

    function _registeredOrZero(bytes32 id) internal view override returns (address) {
        return id == _mainCollaborator() ? _managerStorage().target : super._registeredOrZero(id);
    }
}
