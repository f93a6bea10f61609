// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManager} from "./IManager.sol";
import {IRegistrySubscriber} from "./IRegistrySubscriber.sol";

/// @title IManagerProxy
/// @notice What a proxy answers itself. Every other call, an empty one with ETH included, runs the code of the target
/// on the proxy's storage; return and revert data come back byte for byte.
interface IManagerProxy is IManager, IRegistrySubscriber {
    /// @notice Thrown when no target is registered, or the proxy itself is not.
    error TargetNotRegistered(bytes32 targetContractId);

    /// @notice Thrown when the proxy itself is about to be registered as its target.
    error TargetIsProxy(bytes32 targetContractId);

    /// @notice Thrown when a contract is about to be registered as target that was not built to be one, or is itself a
    /// proxy.
    error InvalidTarget(bytes32 targetContractId, address target);

    /// @notice The id under which the Controller holds the target.
    function targetContractId() external view returns (bytes32);

    /// @notice 2: the target can change (ERC-897).
    function proxyType() external pure returns (uint256);

    /// @notice The target that calls run now; zero when there is none (ERC-897).
    function implementation() external view returns (address);
}
