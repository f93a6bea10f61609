// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LivepeerGovernor} from "../governance/LivepeerGovernor.sol";

/// @title LivepeerGovernor__HarnessNext
/// @notice The next version of LivepeerGovernor: the same state, and one variable more.
contract LivepeerGovernor__HarnessNext is LivepeerGovernor {
    uint256 public added;

    constructor(address _controller) LivepeerGovernor(_controller) {}

    /// @notice Sets what is new.
    function setAdded(uint256 added_) external {
        added = added_;
    }
}
