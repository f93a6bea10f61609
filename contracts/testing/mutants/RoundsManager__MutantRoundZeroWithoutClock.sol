// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundsManager} from "../../rounds/RoundsManager.sol";

/// @title RoundsManager__MutantRoundZeroWithoutClock
/// @notice Planted fault (R12): before the length is set, it is round zero.
contract RoundsManager__MutantRoundZeroWithoutClock is RoundsManager {
    constructor(address _controller) RoundsManager(_controller) {}

    function currentRound() public view override returns (uint256) {
        return _roundsManagerStorage().clock.roundLengthBlocks == 0 ? 0 : super.currentRound();
    }
}
