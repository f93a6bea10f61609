// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingManager} from "../../contracts/interfaces/IBondingManager.sol";
import {IManager} from "../../contracts/interfaces/IManager.sol";
import {Outcome} from "./Operations.sol";
import {Owners} from "./Owners.sol";

/// @title Trials
/// @notice Calls at any time by anybody with anything. They may fail, but only with an error that the interface lists
/// for the function; a failure without one, a panic for instance, ends the run like any broken claim.
abstract contract Trials is Owners {
    /// @notice A call failed with an error that its interface does not list.
    error UnexpectedFailure(bytes answer);

    /// @dev More than anybody has; sums of it do not overflow.
    uint256 internal constant TOO_MUCH = 2 ** 200;

    bytes private constant OF_STAKE = abi.encodePacked(
        IManager.CurrentRoundNotInitialized.selector,
        IBondingManager.IllegalClaimEarnings.selector,
        IBondingManager.DelegateMustRewardFirst.selector,
        SafeCast.SafeCastOverflowedUintDowncast.selector
    );

    function bondMayRevert(uint256 senderSeed, uint256 amountSeed, uint256 ownerSeed, uint256 delegateSeed)
        external
        inNextBlock
    {
        address sender = accounts[senderSeed % accounts.length];
        address owner = ownerSeed % 2 == 0 ? sender : accounts[ownerSeed % accounts.length];
        // The migrator could make the zero address an orchestrator, which then ends the walk through the pool.
        if (sender == migrator && owner == address(0)) owner = migrator;
        uint256 amount = _anyAmount(amountSeed, token.balanceOf(sender));
        address to = delegateSeed % 3 == 0 ? owner : accounts[delegateSeed % accounts.length];
        _may(
            _bond(sender, amount, owner, to),
            abi.encodePacked(
                OF_STAKE,
                IBondingManager.InvalidDelegator.selector,
                IBondingManager.InvalidDelegate.selector,
                IBondingManager.InvalidDelegateChange.selector,
                IBondingManager.RegisteredTranscoderCannotMove.selector,
                IBondingManager.BondAmountIsZero.selector,
                IERC20Errors.ERC20InsufficientBalance.selector,
                IERC20Errors.ERC20InsufficientAllowance.selector
            )
        );
    }

    function unbondMayRevert(uint256 senderSeed, uint256 amountSeed) external inNextBlock {
        address sender = _anybody(senderSeed);
        _may(
            _unbond(sender, _anyAmount(amountSeed, _pendingStake(sender))),
            abi.encodePacked(
                OF_STAKE,
                IBondingManager.DelegatorNotBonded.selector,
                IBondingManager.UnbondAmountIsZero.selector,
                IBondingManager.InsufficientBond.selector
            )
        );
    }

    function useLockMayRevert(uint256 senderSeed, uint256 lockSeed, uint256 delegateSeed, uint256 kind)
        external
        inNextBlock
    {
        address sender = _staker(senderSeed);
        // One of its latest locks, if it has any.
        uint256 end = _recordOf(sender).nextUnbondingLockId;
        uint256 lockId = end - _lesser(end, lockSeed % 3);
        kind %= 3;
        Outcome memory came;
        if (kind == 0) {
            came = _rebond(sender, lockId);
        } else if (kind == 1) {
            came = _rebondFromUnbonded(sender, accounts[delegateSeed % accounts.length], lockId);
        } else {
            came = _withdrawStake(sender, lockId);
        }
        _may(
            came,
            abi.encodePacked(
                OF_STAKE,
                IBondingManager.DelegatorNotBonded.selector,
                IBondingManager.DelegatorNotUnbonded.selector,
                IBondingManager.InvalidUnbondingLock.selector,
                IBondingManager.WithdrawRoundNotReached.selector
            )
        );
    }

    function transferBondMayRevert(uint256 senderSeed, uint256 receiverSeed, uint256 amountSeed)
        external
        inNextBlock
    {
        address sender = _anybody(senderSeed);
        _may(
            _transferBond(
                sender,
                accounts[receiverSeed % accounts.length],
                _anyAmount(amountSeed, _pendingStake(sender))
            ),
            abi.encodePacked(
                OF_STAKE,
                IBondingManager.DelegatorNotBonded.selector,
                IBondingManager.UnbondAmountIsZero.selector,
                IBondingManager.InsufficientBond.selector,
                IBondingManager.InvalidDelegator.selector
            )
        );
    }

    function withdrawFeesMayRevert(uint256 senderSeed, uint256 recipientSeed, uint256 amountSeed)
        external
        inNextBlock
    {
        address sender = _anybody(senderSeed);
        address recipient = accounts[recipientSeed % accounts.length];
        // The migrator is a contract that takes no ETH.
        if (recipient == migrator) recipient = address(0);
        _may(
            _withdrawFees(sender, recipient, _anyAmount(amountSeed, _pendingFees(sender))),
            abi.encodePacked(
                OF_STAKE,
                IBondingManager.FeeRecipientIsZero.selector,
                IBondingManager.InsufficientFees.selector
            )
        );
    }

    function setRatesMayRevert(uint256 senderSeed, uint256 rewardCut, uint256 feeShare) external inNextBlock {
        _may(
            _tell(
                _anybody(senderSeed),
                abi.encodeCall(manager.transcoder, (_anyShare(rewardCut), _anyShare(feeShare)))
            ),
            abi.encodePacked(
                OF_STAKE,
                IBondingManager.RoundLocked.selector,
                IBondingManager.InvalidRewardCut.selector,
                IBondingManager.InvalidFeeShare.selector,
                IBondingManager.TranscoderNotRegistered.selector,
                IBondingManager.RewardNotCalled.selector
            )
        );
    }

    function rewardMayRevert(uint256 senderSeed) external inNextBlock {
        address sender = _anybody(senderSeed);
        _may(_reward(sender, sender), _ofReward());
    }

    function rewardForMayRevert(uint256 senderSeed, uint256 orchestratorSeed) external inNextBlock {
        address sender = _anybody(senderSeed);
        address account = _anybody(orchestratorSeed);
        bool isAllowed = manager.transcoderToRewardCaller(account) == sender;
        if (sender == account) return;
        Outcome memory came = _reward(sender, account);
        if (isAllowed) _may(came, _ofReward());
        else _mustFail(came, abi.encodePacked(IBondingManager.CallerNotRewardCaller.selector));
    }

    function slashMayRevert(uint256 accountSeed, uint256 share, uint256 finderShare) external inNextBlock {
        _may(
            _slash(verifier, _anybody(accountSeed), attacker, _anyShare(share), _anyShare(finderShare)),
            abi.encodePacked(
                OF_STAKE, IBondingManager.InvalidSlashShare.selector, IManager.CallerNotRegistered.selector
            )
        );
    }

    function _ofReward() private pure returns (bytes memory) {
        return abi.encodePacked(
            OF_STAKE,
            IBondingManager.TranscoderNotActive.selector,
            IBondingManager.RewardAlreadyCalled.selector
        );
    }

    // --- outcomes ---

    /// @dev The call may fail with one of the errors `allowed`, and must while the system is paused (AUTH-4).
    function _may(Outcome memory came, bytes memory allowed) internal view {
        if (controller.paused()) _mustFail(came, abi.encodePacked(IManager.SystemPaused.selector));
        else if (!came.ok) _mustFail(came, allowed);
    }

    function _mustFail(Outcome memory came, bytes memory allowed) internal pure {
        _holds(!came.ok, "AUTH-3, AUTH-4 a call that is not allowed fails", address(0), 1, 0);
        bytes4 found = bytes4(came.answer);
        for (uint256 i = 0; i < allowed.length && came.answer.length >= 4; i += 4) {
            if (_selectorAt(allowed, i) == found) return;
        }
        revert UnexpectedFailure(came.answer);
    }

    function _selectorAt(bytes memory selectors, uint256 position) private pure returns (bytes4 selector) {
        assembly ("memory-safe") {
            selector := mload(add(add(selectors, 0x20), position))
        }
    }

    /// @dev Now and then more than the whole.
    function _anyShare(uint256 seed) internal pure returns (uint256) {
        return seed % 5 == 0 ? PPM + 1 : _share(seed / 5);
    }

    /// @dev Nothing, one more than there is, far too much, or a part.
    function _anyAmount(uint256 seed, uint256 whole) internal pure returns (uint256) {
        uint256 kind = seed % 8;
        if (kind == 0) return 0;
        if (kind == 1) return whole + 1;
        if (kind == 2) return _within(seed / 8, 0, TOO_MUCH);
        if (kind == 3) return (seed / 8) % DUST;
        return whole == 0 ? 0 : _part(seed / 8, whole);
    }
}
