// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BondingLedger} from "../bonding/BondingLedger.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {OrchestratorPool} from "../libraries/OrchestratorPool.sol";
import {Delegator, EarningsRow, Orchestrator, UnbondingLock} from "../types/BondingState.sol";
import {Round} from "../types/Round.sol";
import {Importer} from "./Importer.sol";

/// @title BondingManagerImporter
/// @notice Writes bonds, orchestrators, earnings and locks of another deployment. See IImporter.
/// @dev Order: parameters first, since the pool needs its size; delegators before the pool, whose keys are their
/// delegated amounts. Members join in the order in which they are given, which decides among equal stakes (DEV-10).
contract BondingManagerImporter is Importer {
    using OrchestratorPool for OrchestratorPool.Pool;

    /// @notice What belongs to nobody in particular; units as in BondingLedger.
    struct BondingParameters {
        uint112 currentRoundTotalActiveStake;
        uint64 unbondingPeriodRounds;
        uint16 currentRoundActiveSetSize;
        uint16 poolMaxSize;
        uint96 treasuryRewardCutRateRay;
        uint96 nextRoundTreasuryRewardCutRateRay;
        uint256 treasuryBalanceCeiling;
    }

    struct ImportedDelegator {
        address account;
        Delegator record;
    }

    /// @notice The position in the pool must be zero: it comes with `importPool`.
    struct ImportedOrchestrator {
        address account;
        Orchestrator record;
    }

    struct ImportedEarnings {
        address orchestrator;
        Round round;
        EarningsRow row;
    }

    struct ImportedLock {
        address delegator;
        uint256 lockId;
        UnbondingLock lock;
    }

    struct ImportedRewardCaller {
        address orchestrator;
        address rewardCaller;
    }

    constructor(address _controller) Importer(_controller) {}

    /// @notice Writes `parameters` over those that the deployment set.
    function importParameters(uint256 number, BondingParameters calldata parameters) external batch(number) {
        BondingLedger.BondingManagerStorage storage $ = _storage();
        $.currentRoundTotalActiveStake = parameters.currentRoundTotalActiveStake;
        $.currentRoundActiveSetSize = parameters.currentRoundActiveSetSize;
        $.unbondingPeriodRounds = parameters.unbondingPeriodRounds;
        $.treasuryRewardCutRateRay = parameters.treasuryRewardCutRateRay;
        $.nextRoundTreasuryRewardCutRateRay = parameters.nextRoundTreasuryRewardCutRateRay;
        $.treasuryBalanceCeiling = parameters.treasuryBalanceCeiling;
        $.pool.maxSize = parameters.poolMaxSize;
    }

    /// @notice Writes accounts as delegators, and as delegates of others.
    function importDelegators(uint256 number, ImportedDelegator[] calldata imported) external batch(number) {
        mapping(address => Delegator) storage delegators = _storage().delegators;
        for (uint256 i = 0; i < imported.length; ++i) {
            address account = imported[i].account;
            Delegator storage delegator = delegators[account];
            _requireNew(
                delegator.delegate == address(0) && delegator.lastClaimRound.toUint256() == 0
                    && delegator.bondedAmount == 0 && delegator.delegatedAmount == 0,
                _keyOf(account)
            );
            delegators[account] = imported[i].record;
        }
    }

    /// @notice Writes accounts as orchestrators.
    function importOrchestrators(uint256 number, ImportedOrchestrator[] calldata imported)
        external
        batch(number)
    {
        mapping(address => Orchestrator) storage orchestrators = _storage().orchestrators;
        for (uint256 i = 0; i < imported.length; ++i) {
            address account = imported[i].account;
            Orchestrator storage orchestrator = orchestrators[account];
            _requireNew(
                orchestrator.activationRound.toUint256() == 0 && orchestrator.poolPosition == 0,
                _keyOf(account)
            );
            orchestrators[account] = imported[i].record;
            orchestrator.poolPosition = 0;
        }
    }

    /// @notice Writes factors of rounds in which orchestrators were rewarded or paid.
    function importEarnings(uint256 number, ImportedEarnings[] calldata imported) external batch(number) {
        for (uint256 i = 0; i < imported.length; ++i) {
            address orchestrator = imported[i].orchestrator;
            uint256 round = imported[i].round.toUint256();
            EarningsRow storage row = _storage().earnings[orchestrator][round];
            _requireNew(
                row.cumulativeRewardFactorRay == 0 && row.cumulativeFeeFactorRay == 0,
                keccak256(abi.encode(orchestrator, round))
            );
            _storage().earnings[orchestrator][round] = imported[i].row;
        }
    }

    /// @notice Writes amounts that wait for their withdraw round.
    function importLocks(uint256 number, ImportedLock[] calldata imported) external batch(number) {
        for (uint256 i = 0; i < imported.length; ++i) {
            address delegator = imported[i].delegator;
            uint256 lockId = imported[i].lockId;
            UnbondingLock storage lock = _storage().unbondingLocks[delegator][lockId];
            _requireNew(lock.withdrawRound == 0, keccak256(abi.encode(delegator, lockId)));
            _storage().unbondingLocks[delegator][lockId] = imported[i].lock;
        }
    }

    /// @notice Lets `members` into the pool, the one that joined first before the others.
    function importPool(uint256 number, address[] calldata members) external batch(number) {
        BondingLedger.BondingManagerStorage storage $ = _storage();
        for (uint256 i = 0; i < members.length; ++i) {
            address member = members[i];
            Orchestrator storage orchestrator = $.orchestrators[member];
            _requireNew(orchestrator.poolPosition == 0 && !$.pool.isFull(), _keyOf(member));
            $.pool.add(orchestrator, member, $.delegators[member].delegatedAmount);
        }
    }

    /// @notice Writes who may reward for whom (LIP-118).
    function importRewardCallers(uint256 number, ImportedRewardCaller[] calldata imported)
        external
        batch(number)
    {
        for (uint256 i = 0; i < imported.length; ++i) {
            address orchestrator = imported[i].orchestrator;
            _requireNew(_storage().rewardCallers[orchestrator] == address(0), _keyOf(orchestrator));
            _storage().rewardCallers[orchestrator] = imported[i].rewardCaller;
        }
    }

    function _homeId() internal pure override returns (bytes32) {
        return ContractIds.BONDING_MANAGER;
    }

    function _isEmpty() internal view override returns (bool) {
        BondingLedger.BondingManagerStorage storage $ = _storage();
        return $.pool.joinCount == 0 && $.currentRoundTotalActiveStake == 0;
    }

    function _keyOf(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function _storage() private pure returns (BondingLedger.BondingManagerStorage storage $) {
        bytes32 slot = _slotOf("livepeer.storage.BondingManager");
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}
