// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {IRoundsManager} from "../interfaces/IRoundsManager.sol";
import {ITicketBroker} from "../interfaces/ITicketBroker.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {ReserveLib} from "../libraries/ReserveLib.sol";
import {TicketLib} from "../libraries/TicketLib.sol";
import {ManagerProxyTarget} from "../registry/ManagerProxyTarget.sol";
import {toRound} from "../types/Round.sol";
import {RoundAmount} from "../types/RoundAmount.sol";
import {SenderAccount, toSenderAccount} from "../types/SenderAccount.sol";
import {Ticket} from "../types/Ticket.sol";
import {TicketHash} from "../types/TicketHash.sol";

/// @title TicketBroker
/// @notice See ITicketBroker.
/// @dev Money: the broker holds none. A pot is a number here and ETH in the Minter; a redemption lowers the number and
/// has the BondingManager raise its own.
///
/// Escrow: both pots and the withdraw round of a sender share one slot, as nearly every call needs them together.
///
/// Stale claims: counters of a reserve are per round. A withdrawal in round r needs a withdraw round that was fixed in
/// an earlier round and has come, a claim in r needs one that has not: so none is ever withdrawn from under its claims,
/// and a reserve that is funded anew starts without any. This rests on an unlock period of at least 1 (DEV-6).
///
/// Redemption: `_redeem` reports a failure instead of reverting, so that the single call (which then reverts with it)
/// and the batch (which goes on) cannot differ. It changes nothing before all checks have passed, except that only the
/// BondingManager knows whether it takes the fees: if not, everything is put back.
///
/// Re-entrancy: the callees are the protocol's own. State is complete before each call that changes something; ETH goes
/// out through the Minter, with the stipend only.
contract TicketBroker is ManagerProxyTarget, ITicketBroker {
    using SafeCast for uint256;
    using TicketLib for Ticket;
    using TicketLib for TicketHash;

    // --- types ---

    /// @custom:storage-location erc7201:livepeer.storage.TicketBroker
    struct TicketBrokerStorage {
        // --- slot 0 ---
        uint32 unlockPeriodRounds;
        uint32 ticketValidityPeriodRounds;
        // --- slot 1 ---
        mapping(address sender => SenderAccount) accounts;
        // --- slot 2 ---
        /// Drawn from a reserve in a round, by all claimants together.
        mapping(address reserveHolder => RoundAmount) claimedByAll;
        // --- slot 3 ---
        mapping(address reserveHolder => mapping(address claimant => RoundAmount)) claimedBy;
        // --- slot 4 ---
        mapping(TicketHash ticketHash => bool) usedTickets;
    }

    /// @dev The clock as a redemption needs it, and the last recorded block hash that was looked up.
    struct RoundInfo {
        uint256 currentRound;
        uint256 hashedRound;
        bytes32 blockHash;
    }

    /// @dev What a ticket takes, and what it takes it from, as found.
    struct Settlement {
        address sender;
        address recipient;
        uint256 fromDeposit;
        uint256 fromReserve;
        SenderAccount account;
        /// Only loaded when something is taken from the reserve, like the next.
        RoundAmount claimedByAll;
        RoundAmount claimedByRecipient;
    }

    // --- constants ---

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.TicketBroker")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant TICKET_BROKER_STORAGE =
        0xb310c717a1c9c0a5da79d2ad8c0a67f4b6d75bbdaa1cfa09992a08486e364800;

    uint256 private constant SIGNATURE_LENGTH = 65;

    constructor(address _controller) ManagerProxyTarget(_controller) {}

    // --- parameters ---

    /// @inheritdoc ITicketBroker
    function setUnlockPeriod(uint256 _unlockPeriod) external onlyControllerOwner {
        _requireUnlockPeriod(_unlockPeriod);
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        uint256 previous = $.unlockPeriodRounds;
        $.unlockPeriodRounds = _unlockPeriod.toUint32();
        _emitParameterUpdate("unlockPeriod", previous, _unlockPeriod);
    }

    /// @inheritdoc ITicketBroker
    function setTicketValidityPeriod(uint256 _ticketValidityPeriod) external onlyControllerOwner {
        require(_ticketValidityPeriod > 0, TicketValidityPeriodIsZero());
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        uint256 previous = $.ticketValidityPeriodRounds;
        $.ticketValidityPeriodRounds = _ticketValidityPeriod.toUint32();
        _emitParameterUpdate("ticketValidityPeriod", previous, _ticketValidityPeriod);
    }

    // --- funding ---

    /// @inheritdoc ITicketBroker
    function fundDeposit() external payable whenSystemNotPaused {
        bool isCancelled = _credit(msg.sender, msg.value, 0);
        if (isCancelled) emit UnlockCancelled(msg.sender);
        emit DepositFunded(msg.sender, msg.value);
        _forwardToMinter();
    }

    /// @inheritdoc ITicketBroker
    function fundReserve() external payable whenSystemNotPaused {
        bool isCancelled = _credit(msg.sender, 0, msg.value);
        emit ReserveFunded(msg.sender, msg.value);
        if (isCancelled) emit UnlockCancelled(msg.sender);
        _forwardToMinter();
    }

    /// @inheritdoc ITicketBroker
    function fundDepositAndReserve(uint256 _depositAmount, uint256 _reserveAmount)
        external
        payable
        whenSystemNotPaused
    {
        _fundBoth(msg.sender, _depositAmount, _reserveAmount);
    }

    /// @inheritdoc ITicketBroker
    function fundDepositAndReserveFor(address _addr, uint256 _depositAmount, uint256 _reserveAmount)
        external
        payable
        whenSystemNotPaused
    {
        _fundBoth(_addr, _depositAmount, _reserveAmount);
    }

    // --- redemption ---

    /// @inheritdoc ITicketBroker
    function redeemWinningTicket(Ticket calldata _ticket, bytes calldata _sig, uint256 _recipientRand)
        external
        whenSystemNotPaused
    {
        RoundInfo memory rounds = _initializedRound(_ticket.auxData);
        (bool isRedeemed, bytes memory failure) = _redeem(_ticket, _sig, _recipientRand, rounds);
        if (!isRedeemed) {
            assembly ("memory-safe") {
                revert(add(failure, 0x20), mload(failure))
            }
        }
    }

    /// @inheritdoc ITicketBroker
    function batchRedeemWinningTickets(
        Ticket[] calldata _tickets,
        bytes[] calldata _sigs,
        uint256[] calldata _recipientRands
    ) external whenSystemNotPaused {
        RoundInfo memory rounds = _initializedRound(_tickets.length > 0 ? _tickets[0].auxData : msg.data[:0]);
        for (uint256 i = 0; i < _tickets.length; ++i) {
            _redeem(_tickets[i], _sigs[i], _recipientRands[i], rounds);
        }
    }

    // --- exit ---

    /// @inheritdoc ITicketBroker
    function unlock() external whenSystemNotPaused {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        SenderAccount account = $.accounts[msg.sender];
        require(account.hasFunds(), SenderHasNoFunds(msg.sender));
        require(
            !account.isUnlocking(), UnlockAlreadyInitiated(msg.sender, account.withdrawRound().toUint256())
        );
        uint256 currentRound = _currentRound();
        uint256 withdrawRound = currentRound + $.unlockPeriodRounds;
        $.accounts[msg.sender] = toSenderAccount(account.deposit(), account.reserve(), toRound(withdrawRound));
        emit Unlock(msg.sender, currentRound, withdrawRound);
    }

    /// @inheritdoc ITicketBroker
    function cancelUnlock() external whenSystemNotPaused {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        SenderAccount account = $.accounts[msg.sender];
        require(account.isUnlocking(), NoUnlockInProgress(msg.sender));
        $.accounts[msg.sender] = account.lock();
        emit UnlockCancelled(msg.sender);
    }

    /// @inheritdoc ITicketBroker
    function withdraw() external whenSystemNotPaused {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        SenderAccount account = $.accounts[msg.sender];
        require(account.hasFunds(), SenderHasNoFunds(msg.sender));
        require(account.isUnlocking(), NoUnlockInProgress(msg.sender));
        uint256 currentRound = _currentRound();
        require(
            account.isUnlockedIn(currentRound),
            SenderLocked(msg.sender, account.withdrawRound().toUint256(), currentRound)
        );

        $.accounts[msg.sender] = toSenderAccount(0, 0, account.withdrawRound());
        _minter().trustedWithdrawETH(payable(msg.sender), account.deposit() + account.reserve());
        emit Withdrawal(msg.sender, account.deposit(), account.reserve());
    }

    // --- views ---

    /// @inheritdoc ITicketBroker
    function unlockPeriod() external view returns (uint256) {
        return _ticketBrokerStorage().unlockPeriodRounds;
    }

    /// @inheritdoc ITicketBroker
    function ticketValidityPeriod() external view returns (uint256) {
        return _ticketBrokerStorage().ticketValidityPeriodRounds;
    }

    /// @inheritdoc ITicketBroker
    function isUnlockInProgress(address _sender) external view returns (bool) {
        return _ticketBrokerStorage().accounts[_sender].isUnlocking();
    }

    /// @inheritdoc ITicketBroker
    function getSenderInfo(address _sender)
        external
        view
        returns (Sender memory sender, ReserveInfo memory reserve)
    {
        SenderAccount account = _ticketBrokerStorage().accounts[_sender];
        sender = Sender({deposit: account.deposit(), withdrawRound: account.withdrawRound().toUint256()});
        reserve = getReserveInfo(_sender);
    }

    /// @inheritdoc ITicketBroker
    function getReserveInfo(address _reserveHolder) public view returns (ReserveInfo memory info) {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        info.fundsRemaining = $.accounts[_reserveHolder].reserve();
        info.claimedInCurrentRound = $.claimedByAll[_reserveHolder].inRound(_currentRound());
    }

    /// @inheritdoc ITicketBroker
    function claimedReserve(address _reserveHolder, address _claimant) external view returns (uint256) {
        return _ticketBrokerStorage().claimedBy[_reserveHolder][_claimant].inRound(_currentRound());
    }

    /// @inheritdoc ITicketBroker
    function claimableReserve(address _reserveHolder, address _claimant) external view returns (uint256) {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        uint256 currentRound = _currentRound();
        return _claimable(
            _claimant,
            $.accounts[_reserveHolder].reserve(),
            $.claimedByAll[_reserveHolder].inRound(currentRound),
            $.claimedBy[_reserveHolder][_claimant].inRound(currentRound)
        );
    }

    /// @inheritdoc ITicketBroker
    function getTicketHash(Ticket calldata _ticket) external pure returns (bytes32) {
        return _ticket.hash().toBytes32();
    }

    /// @inheritdoc ITicketBroker
    function usedTickets(bytes32 _ticketHash) external view returns (bool) {
        return _ticketBrokerStorage().usedTickets[TicketHash.wrap(_ticketHash)];
    }

    /// @inheritdoc ManagerProxyTarget
    function contractDependencies() external pure override returns (bytes32[] memory ids) {
        ids = new bytes32[](3);
        ids[0] = ContractIds.ROUNDS_MANAGER;
        ids[1] = ContractIds.BONDING_MANAGER;
        ids[2] = ContractIds.MINTER;
    }

    // --- funding, internal ---

    function _fundBoth(address sender, uint256 depositAmount, uint256 reserveAmount) private {
        uint256 requiredWei = depositAmount + reserveAmount;
        require(msg.value == requiredWei, FundingValueMismatch(msg.value, requiredWei));
        bool isCancelled = _credit(sender, depositAmount, reserveAmount);
        if (isCancelled) emit UnlockCancelled(sender);
        emit ReserveFunded(sender, reserveAmount);
        emit DepositFunded(sender, depositAmount);
        _forwardToMinter();
    }

    /// @dev Adds to both pots; says whether that cancelled an unlock.
    function _credit(address sender, uint256 depositAmount, uint256 reserveAmount)
        private
        returns (bool isCancelled)
    {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        SenderAccount account = $.accounts[sender];
        isCancelled = account.isUnlocking() && _fundingCancelsUnlock(sender);
        if (isCancelled) account = account.lock();
        $.accounts[sender] = toSenderAccount(
            account.deposit() + depositAmount, account.reserve() + reserveAmount, account.withdrawRound()
        );
    }

    /// @dev Nobody else may: for the price of gas one could keep a sender from ever leaving.
    function _fundingCancelsUnlock(address sender) internal view virtual returns (bool) {
        return msg.sender == sender;
    }

    function _forwardToMinter() internal virtual {
        _minter().depositETH{value: msg.value}();
    }

    // --- redemption, internal ---

    /// @dev The current round, which must be initialized, along with the block hash of the creation round in `auxData`
    /// (of round 0, if they are malformed).
    function _initializedRound(bytes calldata auxData) private view returns (RoundInfo memory rounds) {
        if (auxData.length == TicketLib.AUX_DATA_LENGTH) {
            (rounds.hashedRound,) = TicketLib.decodeAuxData(auxData);
        }
        bool isInitialized;
        (rounds.currentRound, isInitialized, rounds.blockHash) =
            _roundsManager().roundStateAndBlockHash(rounds.hashedRound);
        require(isInitialized, CurrentRoundNotInitialized(rounds.currentRound));
    }

    /// @dev Redeems `ticket`, or changes nothing and returns the error that says why. The error of a callee may be
    /// empty.
    function _redeem(
        Ticket calldata ticket,
        bytes calldata sig,
        uint256 recipientRand,
        RoundInfo memory rounds
    ) private returns (bool isRedeemed, bytes memory failure) {
        TicketHash ticketHash = ticket.hash();
        failure = _ticketFailure(ticket, ticketHash, sig, recipientRand, rounds);
        if (failure.length > 0) return (false, failure);
        (Settlement memory settlement, bytes memory shortage) = _settlement(ticket, rounds.currentRound);
        if (shortage.length > 0) return (false, shortage);

        _markUsed(ticketHash);
        _settle(settlement, rounds.currentRound);
        uint256 amount = settlement.fromDeposit + settlement.fromReserve;
        if (amount > 0) {
            try _bondingManager().creditFees(settlement.recipient, amount, rounds.currentRound) {
                _emitTransfer(settlement, amount);
            } catch (bytes memory reason) {
                _undo(ticketHash, settlement);
                return (false, reason);
            }
        }
        _emitRedeemed(ticket, recipientRand);
        return (true, failure);
    }

    /// @dev The fee hook emits nothing, so that these still are the first events of the redemption.
    function _emitTransfer(Settlement memory settlement, uint256 amount) private {
        if (settlement.fromReserve > 0) {
            emit ReserveClaimed(settlement.sender, settlement.recipient, settlement.fromReserve);
        }
        emit WinningTicketTransfer(settlement.sender, settlement.recipient, amount);
    }

    function _emitRedeemed(Ticket calldata ticket, uint256 recipientRand) private {
        emit WinningTicketRedeemed(
            ticket.sender,
            ticket.recipient,
            ticket.faceValue,
            ticket.winProb,
            ticket.senderNonce,
            recipientRand,
            ticket.auxData
        );
    }

    /// @dev The first error in the ticket itself; empty if it is authentic, in date, unused, and wins. Looks up the
    /// block hash of the creation round if `rounds` holds another's.
    function _ticketFailure(
        Ticket calldata ticket,
        TicketHash ticketHash,
        bytes calldata sig,
        uint256 recipientRand,
        RoundInfo memory rounds
    ) private view returns (bytes memory failure) {
        if (ticket.recipient == address(0)) {
            return abi.encodeWithSelector(TicketRecipientIsZero.selector);
        }
        if (ticket.sender == address(0)) return abi.encodeWithSelector(TicketSenderIsZero.selector);
        failure = _creationFailure(ticket.auxData, rounds);
        if (failure.length > 0) return failure;

        bytes32 revealedHash = TicketLib.commitment(recipientRand);
        if (revealedHash != ticket.recipientRandHash) {
            return
                abi.encodeWithSelector(RecipientRandMismatch.selector, ticket.recipientRandHash, revealedHash);
        }
        if (_ticketBrokerStorage().usedTickets[ticketHash]) {
            return abi.encodeWithSelector(TicketAlreadyUsed.selector, ticketHash);
        }
        address signer;
        (signer, failure) = _recover(ticketHash.signedDigest(), sig);
        if (failure.length > 0) return failure;
        if (signer != ticket.sender) {
            return abi.encodeWithSelector(InvalidTicketSignature.selector, signer, ticket.sender);
        }
        uint256 draw = TicketLib.draw(sig, recipientRand);
        if (draw >= ticket.winProb) {
            return abi.encodeWithSelector(TicketDidNotWin.selector, draw, ticket.winProb);
        }
    }

    function _creationFailure(bytes calldata auxData, RoundInfo memory rounds)
        private
        view
        returns (bytes memory failure)
    {
        if (auxData.length != TicketLib.AUX_DATA_LENGTH) {
            return
                abi.encodeWithSelector(
                    InvalidAuxDataLength.selector, auxData.length, TicketLib.AUX_DATA_LENGTH
                );
        }
        (uint256 creationRound, bytes32 blockHash) = TicketLib.decodeAuxData(auxData);
        if (creationRound != rounds.hashedRound) {
            rounds.blockHash = _roundsManager().blockHashForRound(creationRound);
            rounds.hashedRound = creationRound;
        }
        if (rounds.blockHash == 0) {
            return abi.encodeWithSelector(CreationRoundHasNoBlockHash.selector, creationRound);
        }
        if (blockHash != rounds.blockHash) {
            return abi.encodeWithSelector(
                CreationRoundBlockHashMismatch.selector, creationRound, blockHash, rounds.blockHash
            );
        }
        // The validity period is at least 1: a ticket of the current round is in date whatever it is. An earlier round
        // is known to have a block hash, so that the sum cannot overflow.
        if (creationRound != rounds.currentRound) {
            uint256 validityPeriod = _ticketBrokerStorage().ticketValidityPeriodRounds;
            if (creationRound + validityPeriod <= rounds.currentRound) {
                return abi.encodeWithSelector(
                    TicketExpired.selector, creationRound, validityPeriod, rounds.currentRound
                );
            }
        }
    }

    /// @dev The signer. Exactly one encoding of a signature is accepted: 65 bytes, `v` 27 or 28, `s` in the lower half.
    function _recover(bytes32 digest, bytes calldata sig)
        internal
        pure
        virtual
        returns (address signer, bytes memory failure)
    {
        ECDSA.RecoverError recoverError;
        bytes32 errorArgument;
        (signer, recoverError, errorArgument) = ECDSA.tryRecoverCalldata(digest, sig);
        if (recoverError == ECDSA.RecoverError.NoError) return (signer, failure);
        if (recoverError == ECDSA.RecoverError.InvalidSignatureLength) {
            failure = abi.encodeWithSelector(InvalidSignatureLength.selector, sig.length, SIGNATURE_LENGTH);
        } else if (recoverError == ECDSA.RecoverError.InvalidSignatureS) {
            failure = abi.encodeWithSelector(MalleableSignature.selector, errorArgument);
        } else {
            failure =
                abi.encodeWithSelector(UnrecoverableSignature.selector, uint8(sig[64]), bytes32(sig[:32]));
        }
    }

    /// @dev What `ticket` takes from which pot, or the error that says why its sender cannot pay.
    function _settlement(Ticket calldata ticket, uint256 currentRound)
        internal
        view
        virtual
        returns (Settlement memory settlement, bytes memory failure)
    {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        address sender = ticket.sender;
        SenderAccount account = $.accounts[sender];
        settlement.sender = sender;
        settlement.recipient = ticket.recipient;
        settlement.account = account;
        if (account.isUnlockedIn(currentRound)) {
            failure = abi.encodeWithSelector(
                SenderUnlocked.selector, sender, account.withdrawRound(), currentRound
            );
            return (settlement, failure);
        }
        if (!account.hasFunds()) {
            return (settlement, abi.encodeWithSelector(SenderHasNoFunds.selector, sender));
        }
        uint256 faceValue = ticket.faceValue;
        settlement.fromDeposit = Math.min(faceValue, account.deposit());
        uint256 shortfall = faceValue - settlement.fromDeposit;
        if (shortfall == 0) return (settlement, failure);

        settlement.claimedByAll = $.claimedByAll[sender];
        settlement.claimedByRecipient = $.claimedBy[sender][settlement.recipient];
        uint256 claimable = _claimable(
            settlement.recipient,
            account.reserve(),
            settlement.claimedByAll.inRound(currentRound),
            settlement.claimedByRecipient.inRound(currentRound)
        );
        if (shortfall > claimable) {
            failure = abi.encodeWithSelector(
                InsufficientFundsForFaceValue.selector, faceValue, account.deposit(), claimable
            );
            return (settlement, failure);
        }
        settlement.fromReserve = shortfall;
    }

    /// @dev Wei that `claimant` may still draw from a reserve of `fundsRemaining` wei, given what has been drawn from
    /// it in this round.
    function _claimable(
        address claimant,
        uint256 fundsRemaining,
        uint256 claimedByAll,
        uint256 claimedByClaimant
    ) internal view virtual returns (uint256) {
        (bool isActive, uint256 activeSetSize) = _bondingManager().reserveShareState(claimant);
        if (!isActive) return 0;
        return ReserveLib.claimableDown(fundsRemaining, claimedByAll, claimedByClaimant, activeSetSize);
    }

    function _markUsed(TicketHash ticketHash) internal virtual {
        _ticketBrokerStorage().usedTickets[ticketHash] = true;
    }

    function _settle(Settlement memory settlement, uint256 currentRound) private {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        address sender = settlement.sender;
        SenderAccount account = settlement.account;
        uint256 fromReserve = settlement.fromReserve;
        $.accounts[sender] = toSenderAccount(
            account.deposit() - settlement.fromDeposit,
            account.reserve() - fromReserve,
            account.withdrawRound()
        );
        if (fromReserve == 0) return;
        $.claimedByAll[sender] = settlement.claimedByAll.plus(currentRound, fromReserve);
        $.claimedBy[sender][settlement.recipient] =
            settlement.claimedByRecipient.plus(currentRound, fromReserve);
    }

    /// @dev Puts back what `_markUsed` and `_settle` changed; no event has been emitted since.
    function _undo(TicketHash ticketHash, Settlement memory settlement) internal virtual {
        TicketBrokerStorage storage $ = _ticketBrokerStorage();
        address sender = settlement.sender;
        $.usedTickets[ticketHash] = false;
        $.accounts[sender] = settlement.account;
        if (settlement.fromReserve == 0) return;
        $.claimedByAll[sender] = settlement.claimedByAll;
        $.claimedBy[sender][settlement.recipient] = settlement.claimedByRecipient;
    }

    // --- collaborators and storage ---

    function _roundsManager() internal view returns (IRoundsManager) {
        return IRoundsManager(_registered(ContractIds.ROUNDS_MANAGER));
    }

    function _bondingManager() internal view returns (IBondingManager) {
        return IBondingManager(_registered(ContractIds.BONDING_MANAGER));
    }

    function _minter() internal view returns (IMinter) {
        return IMinter(_registered(ContractIds.MINTER));
    }

    function _currentRound() private view returns (uint256) {
        return _roundsManager().currentRound();
    }

    function _requireUnlockPeriod(uint256 period) internal pure virtual {
        require(period > 0, UnlockPeriodIsZero());
    }

    function _ticketBrokerStorage() internal pure returns (TicketBrokerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := TICKET_BROKER_STORAGE
        }
    }
}
