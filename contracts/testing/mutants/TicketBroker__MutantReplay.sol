// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";
import {TicketHash} from "../../types/TicketHash.sol";

/// @title TicketBroker__MutantReplay
/// @notice Planted fault (P10): a redeemed ticket is not remembered.
contract TicketBroker__MutantReplay is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _markUsed(TicketHash) internal override {}
}
