// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IManagerProxyTarget
/// @notice What the code behind a ManagerProxy tells the proxy.
interface IManagerProxyTarget {
    /// @notice Zero: a proxy answers this call itself, so that zero marks code which is called without one.
    function targetContractId() external view returns (bytes32);

    /// @notice The registry ids of the collaborators that this code looks up.
    function contractDependencies() external pure returns (bytes32[] memory ids);
}
