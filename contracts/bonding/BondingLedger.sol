// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {IBondingVotes} from "../interfaces/IBondingVotes.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {IRoundsManager} from "../interfaces/IRoundsManager.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {EarningsLib} from "../libraries/EarningsLib.sol";
import {OrchestratorPool} from "../libraries/OrchestratorPool.sol";
import {StakeCheckpoint} from "../libraries/StakeCheckpoints.sol";
import {ManagerProxyTarget} from "../registry/ManagerProxyTarget.sol";
import {Delegator, EarningsRow, Orchestrator, UnbondingLock} from "../types/BondingState.sol";
import {NEVER, Round, toRound} from "../types/Round.sol";

/// @title BondingLedger
/// @notice The state of BondingManager and the moves on it that its operations are made of. It knows nothing of who
/// may call what, except for the two rules that protect somebody else's reward.
/// @dev Whoever changes an account here owes it a checkpoint at the end of the operation.
abstract contract BondingLedger is ManagerProxyTarget, IBondingManager {
    using EarningsLib for Delegator;
    using EarningsLib for Orchestrator;
    using OrchestratorPool for OrchestratorPool.Pool;

    uint8 internal constant STATUS_PENDING = 0;
    uint8 internal constant STATUS_BONDED = 1;
    uint8 internal constant STATUS_UNBONDED = 2;

    /// @custom:storage-location erc7201:livepeer.storage.BondingManager
    struct BondingManagerStorage {
        // --- slot 0 ---
        /// LPT that counts in the current round.
        uint112 currentRoundTotalActiveStake;
        /// Orchestrators active in the current round when it was initialized.
        uint16 currentRoundActiveSetSize;
        uint64 unbondingPeriodRounds;
        // --- slot 1 ---
        uint96 treasuryRewardCutRateRay;
        uint96 nextRoundTreasuryRewardCutRateRay;
        // --- slot 2 ---
        /// LPT; 0 for none.
        uint256 treasuryBalanceCeiling;
        // --- slots 3 to 5 ---
        OrchestratorPool.Pool pool;
        // --- slots 6 to 10 ---
        mapping(address account => Delegator) delegators;
        mapping(address account => Orchestrator) orchestrators;
        mapping(address orchestrator => mapping(uint256 round => EarningsRow)) earnings;
        mapping(address delegator => mapping(uint256 unbondingLockId => UnbondingLock)) unbondingLocks;
        mapping(address orchestrator => address rewardCaller) rewardCallers;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.BondingManager")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BONDING_MANAGER_STORAGE =
        0xa98c8e44e385dba1a6c818fd593c099eabd6428ca857f74e5c71178734311a00;

    constructor(address _controller) ManagerProxyTarget(_controller) {}

    // --- STAKE ---

    /// @dev Folds earnings through `round` into the bond and the fee balance.
    /// @return hasClaimed False when the account had claimed in this round already.
    function _settle(address account, Round round) internal returns (bool hasClaimed) {
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[account];
        Round claimRound = delegator.lastClaimRound;
        if (claimRound >= round) return false;

        address delegate = delegator.delegate;
        uint256 rewards;
        uint256 fees;
        if (delegate != address(0)) {
            (rewards, fees) = _unclaimed(account);
            if (delegate == account) {
                Orchestrator storage orchestrator = $.orchestrators[account];
                orchestrator.cumulativeRewards = 0;
                orchestrator.cumulativeFees = 0;
            }
            _pointAt(delegator, delegate, round);
        }
        emit EarningsClaimed(delegate, account, rewards, fees, claimRound.toUint256() + 1, round.toUint256());
        delegator.lastClaimRound = round;
        if (rewards > 0) delegator.bondedAmount = SafeCast.toUint112(delegator.bondedAmount + rewards);
        if (fees > 0) delegator.fees = SafeCast.toUint128(delegator.fees + fees);
        return true;
    }

    /// @dev Earnings since the last claim; of an orchestrator also what it has earned for itself, which can be more
    /// than zero even after a claim in this round.
    function _unclaimed(address account) internal view returns (uint256 rewards, uint256 fees) {
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[account];
        address delegate = delegator.delegate;
        Orchestrator storage orchestrator = $.orchestrators[delegate];
        (rewards, fees) = delegator.unclaimed(orchestrator, $.earnings[delegate]);
        if (delegate == account) {
            rewards += orchestrator.cumulativeRewards;
            fees += orchestrator.cumulativeFees;
        }
    }

    /// @dev Lets the delegator's earnings start from the present factors of `delegate`. Whoever points a settled bond
    /// at a delegate must come through here, or the bond would earn what was earned before it came.
    function _pointAt(Delegator storage delegator, address delegate, Round round) internal {
        Orchestrator storage orchestrator = _storage().orchestrators[delegate];
        orchestrator.markStartFactor(round);
        delegator.delegate = delegate;
        delegator.rewardFactorRound = orchestrator.lastRewardRound;
        delegator.feeFactorRound = orchestrator.lastFeeRound;
    }

    /// @dev Nothing is bonded any more.
    function _endBond(Delegator storage delegator) internal {
        delegator.delegate = address(0);
        delegator.startRound = Round.wrap(0);
    }

    /// @dev Points `amount` more at `account`, which enters the pool if it can.
    function _grow(address account, uint256 amount, Round round) internal {
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[account];
        Orchestrator storage orchestrator = $.orchestrators[account];
        uint256 previousStake = delegator.delegatedAmount;
        uint256 stake = previousStake + amount;
        delegator.delegatedAmount = SafeCast.toUint112(stake);
        uint256 position = orchestrator.poolPosition;
        bool counts = position != 0 || _isActive(orchestrator, round);
        if (position != 0) $.pool.update(position, previousStake, stake);
        else if (_isRegistered(delegator, account)) _join(account, orchestrator, stake, round);
        if (counts) _keepStakeOfRound(orchestrator, previousStake, round);
    }

    /// @dev Points `amount` less at `account`.
    function _shrink(address account, uint256 amount, Round round) internal {
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[account];
        Orchestrator storage orchestrator = $.orchestrators[account];
        uint256 previousStake = delegator.delegatedAmount;
        uint256 stake = previousStake - amount;
        delegator.delegatedAmount = uint112(stake);
        uint256 position = orchestrator.poolPosition;
        if (position != 0) $.pool.update(position, previousStake, stake);
        if (position != 0 || _isActive(orchestrator, round)) {
            _keepStakeOfRound(orchestrator, previousStake, round);
        }
    }

    /// @dev The first change of stake in a round freezes what counts in it.
    function _keepStakeOfRound(Orchestrator storage orchestrator, uint256 previousStake, Round round)
        internal
    {
        if (orchestrator.lastActiveStakeUpdateRound > round) return;
        orchestrator.stakeBeforeUpdate = uint112(previousStake);
        orchestrator.lastActiveStakeUpdateRound = round.next();
    }

    /// @dev LPT that counts for an active orchestrator in `round`.
    function _currentStake(Orchestrator storage orchestrator, Delegator storage delegator, Round round)
        internal
        view
        returns (uint256)
    {
        return orchestrator.lastActiveStakeUpdateRound > round
            ? orchestrator.stakeBeforeUpdate
            : delegator.delegatedAmount;
    }

    // --- POOL ---

    /// @dev Lets a registered orchestrator into the pool: if it is full, in place of the last, which must have less.
    function _join(address account, Orchestrator storage orchestrator, uint256 stake, Round round) internal {
        BondingManagerStorage storage $ = _storage();
        OrchestratorPool.Pool storage pool = $.pool;
        Round nextRound = round.next();
        if (pool.isFull()) {
            require(pool.maxSize > 0, PoolSizeNotSet());
            (address last, uint256 lastStake) = pool.lowest($.delegators);
            if (stake <= lastStake) return;
            Orchestrator storage evicted = $.orchestrators[last];
            pool.replace(evicted, lastStake, orchestrator, account, stake);
            evicted.deactivationRound = nextRound;
            emit TranscoderDeactivated(last, nextRound.toUint256());
        } else {
            pool.add(orchestrator, account, stake);
        }
        orchestrator.lastActiveStakeUpdateRound = nextRound;
        orchestrator.activationRound = nextRound;
        orchestrator.deactivationRound = NEVER;
        emit TranscoderActivated(account, nextRound.toUint256());
    }

    /// @dev Takes `account` out of the pool, if it is there, with the stake that it has now.
    function _resign(address account, Round round) internal {
        BondingManagerStorage storage $ = _storage();
        Orchestrator storage orchestrator = $.orchestrators[account];
        if (orchestrator.poolPosition == 0) return;
        $.pool.remove($.orchestrators, orchestrator, $.delegators[account].delegatedAmount);
        orchestrator.deactivationRound = round.next();
        emit TranscoderDeactivated(account, round.next().toUint256());
    }

    // --- CHECKS AND SMALL PARTS ---

    /// @dev Somebody else may make `owner` claim only if that cannot cost it the reward of this round.
    function _requireMayClaim(address owner, Round round) internal view {
        if (msg.sender == owner) return;
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[owner];
        if (delegator.bondedAmount == 0 || delegator.lastClaimRound == round) return;
        address delegate = delegator.delegate;
        Orchestrator storage orchestrator = $.orchestrators[delegate];
        if (!_isActive(orchestrator, round) || orchestrator.lastRewardRound == round) return;
        require(
            msg.sender == _registeredOrZero(ContractIds.L2_MIGRATOR),
            IllegalClaimEarnings(msg.sender, owner, delegate)
        );
    }

    /// @dev An orchestrator that leaves after this round would, by rejoining, be inactive from now on (DEV-3).
    function _requireRewardedIfLeaving(address delegate, Round round) internal view {
        Orchestrator storage orchestrator = _storage().orchestrators[delegate];
        if (orchestrator.poolPosition != 0 || !_isActive(orchestrator, round)) return;
        require(orchestrator.lastRewardRound == round, DelegateMustRewardFirst(delegate, round.toUint256()));
    }

    function _requireRewardCaller(address account) internal view {
        address rewardCaller = _storage().rewardCallers[account];
        require(msg.sender == rewardCaller, CallerNotRewardCaller(msg.sender, account, rewardCaller));
    }

    /// @dev Removes the caller's lock and returns its amount.
    function _takeLock(uint256 lockId) internal returns (uint256 amount) {
        UnbondingLock storage lock = _storage().unbondingLocks[msg.sender][lockId];
        require(lock.withdrawRound > 0, InvalidUnbondingLock(msg.sender, lockId));
        amount = lock.amount;
        delete _storage().unbondingLocks[msg.sender][lockId];
    }

    function _setNextRoundTreasuryRewardCutRate(uint96 cutRateRay) internal {
        BondingManagerStorage storage $ = _storage();
        _emitParameterUpdate(
            "nextRoundTreasuryRewardCutRate", $.nextRoundTreasuryRewardCutRateRay, cutRateRay
        );
        $.nextRoundTreasuryRewardCutRateRay = cutRateRay;
    }

    function _checkpoint(address account, Round round) internal {
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[account];
        StakeCheckpoint memory current = StakeCheckpoint({
            delegate: delegator.delegate,
            bondedAmount: delegator.bondedAmount,
            lastClaimRound: delegator.lastClaimRound,
            delegatedAmount: delegator.delegatedAmount,
            lastRewardRound: $.orchestrators[account].lastRewardRound
        });
        _bondingVotes().checkpointStake(account, round.next(), current);
    }

    function _isActive(Orchestrator storage orchestrator, Round round) internal view returns (bool) {
        return orchestrator.activationRound <= round && round < orchestrator.deactivationRound;
    }

    function _isRegistered(Delegator storage delegator, address account) internal view returns (bool) {
        return delegator.delegate == account && delegator.bondedAmount > 0;
    }

    function _delegatorStatus(Delegator storage delegator, Round round) internal view returns (uint8) {
        if (delegator.bondedAmount == 0) return STATUS_UNBONDED;
        return delegator.startRound > round ? STATUS_PENDING : STATUS_BONDED;
    }

    function _startedRound() internal view returns (Round) {
        _requireRunning();
        (uint256 currentRound, bool isInitialized,) = _roundsManager().currentRoundState();
        require(isInitialized, CurrentRoundNotInitialized(currentRound));
        return toRound(currentRound);
    }

    function _currentRound() internal view returns (Round) {
        return toRound(_roundsManager().currentRound());
    }

    function _roundsManager() internal view returns (IRoundsManager) {
        return IRoundsManager(_registered(ContractIds.ROUNDS_MANAGER));
    }

    function _minter() internal view returns (IMinter) {
        return IMinter(_registered(ContractIds.MINTER));
    }

    function _bondingVotes() internal view returns (IBondingVotes) {
        return IBondingVotes(_registered(ContractIds.BONDING_VOTES));
    }

    /// @dev Names an argument that the ABI carries and nothing needs.
    function _ignore(uint256) internal pure {}

    /// @dev As above, for hints.
    function _ignore(address, address) internal pure {}

    function _storage() internal pure returns (BondingManagerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := BONDING_MANAGER_STORAGE
        }
    }
}
