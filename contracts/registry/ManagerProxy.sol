// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";

import {IManagerProxy} from "../interfaces/IManagerProxy.sol";
import {IManagerProxyTarget} from "../interfaces/IManagerProxyTarget.sol";
import {IRegistrySubscriber} from "../interfaces/IRegistrySubscriber.sol";
import {Manager} from "./Manager.sol";

/// @title ManagerProxy
/// @notice Stands in front of a contract with state that users hold. It runs whatever the Controller has registered
/// as its target; the Controller writes the target into the proxy's storage when it changes.
/// @dev A selector that the proxy answers itself can never reach the target: tests check every target for collisions.
contract ManagerProxy is Manager, Proxy, IManagerProxy {
    /// @inheritdoc IManagerProxy
    bytes32 public immutable targetContractId;

    constructor(address _controller, bytes32 _targetContractId) Manager(_controller) {
        targetContractId = _targetContractId;
    }

    /// @dev Plain ETH is forwarded too: the target decides whether it takes it.
    receive() external payable {
        _fallback();
    }

    /// @inheritdoc IRegistrySubscriber
    function onRegistryUpdate(bytes32 id, address contractAddress) external onlyController {
        ManagerStorage storage $ = _managerStorage();
        if (id == targetContractId) {
            require(contractAddress != address(this), TargetIsProxy(id));
            $.target = contractAddress;
        } else {
            $.registeredContracts[id] = contractAddress;
        }
    }

    /// @inheritdoc IRegistrySubscriber
    function onPauseUpdate(bool isPaused) external onlyController {
        _managerStorage().isPaused = isPaused;
    }

    /// @inheritdoc IRegistrySubscriber
    /// @dev The target's own id first, then what the present target reads.
    function registrySubscriptions() external view returns (bytes32[] memory ids) {
        address target = _managerStorage().target;
        bytes32[] memory dependencies;
        if (target != address(0)) dependencies = _dependenciesOf(target);
        ids = new bytes32[](dependencies.length + 1);
        ids[0] = targetContractId;
        for (uint256 i = 0; i < dependencies.length; ++i) {
            ids[i + 1] = dependencies[i];
        }
    }

    /// @inheritdoc IManagerProxy
    function proxyType() external pure returns (uint256) {
        return 2;
    }

    /// @inheritdoc IManagerProxy
    function implementation() external view returns (address) {
        return _managerStorage().target;
    }

    /// @dev Another proxy is no target: its code, run here, would look for its target here, and find itself.
    function _dependenciesOf(address target) private view returns (bytes32[] memory) {
        try IManagerProxyTarget(target).targetContractId() returns (bytes32 idOfItsTarget) {
            require(idOfItsTarget == 0, InvalidTarget(targetContractId, target));
        } catch {
            revert InvalidTarget(targetContractId, target);
        }
        try IManagerProxyTarget(target).contractDependencies() returns (bytes32[] memory ids) {
            return ids;
        } catch {
            revert InvalidTarget(targetContractId, target);
        }
    }

    function _implementation() internal view override returns (address target) {
        target = _managerStorage().target;
        require(target != address(0), TargetNotRegistered(targetContractId));
    }
}
