// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ILivepeerTokenFaucet
/// @notice Gives test LPT to whoever asks, once per waiting time; to whitelisted accounts whenever they ask. For test
/// networks only.
interface ILivepeerTokenFaucet {
    /// @notice Emitted when `to` is given `amount` of LPT.
    event Request(address indexed to, uint256 amount);

    /// @notice Emitted when the owner changes; before the write.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// @notice Thrown when something is reserved to the owner.
    error CallerNotOwner(address caller, address owner);

    /// @notice Thrown when ownership would be given to nobody.
    error NewOwnerIsZero();

    /// @notice Thrown when an account asks again before its waiting time is over.
    /// @param currentTime Time of the block, in seconds since 1970.
    /// @param nextValidRequest First time at which the account may ask again.
    error RequestTooEarly(address requester, uint256 currentTime, uint256 nextValidRequest);

    /// @notice The account that keeps the whitelist.
    function owner() external view returns (address);

    /// @notice The token that is given out.
    function token() external view returns (address);

    /// @notice What is given per request, in LPT base units.
    function requestAmount() external view returns (uint256);

    /// @notice Waiting time between two requests of an account, in hours.
    function requestWait() external view returns (uint256);

    /// @notice First time, in seconds since 1970, at which the given account may ask again.
    function nextValidRequest(address) external view returns (uint256);

    /// @notice Whether the given account need not wait.
    function isWhitelisted(address) external view returns (bool);

    /// @notice Lets `_addr` ask without waiting.
    /// @dev Errors: CallerNotOwner.
    function addToWhitelist(address _addr) external;

    /// @notice Makes `_addr` wait like others, from its next request on.
    /// @dev Errors: CallerNotOwner.
    function removeFromWhitelist(address _addr) external;

    /// @notice Gives the caller `requestAmount` of LPT.
    /// @dev Errors: RequestTooEarly; the token's when the faucet is empty.
    function request() external;

    /// @notice Makes `newOwner` the owner, in one step.
    /// @dev Errors: CallerNotOwner, NewOwnerIsZero.
    function transferOwnership(address newOwner) external;
}
