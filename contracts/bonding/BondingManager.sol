// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {IBondingVotes} from "../interfaces/IBondingVotes.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {IRoundsManager} from "../interfaces/IRoundsManager.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {EarningsLib} from "../libraries/EarningsLib.sol";
import {OrchestratorPool} from "../libraries/OrchestratorPool.sol";
import {ManagerProxyTarget} from "../registry/ManagerProxyTarget.sol";
import {Delegator, EarningsRow, Orchestrator, UnbondingLock} from "../types/BondingState.sol";
import {PPM_WHOLE, Ppm, isValidPpm, toPpm} from "../types/Ppm.sol";
import {RAY_WHOLE, RayFactor, isValidRayRate} from "../types/RayFactor.sol";
import {NEVER, Round, toRound} from "../types/Round.sol";

/// @title BondingManager
/// @notice See IBondingManager.
/// @dev This contract keeps access, state transitions and events. The arithmetic of earnings is EarningsLib, the pool
/// is OrchestratorPool, the history of stake is BondingVotes.
///
/// Rounds. Each entry point asks for the round once. A change of stake in round r counts from r + 1 on; what counts in
/// r is frozen: `Orchestrator.stakeBeforeUpdate` once the stake has changed in r, the delegated amount until then.
///
/// Active set. Being registered (a bond to oneself), being in the pool (active in the next round) and being active are
/// three things. Stake of an orchestrator is tracked while it is in the pool or active, so also when it leaves at the
/// end of the round; fees reach only the active; and no stake may go behind one that leaves and has not rewarded,
/// since rejoining would make it inactive at once (DEV-3).
///
/// Claims. Before a bond changes, its owner's earnings are claimed through the current round. Other accounts can cause
/// a claim only when it cannot cost the owner a reward (`_requireMayClaim`).
///
/// Checkpoints. Each operation ends with the state of every account whose bond, delegate, delegated amount, claim
/// round or reward round it changed in BondingVotes.
///
/// Custody. LPT and ETH lie in the Minter; this contract holds none.
contract BondingManager is ManagerProxyTarget, IBondingManager {
    using EarningsLib for Delegator;
    using EarningsLib for EarningsRow;
    using EarningsLib for Orchestrator;
    using OrchestratorPool for OrchestratorPool.Pool;

    uint8 private constant STATUS_PENDING = 0;
    uint8 private constant STATUS_BONDED = 1;
    uint8 private constant STATUS_UNBONDED = 2;

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

    // --- PARAMETERS ---

    /// @inheritdoc IBondingManager
    function setUnbondingPeriod(uint64 _unbondingPeriod) external onlyControllerOwner {
        require(_unbondingPeriod > 0, UnbondingPeriodIsZero());
        BondingManagerStorage storage $ = _storage();
        _emitParameterUpdate("unbondingPeriod", $.unbondingPeriodRounds, _unbondingPeriod);
        $.unbondingPeriodRounds = _unbondingPeriod;
    }

    /// @inheritdoc IBondingManager
    function setTreasuryRewardCutRate(uint256 _cutRate) external onlyControllerOwner {
        require(isValidRayRate(_cutRate), InvalidTreasuryRewardCutRate(_cutRate, RAY_WHOLE));
        _setNextRoundTreasuryRewardCutRate(uint96(_cutRate));
    }

    /// @inheritdoc IBondingManager
    function setTreasuryBalanceCeiling(uint256 _ceiling) external onlyControllerOwner {
        BondingManagerStorage storage $ = _storage();
        _emitParameterUpdate("treasuryBalanceCeiling", $.treasuryBalanceCeiling, _ceiling);
        $.treasuryBalanceCeiling = _ceiling;
    }

    /// @inheritdoc IBondingManager
    function setNumActiveTranscoders(uint256 _numActiveTranscoders) external onlyControllerOwner {
        OrchestratorPool.Pool storage pool = _storage().pool;
        uint256 previous = pool.maxSize;
        require(_numActiveTranscoders > previous, PoolSizeNotIncreased(_numActiveTranscoders, previous));
        pool.maxSize = SafeCast.toUint16(_numActiveTranscoders);
        _emitParameterUpdate("numActiveTranscoders", previous, _numActiveTranscoders);
    }

    // --- BOND ---

    /// @inheritdoc IBondingManager
    function bond(uint256 _amount, address _to) external {
        _bond(_amount, msg.sender, _to);
    }

    /// @inheritdoc IBondingManager
    function bondWithHint(
        uint256 _amount,
        address _to,
        address _oldDelegateNewPosPrev,
        address _oldDelegateNewPosNext,
        address _currDelegateNewPosPrev,
        address _currDelegateNewPosNext
    ) external {
        _ignore(_oldDelegateNewPosPrev, _oldDelegateNewPosNext);
        _ignore(_currDelegateNewPosPrev, _currDelegateNewPosNext);
        _bond(_amount, msg.sender, _to);
    }

    /// @inheritdoc IBondingManager
    function bondForWithHint(
        uint256 _amount,
        address _owner,
        address _to,
        address _oldDelegateNewPosPrev,
        address _oldDelegateNewPosNext,
        address _currDelegateNewPosPrev,
        address _currDelegateNewPosNext
    ) external {
        _ignore(_oldDelegateNewPosPrev, _oldDelegateNewPosNext);
        _ignore(_currDelegateNewPosPrev, _currDelegateNewPosNext);
        _bond(_amount, _owner, _to);
    }

    function _bond(uint256 amount, address owner, address to) private {
        Round round = _startedRound();
        _requireMayClaim(owner, round);
        _settle(owner, round);

        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[owner];
        address currentDelegate = delegator.delegate;
        uint256 bondedAmount = delegator.bondedAmount;
        _requireRewardedIfLeaving(to, round);
        if (msg.sender != owner && msg.sender != _registeredOrZero(ContractIds.L2_MIGRATOR)) {
            require(owner != address(0), InvalidDelegator(owner));
            if (bondedAmount == 0) require(to != owner, InvalidDelegate(to));
            else require(to == currentDelegate, InvalidDelegateChange(currentDelegate, to));
        }

        uint256 movedAmount = amount;
        if (bondedAmount == 0) {
            delegator.startRound = round.next();
        } else if (to != currentDelegate) {
            require(currentDelegate != owner, RegisteredTranscoderCannotMove(owner, to));
            delegator.startRound = round.next();
            movedAmount += bondedAmount;
            _shrink(currentDelegate, bondedAmount, round);
            _checkpoint(currentDelegate, round);
        }
        require(movedAmount > 0, BondAmountIsZero());

        _pointAt(delegator, to, round);
        delegator.bondedAmount = SafeCast.toUint112(bondedAmount + amount);
        _grow(to, movedAmount, round);
        if (to != owner) _checkpoint(to, round);
        if (amount > 0) {
            // The token reverts when it fails; its answer adds nothing.
            IERC20(_registered(ContractIds.LIVEPEER_TOKEN)).transferFrom(
                msg.sender, _registered(ContractIds.MINTER), amount
            );
        }
        emit Bond(to, currentDelegate, owner, amount, bondedAmount + amount);
        _checkpoint(owner, round);
    }

    // --- UNBOND, REBOND, TRANSFER ---

    /// @inheritdoc IBondingManager
    function unbond(uint256 _amount) external {
        _unbondToLock(_amount);
    }

    /// @inheritdoc IBondingManager
    function unbondWithHint(uint256 _amount, address _newPosPrev, address _newPosNext) external {
        _ignore(_newPosPrev, _newPosNext);
        _unbondToLock(_amount);
    }

    function _unbondToLock(uint256 amount) private {
        Round round = _startedRound();
        _settle(msg.sender, round);
        (uint256 lockId, uint64 withdrawRound) = _unbond(amount, round);
        _storage().unbondingLocks[msg.sender][lockId] = UnbondingLock(uint112(amount), withdrawRound);
    }

    /// @dev The caller has to see to the amount, under the lock id that is used up here.
    function _unbond(uint256 amount, Round round) private returns (uint256 lockId, uint64 withdrawRound) {
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[msg.sender];
        uint8 status = _delegatorStatus(delegator, round);
        require(status == STATUS_BONDED, DelegatorNotBonded(msg.sender, status));
        require(amount > 0, UnbondAmountIsZero());
        uint256 bondedAmount = delegator.bondedAmount;
        require(amount <= bondedAmount, InsufficientBond(amount, bondedAmount));

        address delegate = delegator.delegate;
        lockId = delegator.nextUnbondingLockId;
        withdrawRound = SafeCast.toUint64(round.toUint256() + $.unbondingPeriodRounds);
        delegator.nextUnbondingLockId = uint64(lockId + 1);
        delegator.bondedAmount = uint112(bondedAmount - amount);
        if (amount == bondedAmount) {
            _endBond(delegator);
            if (delegate == msg.sender) _resign(msg.sender, round);
        }
        _shrink(delegate, amount, round);

        if (delegate != msg.sender) _checkpoint(delegate, round);
        emit Unbond(delegate, msg.sender, lockId, amount, withdrawRound);
        _checkpoint(msg.sender, round);
    }

    /// @inheritdoc IBondingManager
    function rebond(uint256 _unbondingLockId) external {
        _rebondFromLock(_unbondingLockId);
    }

    /// @inheritdoc IBondingManager
    function rebondWithHint(uint256 _unbondingLockId, address _newPosPrev, address _newPosNext) external {
        _ignore(_newPosPrev, _newPosNext);
        _rebondFromLock(_unbondingLockId);
    }

    function _rebondFromLock(uint256 lockId) private {
        Round round = _startedRound();
        _settle(msg.sender, round);
        uint8 status = _delegatorStatus(_storage().delegators[msg.sender], round);
        require(status != STATUS_UNBONDED, DelegatorNotBonded(msg.sender, status));
        _rebond(msg.sender, lockId, _takeLock(lockId), round);
    }

    /// @inheritdoc IBondingManager
    function rebondFromUnbonded(address _to, uint256 _unbondingLockId) external {
        _rebondFromUnbonded(_to, _unbondingLockId);
    }

    /// @inheritdoc IBondingManager
    function rebondFromUnbondedWithHint(
        address _to,
        uint256 _unbondingLockId,
        address _newPosPrev,
        address _newPosNext
    ) external {
        _ignore(_newPosPrev, _newPosNext);
        _rebondFromUnbonded(_to, _unbondingLockId);
    }

    function _rebondFromUnbonded(address to, uint256 lockId) private {
        Round round = _startedRound();
        _settle(msg.sender, round);
        Delegator storage delegator = _storage().delegators[msg.sender];
        uint8 status = _delegatorStatus(delegator, round);
        require(status == STATUS_UNBONDED, DelegatorNotUnbonded(msg.sender, status));
        delegator.startRound = round.next();
        _pointAt(delegator, to, round);
        _rebond(msg.sender, lockId, _takeLock(lockId), round);
    }

    /// @dev Adds `amount`, which comes from lock `lockId`, to the bond of `account`.
    function _rebond(address account, uint256 lockId, uint256 amount, Round round) private {
        Delegator storage delegator = _storage().delegators[account];
        address delegate = delegator.delegate;
        delegator.bondedAmount = SafeCast.toUint112(delegator.bondedAmount + amount);
        _requireRewardedIfLeaving(delegate, round);
        _grow(delegate, amount, round);
        if (delegate != account) _checkpoint(delegate, round);
        emit Rebond(delegate, account, lockId, amount);
        _checkpoint(account, round);
    }

    /// @inheritdoc IBondingManager
    function transferBond(
        address _delegator,
        uint256 _amount,
        address _oldDelegateNewPosPrev,
        address _oldDelegateNewPosNext,
        address _newDelegateNewPosPrev,
        address _newDelegateNewPosNext
    ) external {
        _ignore(_oldDelegateNewPosPrev, _oldDelegateNewPosNext);
        _ignore(_newDelegateNewPosPrev, _newDelegateNewPosNext);
        Round round = _startedRound();
        _requireMayClaim(_delegator, round);
        _settle(msg.sender, round);

        BondingManagerStorage storage $ = _storage();
        address senderDelegate = $.delegators[msg.sender].delegate;
        // Two lock ids are used up, as clients expect from the events; no lock lives long enough to be written.
        (uint256 senderLockId,) = _unbond(_amount, round);
        Delegator storage receiver = $.delegators[_delegator];
        uint64 receiverLockId = receiver.nextUnbondingLockId;
        receiver.nextUnbondingLockId = receiverLockId + 1;
        emit TransferBond(msg.sender, _delegator, senderLockId, receiverLockId, _amount);

        _settle(_delegator, round);
        if (receiver.bondedAmount == 0) {
            if (receiver.delegate == address(0)) {
                require(senderDelegate != _delegator && _delegator != address(0), InvalidDelegator(_delegator));
                _pointAt(receiver, senderDelegate, round);
            }
            receiver.startRound = round.next();
        }
        _rebond(_delegator, receiverLockId, _amount, round);
    }

    // --- WITHDRAW, CLAIM ---

    /// @inheritdoc IBondingManager
    function withdrawStake(uint256 _unbondingLockId) external {
        Round round = _startedRound();
        uint256 withdrawRound = _storage().unbondingLocks[msg.sender][_unbondingLockId].withdrawRound;
        uint256 amount = _takeLock(_unbondingLockId);
        require(withdrawRound <= round.toUint256(), WithdrawRoundNotReached(withdrawRound, round.toUint256()));
        _minter().trustedTransferTokens(msg.sender, amount);
        emit WithdrawStake(msg.sender, _unbondingLockId, amount, withdrawRound);
    }

    /// @inheritdoc IBondingManager
    function withdrawFees(address payable _recipient, uint256 _amount) external {
        Round round = _startedRound();
        bool hasClaimed = _settle(msg.sender, round);
        require(_recipient != address(0), FeeRecipientIsZero());
        Delegator storage delegator = _storage().delegators[msg.sender];
        uint256 fees = delegator.fees;
        require(_amount <= fees, InsufficientFees(_amount, fees));
        delegator.fees = uint128(fees - _amount);
        _minter().trustedWithdrawETH(_recipient, _amount);
        emit WithdrawFees(msg.sender, _recipient, _amount);
        // Fees are not part of a checkpoint: only the claim can have changed what is.
        if (hasClaimed) _checkpoint(msg.sender, round);
    }

    /// @inheritdoc IBondingManager
    function claimEarnings(uint256 _endRound) external {
        _ignore(_endRound);
        Round round = _startedRound();
        if (_settle(msg.sender, round)) _checkpoint(msg.sender, round);
    }

    // --- ORCHESTRATORS ---

    /// @inheritdoc IBondingManager
    function transcoder(uint256 _rewardCut, uint256 _feeShare) external {
        _setRates(_rewardCut, _feeShare);
    }

    /// @inheritdoc IBondingManager
    function transcoderWithHint(uint256 _rewardCut, uint256 _feeShare, address _newPosPrev, address _newPosNext)
        external
    {
        _ignore(_newPosPrev, _newPosNext);
        _setRates(_rewardCut, _feeShare);
    }

    function _setRates(uint256 rewardCutPpm, uint256 feeSharePpm) private {
        _requireRunning();
        (uint256 currentRound, bool isInitialized, bool isLocked) = _roundsManager().currentRoundState();
        require(isInitialized, CurrentRoundNotInitialized(currentRound));
        require(!isLocked, RoundLocked(currentRound));
        require(isValidPpm(rewardCutPpm), InvalidRewardCut(rewardCutPpm, PPM_WHOLE));
        require(isValidPpm(feeSharePpm), InvalidFeeShare(feeSharePpm, PPM_WHOLE));
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[msg.sender];
        require(_isRegistered(delegator, msg.sender), TranscoderNotRegistered(msg.sender));
        Round round = toRound(currentRound);
        Orchestrator storage orchestrator = $.orchestrators[msg.sender];
        require(
            !_isActive(orchestrator, round) || orchestrator.lastRewardRound == round,
            RewardNotCalled(msg.sender, orchestrator.lastRewardRound.toUint256(), currentRound)
        );

        orchestrator.rewardCut = toPpm(rewardCutPpm);
        orchestrator.feeShare = toPpm(feeSharePpm);
        if (orchestrator.poolPosition == 0) _join(msg.sender, orchestrator, delegator.delegatedAmount, round);
        emit TranscoderUpdate(msg.sender, rewardCutPpm, feeSharePpm);
    }

    /// @inheritdoc IBondingManager
    function reward() external {
        _reward(msg.sender);
    }

    /// @inheritdoc IBondingManager
    function rewardWithHint(address _newPosPrev, address _newPosNext) external {
        _ignore(_newPosPrev, _newPosNext);
        _reward(msg.sender);
    }

    /// @inheritdoc IBondingManager
    function rewardForTranscoder(address _transcoder) external {
        _requireRewardCaller(_transcoder);
        _reward(_transcoder);
    }

    /// @inheritdoc IBondingManager
    function rewardForTranscoderWithHint(address _transcoder, address _newPosPrev, address _newPosNext) external {
        _ignore(_newPosPrev, _newPosNext);
        _requireRewardCaller(_transcoder);
        _reward(_transcoder);
    }

    /// @inheritdoc IBondingManager
    function setRewardCaller(address _rewardCaller) external whenSystemNotPaused {
        _storage().rewardCallers[msg.sender] = _rewardCaller;
        emit RewardCallerSet(msg.sender, _rewardCaller);
    }

    function _reward(address account) private {
        Round round = _startedRound();
        BondingManagerStorage storage $ = _storage();
        Orchestrator storage orchestrator = $.orchestrators[account];
        require(_isActive(orchestrator, round), TranscoderNotActive(account, round.toUint256()));
        require(orchestrator.lastRewardRound != round, RewardAlreadyCalled(account, round.toUint256()));

        uint256 stake = _currentStake(orchestrator, $.delegators[account], round);
        uint256 rewards = _mintReward(account, stake);
        orchestrator.addRewards($.earnings[account], round, stake, rewards);
        _grow(account, rewards, round);
        orchestrator.lastRewardRound = round;
        emit Reward(account, rewards);
        _checkpoint(account, round);
    }

    /// @dev Mints what the round allots to `stake` and gives the treasury its part.
    /// @return LPT for the orchestrator and its delegators.
    function _mintReward(address account, uint256 stake) private returns (uint256) {
        BondingManagerStorage storage $ = _storage();
        uint256 ceiling = $.treasuryBalanceCeiling;
        if (ceiling > 0 && $.nextRoundTreasuryRewardCutRateRay > 0) {
            address treasury = _registeredOrZero(ContractIds.TREASURY);
            if (IERC20(_registered(ContractIds.LIVEPEER_TOKEN)).balanceOf(treasury) >= ceiling) {
                _setNextRoundTreasuryRewardCutRate(0);
            }
        }

        IMinter minter = _minter();
        uint256 minted = minter.createReward(stake, $.currentRoundTotalActiveStake);
        uint256 treasuryReward = RayFactor.wrap($.treasuryRewardCutRateRay).partDown(minted);
        if (treasuryReward > 0) {
            address treasury = _registered(ContractIds.TREASURY);
            minter.trustedTransferTokens(treasury, treasuryReward);
            emit TreasuryReward(account, treasury, treasuryReward);
        }
        return minted - treasuryReward;
    }

    // --- OTHER CONTRACTS ---

    /// @inheritdoc IBondingManager
    function checkpointBondingState(address _account) external {
        _checkpoint(_account, _currentRound());
    }

    /// @inheritdoc IBondingManager
    function updateTranscoderWithFees(address _transcoder, uint256 _fees, uint256 _round) external {
        _ignore(_round);
        _requireRunning();
        _requireCaller(ContractIds.TICKET_BROKER);
        Round round = _currentRound();
        BondingManagerStorage storage $ = _storage();
        Orchestrator storage orchestrator = $.orchestrators[_transcoder];
        require(_isActive(orchestrator, round), TranscoderNotActive(_transcoder, round.toUint256()));

        mapping(uint256 => EarningsRow) storage rows = $.earnings[_transcoder];
        uint256 stake = _currentStake(orchestrator, $.delegators[_transcoder], round);
        (bool isKnown, uint256 rewardFactorRay) = orchestrator.factorBefore(rows, round);
        if (!isKnown) {
            rewardFactorRay = rows[round.toUint256()].estimateFactorBefore(
                stake,
                $.currentRoundTotalActiveStake,
                _minter().currentMintableTokens(),
                RayFactor.wrap($.treasuryRewardCutRateRay)
            );
        }
        orchestrator.addFees(rows, round, stake, rewardFactorRay, _fees);
    }

    /// @inheritdoc IBondingManager
    function slashTranscoder(address _transcoder, address _finder, uint256 _slashAmount, uint256 _finderFee)
        external
    {
        _requireRunning();
        _requireCaller(ContractIds.VERIFIER);
        require(isValidPpm(_slashAmount), InvalidSlashShare(_slashAmount, PPM_WHOLE));
        require(isValidPpm(_finderFee), InvalidSlashShare(_finderFee, PPM_WHOLE));
        Round round = _currentRound();
        _settle(_transcoder, round);

        Delegator storage delegator = _storage().delegators[_transcoder];
        uint256 bondedAmount = delegator.bondedAmount;
        uint256 penalty = toPpm(_slashAmount).partDown(bondedAmount);
        address delegate = delegator.delegate;
        if (bondedAmount > 0) {
            delegator.bondedAmount = uint112(bondedAmount - penalty);
            _resign(_transcoder, round);
            if (penalty == bondedAmount) _endBond(delegator);
            _shrink(delegate, penalty, round);
            if (delegate != _transcoder) _checkpoint(delegate, round);
        }

        uint256 finderReward = _finder == address(0) ? 0 : toPpm(_finderFee).partDown(penalty);
        if (penalty > 0) {
            IMinter minter = _minter();
            if (finderReward > 0) minter.trustedTransferTokens(_finder, finderReward);
            minter.trustedBurnTokens(penalty - finderReward);
        }
        emit TranscoderSlashed(_transcoder, _finder, penalty, finderReward);
        _checkpoint(_transcoder, round);
    }

    /// @inheritdoc IBondingManager
    function setCurrentRoundTotalActiveStake() external {
        _requireCaller(ContractIds.ROUNDS_MANAGER);
        BondingManagerStorage storage $ = _storage();
        uint112 totalActiveStake = $.pool.totalStake;
        $.currentRoundTotalActiveStake = totalActiveStake;
        $.currentRoundActiveSetSize = $.pool.size;
        uint96 cutRateRay = $.nextRoundTreasuryRewardCutRateRay;
        if (cutRateRay != $.treasuryRewardCutRateRay) {
            _emitParameterUpdate("treasuryRewardCutRate", $.treasuryRewardCutRateRay, cutRateRay);
            $.treasuryRewardCutRateRay = cutRateRay;
        }
        _bondingVotes().checkpointTotalActiveStake(totalActiveStake, _currentRound().toUint256());
    }

    // --- VIEWS ---

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
        BondingManagerStorage storage $ = _storage();
        mapping(uint256 => EarningsRow) storage rows = $.earnings[_transcoder];
        Orchestrator storage orchestrator = $.orchestrators[_transcoder];
        uint256 rewardRound;
        bool isInitialized;
        (totalStake, rewardRound, isInitialized) = _bondingVotes().stakeHistoryAt(_transcoder, _round);

        EarningsRow storage row = rows[_round];
        transcoderRewardCut = row.rewardCut.toUint256();
        transcoderFeeShare = row.feeShare.toUint256();
        cumulativeRewardFactor = row.cumulativeRewardFactorRay;
        cumulativeFeeFactor = row.cumulativeFeeFactorRay;
        if (cumulativeRewardFactor == 0 && _round == currentRound && cumulativeFeeFactor > 0) {
            transcoderRewardCut = orchestrator.rewardCut.toUint256();
            transcoderFeeShare = orchestrator.feeShare.toUint256();
        }
        if (!isInitialized) return
            (totalStake, transcoderRewardCut, transcoderFeeShare, cumulativeRewardFactor, cumulativeFeeFactor);
        if (cumulativeRewardFactor == 0) cumulativeRewardFactor = rows[rewardRound].cumulativeRewardFactorRay;
        uint256 firstFeeRound = orchestrator.firstFeeRound.toUint256();
        uint256 lastFeeRound = orchestrator.lastFeeRound.toUint256();
        for (
            uint256 feeRound = _round < lastFeeRound ? _round : lastFeeRound;
            cumulativeFeeFactor == 0 && firstFeeRound > 0 && feeRound >= firstFeeRound;
            --feeRound
        ) {
            cumulativeFeeFactor = rows[feeRound].cumulativeFeeFactorRay;
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
    function reserveShareState(address _recipient) external view returns (bool isActive, uint256 activeSetSize) {
        BondingManagerStorage storage $ = _storage();
        return (_isActive($.orchestrators[_recipient], _currentRound()), $.currentRoundActiveSetSize);
    }

    function contractDependencies() external pure override returns (bytes32[] memory ids) {
        ids = new bytes32[](8);
        ids[0] = ContractIds.ROUNDS_MANAGER;
        ids[1] = ContractIds.BONDING_VOTES;
        ids[2] = ContractIds.MINTER;
        ids[3] = ContractIds.LIVEPEER_TOKEN;
        ids[4] = ContractIds.TICKET_BROKER;
        ids[5] = ContractIds.TREASURY;
        ids[6] = ContractIds.L2_MIGRATOR;
        ids[7] = ContractIds.VERIFIER;
    }

    // --- STAKE ---

    /// @dev Folds earnings through `round` into the bond and the fee balance.
    /// @return hasClaimed False when the account had claimed in this round already.
    function _settle(address account, Round round) private returns (bool hasClaimed) {
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
    function _unclaimed(address account) private view returns (uint256 rewards, uint256 fees) {
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
    function _pointAt(Delegator storage delegator, address delegate, Round round) private {
        Orchestrator storage orchestrator = _storage().orchestrators[delegate];
        orchestrator.markStartFactor(round);
        delegator.delegate = delegate;
        delegator.rewardFactorRound = orchestrator.lastRewardRound;
        delegator.feeFactorRound = orchestrator.lastFeeRound;
    }

    /// @dev Nothing is bonded any more.
    function _endBond(Delegator storage delegator) private {
        delegator.delegate = address(0);
        delegator.startRound = Round.wrap(0);
    }

    /// @dev Points `amount` more at `account`, which enters the pool if it can.
    function _grow(address account, uint256 amount, Round round) private {
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
    function _shrink(address account, uint256 amount, Round round) private {
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[account];
        Orchestrator storage orchestrator = $.orchestrators[account];
        uint256 previousStake = delegator.delegatedAmount;
        uint256 stake = previousStake - amount;
        delegator.delegatedAmount = uint112(stake);
        uint256 position = orchestrator.poolPosition;
        if (position != 0) $.pool.update(position, previousStake, stake);
        if (position != 0 || _isActive(orchestrator, round)) _keepStakeOfRound(orchestrator, previousStake, round);
    }

    /// @dev The first change of stake in a round freezes what counts in it.
    function _keepStakeOfRound(Orchestrator storage orchestrator, uint256 previousStake, Round round) private {
        if (orchestrator.lastActiveStakeUpdateRound > round) return;
        orchestrator.stakeBeforeUpdate = uint112(previousStake);
        orchestrator.lastActiveStakeUpdateRound = round.next();
    }

    /// @dev LPT that counts for an active orchestrator in `round`.
    function _currentStake(Orchestrator storage orchestrator, Delegator storage delegator, Round round)
        private
        view
        returns (uint256)
    {
        return orchestrator.lastActiveStakeUpdateRound > round
            ? orchestrator.stakeBeforeUpdate
            : delegator.delegatedAmount;
    }

    // --- POOL ---

    /// @dev Lets a registered orchestrator into the pool: if it is full, in place of the last, which must have less.
    function _join(address account, Orchestrator storage orchestrator, uint256 stake, Round round) private {
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
    function _resign(address account, Round round) private {
        BondingManagerStorage storage $ = _storage();
        Orchestrator storage orchestrator = $.orchestrators[account];
        if (orchestrator.poolPosition == 0) return;
        $.pool.remove($.orchestrators, orchestrator, $.delegators[account].delegatedAmount);
        orchestrator.deactivationRound = round.next();
        emit TranscoderDeactivated(account, round.next().toUint256());
    }

    // --- CHECKS AND SMALL PARTS ---

    /// @dev Somebody else may make `owner` claim only if that cannot cost it the reward of this round.
    function _requireMayClaim(address owner, Round round) private view {
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
    function _requireRewardedIfLeaving(address delegate, Round round) private view {
        Orchestrator storage orchestrator = _storage().orchestrators[delegate];
        if (orchestrator.poolPosition != 0 || !_isActive(orchestrator, round)) return;
        require(orchestrator.lastRewardRound == round, DelegateMustRewardFirst(delegate, round.toUint256()));
    }

    function _requireRewardCaller(address account) private view {
        address rewardCaller = _storage().rewardCallers[account];
        require(msg.sender == rewardCaller, CallerNotRewardCaller(msg.sender, account, rewardCaller));
    }

    /// @dev Removes the caller's lock and returns its amount.
    function _takeLock(uint256 lockId) private returns (uint256 amount) {
        UnbondingLock storage lock = _storage().unbondingLocks[msg.sender][lockId];
        require(lock.withdrawRound > 0, InvalidUnbondingLock(msg.sender, lockId));
        amount = lock.amount;
        delete _storage().unbondingLocks[msg.sender][lockId];
    }

    function _setNextRoundTreasuryRewardCutRate(uint96 cutRateRay) private {
        BondingManagerStorage storage $ = _storage();
        _emitParameterUpdate("nextRoundTreasuryRewardCutRate", $.nextRoundTreasuryRewardCutRateRay, cutRateRay);
        $.nextRoundTreasuryRewardCutRateRay = cutRateRay;
    }

    function _checkpoint(address account, Round round) private {
        BondingManagerStorage storage $ = _storage();
        Delegator storage delegator = $.delegators[account];
        _bondingVotes().checkpointBondingState(
            account,
            round.next().toUint256(),
            delegator.bondedAmount,
            delegator.delegate,
            delegator.delegatedAmount,
            delegator.lastClaimRound.toUint256(),
            $.orchestrators[account].lastRewardRound.toUint256()
        );
    }

    function _isActive(Orchestrator storage orchestrator, Round round) private view returns (bool) {
        return orchestrator.activationRound <= round && round < orchestrator.deactivationRound;
    }

    function _isRegistered(Delegator storage delegator, address account) private view returns (bool) {
        return delegator.delegate == account && delegator.bondedAmount > 0;
    }

    function _delegatorStatus(Delegator storage delegator, Round round) private view returns (uint8) {
        if (delegator.bondedAmount == 0) return STATUS_UNBONDED;
        return delegator.startRound > round ? STATUS_PENDING : STATUS_BONDED;
    }

    function _startedRound() private view returns (Round) {
        _requireRunning();
        (uint256 currentRound, bool isInitialized,) = _roundsManager().currentRoundState();
        require(isInitialized, CurrentRoundNotInitialized(currentRound));
        return toRound(currentRound);
    }

    function _currentRound() private view returns (Round) {
        return toRound(_roundsManager().currentRound());
    }

    function _roundsManager() private view returns (IRoundsManager) {
        return IRoundsManager(_registered(ContractIds.ROUNDS_MANAGER));
    }

    function _minter() private view returns (IMinter) {
        return IMinter(_registered(ContractIds.MINTER));
    }

    function _bondingVotes() private view returns (IBondingVotes) {
        return IBondingVotes(_registered(ContractIds.BONDING_VOTES));
    }

    /// @dev Names an argument that the ABI carries and nothing needs.
    function _ignore(uint256) private pure {}

    /// @dev As above, for hints.
    function _ignore(address, address) private pure {}

    function _storage() private pure returns (BondingManagerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := BONDING_MANAGER_STORAGE
        }
    }
}
