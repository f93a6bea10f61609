// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";

/// @title TicketBroker__MutantFundingByOthersCancelsUnlock
/// @notice Planted fault (P1): whoever funds a sender cancels its unlock.
contract TicketBroker__MutantFundingByOthersCancelsUnlock is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _fundingCancelsUnlock(address) internal pure override returns (bool) {
        return true;
    }
}
