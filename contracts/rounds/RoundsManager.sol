// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {IRoundsManager} from "../interfaces/IRoundsManager.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {ManagerProxyTarget} from "../registry/ManagerProxyTarget.sol";
import {PPM_WHOLE, Ppm, isValidPpm, toPpm} from "../types/Ppm.sol";
import {Round, toRound} from "../types/Round.sol";

/// @title RoundsManager
/// @notice See IRoundsManager.
/// @dev Nearly every operation of the protocol asks for the round: all that the answer needs lies in one slot.
contract RoundsManager is ManagerProxyTarget, IRoundsManager {
    /// Rounds are counted from the last change of their length: round `lastRoundLengthUpdateRound` starts at block
    /// `lastRoundLengthUpdateStartBlock`, and each has `roundLengthBlocks` blocks.
    struct Clock {
        uint64 roundLengthBlocks;
        uint64 lastRoundLengthUpdateStartBlock;
        Round lastRoundLengthUpdateRound;
        Round lastInitializedRound;
        Ppm roundLockAmountPpm;
    }

    /// @custom:storage-location erc7201:livepeer.storage.RoundsManager
    struct RoundsManagerStorage {
        // --- slot 0 ---
        Clock clock;
        // --- slot 1 ---
        mapping(uint256 round => bytes32 blockHash) blockHashes;
        // --- slot 2 ---
        mapping(uint256 lip => uint256 round) lipUpgradeRounds;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.RoundsManager")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant ROUNDS_MANAGER_STORAGE =
        0x57c71e9c8469e418d5a2ff197e42e8a2337f17ad5f377d2eda058f475256ae00;

    constructor(address _controller) ManagerProxyTarget(_controller) {}

    // --- parameters ---

    /// @inheritdoc IRoundsManager
    function setRoundLength(uint256 _roundLength) external virtual onlyControllerOwner {
        require(_roundLength > 0, RoundLengthIsZero());
        Clock storage clock = _roundsManagerStorage().clock;
        Clock memory previous = clock;
        uint256 blockNumber = blockNum();

        uint256 countedLength = previous.roundLengthBlocks == 0 ? _roundLength : previous.roundLengthBlocks;
        uint256 roundsSinceUpdate = (blockNumber - previous.lastRoundLengthUpdateStartBlock) / countedLength;
        clock.lastRoundLengthUpdateRound =
            toRound(previous.lastRoundLengthUpdateRound.toUint256() + roundsSinceUpdate);
        clock.lastRoundLengthUpdateStartBlock =
            SafeCast.toUint64(previous.lastRoundLengthUpdateStartBlock + roundsSinceUpdate * countedLength);
        clock.roundLengthBlocks = SafeCast.toUint64(_roundLength);

        _emitParameterUpdate("roundLength", previous.roundLengthBlocks, _roundLength);
    }

    /// @inheritdoc IRoundsManager
    function setRoundLockAmount(uint256 _roundLockAmount) external onlyControllerOwner {
        require(isValidPpm(_roundLockAmount), InvalidRoundLockAmount(_roundLockAmount, PPM_WHOLE));
        Clock storage clock = _roundsManagerStorage().clock;
        uint256 previous = clock.roundLockAmountPpm.toUint256();
        clock.roundLockAmountPpm = toPpm(_roundLockAmount);

        _emitParameterUpdate("roundLockAmount", previous, _roundLockAmount);
    }

    /// @inheritdoc IRoundsManager
    function setLIPUpgradeRound(uint256 _lip, uint256 _round) external onlyControllerOwner {
        RoundsManagerStorage storage $ = _roundsManagerStorage();
        require($.lipUpgradeRounds[_lip] == 0, LIPUpgradeRoundAlreadySet(_lip, $.lipUpgradeRounds[_lip]));
        $.lipUpgradeRounds[_lip] = _round;

        emit LIPUpgradeRoundSet(_lip, _round);
    }

    // --- round operation ---

    /// @inheritdoc IRoundsManager
    function initializeRound() public virtual whenSystemNotPaused {
        RoundsManagerStorage storage $ = _roundsManagerStorage();
        Clock memory clock = $.clock;
        uint256 blockNumber = blockNum();
        uint256 round = _roundAt(clock, blockNumber);
        require(clock.lastInitializedRound.toUint256() < round, RoundAlreadyInitialized(round));

        $.clock.lastInitializedRound = toRound(round);
        bytes32 previousBlockHash = blockHash(blockNumber - 1);
        $.blockHashes[round] = previousBlockHash;

        IBondingManager(_registered(ContractIds.BONDING_MANAGER)).setCurrentRoundTotalActiveStake();
        IMinter(_registered(ContractIds.MINTER)).setCurrentRewardTokens();

        emit NewRound(round, previousBlockHash);
    }

    // --- views ---

    /// @inheritdoc IRoundsManager
    function currentRoundState() external view returns (uint256 round, bool isInitialized, bool isLocked) {
        Clock memory clock = _roundsManagerStorage().clock;
        uint256 blockNumber = blockNum();
        round = _roundAt(clock, blockNumber);
        isInitialized = clock.lastInitializedRound.toUint256() == round;
        isLocked = _isLockedAt(clock, blockNumber);
    }

    /// @inheritdoc IRoundsManager
    function roundStateAndBlockHash(uint256 _round)
        external
        view
        returns (uint256 round, bool isInitialized, bytes32 roundBlockHash)
    {
        RoundsManagerStorage storage $ = _roundsManagerStorage();
        Clock memory clock = $.clock;
        round = _roundAt(clock, blockNum());
        isInitialized = clock.lastInitializedRound.toUint256() == round;
        roundBlockHash = $.blockHashes[_round];
    }

    /// @inheritdoc IRoundsManager
    function currentRound() public view virtual returns (uint256) {
        return _roundAt(_roundsManagerStorage().clock, blockNum());
    }

    /// @inheritdoc IRoundsManager
    function currentRoundInitialized() external view returns (bool) {
        Clock memory clock = _roundsManagerStorage().clock;
        return clock.lastInitializedRound.toUint256() == _roundAt(clock, blockNum());
    }

    /// @inheritdoc IRoundsManager
    function currentRoundLocked() external view returns (bool) {
        return _isLockedAt(_roundsManagerStorage().clock, blockNum());
    }

    /// @inheritdoc IRoundsManager
    function currentRoundStartBlock() external view returns (uint256) {
        uint256 blockNumber = blockNum();
        return blockNumber - _blocksIntoRoundAt(_roundsManagerStorage().clock, blockNumber);
    }

    /// @inheritdoc IRoundsManager
    function blockHashForRound(uint256 _round) external view returns (bytes32) {
        return _roundsManagerStorage().blockHashes[_round];
    }

    /// @inheritdoc IRoundsManager
    function roundLength() external view returns (uint256) {
        return _roundsManagerStorage().clock.roundLengthBlocks;
    }

    /// @inheritdoc IRoundsManager
    function roundLockAmount() external view returns (uint256) {
        return _roundsManagerStorage().clock.roundLockAmountPpm.toUint256();
    }

    /// @inheritdoc IRoundsManager
    function lipUpgradeRound(uint256 _lip) external view returns (uint256) {
        return _roundsManagerStorage().lipUpgradeRounds[_lip];
    }

    /// @inheritdoc IRoundsManager
    function lastInitializedRound() external view returns (uint256) {
        return _roundsManagerStorage().clock.lastInitializedRound.toUint256();
    }

    /// @inheritdoc IRoundsManager
    function lastRoundLengthUpdateRound() external view returns (uint256) {
        return _roundsManagerStorage().clock.lastRoundLengthUpdateRound.toUint256();
    }

    /// @inheritdoc IRoundsManager
    function lastRoundLengthUpdateStartBlock() external view returns (uint256) {
        return _roundsManagerStorage().clock.lastRoundLengthUpdateStartBlock;
    }

    /// @inheritdoc IRoundsManager
    function blockNum() public view virtual returns (uint256) {
        return block.number;
    }

    /// @inheritdoc IRoundsManager
    function blockHash(uint256 _block) public view virtual returns (bytes32) {
        require(_block < block.number, BlockNotPast(_block, block.number));
        uint256 oldestAvailable = block.number < 256 ? 0 : block.number - 256;
        require(_block >= oldestAvailable, BlockHashNotAvailable(_block, oldestAvailable));
        return blockhash(_block);
    }

    /// @inheritdoc ManagerProxyTarget
    function contractDependencies() external pure override returns (bytes32[] memory ids) {
        ids = new bytes32[](2);
        ids[0] = ContractIds.BONDING_MANAGER;
        ids[1] = ContractIds.MINTER;
    }

    // --- clock ---

    function _roundAt(Clock memory clock, uint256 blockNumber) private pure returns (uint256) {
        return clock.lastRoundLengthUpdateRound.toUint256()
            + (blockNumber - clock.lastRoundLengthUpdateStartBlock) / clock.roundLengthBlocks;
    }

    function _blocksIntoRoundAt(Clock memory clock, uint256 blockNumber) private pure returns (uint256) {
        return (blockNumber - clock.lastRoundLengthUpdateStartBlock) % clock.roundLengthBlocks;
    }

    /// @dev The locked part of a round is rounded down.
    function _isLockedAt(Clock memory clock, uint256 blockNumber) private pure returns (bool) {
        uint256 lockedBlocks = clock.roundLockAmountPpm.partDown(clock.roundLengthBlocks);
        return _blocksIntoRoundAt(clock, blockNumber) >= clock.roundLengthBlocks - lockedBlocks;
    }

    function _roundsManagerStorage() internal pure returns (RoundsManagerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := ROUNDS_MANAGER_STORAGE
        }
    }
}
