// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccessControlUpgradeable
} from "@openzeppelin/contracts-upgradeable/access/AccessControlUpgradeable.sol";
import {
    TimelockControllerUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";

import {ITreasury} from "../interfaces/ITreasury.sol";

/// @title Treasury
/// @notice See ITreasury.
/// @dev The roles are those of the deployed treasury: one role administers all of them, itself included, and nobody
/// has the default admin role of OpenZeppelin 5.
contract Treasury is TimelockControllerUpgradeable, ITreasury {
    /// @inheritdoc ITreasury
    bytes32 public constant TIMELOCK_ADMIN_ROLE = keccak256("TIMELOCK_ADMIN_ROLE");

    address private immutable _DEPLOYER;

    constructor() {
        _DEPLOYER = msg.sender;
    }

    /// @inheritdoc ITreasury
    function initialize(
        uint256 minDelay,
        address[] memory proposers,
        address[] memory executors,
        address admin
    ) public override(TimelockControllerUpgradeable, ITreasury) initializer {
        require(msg.sender == _DEPLOYER, CallerNotDeployer(msg.sender, _DEPLOYER));
        _setRoleAdmin(TIMELOCK_ADMIN_ROLE, TIMELOCK_ADMIN_ROLE);
        _setRoleAdmin(PROPOSER_ROLE, TIMELOCK_ADMIN_ROLE);
        _setRoleAdmin(EXECUTOR_ROLE, TIMELOCK_ADMIN_ROLE);
        _setRoleAdmin(CANCELLER_ROLE, TIMELOCK_ADMIN_ROLE);
        _grantRole(TIMELOCK_ADMIN_ROLE, address(this));
        if (admin != address(0)) _grantRole(TIMELOCK_ADMIN_ROLE, admin);
        for (uint256 i = 0; i < proposers.length; ++i) {
            _grantRole(PROPOSER_ROLE, proposers[i]);
            _grantRole(CANCELLER_ROLE, proposers[i]);
        }
        for (uint256 i = 0; i < executors.length; ++i) {
            _grantRole(EXECUTOR_ROLE, executors[i]);
        }
        // From itself, the only one who may.
        this.updateDelay(minDelay);
    }

    /// @inheritdoc AccessControlUpgradeable
    /// @dev Asked by OpenZeppelin's is the receiver of tokens alone, whose ERC-165 knows of no roles.
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return AccessControlUpgradeable.supportsInterface(interfaceId) || super.supportsInterface(interfaceId);
    }
}
