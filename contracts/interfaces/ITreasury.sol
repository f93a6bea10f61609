// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ITreasury
/// @notice Holds the LPT and ETH of the protocol's treasury, and makes the calls that its proposers schedule, after a
/// delay (LIP-90). What is said here adds to the interface of OpenZeppelin's TimelockController.
///
/// What each role can do, and who has it in a network that has been handed over:
/// - proposer: schedule calls. The LivepeerGovernor alone.
/// - executor: make calls that are ready. The LivepeerGovernor alone.
/// - canceller: drop calls that wait. The LivepeerGovernor alone.
/// - timelock admin: give and take roles. The treasury itself alone, so that only an executed proposal can.
///
/// The delay changes by a call of the treasury to itself, too. Nobody else can move anything that is here.
///
/// So whatever keeps the LivepeerGovernor from proposing or executing is for good: other code behind its proxy, its id
/// or its target's no longer registered, another timelock, a role taken from it. Where the treasury owns the Governor
/// nobody is above it (DEV-12).
interface ITreasury {
    /// @notice Thrown when somebody else than the deployer sets the treasury up.
    error CallerNotDeployer(address caller, address deployer);

    /// @notice The role that gives and takes all roles, this one included.
    function TIMELOCK_ADMIN_ROLE() external view returns (bytes32);

    /// @notice Sets the treasury up, once: delay in seconds, holders of the roles, and `admin`, unless zero, beside the
    /// treasury itself as timelock admin. Proposers become cancellers, too.
    /// @dev Reserved to the account that deployed the contract: there is no proxy, and until it is set up a stranger
    /// could (DEV-22).
    ///
    /// Errors, in order: InvalidInitialization, CallerNotDeployer.
    function initialize(
        uint256 minDelay,
        address[] memory proposers,
        address[] memory executors,
        address admin
    ) external;
}
