// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManager} from "./IManager.sol";

/// @title IRoundsManager
/// @notice The protocol's clock. A round is a numbered period of `roundLength` blocks. Its number follows from the
/// block number alone; to initialize it is one transaction, open to anybody, that fixes the stake of the active set
/// and the number of tokens that the round may issue, and records a block hash that tickets refer to.
/// @dev "Block" means what `block.number` counts. On Arbitrum that is an estimate of the L1 block number: it never
/// falls, stays the same for many L2 blocks, and may skip values. `blockhash` there is pseudo-random and local to the
/// chain: evidence that a round has started, never a source of randomness.
///
/// Until `setRoundLength` has been called for the first time there is no clock: every view of the round panics with
/// a division by zero (0x12).
interface IRoundsManager is IManager {
    /// @notice Emitted when `round` is initialized; at most once per round, and in rising order.
    /// @param blockHash Hash of the block before that of the transaction.
    event NewRound(uint256 indexed round, bytes32 blockHash);

    /// @notice Emitted when the round from which the proposal `lip` applies is set.
    event LIPUpgradeRoundSet(uint256 indexed lip, uint256 round);

    /// @notice Thrown when the length of a round would be zero.
    error RoundLengthIsZero();

    /// @notice Thrown when the locked share of a round would be more than the whole.
    /// @param roundLockAmount What was asked for, in parts per million.
    /// @param maximum The largest share: 1,000,000.
    error InvalidRoundLockAmount(uint256 roundLockAmount, uint256 maximum);

    /// @notice Thrown when the upgrade round of a proposal is set a second time.
    /// @param lip Number of the proposal.
    /// @param round The round that it has.
    error LIPUpgradeRoundAlreadySet(uint256 lip, uint256 round);

    /// @notice Thrown when the current round has been initialized already: the usual outcome of a race of callers.
    error RoundAlreadyInitialized(uint256 round);

    /// @notice Thrown when a hash is asked for of a block that is not past.
    error BlockNotPast(uint256 blockNumber, uint256 currentBlock);

    /// @notice Thrown when a hash is asked for that the chain no longer keeps.
    /// @param oldestAvailable First block whose hash can be had.
    error BlockHashNotAvailable(uint256 blockNumber, uint256 oldestAvailable);

    // --- parameters ---

    /// @notice Length of a round in blocks.
    function roundLength() external view returns (uint256);

    /// @notice Share of a round, at its end, in which orchestrators cannot change their rates; in parts per million.
    function roundLockAmount() external view returns (uint256);

    /// @notice Round from which the Livepeer improvement proposal with the given number applies; zero when not set.
    function lipUpgradeRound(uint256) external view returns (uint256);

    /// @notice Sets the length of a round to `_roundLength` blocks, at once and for the running round too.
    /// @dev The clock is anchored anew at the start of the running round, counted with the previous length, so a round
    /// number never comes back. A longer round stretches the running one. A shorter one keeps the number as long as
    /// fewer than `_roundLength` blocks of the round have passed; else the number jumps ahead, and the rounds between
    /// are never initialized. The first call numbers rounds from block zero.
    ///
    /// Errors: CallerNotControllerOwner, RoundLengthIsZero; SafeCast's error when a number does not fit the clock.
    function setRoundLength(uint256 _roundLength) external;

    /// @notice Sets the share of a round that is locked to `_roundLockAmount` parts per million.
    /// @dev Errors: CallerNotControllerOwner, InvalidRoundLockAmount.
    function setRoundLockAmount(uint256 _roundLockAmount) external;

    /// @notice Sets the round from which the proposal numbered `_lip` applies, once. Zero leaves it unset.
    /// @dev Errors: CallerNotControllerOwner, LIPUpgradeRoundAlreadySet.
    function setLIPUpgradeRound(uint256 _lip, uint256 _round) external;

    // --- round operation ---

    /// @notice Initializes the current round. Rounds that passed without it are left out for good.
    /// @dev Open to anybody, so that nobody can hold the protocol up. The BondingManager is called before the Minter,
    /// which reads the active stake that the former has just fixed. Round 0 counts as initialized from the start.
    ///
    /// Errors: SystemPaused, RoundAlreadyInitialized, ContractNotRegistered; what the two contracts throw.
    function initializeRound() external;

    // --- views ---

    /// @notice Number of the current block.
    function blockNum() external view returns (uint256);

    /// @notice Hash of `_block`, one of the last 256 blocks.
    /// @dev Errors: BlockNotPast, BlockHashNotAvailable.
    function blockHash(uint256 _block) external view returns (bytes32);

    /// @notice Hash recorded when `_round` was initialized; zero when it was not.
    function blockHashForRound(uint256 _round) external view returns (bytes32);

    /// @notice Number of the current round, initialized or not.
    function currentRound() external view returns (uint256);

    /// @notice First block of the current round.
    function currentRoundStartBlock() external view returns (uint256);

    /// @notice Whether the current round has been initialized.
    function currentRoundInitialized() external view returns (bool);

    /// @notice Whether the current round is in its last blocks, in which orchestrators cannot change their rates.
    function currentRoundLocked() external view returns (bool);

    /// @notice `currentRound`, `currentRoundInitialized` and `currentRoundLocked` in one call.
    function currentRoundState() external view returns (uint256 round, bool isInitialized, bool isLocked);

    /// @notice All that the redemption of a ticket needs in one call: `currentRound`, `currentRoundInitialized`, and
    /// `blockHashForRound(_round)`.
    function roundStateAndBlockHash(uint256 _round)
        external
        view
        returns (uint256 round, bool isInitialized, bytes32 roundBlockHash);

    /// @notice The last round that was initialized.
    function lastInitializedRound() external view returns (uint256);

    /// @notice Number that the running round had when the round length was last set: rounds are counted from it.
    function lastRoundLengthUpdateRound() external view returns (uint256);

    /// @notice First block of that round.
    function lastRoundLengthUpdateStartBlock() external view returns (uint256);
}
