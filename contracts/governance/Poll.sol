// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {IPoll} from "../interfaces/IPoll.sol";

/// @title Poll
/// @notice See IPoll.
contract Poll is IPoll {
    /// @inheritdoc IPoll
    uint256 public immutable endBlock;

    constructor(uint256 _endBlock) {
        endBlock = _endBlock;
    }

    /// @inheritdoc IPoll
    function vote(uint256 _choiceID) external {
        require(block.number <= endBlock, PollIsOver(block.number, endBlock));
        emit Vote(msg.sender, _choiceID);
    }

    /// @inheritdoc IPoll
    function destroy() external {
        require(block.number > endBlock, PollIsActive(block.number, endBlock));
        uint256 balance = address(this).balance;
        // A caller that takes no ETH can still destroy a poll that has none.
        if (balance == 0) return;
        bool success = LowLevelCall.callNoReturn(msg.sender, balance, "");
        if (!success) LowLevelCall.bubbleRevert();
    }
}
