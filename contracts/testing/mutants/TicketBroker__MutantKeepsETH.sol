// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";

/// @title TicketBroker__MutantKeepsETH
/// @notice Planted fault (P12): funds stay in the broker.
contract TicketBroker__MutantKeepsETH is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _forwardToMinter() internal override {}
}
