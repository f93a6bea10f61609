// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBondingManager} from "../../contracts/interfaces/IBondingManager.sol";
import {IBondingVotes} from "../../contracts/interfaces/IBondingVotes.sol";
import {IController} from "../../contracts/interfaces/IController.sol";
import {IManager} from "../../contracts/interfaces/IManager.sol";
import {IRoundsManager} from "../../contracts/interfaces/IRoundsManager.sol";
import {ITicketBroker} from "../../contracts/interfaces/ITicketBroker.sol";
import {ContractIds} from "../../contracts/libraries/ContractIds.sol";
import {Ticket} from "../../contracts/types/Ticket.sol";
import {Outcome} from "./Operations.sol";
import {SignedTicket} from "./Tickets.sol";
import {Trials} from "./Trials.sol";

/// @title Trespasses
/// @notice As Trials, for payments and rounds; and calls that only contracts of the protocol, or its owner, may make.
abstract contract Trespasses is Trials {
    uint256 private constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    bytes private constant OF_TICKET = abi.encodePacked(
        ITicketBroker.TicketRecipientIsZero.selector,
        ITicketBroker.TicketSenderIsZero.selector,
        ITicketBroker.InvalidAuxDataLength.selector,
        ITicketBroker.CreationRoundHasNoBlockHash.selector,
        ITicketBroker.CreationRoundBlockHashMismatch.selector,
        ITicketBroker.TicketExpired.selector,
        ITicketBroker.RecipientRandMismatch.selector,
        ITicketBroker.TicketAlreadyUsed.selector,
        ITicketBroker.MalleableSignature.selector,
        ITicketBroker.UnrecoverableSignature.selector,
        ITicketBroker.InvalidTicketSignature.selector,
        ITicketBroker.TicketDidNotWin.selector
    );
    bytes private constant OF_PAYMENT = abi.encodePacked(
        IManager.CurrentRoundNotInitialized.selector,
        ITicketBroker.SenderUnlocked.selector,
        ITicketBroker.SenderHasNoFunds.selector,
        ITicketBroker.InsufficientFundsForFaceValue.selector,
        IBondingManager.TranscoderNotActive.selector
    );

    /// The last ticket of `redeemMayRevert`, encoded.
    bytes private _last;

    function initializeRoundMayRevert(uint256 senderSeed) external inNextBlock {
        _may(
            _initializeRound(_anybody(senderSeed)),
            abi.encodePacked(IRoundsManager.RoundAlreadyInitialized.selector)
        );
    }

    function leaveMayRevert(uint256 senderSeed, uint256 kind) external inNextBlock {
        address sender =
            senderSeed % 4 == 0 ? _anybody(senderSeed / 4) : gateways[senderSeed % gateways.length];
        kind %= 3;
        Outcome memory came;
        if (kind == 0) came = _unlock(sender);
        else if (kind == 1) came = _cancelUnlock(sender);
        else came = _withdraw(sender);
        _may(
            came,
            abi.encodePacked(
                ITicketBroker.SenderHasNoFunds.selector,
                ITicketBroker.UnlockAlreadyInitiated.selector,
                ITicketBroker.NoUnlockInProgress.selector,
                ITicketBroker.SenderLocked.selector
            )
        );
    }

    /// @notice Sends less or more than the sum of the two pots.
    function fundWrongValueMayRevert(uint256 senderSeed, uint256 deposit, uint256 reserve)
        external
        inNextBlock
    {
        bytes memory data =
            abi.encodeCall(broker.fundDepositAndReserve, (deposit % 1 ether, reserve % 1 ether));
        uint256 value = deposit % 1 ether + reserve % 1 ether + 1;
        Outcome memory came = _call(gateways[senderSeed % gateways.length], address(broker), value, data);
        _holds(!came.ok, "TICKET-1 no more is credited than is paid", address(0), 1, 0);
        _may(came, abi.encodePacked(ITicketBroker.FundingValueMismatch.selector));
    }

    /// @notice A ticket of any amount for anybody.
    function redeemMayRevert(uint256 senderSeed, uint256 recipientSeed, uint256 amountSeed)
        external
        inNextBlock
    {
        uint256 number = senderSeed % gateways.length;
        address recipient = _anybody(recipientSeed);
        uint256 faceValue = _anyAmount(amountSeed, _escrow(gateways[number]).deposit);
        if (!_feeFactorHasRoom(recipient, faceValue)) return;
        SignedTicket memory signed =
            _sign(_ticketOf(gateways[number], recipient, faceValue), gatewayKeys[number]);
        _last = abi.encode(signed);
        _may(_redeem(attacker, signed), _ofRedemption());
    }

    /// @notice The last such ticket once more, perhaps rounds later.
    function redeemAgainMayRevert() external inNextBlock {
        if (_last.length == 0) return;
        SignedTicket memory signed = abi.decode(_last, (SignedTicket));
        bool isUsed = broker.usedTickets(_hashOf(signed.ticket));
        Outcome memory came = _redeem(attacker, signed);
        _holds(!(isUsed && came.ok), "TICKET-4 a used ticket stays used", address(0), 1, 0);
        _may(came, _ofRedemption());
    }

    /// @notice A ticket with one thing wrong; nobody may get anything for it.
    function redeemBadTicketMayRevert(uint256 senderSeed, uint256 recipientSeed, uint256 kind)
        external
        inNextBlock
    {
        SignedTicket memory signed = _badTicket(senderSeed % gateways.length, recipientSeed, kind % 10);
        bytes memory data = abi.encodeCall(
            broker.redeemWinningTicket, (signed.ticket, signed.signature, signed.recipientRand)
        );
        Outcome memory came = _call(attacker, address(broker), 0, data);
        _holds(!came.ok, "FN-2 a bad ticket is not redeemed", address(0), kind % 10, 0);
        _may(came, _ofRedemption());
    }

    function _badTicket(uint256 number, uint256 seed, uint256 kind)
        private
        returns (SignedTicket memory signed)
    {
        Ticket memory ticket = _ticketOf(gateways[number], _staker(seed), 1 + seed % 1 ether);
        if (kind == 0) ticket.recipient = address(0);
        else if (kind == 1) ticket.sender = address(0);
        else if (kind == 2) ticket.auxData = new bytes(seed % 64);
        else if (kind == 3) ticket.auxData = abi.encode(rounds.currentRound(), bytes32(uint256(1)));
        else if (kind == 4) ticket.winProb = 0;
        else if (kind == 9) ticket.auxData = abi.encode(rounds.currentRound() + 1, bytes32(uint256(1)));
        signed = _sign(ticket, kind == 5 ? 1 : gatewayKeys[number]);
        if (kind == 6) signed.recipientRand = 6;
        else if (kind == 7) signed.signature = _twin(signed.signature);
        else if (kind == 8) signed.signature[64] = bytes1(uint8(seed % 27));
    }

    /// @notice Calls what only a contract of the protocol may call.
    function trespassMayRevert(uint256 kind, uint256 accountSeed) external inNextBlock {
        address account = _staker(accountSeed);
        (address to, bytes memory data) = _trespass(kind % 10, account);
        _mustFail(
            _call(attacker, to, 0, data),
            abi.encodePacked(
                IManager.SystemPaused.selector,
                IManager.CallerNotRegistered.selector,
                IManager.CallerNotEitherRegistered.selector,
                IBondingVotes.InvalidCaller.selector,
                IBondingVotes.MustCallBondingManager.selector
            )
        );
    }

    /// @notice Calls what only the owner of the Controller may call.
    function usurpMayRevert(uint256 kind, uint256 senderSeed, uint256 value) external inNextBlock {
        address sender = _anybody(senderSeed);
        if (sender == controller.owner()) return;
        (address to, bytes memory data) = _usurpation(kind % 12, value);
        _mustFail(
            _call(sender, to, 0, data),
            abi.encodePacked(IManager.CallerNotControllerOwner.selector, IController.CallerNotOwner.selector)
        );
    }

    function _trespass(uint256 kind, address account) private view returns (address, bytes memory) {
        if (kind == 0) {
            return (address(manager), abi.encodeCall(manager.updateTranscoderWithFees, (account, 1, 1)));
        }
        if (kind == 1) return (address(manager), abi.encodeCall(manager.creditFees, (account, 1, 1)));
        if (kind == 2) {
            return (address(manager), abi.encodeCall(manager.setCurrentRoundTotalActiveStake, ()));
        }
        if (kind == 3) return (address(votes), _foreignCheckpoint(account));
        if (kind == 4) return (address(votes), abi.encodeCall(votes.checkpointTotalActiveStake, (1, 1)));
        if (kind == 5) return (address(votes), abi.encodeCall(votes.delegate, (account)));
        if (kind == 6) return (address(minter), abi.encodeCall(minter.createReward, (1, 1)));
        if (kind == 7) return (address(minter), abi.encodeCall(minter.trustedTransferTokens, (account, 1)));
        if (kind == 8) {
            return (address(minter), abi.encodeCall(minter.trustedWithdrawETH, (payable(account), 1)));
        }
        return (address(minter), abi.encodeCall(minter.setCurrentRewardTokens, ()));
    }

    function _foreignCheckpoint(address account) private view returns (bytes memory) {
        return abi.encodeCall(votes.checkpointBondingState, (account, 1, 1, account, 1, 1, 1));
    }

    function _usurpation(uint256 kind, uint256 value) private view returns (address, bytes memory) {
        if (kind == 0) {
            return (address(manager), abi.encodeCall(manager.setUnbondingPeriod, (uint64(value))));
        }
        if (kind == 1) return (address(manager), abi.encodeCall(manager.setTreasuryRewardCutRate, (value)));
        if (kind == 2) return (address(manager), abi.encodeCall(manager.setTreasuryBalanceCeiling, (value)));
        if (kind == 3) return (address(manager), abi.encodeCall(manager.setNumActiveTranscoders, (value)));
        if (kind == 4) return (address(minter), abi.encodeCall(minter.setTargetBondingRate, (value)));
        if (kind == 5) return (address(minter), abi.encodeCall(minter.setInflationChange, (value)));
        if (kind == 6) return (address(rounds), abi.encodeCall(rounds.setRoundLength, (value)));
        if (kind == 7) return (address(rounds), abi.encodeCall(rounds.setRoundLockAmount, (value)));
        if (kind == 8) return (address(broker), abi.encodeCall(broker.setUnlockPeriod, (value)));
        if (kind == 9) return (address(broker), abi.encodeCall(broker.setTicketValidityPeriod, (value)));
        if (kind == 10) return (address(controller), abi.encodeCall(controller.pause, ()));
        bytes memory data =
            abi.encodeCall(controller.setContractInfo, (ContractIds.MINTER, attacker, bytes20(0)));
        return (address(controller), data);
    }

    function _ofRedemption() private pure returns (bytes memory) {
        return bytes.concat(OF_TICKET, OF_PAYMENT);
    }

    /// @dev The other signature by the same key: n - s, and the other v.
    function _twin(bytes memory signature) private pure returns (bytes memory) {
        bytes32 r;
        uint256 s;
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
        }
        return abi.encodePacked(r, CURVE_ORDER - s, bytes1(55 - uint8(signature[64])));
    }
}
