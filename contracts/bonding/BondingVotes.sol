// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {IBondingVotes} from "../interfaces/IBondingVotes.sol";
import {IRoundsManager} from "../interfaces/IRoundsManager.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {EarningsLib} from "../libraries/EarningsLib.sol";
import {RoundHistory} from "../libraries/RoundHistory.sol";
import {StakeCheckpoint, StakeCheckpoints} from "../libraries/StakeCheckpoints.sol";
import {ManagerProxyTarget} from "../registry/ManagerProxyTarget.sol";
import {fractionDown} from "../types/RayFactor.sol";
import {Round, toRound} from "../types/Round.sol";

/// @title BondingVotes
/// @notice See IBondingVotes.
/// @dev votes(account, round) equals what BondingManager would have said at the start of that round: the total stake of
/// an orchestrator, the pending stake of a delegator of one, zero for anybody else. Nothing here changes the past: a
/// checkpoint is written for the next round only, and factors of past rounds do not change.
contract BondingVotes is ManagerProxyTarget, IBondingVotes {
    using RoundHistory for RoundHistory.History;
    using StakeCheckpoints for StakeCheckpoints.Checkpoints;

    /// @custom:storage-location erc7201:livepeer.storage.BondingVotes
    struct BondingVotesStorage {
        // --- slots 0 to 3 ---
        /// By the round from whose start on they hold.
        StakeCheckpoints.Checkpoints checkpoints;
        // --- slots 4 and 5 ---
        /// Total active stake in LPT, one for each initialized round.
        RoundHistory.History totals;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.BondingVotes")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BONDING_VOTES_STORAGE =
        0xa7742b6c242c4771c4008d81f4d9261a7ca79386386c2ea41aa946c6c6377400;

    constructor(address _controller) ManagerProxyTarget(_controller) {}

    // --- CHECKPOINTS ---

    /// @inheritdoc IBondingVotes
    function checkpointBondingState(
        address _account,
        uint256 _startRound,
        uint256 _bondedAmount,
        address _delegateAddress,
        uint256 _delegatedAmount,
        uint256 _lastClaimRound,
        uint256 _lastRewardRound
    ) external {
        _requireBondingManager();
        uint256 nextRound = uint256(clock()) + 1;
        require(_startRound == nextRound, InvalidStartRound(_startRound, nextRound));
        require(_lastClaimRound < _startRound, FutureLastClaimRound(_lastClaimRound, nextRound - 1));
        StakeCheckpoint memory current = StakeCheckpoint({
            delegate: _delegateAddress,
            bondedAmount: SafeCast.toUint112(_bondedAmount),
            lastClaimRound: toRound(_lastClaimRound),
            delegatedAmount: SafeCast.toUint112(_delegatedAmount),
            lastRewardRound: toRound(_lastRewardRound)
        });
        _write(_account, toRound(_startRound), current);
    }

    /// @inheritdoc IBondingVotes
    function checkpointStake(address _account, Round _startRound, StakeCheckpoint calldata _checkpoint)
        external
    {
        _requireBondingManager();
        _write(_account, _startRound, _checkpoint);
    }

    /// @inheritdoc IBondingVotes
    function checkpointTotalActiveStake(uint256 _totalStake, uint256 _round) external {
        _requireBondingManager();
        uint256 currentRound = clock();
        require(_round == currentRound, InvalidTotalStakeCheckpointRound(_round, currentRound));
        _writeTotal(_totalStake, toRound(_round));
    }

    /// @inheritdoc IBondingVotes
    function checkpointTotal(uint256 _totalStake, Round _round) external {
        _requireBondingManager();
        _writeTotal(_totalStake, _round);
    }

    // --- ERC-20 METADATA, ERC-6372 ---

    /// @inheritdoc IBondingVotes
    function name() external pure returns (string memory) {
        return "Livepeer Voting Power";
    }

    /// @inheritdoc IBondingVotes
    function symbol() external pure returns (string memory) {
        return "vLPT";
    }

    /// @inheritdoc IBondingVotes
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return SafeCast.toUint48(IRoundsManager(_registered(ContractIds.ROUNDS_MANAGER)).currentRound());
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=livepeer_round";
    }

    // --- ERC-5805 ---

    /// @inheritdoc IBondingVotes
    function getVotes(address _account) external view returns (uint256 votes) {
        (votes,) = getVotesAndDelegateAtRoundStart(_account, uint256(clock()) + 1);
    }

    /// @inheritdoc IBondingVotes
    function getPastVotes(address _account, uint256 _round) external view returns (uint256 votes) {
        _requirePast(_round);
        (votes,) = getVotesAndDelegateAtRoundStart(_account, _round + 1);
    }

    /// @inheritdoc IBondingVotes
    function totalSupply() external view returns (uint256) {
        return getTotalActiveStakeAt(uint256(clock()) + 1);
    }

    /// @inheritdoc IBondingVotes
    function getPastTotalSupply(uint256 _round) external view returns (uint256) {
        _requirePast(_round);
        return getTotalActiveStakeAt(_round + 1);
    }

    /// @inheritdoc IBondingVotes
    function delegates(address _account) external view returns (address) {
        return _checkpointAt(_account, uint256(clock()) + 1).delegate;
    }

    /// @inheritdoc IBondingVotes
    function delegatedAt(address _account, uint256 _round) external view returns (address) {
        _requirePast(_round);
        return _checkpointAt(_account, _round + 1).delegate;
    }

    /// @inheritdoc IBondingVotes
    function delegate(address) external pure {
        revert MustCallBondingManager("bond");
    }

    /// @inheritdoc IBondingVotes
    function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) external pure {
        revert MustCallBondingManager("bondFor");
    }

    // --- AT THE START OF A ROUND ---

    /// @inheritdoc IBondingVotes
    function hasCheckpoint(address _account) external view returns (bool) {
        return _storage().checkpoints.has(_account);
    }

    /// @inheritdoc IBondingVotes
    function getTotalActiveStakeAt(uint256 _round) public view virtual returns (uint256) {
        _requireNotAfterNext(_round);
        RoundHistory.History storage totals = _storage().totals;
        if (totals.isEmpty()) return 0;
        // Stake stands still while rounds are skipped: a round that was not initialized has the total of the next one
        // that was.
        RoundHistory.Entry memory total = totals.entryFrom(_round);
        if (total.round.toUint256() == 0) return _bondingManager().nextRoundTotalActiveStake();
        bool isBeforeFirst = total.index == 0 && total.round.toUint256() > _round;
        return isBeforeFirst ? 0 : total.value;
    }

    /// @inheritdoc IBondingVotes
    function getVotesAndDelegateAtRoundStart(address _account, uint256 _round)
        public
        view
        virtual
        returns (uint256 votes, address delegateAddress)
    {
        _requireNotAfterNext(_round);
        StakeCheckpoint memory own = _checkpointAt(_account, _round);
        delegateAddress = own.delegate;
        if (own.bondedAmount == 0) return (0, delegateAddress);
        if (delegateAddress == _account) return (own.delegatedAmount, delegateAddress);

        StakeCheckpoint memory ofDelegate = _checkpointAt(delegateAddress, _round);
        if (!_isOrchestrator(delegateAddress, ofDelegate)) return (0, delegateAddress);
        if (ofDelegate.lastRewardRound <= own.lastClaimRound) return (own.bondedAmount, delegateAddress);
        votes = _withRewards(own, delegateAddress, ofDelegate.lastRewardRound);
    }

    /// @inheritdoc IBondingVotes
    function stakeHistoryAt(address _account, uint256 _round)
        external
        view
        returns (uint256 delegatedAmount, uint256 lastRewardRound, bool isRoundInitialized)
    {
        delegatedAmount = _checkpointAt(_account, _round).delegatedAmount;
        lastRewardRound = _checkpointAt(_account, _round + 1).lastRewardRound.toUint256();
        isRoundInitialized = _round > 0 && _storage().totals.entryFrom(_round).round.toUint256() == _round;
    }

    function contractDependencies() external pure override returns (bytes32[] memory ids) {
        ids = new bytes32[](2);
        ids[0] = ContractIds.ROUNDS_MANAGER;
        ids[1] = ContractIds.BONDING_MANAGER;
    }

    // --- INTERNAL ---

    /// @dev The bond `own` with what its delegate's rewards through `rewardRound` have added since the last claim.
    /// The start factor is that of the delegate's last reward through the claim round. Fee factors have no part in
    /// this: those of a round without fees are not known here (spec 6, V17).
    function _withRewards(StakeCheckpoint memory own, address delegateAddress, Round rewardRound)
        private
        view
        returns (uint256)
    {
        StakeCheckpoint memory atClaim = _checkpointAt(delegateAddress, own.lastClaimRound.toUint256() + 1);
        // A history that began after the claim, as behind a new proxy, does not know the start factor.
        if (atClaim.delegatedAmount == 0) return own.bondedAmount;

        IBondingManager bondingManager = _bondingManager();
        uint256 endFactor = bondingManager.rewardFactorOfRound(delegateAddress, rewardRound.toUint256());
        require(endFactor > 0, MissingEarningsPool(delegateAddress, rewardRound.toUint256()));
        uint256 startFactor =
            bondingManager.rewardFactorOfRound(delegateAddress, atClaim.lastRewardRound.toUint256());
        return fractionDown(own.bondedAmount, endFactor, EarningsLib.factorOrWhole(startFactor));
    }

    function _write(address account, Round startRound, StakeCheckpoint memory current) private {
        StakeCheckpoint memory previous = _storage().checkpoints.write(account, startRound, current);
        _emitChanges(account, previous, current);
    }

    function _writeTotal(uint256 totalStake, Round round) private {
        _storage().totals.append(round, SafeCast.toUint112(totalStake));
    }

    function _emitChanges(address account, StakeCheckpoint memory previous, StakeCheckpoint memory current)
        private
    {
        if (previous.delegate != current.delegate) {
            emit DelegateChanged(account, previous.delegate, current.delegate);
        }
        uint256 previousVotes = _isOrchestrator(account, previous) ? previous.delegatedAmount : 0;
        uint256 currentVotes = _isOrchestrator(account, current) ? current.delegatedAmount : 0;
        if (previousVotes != currentVotes) emit DelegateVotesChanged(account, previousVotes, currentVotes);
        if (
            previous.bondedAmount != current.bondedAmount || previous.lastClaimRound != current.lastClaimRound
        ) {
            emit DelegatorBondedAmountChanged(
                account,
                previous.bondedAmount,
                previous.lastClaimRound.toUint256(),
                current.bondedAmount,
                current.lastClaimRound.toUint256()
            );
        }
    }

    function _isOrchestrator(address account, StakeCheckpoint memory checkpoint) private pure returns (bool) {
        return checkpoint.delegate == account && checkpoint.bondedAmount > 0;
    }

    function _checkpointAt(address account, uint256 round) private view returns (StakeCheckpoint memory) {
        return _storage().checkpoints.lookup(account, round);
    }

    function _requirePast(uint256 round) private view {
        uint256 currentRound = clock();
        require(round < currentRound, FutureLookup(round, currentRound == 0 ? 0 : currentRound - 1));
    }

    function _requireNotAfterNext(uint256 round) private view {
        uint256 nextRound = uint256(clock()) + 1;
        require(round <= nextRound, FutureLookup(round, nextRound));
    }

    function _requireBondingManager() private view {
        address bondingManager = _registeredOrZero(ContractIds.BONDING_MANAGER);
        require(msg.sender == bondingManager, InvalidCaller(msg.sender, bondingManager));
    }

    function _bondingManager() private view returns (IBondingManager) {
        return IBondingManager(_registered(ContractIds.BONDING_MANAGER));
    }

    function _storage() private pure returns (BondingVotesStorage storage $) {
        assembly ("memory-safe") {
            $.slot := BONDING_VOTES_STORAGE
        }
    }
}
