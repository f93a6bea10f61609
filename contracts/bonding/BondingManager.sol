// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {EarningsLib} from "../libraries/EarningsLib.sol";
import {OrchestratorPool} from "../libraries/OrchestratorPool.sol";
import {Delegator, EarningsRow, Orchestrator, UnbondingLock} from "../types/BondingState.sol";
import {PPM_WHOLE, isValidPpm, toPpm} from "../types/Ppm.sol";
import {RAY_WHOLE, RayFactor, isValidRayRate} from "../types/RayFactor.sol";
import {Round, toRound} from "../types/Round.sol";
import {BondingViews} from "./BondingViews.sol";

/// @title BondingManager
/// @notice See IBondingManager.
/// @dev This contract is what accounts and other contracts may do, and the events of it. The state and its moves are
/// BondingLedger, the views BondingViews, the arithmetic of earnings EarningsLib, the pool OrchestratorPool, the
/// history of stake BondingVotes.
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
contract BondingManager is BondingViews {
    using EarningsLib for EarningsRow;
    using EarningsLib for Orchestrator;

    constructor(address _controller) BondingViews(_controller) {}

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
        if (msg.sender != owner) {
            require(owner != address(0), InvalidDelegator(owner));
            if (msg.sender != _registeredOrZero(ContractIds.L2_MIGRATOR)) {
                if (bondedAmount == 0) require(to != owner, InvalidDelegate(to));
                else require(to == currentDelegate, InvalidDelegateChange(currentDelegate, to));
            }
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
            IERC20(_registered(ContractIds.LIVEPEER_TOKEN))
                .transferFrom(msg.sender, _registered(ContractIds.MINTER), amount);
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
                require(
                    senderDelegate != _delegator && _delegator != address(0), InvalidDelegator(_delegator)
                );
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
    function transcoderWithHint(
        uint256 _rewardCut,
        uint256 _feeShare,
        address _newPosPrev,
        address _newPosNext
    ) external {
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
        if (orchestrator.poolPosition == 0) {
            _join(msg.sender, orchestrator, delegator.delegatedAmount, round);
        }
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
    function rewardForTranscoderWithHint(address _transcoder, address _newPosPrev, address _newPosNext)
        external
    {
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
        _creditFees(_transcoder, _fees, _currentRound());
    }

    /// @inheritdoc IBondingManager
    function creditFees(address _transcoder, uint256 _fees, uint256 _round) external {
        _requireRunning();
        _requireCaller(ContractIds.TICKET_BROKER);
        _creditFees(_transcoder, _fees, toRound(_round));
    }

    function _creditFees(address account, uint256 fees, Round round) private {
        BondingManagerStorage storage $ = _storage();
        Orchestrator storage orchestrator = $.orchestrators[account];
        require(_isActive(orchestrator, round), TranscoderNotActive(account, round.toUint256()));

        mapping(uint256 => EarningsRow) storage rows = $.earnings[account];
        uint256 stake = _currentStake(orchestrator, $.delegators[account], round);
        (bool isKnown, uint256 rewardFactorRay) = orchestrator.factorBefore(rows, round);
        if (!isKnown) {
            // What the Minter may mint is not what it could when the reward came, if it is another Minter by now.
            rewardFactorRay = Math.min(rewardFactorRay, _estimateFactorBefore(rows[round.toUint256()], stake));
        }
        orchestrator.addFees(rows, round, stake, rewardFactorRay, fees);
    }

    function _estimateFactorBefore(EarningsRow storage row, uint256 stake) private view returns (uint256) {
        BondingManagerStorage storage $ = _storage();
        return row.estimateFactorBefore(
            stake,
            $.currentRoundTotalActiveStake,
            _minter().currentMintableTokens(),
            RayFactor.wrap($.treasuryRewardCutRateRay)
        );
    }

    /// @inheritdoc IBondingManager
    function slashTranscoder(address _transcoder, address _finder, uint256 _slashAmount, uint256 _finderFee)
        external
    {
        _requireRunning();
        _requireCaller(ContractIds.VERIFIER);
        require(isValidPpm(_slashAmount), InvalidSlashShare(_slashAmount, PPM_WHOLE));
        require(isValidPpm(_finderFee), InvalidSlashShare(_finderFee, PPM_WHOLE));
        // Before the round is initialized, one that leaves would be missing in its totals and still be active in it.
        Round round = _startedRound();
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
        _bondingVotes().checkpointTotal(totalActiveStake, _currentRound());
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
}
