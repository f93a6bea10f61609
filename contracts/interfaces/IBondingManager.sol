// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IBondingManager
/// @notice Stake, the orchestrator pool, rewards and fees.
///
/// LPT holders bond LPT and point it at a delegate. An address that points a bond at itself is an orchestrator
/// (`transcoder` in this ABI, which clients of the deployed protocol use). The orchestrators with the most stake form
/// the pool; the pool as it stands when a round is initialized is the active set of that round. An active orchestrator
/// may reward once per round, and may be paid by tickets. What it earns is shared with its delegators.
///
/// @dev Amounts of LPT and ETH are in base units (1e-18) and fit 112 bits; larger ones revert with SafeCast's error.
/// Reward cuts and fee shares are in parts per million; the treasury cut rate and factors have 27 decimals.
/// Hints (neighbours in a sorted list) are accepted and ignored: a place in the pool costs nothing to find.
///
/// Needed for correctness: the Minter mints what it reports and holds what it is told to hold; only the TicketBroker
/// credits fees, for ETH that it has forwarded. Needed for liveness: RoundsManager, Minter, LivepeerToken and
/// BondingVotes are registered and do not revert.
interface IBondingManager {
    // --- events ---

    /// @notice Emitted when an orchestrator sets its reward cut and fee share (ppm).
    event TranscoderUpdate(address indexed transcoder, uint256 rewardCut, uint256 feeShare);

    /// @notice Emitted when an orchestrator enters the pool; it is active from `activationRound` on.
    event TranscoderActivated(address indexed transcoder, uint256 activationRound);

    /// @notice Emitted when an orchestrator leaves the pool; it is not active from `deactivationRound` on.
    event TranscoderDeactivated(address indexed transcoder, uint256 deactivationRound);

    /// @notice Emitted when `penalty` LPT of a bond is taken, of which `finder` gets `finderReward`.
    event TranscoderSlashed(
        address indexed transcoder, address finder, uint256 penalty, uint256 finderReward
    );

    /// @notice Emitted when an orchestrator rewards; `amount` LPT is what is left after the treasury's cut.
    event Reward(address indexed transcoder, uint256 amount);

    /// @notice Emitted when a reward gives `amount` LPT to the treasury.
    event TreasuryReward(address indexed transcoder, address treasury, uint256 amount);

    /// @notice Emitted when a bond is made, raised or moved.
    /// @param oldDelegate The delegate before the call; zero when there was none.
    /// @param additionalAmount LPT that the caller paid.
    /// @param bondedAmount The bond after the call.
    event Bond(
        address indexed newDelegate,
        address indexed oldDelegate,
        address indexed delegator,
        uint256 additionalAmount,
        uint256 bondedAmount
    );

    /// @notice Emitted when a part of a bond, or all of it, starts to leave.
    /// @param delegate The delegate before the call, even when the call ends the bond.
    event Unbond(
        address indexed delegate,
        address indexed delegator,
        uint256 unbondingLockId,
        uint256 amount,
        uint256 withdrawRound
    );

    /// @notice Emitted when an amount that was leaving goes back into the bond.
    event Rebond(
        address indexed delegate, address indexed delegator, uint256 unbondingLockId, uint256 amount
    );

    /// @notice Emitted when a part of a bond goes to another account. Both lock ids are used up at once.
    event TransferBond(
        address indexed oldDelegator,
        address indexed newDelegator,
        uint256 oldUnbondingLockId,
        uint256 newUnbondingLockId,
        uint256 amount
    );

    /// @notice Emitted when an amount has left.
    event WithdrawStake(
        address indexed delegator, uint256 unbondingLockId, uint256 amount, uint256 withdrawRound
    );

    /// @notice Emitted when `amount` wei of claimed fees go to `recipient`.
    event WithdrawFees(address indexed delegator, address recipient, uint256 amount);

    /// @notice Emitted when earnings of the rounds `startRound` to `endRound` enter the bond and the fee balance; also
    /// when they are zero.
    event EarningsClaimed(
        address indexed delegate,
        address indexed delegator,
        uint256 rewards,
        uint256 fees,
        uint256 startRound,
        uint256 endRound
    );

    /// @notice Emitted when `transcoder` lets `rewardCaller` reward for it (LIP-118); zero ends that.
    event RewardCallerSet(address indexed transcoder, address indexed rewardCaller);

    // --- errors: parameters ---

    /// @notice Thrown when a treasury cut rate above 100 % is set.
    error InvalidTreasuryRewardCutRate(uint256 cutRateRay, uint256 maxRateRay);

    /// @notice Thrown when the pool would not get larger.
    error PoolSizeNotIncreased(uint256 requestedSize, uint256 currentMaxSize);

    /// @notice Thrown when the unbonding period would be zero rounds (DEV-6).
    error UnbondingPeriodIsZero();

    /// @notice Thrown when an orchestrator would enter the pool before its size has been set.
    error PoolSizeNotSet();

    // --- errors: bonds ---

    /// @notice Thrown when an amount to bond, and any bond to move along, are both zero.
    error BondAmountIsZero();

    /// @notice Thrown when an amount to unbond is zero.
    error UnbondAmountIsZero();

    /// @notice Thrown when more is to be unbonded than is bonded, claimed earnings included.
    error InsufficientBond(uint256 requestedAmount, uint256 bondedAmount);

    /// @notice Thrown when a delegator must have a bond that is not pending, or any bond at all.
    /// @param status 0 pending, 1 bonded, 2 unbonded.
    error DelegatorNotBonded(address delegator, uint8 status);

    /// @notice Thrown when a delegator must have no bond.
    error DelegatorNotUnbonded(address delegator, uint8 status);

    /// @notice Thrown when another account may not start, or be given, this delegator's bond: it is the zero address,
    /// or would be made an orchestrator against its will.
    error InvalidDelegator(address delegator);

    /// @notice Thrown when somebody else would make `delegate` an orchestrator.
    error InvalidDelegate(address delegate);

    /// @notice Thrown when somebody else would move a bond.
    error InvalidDelegateChange(address currentDelegate, address requestedDelegate);

    /// @notice Thrown when an orchestrator would point its bond at another address. It has to unbond first.
    error RegisteredTranscoderCannotMove(address transcoder, address requestedDelegate);

    /// @notice Thrown when somebody else would make `delegator` claim before its active delegate has rewarded in this
    /// round, and so make it miss that reward.
    error IllegalClaimEarnings(address caller, address delegator, address delegate);

    /// @notice Thrown when stake would go behind an orchestrator that leaves the active set after this round and has
    /// not rewarded in it: rejoining would cost it the reward.
    error DelegateMustRewardFirst(address delegate, uint256 currentRound);

    /// @notice Thrown when there is no such unbonding lock.
    error InvalidUnbondingLock(address delegator, uint256 unbondingLockId);

    /// @notice Thrown when an amount is withdrawn before its round.
    error WithdrawRoundNotReached(uint256 withdrawRound, uint256 currentRound);

    /// @notice Thrown when fees would go to the zero address.
    error FeeRecipientIsZero();

    /// @notice Thrown when more fees are to be withdrawn than have been claimed.
    error InsufficientFees(uint256 requestedAmount, uint256 claimedFees);

    // --- errors: orchestrators ---

    /// @notice Thrown when an address must have a bond that points at itself.
    error TranscoderNotRegistered(address transcoder);

    /// @notice Thrown when an orchestrator must be in the active set of the current round.
    error TranscoderNotActive(address transcoder, uint256 currentRound);

    /// @notice Thrown when rates are set while the round is locked.
    error RoundLocked(uint256 currentRound);

    /// @notice Thrown when a reward cut above 100 % is set.
    error InvalidRewardCut(uint256 rewardCutPpm, uint256 maxPpm);

    /// @notice Thrown when a fee share above 100 % is set.
    error InvalidFeeShare(uint256 feeSharePpm, uint256 maxPpm);

    /// @notice Thrown when an active orchestrator sets rates before it has rewarded in the round.
    error RewardNotCalled(address transcoder, uint256 lastRewardRound, uint256 currentRound);

    /// @notice Thrown when an orchestrator rewards twice in a round.
    error RewardAlreadyCalled(address transcoder, uint256 currentRound);

    /// @notice Thrown when somebody rewards for an orchestrator that has not chosen them (LIP-118).
    error CallerNotRewardCaller(address caller, address transcoder, address rewardCaller);

    /// @notice Thrown when a share in slashing is above 100 %.
    error InvalidSlashShare(uint256 sharePpm, uint256 maxPpm);

    // --- parameters: for the owner of the Controller; not stopped by a pause ---

    /// @notice Sets for how many rounds an unbonded amount waits; locks that exist keep their round.
    /// @dev Errors: CallerNotControllerOwner, UnbondingPeriodIsZero.
    function setUnbondingPeriod(uint64 _unbondingPeriod) external;

    /// @notice Sets the treasury's share of rewards (27 decimals) from the next round on.
    /// @dev Errors: CallerNotControllerOwner, InvalidTreasuryRewardCutRate.
    function setTreasuryRewardCutRate(uint256 _cutRate) external;

    /// @notice Sets the balance (LPT) at which the treasury takes no more; 0 for none.
    /// @dev Errors: CallerNotControllerOwner.
    function setTreasuryBalanceCeiling(uint256 _ceiling) external;

    /// @notice Raises the size of the pool, at most to 65,535. Nobody is pulled in by this.
    /// @dev Errors: CallerNotControllerOwner, PoolSizeNotIncreased.
    function setNumActiveTranscoders(uint256 _numActiveTranscoders) external;

    // --- bonds ---

    /// @notice Bonds `_amount` LPT of the caller and points the whole bond of the caller at `_to`.
    /// @dev As bondForWithHint with the caller as owner.
    function bond(uint256 _amount, address _to) external;

    /// @notice As `bond`; the hints are ignored.
    function bondWithHint(
        uint256 _amount,
        address _to,
        address _oldDelegateNewPosPrev,
        address _oldDelegateNewPosNext,
        address _currDelegateNewPosPrev,
        address _currDelegateNewPosNext
    ) external;

    /// @notice Bonds `_amount` LPT of the caller for `_owner` and points the whole bond of `_owner` at `_to`. For an
    /// owner other than the caller: starts a bond that does not point at the owner itself, or adds to one without
    /// moving it. L2Migrator may do all that the owner may. The zero address owns no bond.
    /// @dev Warning: a bond of zero is a move; the caller pays, not the owner; LPT must be approved for this contract.
    /// Errors, in order: SystemPaused, CurrentRoundNotInitialized, IllegalClaimEarnings, DelegateMustRewardFirst,
    /// InvalidDelegator, InvalidDelegate, InvalidDelegateChange, RegisteredTranscoderCannotMove, BondAmountIsZero; the
    /// token's.
    function bondForWithHint(
        uint256 _amount,
        address _owner,
        address _to,
        address _oldDelegateNewPosPrev,
        address _oldDelegateNewPosNext,
        address _currDelegateNewPosPrev,
        address _currDelegateNewPosNext
    ) external;

    /// @notice Takes `_amount` LPT out of the caller's bond; it can be withdrawn after the unbonding period.
    /// @dev Errors, in order: SystemPaused, CurrentRoundNotInitialized, DelegatorNotBonded (a pending bond too),
    /// UnbondAmountIsZero, InsufficientBond.
    function unbond(uint256 _amount) external;

    /// @notice As `unbond`; the hints are ignored.
    function unbondWithHint(uint256 _amount, address _newPosPrev, address _newPosNext) external;

    /// @notice Puts the amount of a lock back into the caller's bond, behind its present delegate.
    /// @dev Errors, in order: SystemPaused, CurrentRoundNotInitialized, DelegatorNotBonded, InvalidUnbondingLock,
    /// DelegateMustRewardFirst.
    function rebond(uint256 _unbondingLockId) external;

    /// @notice As `rebond`; the hints are ignored.
    function rebondWithHint(uint256 _unbondingLockId, address _newPosPrev, address _newPosNext) external;

    /// @notice Starts a new bond of the caller behind `_to` with the amount of a lock.
    /// @dev Errors, in order: SystemPaused, CurrentRoundNotInitialized, DelegatorNotUnbonded, InvalidUnbondingLock,
    /// DelegateMustRewardFirst.
    function rebondFromUnbonded(address _to, uint256 _unbondingLockId) external;

    /// @notice As `rebondFromUnbonded`; the hints are ignored.
    function rebondFromUnbondedWithHint(
        address _to,
        uint256 _unbondingLockId,
        address _newPosPrev,
        address _newPosNext
    ) external;

    /// @notice Moves `_amount` LPT of the caller's bond to the bond of `_delegator`, who keeps its delegate, or gets
    /// the caller's when it has none.
    /// @dev Errors, in order: SystemPaused, CurrentRoundNotInitialized, IllegalClaimEarnings, those of `unbond`,
    /// InvalidDelegator, DelegateMustRewardFirst. Hints are ignored.
    function transferBond(
        address _delegator,
        uint256 _amount,
        address _oldDelegateNewPosPrev,
        address _oldDelegateNewPosNext,
        address _newDelegateNewPosPrev,
        address _newDelegateNewPosNext
    ) external;

    /// @notice Pays out the amount of a lock whose round has come.
    /// @dev Errors, in order: SystemPaused, CurrentRoundNotInitialized, InvalidUnbondingLock, WithdrawRoundNotReached.
    function withdrawStake(uint256 _unbondingLockId) external;

    /// @notice Claims, and pays `_amount` wei of the caller's fees to `_recipient`. Zero is a legal amount.
    /// @dev Warning: `_recipient` gets 2,300 gas. Errors, in order: SystemPaused, CurrentRoundNotInitialized,
    /// FeeRecipientIsZero, InsufficientFees; the Minter's.
    function withdrawFees(address payable _recipient, uint256 _amount) external;

    /// @notice Folds the caller's earnings through the current round into its bond and fee balance.
    /// @param _endRound Ignored: earnings are always claimed through the current round.
    /// @dev Errors: SystemPaused, CurrentRoundNotInitialized.
    function claimEarnings(uint256 _endRound) external;

    // --- orchestrators ---

    /// @notice Sets the caller's reward cut (share of rewards kept) and fee share (share of fees passed on), in ppm,
    /// and enters the pool if the caller can and is not in it.
    /// @dev Errors, in order: SystemPaused, CurrentRoundNotInitialized, RoundLocked, InvalidRewardCut, InvalidFeeShare,
    /// TranscoderNotRegistered, RewardNotCalled.
    function transcoder(uint256 _rewardCut, uint256 _feeShare) external;

    /// @notice As `transcoder`; the hints are ignored.
    function transcoderWithHint(
        uint256 _rewardCut,
        uint256 _feeShare,
        address _newPosPrev,
        address _newPosNext
    ) external;

    /// @notice Mints the caller's share of this round's inflation.
    /// @dev Errors, in order: SystemPaused, CurrentRoundNotInitialized, TranscoderNotActive, RewardAlreadyCalled; the
    /// Minter's.
    function reward() external;

    /// @notice As `reward`; the hints are ignored.
    function rewardWithHint(address _newPosPrev, address _newPosNext) external;

    /// @notice Lets `_rewardCaller` reward for the caller (LIP-118); zero ends that.
    /// @dev Errors: SystemPaused.
    function setRewardCaller(address _rewardCaller) external;

    /// @notice Rewards for `_transcoder`, which must have chosen the caller (LIP-118).
    /// @dev Errors: CallerNotRewardCaller, then those of `reward`.
    function rewardForTranscoder(address _transcoder) external;

    /// @notice As `rewardForTranscoder`; the hints are ignored.
    function rewardForTranscoderWithHint(address _transcoder, address _newPosPrev, address _newPosNext)
        external;

    /// @notice Writes the present stake of `_account` into BondingVotes. Anybody may call, at any time.
    function checkpointBondingState(address _account) external;

    // --- for other contracts of the protocol ---

    /// @notice Shares `_fees` wei, which the Minter holds, between `_transcoder` and its delegators.
    /// @param _round Ignored: fees count for the current round.
    /// @dev Errors, in order: SystemPaused, CallerNotRegistered (TicketBroker), TranscoderNotActive.
    function updateTranscoderWithFees(address _transcoder, uint256 _fees, uint256 _round) external;

    /// @notice As `updateTranscoderWithFees`, without asking for the round again: for the TicketBroker, which has just
    /// done so.
    /// @param _round The current round.
    /// @dev Errors, in order: SystemPaused, CallerNotRegistered (TicketBroker), TranscoderNotActive.
    function creditFees(address _transcoder, uint256 _fees, uint256 _round) external;

    /// @notice Takes `_slashAmount` ppm of the bond of `_transcoder`, gives `_finderFee` ppm of that to `_finder` and
    /// burns the rest. An orchestrator leaves the pool; one slashed completely is left unbonded.
    /// @dev Errors, in order: SystemPaused, CallerNotRegistered (Verifier), InvalidSlashShare,
    /// CurrentRoundNotInitialized; the Minter's.
    function slashTranscoder(address _transcoder, address _finder, uint256 _slashAmount, uint256 _finderFee)
        external;

    /// @notice Takes over the pool as active set, and the treasury cut rate, for the round that starts.
    /// @dev Errors: CallerNotRegistered (RoundsManager).
    function setCurrentRoundTotalActiveStake() external;

    // --- views ---

    /// @notice Rounds that an unbonded amount waits.
    function unbondingPeriod() external view returns (uint64);

    /// @notice LPT that counts in the current round in all.
    function currentRoundTotalActiveStake() external view returns (uint256);

    /// @notice LPT that will count in the next round in all, as things stand.
    function nextRoundTotalActiveStake() external view returns (uint256);

    /// @notice Orchestrators in the active set as it was when the current round was initialized.
    function currentRoundActiveSetSize() external view returns (uint256);

    /// @notice The treasury's share of rewards in this round, 27 decimals.
    function treasuryRewardCutRate() external view returns (uint256);

    /// @notice The treasury's share of rewards from the next round on, 27 decimals.
    function nextRoundTreasuryRewardCutRate() external view returns (uint256);

    /// @notice LPT in the treasury at which it takes no more; 0 for none.
    function treasuryBalanceCeiling() external view returns (uint256);

    /// @notice Who may reward for an orchestrator (LIP-118).
    function transcoderToRewardCaller(address) external view returns (address);

    /// @notice The bond of `_delegator` with all its earnings (LPT). `_endRound` is ignored.
    function pendingStake(address _delegator, uint256 _endRound) external view returns (uint256);

    /// @notice The fees of `_delegator`, claimed or not (wei). `_endRound` is ignored.
    function pendingFees(address _delegator, uint256 _endRound) external view returns (uint256);

    /// @notice LPT pointed at `_transcoder`, all minted rewards included.
    function transcoderTotalStake(address _transcoder) external view returns (uint256);

    /// @notice 0 not registered, 1 registered.
    function transcoderStatus(address _transcoder) external view returns (uint8);

    /// @notice 0 pending, 1 bonded, 2 unbonded.
    function delegatorStatus(address _delegator) external view returns (uint8);

    /// @notice The orchestrator's record. `deactivationRound` is 2^256 - 1 while it is in the pool.
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
        );

    /// @notice The orchestrator's stake (LPT), commission (ppm) and factors (27 decimals) of `_round`: stake at the
    /// start of the round, factors at its end. Zeros for rounds after the next one. A round that was initialized and
    /// brought no reward or no fees reads with the factors known by then (DEV-11).
    function getTranscoderEarningsPoolForRound(address _transcoder, uint256 _round)
        external
        view
        returns (
            uint256 totalStake,
            uint256 transcoderRewardCut,
            uint256 transcoderFeeShare,
            uint256 cumulativeRewardFactor,
            uint256 cumulativeFeeFactor
        );

    /// @notice The reward factor that `_transcoder` reached by its reward in `_round`; zero without one.
    function rewardFactorOfRound(address _transcoder, uint256 _round) external view returns (uint256);

    /// @notice The delegator's record as of its last claim.
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
        );

    /// @notice A lock; zeros when there is none.
    function getDelegatorUnbondingLock(address _delegator, uint256 _unbondingLockId)
        external
        view
        returns (uint256 amount, uint256 withdrawRound);

    /// @notice Whether there is such a lock.
    function isValidUnbondingLock(address _delegator, uint256 _unbondingLockId) external view returns (bool);

    /// @notice Most orchestrators that the pool takes.
    function getTranscoderPoolMaxSize() external view returns (uint256);

    /// @notice Orchestrators in the pool.
    function getTranscoderPoolSize() external view returns (uint256);

    /// @notice The highest ranked orchestrator of the pool; zero when it is empty.
    /// @dev Cost grows with the pool: for callers off chain.
    function getFirstTranscoderInPool() external view returns (address);

    /// @notice The orchestrator ranked next after `_transcoder`; zero after the last and for one not in the pool.
    /// @dev Cost grows with the pool: for callers off chain.
    function getNextTranscoderInPool(address _transcoder) external view returns (address);

    /// @notice As currentRoundTotalActiveStake.
    function getTotalBonded() external view returns (uint256);

    /// @notice Whether `_transcoder` is in the active set of the current round.
    function isActiveTranscoder(address _transcoder) external view returns (bool);

    /// @notice Whether the bond of `_transcoder` points at itself.
    function isRegisteredTranscoder(address _transcoder) external view returns (bool);

    /// @notice What the share of `_recipient` in a reserve depends on: whether it is active in the current round, and
    /// among how many a reserve is divided in it (DEV-2).
    function reserveShareState(address _recipient)
        external
        view
        returns (bool isActive, uint256 activeSetSize);
}
