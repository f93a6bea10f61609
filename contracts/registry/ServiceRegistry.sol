// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IServiceRegistry} from "../interfaces/IServiceRegistry.sol";
import {ManagerProxyTarget} from "./ManagerProxyTarget.sol";

/// @title ServiceRegistry
/// @notice See IServiceRegistry.
/// @dev Works with and without a proxy: it has nothing to initialize and looks nothing up. The registry of AI
/// services is a second deployment of it, without proxy and not registered.
contract ServiceRegistry is ManagerProxyTarget, IServiceRegistry {
    /// @custom:storage-location erc7201:livepeer.storage.ServiceRegistry
    struct ServiceRegistryStorage {
        // --- slot 0 ---
        mapping(address publisher => string) serviceURIs;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.ServiceRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SERVICE_REGISTRY_STORAGE =
        0x997e059f46fa4a90c7a8a8009c955afaf6e87747e5d6e34f217ec67a8e6cc500;

    constructor(address _controller) ManagerProxyTarget(_controller) {}

    /// @inheritdoc IServiceRegistry
    function setServiceURI(string calldata _serviceURI) external {
        _serviceRegistryStorage().serviceURIs[msg.sender] = _serviceURI;
        emit ServiceURIUpdate(msg.sender, _serviceURI);
    }

    /// @inheritdoc IServiceRegistry
    function getServiceURI(address _addr) external view returns (string memory) {
        return _serviceRegistryStorage().serviceURIs[_addr];
    }

    function _serviceRegistryStorage() private pure returns (ServiceRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := SERVICE_REGISTRY_STORAGE
        }
    }
}
