// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManager} from "./IManager.sol";

/// @title IServiceRegistry
/// @notice Where orchestrators publish the address at which gateways reach them. Anybody may publish anything about
/// themselves; whoever reads an entry has to check it.
interface IServiceRegistry is IManager {
    /// @notice Emitted when `addr` publishes `serviceURI`; an empty string withdraws the entry.
    event ServiceURIUpdate(address indexed addr, string serviceURI);

    /// @notice Publishes `_serviceURI` as the caller's address. It is not checked; an empty string withdraws the entry.
    function setServiceURI(string calldata _serviceURI) external;

    /// @notice What `_addr` has published; empty when nothing.
    function getServiceURI(address _addr) external view returns (string memory);
}
