// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContractIds} from "../../contracts/libraries/ContractIds.sol";
import {DelegatorRecord} from "../stage/Stage.sol";
import {Choices} from "./Choices.sol";

/// @title Bonds
/// @notice What holders of LPT do, bounded so that it succeeds (simulation/actions/bonds.py).
abstract contract Bonds is Choices {
    struct Lock {
        address owner;
        uint256 id;
    }

    function bondNoRevert(uint256 senderSeed, uint256 amountSeed, uint256 delegateSeed)
        external
        whileRunning
    {
        address sender = _staker(senderSeed);
        uint256 balance = token.balanceOf(sender);
        address to = _isRegistered(sender) ? sender : _delegateFor(delegateSeed, sender);
        if (balance > 0 && _takesStake(to)) {
            _must(_bond(sender, _stakeAmount(amountSeed, balance), sender, to));
        }
    }

    /// @notice Bonds as much as the last of the pool has, or a little more or less: ties never evict.
    function challengeNoRevert(uint256 senderSeed, uint256 surplus) external whileRunning {
        address sender = _stakerWho(senderSeed, _isOutsidePoolAndMayBondToItself);
        if (sender == address(0)) return;
        uint256 required = _lowestStakeInPool() + surplus % 3;
        uint256 stake = _delegated(sender) + 1;
        uint256 missing = required > stake ? required - stake : 1;
        uint256 balance = token.balanceOf(sender);
        if (balance > 0) _must(_bond(sender, _lesser(missing, balance), sender, sender));
    }

    function moveBondNoRevert(uint256 senderSeed, uint256 delegateSeed) external whileRunning {
        address sender = _stakerWho(senderSeed, _hasMovableBond);
        if (sender == address(0)) return;
        address to = _delegateFor(delegateSeed, sender);
        if (to != _recordOf(sender).delegate && _takesStake(to)) _must(_bond(sender, 0, sender, to));
    }

    /// @notice Pays for somebody else's bond.
    function bondForNoRevert(uint256 payerSeed, uint256 ownerSeed, uint256 amountSeed, uint256 delegateSeed)
        external
        whileRunning
    {
        address payer = _staker(payerSeed);
        address owner = _staker(ownerSeed);
        uint256 balance = token.balanceOf(payer);
        if (payer == owner || balance == 0 || !_mayBeMadeToClaim(owner)) return;
        DelegatorRecord memory record = _recordOf(owner);
        address to = record.delegate;
        if (record.bondedAmount == 0) {
            to = _delegateFor(delegateSeed, owner);
            if (to == owner) return;
        }
        if (_takesStake(to)) _must(_bond(payer, _stakeAmount(amountSeed, balance), owner, to));
    }

    /// @notice The migrator may do all that the owner of a bond may.
    function bondForByMigratorNoRevert(uint256 ownerSeed, uint256 amountSeed, uint256 delegateSeed)
        external
        whileRunning
    {
        address owner = _staker(ownerSeed);
        uint256 balance = token.balanceOf(migrator);
        if (balance == 0 || controller.getContract(ContractIds.L2_MIGRATOR) != migrator) return;
        address to = _isRegistered(owner) ? owner : _delegateFor(delegateSeed, owner);
        if (_takesStake(to)) _must(_bond(migrator, _stakeAmount(amountSeed, balance), owner, to));
    }

    function unbondNoRevert(uint256 senderSeed, uint256 amountSeed) external whileRunning {
        address sender = _stakerWho(senderSeed, _isBonded);
        if (sender != address(0)) _must(_unbond(sender, _part(amountSeed, _settledStake(sender))));
    }

    function rebondNoRevert(uint256 seed) external whileRunning {
        (bool found, Lock memory lock) = _lockOf(seed, _isNotUnbonded);
        if (found && _takesStake(_recordOf(lock.owner).delegate)) _must(_rebond(lock.owner, lock.id));
    }

    function rebondFromUnbondedNoRevert(uint256 seed, uint256 delegateSeed) external whileRunning {
        (bool found, Lock memory lock) = _lockOf(seed, _isUnbonded);
        if (!found) return;
        address to = _delegateFor(delegateSeed, lock.owner);
        if (_takesStake(to)) _must(_rebondFromUnbonded(lock.owner, to, lock.id));
    }

    function transferBondNoRevert(uint256 senderSeed, uint256 receiverSeed, uint256 amountSeed)
        external
        whileRunning
    {
        address sender = _stakerWho(senderSeed, _isBonded);
        if (sender == address(0)) return;
        address receiver = accounts[receiverSeed % (accounts.length - 1)];
        address delegate = _recordOf(sender).delegate;
        uint256 amount = _part(amountSeed, _settledStake(sender));
        if (delegate == sender && amount == _settledStake(sender)) {
            // An orchestrator that sends everything resigns, and may then not be sent anything, nor given a delegator.
            if (--amount == 0) return;
        }
        if (receiver != sender && !_mayBeMadeToClaim(receiver)) return;
        bool isNew = _settledStake(receiver) == 0 || (receiver == sender && amount == _settledStake(sender));
        if (isNew && delegate == receiver) return;
        address to = isNew ? delegate : _recordOf(receiver).delegate;
        if (_takesStake(to)) _must(_transferBond(sender, receiver, amount));
    }

    function withdrawStakeNoRevert(uint256 seed) external whileRunning {
        (bool found, Lock memory lock) = _lockOf(seed, _isAnybody);
        if (!found) return;
        (, uint256 withdrawRound) = manager.getDelegatorUnbondingLock(lock.owner, lock.id);
        if (withdrawRound <= rounds.currentRound()) _must(_withdrawStake(lock.owner, lock.id));
    }

    function withdrawFeesNoRevert(uint256 senderSeed, uint256 amountSeed) external whileRunning {
        address sender = _stakerWho(senderSeed, _hasFees);
        if (sender == address(0)) return;
        DelegatorRecord memory record = _recordOf(sender);
        uint256 fees = record.lastClaimRound == rounds.currentRound() ? record.fees : _pendingFees(sender);
        if (fees > 0) _must(_withdrawFees(sender, sender, _part(amountSeed, fees)));
    }

    function claimEarningsNoRevert(uint256 senderSeed) external whileRunning {
        _must(_claim(_anybody(senderSeed)));
    }

    /// @notice Anybody may write anybody's checkpoint, at any time.
    function checkpointNoRevert(uint256 accountSeed) external inNextBlock {
        _must(_tell(attacker, abi.encodeCall(manager.checkpointBondingState, (_anybody(accountSeed)))));
    }

    function moveTokensNoRevert(uint256 senderSeed, uint256 receiverSeed, uint256 amountSeed)
        external
        inNextBlock
    {
        address sender = _staker(senderSeed);
        uint256 balance = token.balanceOf(sender);
        if (balance == 0) return;
        bytes memory data =
            abi.encodeCall(token.transfer, (_staker(receiverSeed), _part(amountSeed, balance)));
        _must(_call(sender, address(token), 0, data));
    }

    // --- for whom an action works ---

    function _isAnybody(address) internal pure returns (bool) {
        return true;
    }

    function _isNotUnbonded(address account) internal view returns (bool) {
        return !_isUnbonded(account);
    }

    function _hasMovableBond(address account) internal view returns (bool) {
        DelegatorRecord memory record = _recordOf(account);
        return record.bondedAmount > 0 && record.delegate != account;
    }

    function _isOutsidePoolAndMayBondToItself(address account) internal view returns (bool) {
        return !_isInPool(account) && _takesStake(account);
    }

    function _lowestStakeInPool() private view returns (uint256 lowest) {
        for (uint256 i = 0; i < stakers.length; ++i) {
            if (!_isInPool(stakers[i])) continue;
            uint256 stake = _delegated(stakers[i]);
            if (lowest == 0 || stake < lowest) lowest = stake;
        }
        if (lowest == 0) lowest = 1 ether;
    }

    /// @dev Some open lock of somebody for whom `suits` holds.
    function _lockOf(uint256 seed, function(address) internal view returns (bool) suits)
        private
        view
        returns (bool found, Lock memory lock)
    {
        uint256 first = seed % stakers.length;
        seed /= stakers.length;
        for (uint256 i = 0; i < stakers.length && !found; ++i) {
            lock.owner = stakers[(first + i) % stakers.length];
            if (suits(lock.owner)) (found, lock.id) = _openLock(lock.owner, seed);
        }
    }

    function _openLock(address owner, uint256 seed) private view returns (bool, uint256) {
        uint256 count = _recordOf(owner).nextUnbondingLockId;
        for (uint256 i = 0; i < count; ++i) {
            uint256 id = (seed % count + i) % count;
            if (manager.isValidUnbondingLock(owner, id)) return (true, id);
        }
        return (false, 0);
    }
}
