// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";

/// @title TicketBroker__MutantZeroUnlockPeriod
/// @notice Planted fault (P7): a sender may leave in the round in which its reserve was claimed.
contract TicketBroker__MutantZeroUnlockPeriod is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _requireUnlockPeriod(uint256) internal pure override {}
}
