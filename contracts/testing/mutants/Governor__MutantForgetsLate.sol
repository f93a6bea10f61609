// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {Governor} from "../../governance/Governor.sol";

/// @title Governor__MutantForgetsLate
/// @notice Planted fault (G11): an update waits until all its calls have been made.
contract Governor__MutantForgetsLate is Governor {
    function execute(Update calldata _update) external payable override {
        bytes32 updateHash = _hashUpdate(_update);
        _requireStaged(updateHash);
        for (uint256 i = 0; i < _update.target.length; ++i) {
            bool success = LowLevelCall.callNoReturn(_update.target[i], _update.value[i], _update.data[i]);
            if (!success) LowLevelCall.bubbleRevert();
        }
        delete updates[updateHash];
    }
}
