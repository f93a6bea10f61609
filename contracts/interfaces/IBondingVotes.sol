// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";

import {StakeCheckpoint} from "../libraries/StakeCheckpoints.sol";
import {Round} from "../types/Round.sol";

/// @title IBondingVotes
/// @notice Voting power of bonded stake at past rounds (LIP-89), in the shape of ERC-5805 with rounds as clock.
///
/// An orchestrator votes with all stake pointed at it, a delegator with its own bond and pending rewards; a delegator
/// whose delegate is not an orchestrator has no votes. So the votes of an orchestrator contain those of its delegators:
/// the governor must take a delegator's votes from its orchestrator's when the delegator votes itself.
///
/// @dev BondingManager writes a checkpoint of each account that an operation touches; it takes effect in the next
/// round. Functions of ERC-5805 answer for the end of a round, `...AtRoundStart` for its start. The total counts only
/// active stake, while all orchestrators vote: the sum of votes may exceed it.
/// The functions and events of ERC-5805 are declared here, with the parameter names that clients of the deployed
/// contract decode.
interface IBondingVotes is IERC6372 {
    /// @notice Emitted when the delegate of an account changes.
    event DelegateChanged(
        address indexed delegator, address indexed fromDelegate, address indexed toDelegate
    );

    /// @notice Emitted when the stake that an orchestrator votes with changes (LPT).
    event DelegateVotesChanged(address indexed delegate, uint256 previousBalance, uint256 newBalance);

    /// @notice Emitted when the bond or the claim round of an account changes.
    /// @param delegate The account itself. The name is that of the deployed ABI.
    event DelegatorBondedAmountChanged(
        address indexed delegate,
        uint256 previousBondedAmount,
        uint256 previousLastClaimRound,
        uint256 newBondedAmount,
        uint256 newLastClaimRound
    );

    /// @notice Thrown when something is reserved to BondingManager.
    error InvalidCaller(address caller, address required);

    /// @notice Thrown when a checkpoint is not for the next round.
    error InvalidStartRound(uint256 checkpointRound, uint256 requiredRound);

    /// @notice Thrown when a checkpoint claims to hold earnings of a round that has not begun.
    error FutureLastClaimRound(uint256 lastClaimRound, uint256 maxAllowed);

    /// @notice Thrown when a total is not for the current round.
    error InvalidTotalStakeCheckpointRound(uint256 checkpointRound, uint256 requiredRound);

    /// @notice Thrown when a round is asked for that is too far in the future.
    error FutureLookup(uint256 queryRound, uint256 maxAllowed);

    /// @notice Thrown when the factor of a round in which the orchestrator rewarded is missing. It never is.
    error MissingEarningsPool(address transcoder, uint256 round);

    /// @notice Thrown by the functions of ERC-5805 that delegate votes: bonding does that.
    error MustCallBondingManager(string bondingManagerFunction);

    /// @notice Takes over the state of `_account` from the next round on.
    /// @dev Errors, in order: InvalidCaller, InvalidStartRound, FutureLastClaimRound.
    function checkpointBondingState(
        address _account,
        uint256 _startRound,
        uint256 _bondedAmount,
        address _delegateAddress,
        uint256 _delegatedAmount,
        uint256 _lastClaimRound,
        uint256 _lastRewardRound
    ) external;

    /// @notice As `checkpointBondingState`, without asking for the round again: for BondingManager, which has just
    /// done so. `_startRound` has to be the next round.
    /// @dev Errors: InvalidCaller.
    function checkpointStake(address _account, Round _startRound, StakeCheckpoint calldata _checkpoint)
        external;

    /// @notice Takes over the total active stake of the current round, which is being initialized.
    /// @dev Errors, in order: InvalidCaller, InvalidTotalStakeCheckpointRound.
    function checkpointTotalActiveStake(uint256 _totalStake, uint256 _round) external;

    /// @notice As `checkpointTotalActiveStake`, without asking for the round again: for BondingManager, which has just
    /// done so.
    /// @dev Errors: InvalidCaller.
    function checkpointTotal(uint256 _totalStake, Round _round) external;

    /// @notice "Livepeer Voting Power".
    function name() external pure returns (string memory);

    /// @notice "vLPT".
    function symbol() external pure returns (string memory);

    /// @notice 18.
    function decimals() external pure returns (uint8);

    /// @notice Total active stake (LPT) at the end of the current round, as things stand.
    function totalSupply() external view returns (uint256);

    /// @notice Votes (LPT) of `_account` at the end of the current round, as things stand.
    function getVotes(address _account) external view returns (uint256);

    /// @notice Votes (LPT) of `_account` at the end of the past round `_round`.
    /// @dev Errors: FutureLookup.
    function getPastVotes(address _account, uint256 _round) external view returns (uint256);

    /// @notice Total active stake (LPT) at the end of the past round `_round`.
    /// @dev Errors: FutureLookup.
    function getPastTotalSupply(uint256 _round) external view returns (uint256);

    /// @notice The delegate of `_account` at the end of the current round, as things stand.
    function delegates(address _account) external view returns (address);

    /// @notice Always reverts with MustCallBondingManager.
    function delegate(address) external;

    /// @notice Always reverts with MustCallBondingManager.
    function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) external;

    /// @notice The delegate of `_account` at the end of the past round `_round`.
    /// @dev Errors: FutureLookup.
    function delegatedAt(address _account, uint256 _round) external view returns (address);

    /// @notice Whether `_account` has ever had a checkpoint.
    function hasCheckpoint(address _account) external view returns (bool);

    /// @notice Total active stake (LPT) at the start of `_round`, at most the next one.
    /// @dev Errors: FutureLookup.
    function getTotalActiveStakeAt(uint256 _round) external view returns (uint256);

    /// @notice Votes (LPT) and delegate of `_account` at the start of `_round`, at most the next one.
    /// @dev Errors: FutureLookup; MissingEarningsPool cannot happen.
    function getVotesAndDelegateAtRoundStart(address _account, uint256 _round)
        external
        view
        returns (uint256 votes, address delegateAddress);

    /// @notice What BondingManager no longer keeps of an orchestrator's past: LPT delegated to it at the start of
    /// `_round`, the round of its last reward by the end of `_round`, and whether `_round` was initialized.
    function stakeHistoryAt(address _account, uint256 _round)
        external
        view
        returns (uint256 delegatedAmount, uint256 lastRewardRound, bool isRoundInitialized);
}
