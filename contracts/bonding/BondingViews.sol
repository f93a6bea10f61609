// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {OrchestratorPool} from "../libraries/OrchestratorPool.sol";
import {Delegator, EarningsRow, Orchestrator, UnbondingLock} from "../types/BondingState.sol";
import {NEVER} from "../types/Round.sol";
import {BondingLedger} from "./BondingLedger.sol";

/// @title BondingViews
/// @notice What BondingManager tells: see IBondingManager. Nothing here is stopped by a pause.
abstract contract BondingViews is BondingLedger {
    using OrchestratorPool for OrchestratorPool.Pool;

    constructor(address _controller) BondingLedger(_controller) {}

    /// @inheritdoc IBondingManager
    function unbondingPeriod() external view returns (uint64) {
        return _storage().unbondingPeriodRounds;
    }

    /// @inheritdoc IBondingManager
    function currentRoundTotalActiveStake() external view returns (uint256) {
        return _storage().currentRoundTotalActiveStake;
    }

    /// @inheritdoc IBondingManager
    function nextRoundTotalActiveStake() external view returns (uint256) {
        return _storage().pool.totalStake;
    }

    /// @inheritdoc IBondingManager
    function currentRoundActiveSetSize() external view returns (uint256) {
        return _storage().currentRoundActiveSetSize;
    }

    /// @inheritdoc IBondingManager
    function treasuryRewardCutRate() external view returns (uint256) {
        return _storage().treasuryRewardCutRateRay;
    }

    /// @inheritdoc IBondingManager
    function nextRoundTreasuryRewardCutRate() external view returns (uint256) {
        return _storage().nextRoundTreasuryRewardCutRateRay;
    }

    /// @inheritdoc IBondingManager
    function treasuryBalanceCeiling() external view returns (uint256) {
        return _storage().treasuryBalanceCeiling;
    }

    /// @inheritdoc IBondingManager
    function transcoderToRewardCaller(address transcoder_) external view returns (address) {
        return _storage().rewardCallers[transcoder_];
    }

    /// @inheritdoc IBondingManager
    function pendingStake(address _delegator, uint256 _endRound) external view returns (uint256) {
        _ignore(_endRound);
        (uint256 rewards,) = _unclaimed(_delegator);
        return _storage().delegators[_delegator].bondedAmount + rewards;
    }

    /// @inheritdoc IBondingManager
    function pendingFees(address _delegator, uint256 _endRound) external view returns (uint256) {
        _ignore(_endRound);
        (, uint256 fees) = _unclaimed(_delegator);
        return _storage().delegators[_delegator].fees + fees;
    }

    /// @inheritdoc IBondingManager
    function transcoderTotalStake(address _transcoder) external view returns (uint256) {
        return _storage().delegators[_transcoder].delegatedAmount;
    }

    /// @inheritdoc IBondingManager
    function transcoderStatus(address _transcoder) external view returns (uint8) {
        return isRegisteredTranscoder(_transcoder) ? 1 : 0;
    }

    /// @inheritdoc IBondingManager
    function delegatorStatus(address _delegator) external view returns (uint8) {
        return _delegatorStatus(_storage().delegators[_delegator], _currentRound());
    }

    /// @inheritdoc IBondingManager
    function getTranscoder(address _transcoder)
        external
        view
        returns (
            uint256 lastRewardRound,
            uint256 rewardCut,
            uint256 feeShare,
            uint256 lastActiveStakeUpdateRound,
            uint256 activationRound,
            uint256 deactivationRound,
            uint256 activeCumulativeRewards,
            uint256 cumulativeRewards,
            uint256 cumulativeFees,
            uint256 lastFeeRound
        )
    {
        Orchestrator storage orchestrator = _storage().orchestrators[_transcoder];
        lastRewardRound = orchestrator.lastRewardRound.toUint256();
        rewardCut = orchestrator.rewardCut.toUint256();
        feeShare = orchestrator.feeShare.toUint256();
        lastActiveStakeUpdateRound = orchestrator.lastActiveStakeUpdateRound.toUint256();
        activationRound = orchestrator.activationRound.toUint256();
        deactivationRound = orchestrator.deactivationRound == NEVER
            ? type(uint256).max
            : orchestrator.deactivationRound.toUint256();
        activeCumulativeRewards = orchestrator.activeCumulativeRewards;
        cumulativeRewards = orchestrator.cumulativeRewards;
        cumulativeFees = orchestrator.cumulativeFees;
        lastFeeRound = orchestrator.lastFeeRound.toUint256();
    }

    /// @inheritdoc IBondingManager
    function getTranscoderEarningsPoolForRound(address _transcoder, uint256 _round)
        external
        view
        returns (
            uint256 totalStake,
            uint256 transcoderRewardCut,
            uint256 transcoderFeeShare,
            uint256 cumulativeRewardFactor,
            uint256 cumulativeFeeFactor
        )
    {
        uint256 currentRound = _currentRound().toUint256();
        if (_round > currentRound + 1) return (0, 0, 0, 0, 0);
        mapping(uint256 => EarningsRow) storage rows = _storage().earnings[_transcoder];
        transcoderRewardCut = rows[_round].rewardCut.toUint256();
        transcoderFeeShare = rows[_round].feeShare.toUint256();
        cumulativeRewardFactor = rows[_round].cumulativeRewardFactorRay;
        cumulativeFeeFactor = rows[_round].cumulativeFeeFactorRay;
        if (cumulativeRewardFactor == 0 && _round == currentRound) {
            Orchestrator storage orchestrator = _storage().orchestrators[_transcoder];
            if (orchestrator.lastFeeRound.toUint256() == _round) {
                transcoderRewardCut = orchestrator.rewardCut.toUint256();
                transcoderFeeShare = orchestrator.feeShare.toUint256();
            }
        }

        uint256 rewardRound;
        bool isInitialized;
        (totalStake, rewardRound, isInitialized) = _bondingVotes().stakeHistoryAt(_transcoder, _round);
        if (isInitialized && cumulativeRewardFactor == 0) {
            cumulativeRewardFactor = rows[rewardRound].cumulativeRewardFactorRay;
        }
        if (isInitialized && cumulativeFeeFactor == 0) {
            cumulativeFeeFactor = _feeFactorBy(_transcoder, _round);
        }
    }

    /// @inheritdoc IBondingManager
    function rewardFactorOfRound(address _transcoder, uint256 _round) external view returns (uint256) {
        return _storage().earnings[_transcoder][_round].cumulativeRewardFactorRay;
    }

    /// @inheritdoc IBondingManager
    function getDelegator(address _delegator)
        external
        view
        returns (
            uint256 bondedAmount,
            uint256 fees,
            address delegateAddress,
            uint256 delegatedAmount,
            uint256 startRound,
            uint256 lastClaimRound,
            uint256 nextUnbondingLockId
        )
    {
        Delegator storage delegator = _storage().delegators[_delegator];
        bondedAmount = delegator.bondedAmount;
        fees = delegator.fees;
        delegateAddress = delegator.delegate;
        delegatedAmount = delegator.delegatedAmount;
        startRound = delegator.startRound.toUint256();
        lastClaimRound = delegator.lastClaimRound.toUint256();
        nextUnbondingLockId = delegator.nextUnbondingLockId;
    }

    /// @inheritdoc IBondingManager
    function getDelegatorUnbondingLock(address _delegator, uint256 _unbondingLockId)
        external
        view
        returns (uint256 amount, uint256 withdrawRound)
    {
        UnbondingLock storage lock = _storage().unbondingLocks[_delegator][_unbondingLockId];
        return (lock.amount, lock.withdrawRound);
    }

    /// @inheritdoc IBondingManager
    function isValidUnbondingLock(address _delegator, uint256 _unbondingLockId) external view returns (bool) {
        return _storage().unbondingLocks[_delegator][_unbondingLockId].withdrawRound > 0;
    }

    /// @inheritdoc IBondingManager
    function getTranscoderPoolMaxSize() external view returns (uint256) {
        return _storage().pool.maxSize;
    }

    /// @inheritdoc IBondingManager
    function getTranscoderPoolSize() external view returns (uint256) {
        return _storage().pool.size;
    }

    /// @inheritdoc IBondingManager
    function getFirstTranscoderInPool() external view returns (address) {
        BondingManagerStorage storage $ = _storage();
        return $.pool.first($.delegators);
    }

    /// @inheritdoc IBondingManager
    function getNextTranscoderInPool(address _transcoder) external view returns (address) {
        BondingManagerStorage storage $ = _storage();
        uint256 position = $.orchestrators[_transcoder].poolPosition;
        return position == 0 ? address(0) : $.pool.next($.delegators, position);
    }

    /// @inheritdoc IBondingManager
    function getTotalBonded() external view returns (uint256) {
        return _storage().currentRoundTotalActiveStake;
    }

    /// @inheritdoc IBondingManager
    function isActiveTranscoder(address _transcoder) external view returns (bool) {
        return _isActive(_storage().orchestrators[_transcoder], _currentRound());
    }

    /// @inheritdoc IBondingManager
    function isRegisteredTranscoder(address _transcoder) public view returns (bool) {
        return _isRegistered(_storage().delegators[_transcoder], _transcoder);
    }

    /// @inheritdoc IBondingManager
    function reserveShareState(address _recipient)
        external
        view
        returns (bool isActive, uint256 activeSetSize)
    {
        BondingManagerStorage storage $ = _storage();
        return (_isActive($.orchestrators[_recipient], _currentRound()), $.currentRoundActiveSetSize);
    }

    /// @dev The fee factor at the end of `round`: that of the last round until then with fees.
    function _feeFactorBy(address account, uint256 round) private view returns (uint256 factorRay) {
        BondingManagerStorage storage $ = _storage();
        uint256 firstFeeRound = $.orchestrators[account].firstFeeRound.toUint256();
        uint256 lastFeeRound = $.orchestrators[account].lastFeeRound.toUint256();
        for (
            uint256 feeRound = round < lastFeeRound ? round : lastFeeRound;
            factorRay == 0 && firstFeeRound > 0 && feeRound >= firstFeeRound;
            --feeRound
        ) {
            factorRay = $.earnings[account][feeRound].cumulativeFeeFactorRay;
        }
    }
}
