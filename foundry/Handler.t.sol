// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBondingManager} from "../contracts/interfaces/IBondingManager.sol";
import {IBondingVotes} from "../contracts/interfaces/IBondingVotes.sol";
import {IController} from "../contracts/interfaces/IController.sol";
import {IManager} from "../contracts/interfaces/IManager.sol";
import {IMinter} from "../contracts/interfaces/IMinter.sol";
import {IRoundsManager} from "../contracts/interfaces/IRoundsManager.sol";
import {ITicketBroker} from "../contracts/interfaces/ITicketBroker.sol";

import {WholeProtocolTest} from "./WholeProtocol.t.sol";
import {Handler} from "./handler/Handler.sol";
import {Catalogue} from "./invariants/Catalogue.sol";
import {VM, Vm} from "./stage/Vm.sol";

/// @title HandlerTest
/// @notice What the handler does in fixed runs: that it reaches everything, and how many calls it makes.
contract HandlerTest {
    event log_named_uint(string name, uint256 value);

    /// @notice In no run this function of the protocol succeeded, or this error of it came.
    error NotReached(string name);

    uint256 private constant RUNS = 30;
    uint256 private constant STEPS = 300;
    uint256 private constant COUNTED_RUNS = 3;
    /// @dev Kinds of Vm.AccountAccess.
    uint8 private constant CALL = 0;
    uint8 private constant STATICCALL = 3;

    Handler private handler;
    Catalogue private catalogue;
    string[] private _names;
    mapping(string name => bool) private _isNamed;
    mapping(string name => uint256) private _counts;

    function test_handler__fixed_runs__every_function_succeeds_and_every_error_comes() public {
        for (uint256 run = 0; run < RUNS; ++run) {
            _open();
            for (uint256 i = 0; i < STEPS; ++i) {
                _act(run * STEPS + i);
            }
            _noteFunctions();
            _noteErrors();
        }
        for (uint256 i = 0; i < _names.length; ++i) {
            emit log_named_uint(_names[i], _counts[_names[i]]);
        }
        for (uint256 i = 0; i < _names.length; ++i) {
            if (_counts[_names[i]] == 0) revert NotReached(_names[i]);
        }
    }

    /// @notice What the benchmark multiplies calls of the handler with.
    function test_handler__fixed_runs__calls_are_counted() public {
        uint256 transactions;
        uint256 byActions;
        uint256 byChecks;
        for (uint256 run = 0; run < COUNTED_RUNS; ++run) {
            _open();
            for (uint256 i = 0; i < STEPS; ++i) {
                byActions += this.countCallsOfAction(run * STEPS + i);
                byChecks += this.countCallsOfCheck();
            }
            transactions += handler.transactions();
        }
        emit log_named_uint("steps", COUNTED_RUNS * STEPS);
        emit log_named_uint("transactions", transactions);
        emit log_named_uint("calls by actions", byActions);
        emit log_named_uint("calls by checks", byChecks);
    }

    /// @dev External, like the next, so that the memory of each recording is given back.
    function countCallsOfAction(uint256 number) external returns (uint256) {
        VM.startStateDiffRecording();
        _act(number);
        return _callsBy(address(handler), VM.stopAndReturnStateDiff());
    }

    function countCallsOfCheck() external returns (uint256) {
        VM.startStateDiffRecording();
        catalogue.check();
        return _callsBy(address(catalogue), VM.stopAndReturnStateDiff());
    }

    function _open() private {
        VM.roll(1);
        WholeProtocolTest stage = WholeProtocolTest(VM.deployCode("WholeProtocol.t.sol:WholeProtocolTest"));
        stage.setUp();
        handler = stage.handler();
        catalogue = stage.catalogue();
    }

    /// @dev An action chosen and fed by a hash, with the weights of the campaign.
    function _act(uint256 number) private {
        bytes4[] memory selectors = handler.weightedSelectors();
        uint256 seed = uint256(keccak256(abi.encode(number)));
        bytes memory data = abi.encodePacked(
            selectors[seed % selectors.length],
            keccak256(abi.encode(seed, 1)),
            keccak256(abi.encode(seed, 2)),
            keccak256(abi.encode(seed, 3)),
            keccak256(abi.encode(seed, 4))
        );
        (bool success, bytes memory answer) = address(handler).call(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @dev Not those that the contracts of the protocol make among each other, nor cheat codes.
    function _callsBy(address caller, Vm.AccountAccess[] memory accesses)
        private
        pure
        returns (uint256 count)
    {
        for (uint256 i = 0; i < accesses.length; ++i) {
            Vm.AccountAccess memory access = accesses[i];
            bool isCall = access.kind == CALL || access.kind == STATICCALL;
            if (isCall && access.accessor == caller && access.account != address(VM)) ++count;
        }
    }

    // --- what is reached ---

    function _note(string memory name, uint256 count) private {
        if (!_isNamed[name]) _names.push(name);
        _isNamed[name] = true;
        _counts[name] += count;
    }

    function _noteFunctions() private {
        _noteFunctionsOfBondingManager();
        _noteFunctionsOfTicketBroker();
        _noteFunctionsOfRoundsManager();
        _noteFunctionsOfMinter();
        _noteFunctionsOfController();
    }

    function _noteErrors() private {
        _noteErrorsOfBondingManager();
        _noteErrorsOfTicketBroker();
        _noteErrorsOfRoundsManager();
        _noteErrorsOfManager();
        _noteErrorsOfBondingVotes();
        _noteErrorsOfController();
    }

    function _noteFunctionsOfBondingManager() private {
        _note("bond", handler.succeeded(IBondingManager.bond.selector));
        _note("bondForWithHint", handler.succeeded(IBondingManager.bondForWithHint.selector));
        _note("unbond", handler.succeeded(IBondingManager.unbond.selector));
        _note("rebond", handler.succeeded(IBondingManager.rebond.selector));
        _note("rebondFromUnbonded", handler.succeeded(IBondingManager.rebondFromUnbonded.selector));
        _note("transferBond", handler.succeeded(IBondingManager.transferBond.selector));
        _note("withdrawStake", handler.succeeded(IBondingManager.withdrawStake.selector));
        _note("withdrawFees", handler.succeeded(IBondingManager.withdrawFees.selector));
        _note("claimEarnings", handler.succeeded(IBondingManager.claimEarnings.selector));
        _note("checkpointBondingState", handler.succeeded(IBondingManager.checkpointBondingState.selector));
        _note("transcoder", handler.succeeded(IBondingManager.transcoder.selector));
        _note("reward", handler.succeeded(IBondingManager.reward.selector));
        _note("rewardForTranscoder", handler.succeeded(IBondingManager.rewardForTranscoder.selector));
        _note("setRewardCaller", handler.succeeded(IBondingManager.setRewardCaller.selector));
        _note("slashTranscoder", handler.succeeded(IBondingManager.slashTranscoder.selector));
        _note("setUnbondingPeriod", handler.succeeded(IBondingManager.setUnbondingPeriod.selector));
        _note(
            "setTreasuryRewardCutRate", handler.succeeded(IBondingManager.setTreasuryRewardCutRate.selector)
        );
        _note(
            "setTreasuryBalanceCeiling", handler.succeeded(IBondingManager.setTreasuryBalanceCeiling.selector)
        );
        _note("setNumActiveTranscoders", handler.succeeded(IBondingManager.setNumActiveTranscoders.selector));
    }

    function _noteFunctionsOfTicketBroker() private {
        _note("fundDeposit", handler.succeeded(ITicketBroker.fundDeposit.selector));
        _note("fundReserve", handler.succeeded(ITicketBroker.fundReserve.selector));
        _note("fundDepositAndReserve", handler.succeeded(ITicketBroker.fundDepositAndReserve.selector));
        _note("fundDepositAndReserveFor", handler.succeeded(ITicketBroker.fundDepositAndReserveFor.selector));
        _note("unlock", handler.succeeded(ITicketBroker.unlock.selector));
        _note("cancelUnlock", handler.succeeded(ITicketBroker.cancelUnlock.selector));
        _note("withdraw", handler.succeeded(ITicketBroker.withdraw.selector));
        _note("redeemWinningTicket", handler.succeeded(ITicketBroker.redeemWinningTicket.selector));
        _note(
            "batchRedeemWinningTickets", handler.succeeded(ITicketBroker.batchRedeemWinningTickets.selector)
        );
        _note("setUnlockPeriod", handler.succeeded(ITicketBroker.setUnlockPeriod.selector));
        _note("setTicketValidityPeriod", handler.succeeded(ITicketBroker.setTicketValidityPeriod.selector));
    }

    function _noteFunctionsOfRoundsManager() private {
        _note("initializeRound", handler.succeeded(IRoundsManager.initializeRound.selector));
        _note("setRoundLength", handler.succeeded(IRoundsManager.setRoundLength.selector));
        _note("setRoundLockAmount", handler.succeeded(IRoundsManager.setRoundLockAmount.selector));
        _note("setLIPUpgradeRound", handler.succeeded(IRoundsManager.setLIPUpgradeRound.selector));
    }

    function _noteFunctionsOfMinter() private {
        _note("setTargetBondingRate", handler.succeeded(IMinter.setTargetBondingRate.selector));
        _note("setInflationChange", handler.succeeded(IMinter.setInflationChange.selector));
    }

    function _noteFunctionsOfController() private {
        _note("pause", handler.succeeded(IController.pause.selector));
        _note("unpause", handler.succeeded(IController.unpause.selector));
        _note("setContractInfo", handler.succeeded(IController.setContractInfo.selector));
        _note("transferOwnership", handler.succeeded(IController.transferOwnership.selector));
    }

    function _noteErrorsOfBondingManager() private {
        _note("IllegalClaimEarnings", handler.failed(IBondingManager.IllegalClaimEarnings.selector));
        _note("DelegateMustRewardFirst", handler.failed(IBondingManager.DelegateMustRewardFirst.selector));
        _note("InvalidDelegator", handler.failed(IBondingManager.InvalidDelegator.selector));
        _note("InvalidDelegate", handler.failed(IBondingManager.InvalidDelegate.selector));
        _note("InvalidDelegateChange", handler.failed(IBondingManager.InvalidDelegateChange.selector));
        _note(
            "RegisteredTranscoderCannotMove",
            handler.failed(IBondingManager.RegisteredTranscoderCannotMove.selector)
        );
        _note("BondAmountIsZero", handler.failed(IBondingManager.BondAmountIsZero.selector));
        _note("DelegatorNotBonded", handler.failed(IBondingManager.DelegatorNotBonded.selector));
        _note("DelegatorNotUnbonded", handler.failed(IBondingManager.DelegatorNotUnbonded.selector));
        _note("UnbondAmountIsZero", handler.failed(IBondingManager.UnbondAmountIsZero.selector));
        _note("InsufficientBond", handler.failed(IBondingManager.InsufficientBond.selector));
        _note("InvalidUnbondingLock", handler.failed(IBondingManager.InvalidUnbondingLock.selector));
        _note("WithdrawRoundNotReached", handler.failed(IBondingManager.WithdrawRoundNotReached.selector));
        _note("FeeRecipientIsZero", handler.failed(IBondingManager.FeeRecipientIsZero.selector));
        _note("InsufficientFees", handler.failed(IBondingManager.InsufficientFees.selector));
        _note("RoundLocked", handler.failed(IBondingManager.RoundLocked.selector));
        _note("InvalidRewardCut", handler.failed(IBondingManager.InvalidRewardCut.selector));
        _note("InvalidFeeShare", handler.failed(IBondingManager.InvalidFeeShare.selector));
        _note("TranscoderNotRegistered", handler.failed(IBondingManager.TranscoderNotRegistered.selector));
        _note("RewardNotCalled", handler.failed(IBondingManager.RewardNotCalled.selector));
        _note("TranscoderNotActive", handler.failed(IBondingManager.TranscoderNotActive.selector));
        _note("RewardAlreadyCalled", handler.failed(IBondingManager.RewardAlreadyCalled.selector));
        _note("CallerNotRewardCaller", handler.failed(IBondingManager.CallerNotRewardCaller.selector));
        _note("InvalidSlashShare", handler.failed(IBondingManager.InvalidSlashShare.selector));
    }

    function _noteErrorsOfTicketBroker() private {
        _note("SenderHasNoFunds", handler.failed(ITicketBroker.SenderHasNoFunds.selector));
        _note("UnlockAlreadyInitiated", handler.failed(ITicketBroker.UnlockAlreadyInitiated.selector));
        _note("NoUnlockInProgress", handler.failed(ITicketBroker.NoUnlockInProgress.selector));
        _note("SenderLocked", handler.failed(ITicketBroker.SenderLocked.selector));
        _note("FundingValueMismatch", handler.failed(ITicketBroker.FundingValueMismatch.selector));
        _note("TicketRecipientIsZero", handler.failed(ITicketBroker.TicketRecipientIsZero.selector));
        _note("TicketSenderIsZero", handler.failed(ITicketBroker.TicketSenderIsZero.selector));
        _note("InvalidAuxDataLength", handler.failed(ITicketBroker.InvalidAuxDataLength.selector));
        _note(
            "CreationRoundHasNoBlockHash", handler.failed(ITicketBroker.CreationRoundHasNoBlockHash.selector)
        );
        _note(
            "CreationRoundBlockHashMismatch",
            handler.failed(ITicketBroker.CreationRoundBlockHashMismatch.selector)
        );
        _note("TicketExpired", handler.failed(ITicketBroker.TicketExpired.selector));
        _note("RecipientRandMismatch", handler.failed(ITicketBroker.RecipientRandMismatch.selector));
        _note("TicketAlreadyUsed", handler.failed(ITicketBroker.TicketAlreadyUsed.selector));
        _note("MalleableSignature", handler.failed(ITicketBroker.MalleableSignature.selector));
        _note("UnrecoverableSignature", handler.failed(ITicketBroker.UnrecoverableSignature.selector));
        _note("InvalidTicketSignature", handler.failed(ITicketBroker.InvalidTicketSignature.selector));
        _note("TicketDidNotWin", handler.failed(ITicketBroker.TicketDidNotWin.selector));
        _note("SenderUnlocked", handler.failed(ITicketBroker.SenderUnlocked.selector));
        _note(
            "InsufficientFundsForFaceValue",
            handler.failed(ITicketBroker.InsufficientFundsForFaceValue.selector)
        );
    }

    function _noteErrorsOfRoundsManager() private {
        _note("RoundAlreadyInitialized", handler.failed(IRoundsManager.RoundAlreadyInitialized.selector));
    }

    function _noteErrorsOfManager() private {
        _note("SystemPaused", handler.failed(IManager.SystemPaused.selector));
        _note("CurrentRoundNotInitialized", handler.failed(IManager.CurrentRoundNotInitialized.selector));
        _note("CallerNotControllerOwner", handler.failed(IManager.CallerNotControllerOwner.selector));
        _note("CallerNotRegistered", handler.failed(IManager.CallerNotRegistered.selector));
        _note("CallerNotEitherRegistered", handler.failed(IManager.CallerNotEitherRegistered.selector));
    }

    function _noteErrorsOfBondingVotes() private {
        _note("InvalidCaller", handler.failed(IBondingVotes.InvalidCaller.selector));
        _note("MustCallBondingManager", handler.failed(IBondingVotes.MustCallBondingManager.selector));
    }

    function _noteErrorsOfController() private {
        _note("CallerNotOwner", handler.failed(IController.CallerNotOwner.selector));
    }
}
