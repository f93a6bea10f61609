// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    TimelockControllerUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";

/// @title Treasury
/// @notice Holds the LPT and ETH of the protocol's treasury, and runs what its proposers schedule (LIP-90).
/// @dev A contract without proxy, set up by `initialize(minDelay, proposers, executors, admin)`, once. Until then
/// anybody could set it up: deployments do so at once and check its roles before they rely on it.
contract Treasury is TimelockControllerUpgradeable {}
