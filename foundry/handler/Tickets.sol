// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITicketBroker} from "../../contracts/interfaces/ITicketBroker.sol";
import {Ticket} from "../../contracts/types/Ticket.sol";
import {VM} from "../stage/Vm.sol";
import {Choices} from "./Choices.sol";
import {Outcome} from "./Operations.sol";

/// @dev All that a redemption needs.
struct SignedTicket {
    Ticket ticket;
    bytes signature;
    uint256 recipientRand;
}

/// @dev What a sender has.
struct Escrow {
    uint256 deposit;
    uint256 reserve;
    uint256 withdrawRound;
}

/// @title Tickets
/// @notice The calls of payments, each with its entry in the books and what must be true of it; and tickets, hashed
/// and signed here from the specification alone.
abstract contract Tickets is Choices {
    uint256 private constant RECIPIENT_RAND = 5;
    /// @dev Every draw but one is below it.
    uint256 private constant ALWAYS_WINS = type(uint256).max;

    uint256 private _nonce;

    // --- escrow ---

    function _fund(address payer, address holder, uint256 deposit, uint256 reserve)
        internal
        returns (Outcome memory)
    {
        bytes memory data = payer == holder
            ? abi.encodeCall(broker.fundDepositAndReserve, (deposit, reserve))
            : abi.encodeCall(broker.fundDepositAndReserveFor, (holder, deposit, reserve));
        return _pay(payer, holder, deposit, reserve, data);
    }

    function _fundDeposit(address payer, uint256 deposit) internal returns (Outcome memory) {
        return _pay(payer, payer, deposit, 0, abi.encodeCall(broker.fundDeposit, ()));
    }

    function _fundReserve(address payer, uint256 reserve) internal returns (Outcome memory) {
        return _pay(payer, payer, 0, reserve, abi.encodeCall(broker.fundReserve, ()));
    }

    function _pay(address payer, address holder, uint256 deposit, uint256 reserve, bytes memory data)
        private
        returns (Outcome memory came)
    {
        Escrow memory was = _escrow(holder);
        came = _call(payer, address(broker), deposit + reserve, data);
        if (!came.ok) return came;
        _books.fundedWei += deposit + reserve;
        Escrow memory present = _escrow(holder);
        _equal(present.deposit - was.deposit, deposit, "TICKET-1 a deposit grows by what is paid for it");
        _equal(present.reserve - was.reserve, reserve, "TICKET-1 a reserve grows by what is paid for it");
        _equal(
            present.withdrawRound,
            payer == holder ? 0 : was.withdrawRound,
            "TICKET-5 own funding cancels an unlock, that of others does not"
        );
    }

    function _unlock(address sender) internal returns (Outcome memory came) {
        came = _call(sender, address(broker), 0, abi.encodeCall(broker.unlock, ()));
        if (!came.ok) return came;
        uint256 withdrawRound = rounds.currentRound() + broker.unlockPeriod();
        _equal(_escrow(sender).withdrawRound, withdrawRound, "TICKET-5 unlocked after the period");
    }

    function _cancelUnlock(address sender) internal returns (Outcome memory came) {
        came = _call(sender, address(broker), 0, abi.encodeCall(broker.cancelUnlock, ()));
        if (came.ok) _equal(_escrow(sender).withdrawRound, 0, "TICKET-5 a cancelled unlock is none");
    }

    function _withdraw(address sender) internal returns (Outcome memory came) {
        Escrow memory was = _escrow(sender);
        uint256 balance = sender.balance;
        came = _call(sender, address(broker), 0, abi.encodeCall(broker.withdraw, ()));
        if (!came.ok) return came;
        _books.withdrawnWei += was.deposit + was.reserve;
        Escrow memory present = _escrow(sender);
        _equal(present.deposit + present.reserve, 0, "TICKET-6 a withdrawal takes everything");
        _equal(sender.balance - balance, was.deposit + was.reserve, "TICKET-6 and pays it");
        _holds(
            was.withdrawRound > 0 && was.withdrawRound <= rounds.currentRound(),
            "TICKET-6 withdrawals of unlocked senders only",
            sender,
            was.withdrawRound,
            rounds.currentRound()
        );
    }

    // --- redemption ---

    function _redeem(address caller, SignedTicket memory signed) internal returns (Outcome memory came) {
        Ticket memory ticket = signed.ticket;
        bool wasUsed = broker.usedTickets(_hashOf(ticket));
        Escrow memory was = _escrow(ticket.sender);
        uint256 shareOfOther = _shareOfAnother(ticket);
        (, uint256 fees) = _pending();
        uint256 slack = _rounding();
        came = _call(
            caller,
            address(broker),
            0,
            abi.encodeCall(broker.redeemWinningTicket, (ticket, signed.signature, signed.recipientRand))
        );
        if (!came.ok) return came;
        _books.paidByTicketsWei += ticket.faceValue;
        _holds(!wasUsed, "TICKET-4 a ticket is redeemed once", ticket.sender, 1, 0);
        _holds(broker.usedTickets(_hashOf(ticket)), "TICKET-4 a redeemed ticket is used", ticket.sender, 0, 1);
        _checkPayment(ticket, was);
        _checkFees(fees, ticket.faceValue, slack);
        _atMost(
            shareOfOther, _shareOfAnother(ticket), "RESERVE-3 a claim never lowers what another may claim"
        );
    }

    function _redeemBatch(address caller, SignedTicket[] memory signed)
        internal
        returns (Outcome memory came)
    {
        bytes memory data = _encodeBatch(signed);
        bool[] memory wasUsed = new bool[](signed.length);
        for (uint256 i = 0; i < signed.length; ++i) {
            wasUsed[i] = broker.usedTickets(_hashOf(signed[i].ticket)) || _isAmong(signed, i);
        }
        (, uint256 fees) = _pending();
        uint256 slack = _rounding();
        came = _call(caller, address(broker), 0, data);
        if (!came.ok) return came;
        uint256 paid;
        for (uint256 i = 0; i < signed.length; ++i) {
            bool isUsed = broker.usedTickets(_hashOf(signed[i].ticket));
            if (isUsed && !wasUsed[i]) paid += signed[i].ticket.faceValue;
        }
        _books.paidByTicketsWei += paid;
        _checkFees(fees, paid, slack);
    }

    function _checkPayment(Ticket memory ticket, Escrow memory was) private view {
        Escrow memory present = _escrow(ticket.sender);
        string memory claim = "TICKET-3 tickets take their face value, the deposit first";
        _equal(was.deposit + was.reserve - present.deposit - present.reserve, ticket.faceValue, claim);
        _equal(was.deposit - present.deposit, _lesser(was.deposit, ticket.faceValue), claim);
        _holds(
            was.withdrawRound == 0 || was.withdrawRound > rounds.currentRound(),
            "TICKET-6 tickets of locked senders only",
            ticket.sender,
            was.withdrawRound,
            rounds.currentRound()
        );
        (uint256 creationRound, bytes32 blockHash) = abi.decode(ticket.auxData, (uint256, bytes32));
        _holds(
            creationRound + broker.ticketValidityPeriod() > rounds.currentRound()
                && blockHash == rounds.blockHashForRound(creationRound),
            "TICKET-7 redeemed tickets carry the hash of a round still valid",
            ticket.sender,
            creationRound,
            rounds.currentRound()
        );
    }

    function _checkFees(uint256 was, uint256 paid, uint256 slack) private view {
        (, uint256 fees) = _pending();
        string memory claim = "EARN-9 tickets raise pending fees by at most what they pay";
        _atMost(was, fees, claim);
        _atMost(fees - was, paid + slack, claim);
    }

    /// @dev What an active orchestrator other than the recipient may draw from the sender's reserve.
    function _shareOfAnother(Ticket memory ticket) private view returns (uint256) {
        for (uint256 i = 0; i < stakers.length; ++i) {
            if (stakers[i] == ticket.recipient || !manager.isActiveTranscoder(stakers[i])) continue;
            return broker.claimableReserve(ticket.sender, stakers[i]);
        }
        return 0;
    }

    function _encodeBatch(SignedTicket[] memory signed) private view returns (bytes memory) {
        Ticket[] memory tickets = new Ticket[](signed.length);
        bytes[] memory signatures = new bytes[](signed.length);
        uint256[] memory recipientRands = new uint256[](signed.length);
        for (uint256 i = 0; i < signed.length; ++i) {
            tickets[i] = signed[i].ticket;
            signatures[i] = signed[i].signature;
            recipientRands[i] = signed[i].recipientRand;
        }
        return abi.encodeCall(broker.batchRedeemWinningTickets, (tickets, signatures, recipientRands));
    }

    /// @dev Whether the same ticket stands before place `end` of a batch.
    function _isAmong(SignedTicket[] memory signed, uint256 end) private pure returns (bool) {
        for (uint256 i = 0; i < end; ++i) {
            if (_hashOf(signed[i].ticket) == _hashOf(signed[end].ticket)) return true;
        }
        return false;
    }

    // --- tickets ---

    /// @dev A winning ticket of the current round.
    function _ticketOf(address sender, address recipient, uint256 faceValue)
        internal
        returns (Ticket memory)
    {
        uint256 round = rounds.currentRound();
        return Ticket({
            recipient: recipient,
            sender: sender,
            faceValue: faceValue,
            winProb: ALWAYS_WINS,
            senderNonce: _nonce++,
            recipientRandHash: keccak256(abi.encode(RECIPIENT_RAND)),
            auxData: abi.encode(round, rounds.blockHashForRound(round))
        });
    }

    function _sign(Ticket memory ticket, uint256 key) internal pure returns (SignedTicket memory) {
        bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", _hashOf(ticket)));
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return SignedTicket(ticket, abi.encodePacked(r, s, v), RECIPIENT_RAND);
    }

    function _hashOf(Ticket memory ticket) internal pure returns (bytes32) {
        return keccak256(
            abi.encodePacked(
                ticket.recipient,
                ticket.sender,
                ticket.faceValue,
                ticket.winProb,
                ticket.senderNonce,
                ticket.recipientRandHash,
                ticket.auxData
            )
        );
    }

    // --- readings ---

    function _escrow(address holder) internal view returns (Escrow memory) {
        (ITicketBroker.Sender memory sender, ITicketBroker.ReserveInfo memory reserve) =
            broker.getSenderInfo(holder);
        return Escrow(sender.deposit, reserve.fundsRemaining, sender.withdrawRound);
    }

    function _isUnlocking(address sender) internal view returns (bool) {
        return _escrow(sender).withdrawRound > 0;
    }

    function _isUnlocked(address sender) internal view returns (bool) {
        uint256 withdrawRound = _escrow(sender).withdrawRound;
        return withdrawRound > 0 && withdrawRound <= rounds.currentRound();
    }

    function _hasFunds(address sender) internal view returns (bool) {
        Escrow memory escrow = _escrow(sender);
        return escrow.deposit + escrow.reserve > 0;
    }
}
