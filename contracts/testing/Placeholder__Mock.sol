// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Placeholder__Mock
/// @notice Has code, so that it can be registered, and does nothing. Tests send calls from its address, or look at
/// what it was given.
contract Placeholder__Mock {}
