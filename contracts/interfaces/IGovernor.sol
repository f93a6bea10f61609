// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IGovernor
/// @notice Owns the Controller, and through it every parameter. Its own owner stages a batch of calls with a delay,
/// so that all can see what comes; when the delay is over anybody executes the batch, as a whole or not at all.
/// @dev By convention (LIP-25) ordinary updates wait 51,840 blocks and emergencies none; the contract enforces what
/// each update was staged with. Blocks are those of `block.number`: on Arbitrum an estimate of the L1 block number.
///
/// An update is identified by `keccak256(abi.encode(update))`. It never expires. The same update can be staged again
/// after it was executed or cancelled; `nonce` tells apart two equal ones that wait at the same time.
/// Warning: nothing stops an update from giving the Controller to a wrong owner.
interface IGovernor {
    /// @notice A batch of calls.
    struct Update {
        /// Contracts to call, in this order.
        address[] target;
        /// Wei to send with each call. Must be as long as `target`: execution panics (0x32) at the first call without
        /// an entry. Further entries are ignored, yet part of the hash.
        uint256[] value;
        /// Calldata of each call; for its length the same holds.
        bytes[] data;
        /// Any number.
        uint256 nonce;
    }

    /// @notice Emitted when the owner changes; before the write.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// @notice Emitted when `update` is staged, to be executed `delay` blocks later at the earliest.
    event UpdateStaged(Update update, uint256 delay);

    /// @notice Emitted when all calls of `update` have been made.
    event UpdateExecuted(Update update);

    /// @notice Emitted when `update` is dropped.
    event UpdateCancelled(Update update);

    /// @notice Thrown when something is reserved to the owner.
    error CallerNotOwner(address caller, address owner);

    /// @notice Thrown when something can be done by an executed update only.
    error CallerNotGovernor(address caller, address governor);

    /// @notice Thrown when ownership would be given to nobody.
    error NewOwnerIsZero();

    /// @notice Thrown when an update is staged that waits already.
    /// @param executableFromBlock First block at which it can be executed.
    error UpdateAlreadyStaged(bytes32 updateHash, uint256 executableFromBlock);

    /// @notice Thrown when an update does not wait: it never did, or it was executed or cancelled.
    error UpdateNotStaged(bytes32 updateHash);

    /// @notice Thrown when an update is to be executed before its delay is over.
    error UpdateDelayNotExpired(bytes32 updateHash, uint256 currentBlock, uint256 executableFromBlock);

    /// @notice The account that stages and cancels.
    function owner() external view returns (address);

    /// @notice First block at which the update with the given hash can be executed; zero when it does not wait.
    function updates(bytes32) external view returns (uint256);

    /// @notice Makes `newOwner` the owner, in one step.
    /// @dev Only an executed update can call it: even the owner has to stage it.
    ///
    /// Errors: CallerNotGovernor, NewOwnerIsZero.
    function transferOwnership(address newOwner) external;

    /// @notice Lets `_update` be executed from `_delay` blocks on.
    /// @dev Errors: CallerNotOwner, UpdateAlreadyStaged.
    function stage(Update calldata _update, uint256 _delay) external;

    /// @notice Makes all calls of `_update`, with the ETH of this call and what earlier ones left here. Anybody may.
    /// @dev Calls to accounts without code succeed. When one call fails, all are undone with what it reverted with, and
    /// the update keeps waiting.
    ///
    /// Errors: UpdateNotStaged, UpdateDelayNotExpired; what a call throws, byte for byte.
    function execute(Update calldata _update) external payable;

    /// @notice Drops `_update`.
    /// @dev Errors: CallerNotOwner, UpdateNotStaged.
    function cancel(Update calldata _update) external;
}
