// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManagerProxyTarget} from "../interfaces/IManagerProxyTarget.sol";
import {Manager} from "./Manager.sol";

/// @title ManagerProxyTarget
/// @notice Base of the code that runs behind a ManagerProxy. Its state lies in namespaced structs in the proxy's
/// storage, beside the proxy's own (Manager.ManagerStorage).
abstract contract ManagerProxyTarget is Manager, IManagerProxyTarget {
    /// @inheritdoc IManagerProxyTarget
    bytes32 public immutable targetContractId;

    constructor(address controller_) Manager(controller_) {}

    /// @inheritdoc IManagerProxyTarget
    function contractDependencies() external pure virtual returns (bytes32[] memory ids) {}
}
