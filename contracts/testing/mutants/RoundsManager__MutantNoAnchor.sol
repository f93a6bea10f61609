// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundsManager} from "../../rounds/RoundsManager.sol";

/// @title RoundsManager__MutantNoAnchor
/// @notice Planted fault (R2): a new length counts from block zero.
contract RoundsManager__MutantNoAnchor is RoundsManager {
    constructor(address _controller) RoundsManager(_controller) {}

    function setRoundLength(uint256 _roundLength) external override onlyControllerOwner {
        _roundsManagerStorage().clock.roundLengthBlocks = uint64(_roundLength);
    }
}
