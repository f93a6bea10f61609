// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";
import {Ticket} from "../../types/Ticket.sol";

/// @title TicketBroker__MutantWholeReserveCovers
/// @notice Planted fault (P4): coverage is judged by the whole reserve, payment capped by the share of the recipient.
contract TicketBroker__MutantWholeReserveCovers is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _settlement(Ticket calldata ticket, uint256 currentRound)
        internal
        view
        override
        returns (Settlement memory settlement, bytes memory failure)
    {
        (settlement, failure) = super._settlement(ticket, currentRound);
        bool isShort = bytes4(failure) == InsufficientFundsForFaceValue.selector;
        uint256 shortfall = ticket.faceValue - settlement.fromDeposit;
        if (!isShort || shortfall > settlement.account.reserve()) return (settlement, failure);
        settlement.fromReserve = _claimable(
            ticket.recipient,
            settlement.account.reserve(),
            settlement.claimedByAll.inRound(currentRound),
            settlement.claimedByRecipient.inRound(currentRound)
        );
        failure = "";
    }
}
