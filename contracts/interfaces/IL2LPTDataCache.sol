// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IL2LPTDataCache
/// @notice What the Minter reads of the bridge: how much LPT circulates on L1.
interface IL2LPTDataCache {
    /// @notice Supply on L1 without what was bridged to L2, as last reported from L1; in LPT base units.
    function l1CirculatingSupply() external view returns (uint256);
}
