// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRegistrySubscriber} from "../interfaces/IRegistrySubscriber.sol";
import {Manager} from "./Manager.sol";

/// @title DirectManager
/// @notice A manager that is registered itself, without a proxy in front.
abstract contract DirectManager is Manager, IRegistrySubscriber {
    constructor(address controller_) Manager(controller_) {}

    /// @inheritdoc IRegistrySubscriber
    function registrySubscriptions() external pure virtual returns (bytes32[] memory ids);

    /// @inheritdoc IRegistrySubscriber
    function onRegistryUpdate(bytes32 id, address contractAddress) external onlyController {
        _managerStorage().registeredContracts[id] = contractAddress;
    }

    /// @inheritdoc IRegistrySubscriber
    function onPauseUpdate(bool isPaused) external onlyController {
        _managerStorage().isPaused = isPaused;
    }
}
