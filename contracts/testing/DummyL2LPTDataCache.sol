// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IL2LPTDataCache} from "../interfaces/IL2LPTDataCache.sol";

/// @title DummyL2LPTDataCache
/// @notice Stands in for the bridge's cache on networks without a bridge: there is no LPT on L1.
contract DummyL2LPTDataCache is IL2LPTDataCache {
    /// @inheritdoc IL2LPTDataCache
    function l1CirculatingSupply() external pure returns (uint256) {
        return 0;
    }
}
