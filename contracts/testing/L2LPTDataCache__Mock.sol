// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IL2LPTDataCache} from "../interfaces/IL2LPTDataCache.sol";

/// @title L2LPTDataCache__Mock
/// @notice A cache whose answer the test sets.
contract L2LPTDataCache__Mock is IL2LPTDataCache {
    /// @inheritdoc IL2LPTDataCache
    uint256 public l1CirculatingSupply;

    function setL1CirculatingSupply(uint256 supply) external {
        l1CirculatingSupply = supply;
    }
}
