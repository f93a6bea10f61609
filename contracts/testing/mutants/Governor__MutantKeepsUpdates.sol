// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {Governor} from "../../governance/Governor.sol";

/// @title Governor__MutantKeepsUpdates
/// @notice Planted fault (G11): an executed update goes on waiting.
contract Governor__MutantKeepsUpdates is Governor {
    function execute(Update calldata _update) external payable override {
        _requireStaged(_hashUpdate(_update));
        for (uint256 i = 0; i < _update.target.length; ++i) {
            bool success = LowLevelCall.callNoReturn(_update.target[i], _update.value[i], _update.data[i]);
            if (!success) LowLevelCall.bubbleRevert();
        }
    }
}
