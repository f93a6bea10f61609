// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";
import {TicketHash} from "../../types/TicketHash.sol";

/// @title TicketBroker__MutantUnitLeavesTrace
/// @notice Planted fault (P11): a ticket that a batch skips keeps what it had changed.
contract TicketBroker__MutantUnitLeavesTrace is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _undo(TicketHash, Settlement memory) internal override {}
}
