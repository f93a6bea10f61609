// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";

/// @title TicketBroker__MutantNoShareCap
/// @notice Planted fault (P8): one recipient may draw the whole reserve.
contract TicketBroker__MutantNoShareCap is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _claimable(address, uint256 fundsRemaining, uint256, uint256)
        internal
        pure
        override
        returns (uint256)
    {
        return fundsRemaining;
    }
}
