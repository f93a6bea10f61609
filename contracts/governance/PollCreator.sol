// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {IPollCreator} from "../interfaces/IPollCreator.sol";
import {Poll} from "./Poll.sol";

/// @title PollCreator
/// @notice See IPollCreator.
contract PollCreator is IPollCreator {
    /// @inheritdoc IPollCreator
    uint256 public constant QUORUM = 333_300; // 33.33 %
    /// @inheritdoc IPollCreator
    uint256 public constant QUOTA = 500_000; // 50 %
    /// @inheritdoc IPollCreator
    uint256 public constant POLL_PERIOD = 57_600; // about eight days
    /// @inheritdoc IPollCreator
    uint256 public constant POLL_CREATION_COST = 100e18; // 100 LPT

    /// @inheritdoc IPollCreator
    address public immutable bondingManager;

    constructor(address _bondingManagerAddr) {
        bondingManager = _bondingManagerAddr;
    }

    /// @inheritdoc IPollCreator
    function createPoll(bytes calldata _proposal) external {
        _requireStake(msg.sender);
        uint256 endBlock = block.number + POLL_PERIOD;
        Poll poll = new Poll(endBlock);

        emit PollCreated(address(poll), _proposal, endBlock, QUORUM, QUOTA);
    }

    function _requireStake(address creator) private view {
        uint256 pendingStake = IBondingManager(bondingManager).pendingStake(creator, 0);
        if (pendingStake >= POLL_CREATION_COST) return;
        uint256 totalStake = IBondingManager(bondingManager).transcoderTotalStake(creator);
        require(
            totalStake >= POLL_CREATION_COST,
            InsufficientStake(creator, pendingStake, totalStake, POLL_CREATION_COST)
        );
    }
}
