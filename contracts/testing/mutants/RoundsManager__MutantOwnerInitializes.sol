// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundsManager} from "../../rounds/RoundsManager.sol";

/// @title RoundsManager__MutantOwnerInitializes
/// @notice Planted fault (R9): one account can hold every round up.
contract RoundsManager__MutantOwnerInitializes is RoundsManager {
    constructor(address _controller) RoundsManager(_controller) {}

    function initializeRound() public override onlyControllerOwner {
        super.initializeRound();
    }
}
