// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";
import {Ticket} from "../../types/Ticket.sol";

/// @title TicketBroker__MutantPartialSettlement
/// @notice Planted fault (P3): a ticket is used up for whatever its sender has left.
contract TicketBroker__MutantPartialSettlement is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _settlement(Ticket calldata ticket, uint256 currentRound)
        internal
        view
        override
        returns (Settlement memory settlement, bytes memory failure)
    {
        (settlement, failure) = super._settlement(ticket, currentRound);
        if (bytes4(failure) != InsufficientFundsForFaceValue.selector) return (settlement, failure);
        settlement.fromReserve = _claimable(
            ticket.recipient,
            settlement.account.reserve(),
            settlement.claimedByAll.inRound(currentRound),
            settlement.claimedByRecipient.inRound(currentRound)
        );
        failure = "";
    }
}
