// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContractIds} from "../libraries/ContractIds.sol";
import {ServiceRegistry} from "../registry/ServiceRegistry.sol";
import {Importer} from "./Importer.sol";

/// @title ServiceRegistryImporter
/// @notice Writes service addresses of another deployment. See IImporter.
contract ServiceRegistryImporter is Importer {
    struct ImportedService {
        address publisher;
        string serviceURI;
    }

    constructor(address _controller) Importer(_controller) {}

    /// @notice Writes where orchestrators can be reached.
    function importServiceURIs(uint256 number, ImportedService[] calldata imported) external batch(number) {
        ServiceRegistry.ServiceRegistryStorage storage $ = _storage();
        for (uint256 i = 0; i < imported.length; ++i) {
            address publisher = imported[i].publisher;
            _requireNew(bytes($.serviceURIs[publisher]).length == 0, bytes32(uint256(uint160(publisher))));
            $.serviceURIs[publisher] = imported[i].serviceURI;
        }
    }

    function _homeId() internal pure override returns (bytes32) {
        return ContractIds.SERVICE_REGISTRY;
    }

    /// @dev Anybody may publish before the import; each publisher is looked at when it is written.
    function _isEmpty() internal pure override returns (bool) {
        return true;
    }

    function _storage() private pure returns (ServiceRegistry.ServiceRegistryStorage storage $) {
        bytes32 slot = _slotOf("livepeer.storage.ServiceRegistry");
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}
