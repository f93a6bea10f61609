// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContractIds} from "../libraries/ContractIds.sol";
import {RoundsManager} from "../rounds/RoundsManager.sol";
import {Importer} from "./Importer.sol";

/// @title RoundsManagerImporter
/// @notice Writes the clock of another deployment and its recorded block hashes. See IImporter.
/// @dev Both deployments must count the same blocks: rounds then begin and end in the same ones.
contract RoundsManagerImporter is Importer {
    constructor(address _controller) Importer(_controller) {}

    /// @notice Writes `clock` over the one that the deployment set.
    function importClock(uint256 number, RoundsManager.Clock calldata clock) external batch(number) {
        _storage().clock = clock;
    }

    /// @notice Writes the block hashes that were recorded when rounds were initialized.
    function importBlockHashes(uint256 number, uint256[] calldata rounds, bytes32[] calldata hashes)
        external
        batch(number)
    {
        _requireLength(hashes.length, rounds.length);
        for (uint256 i = 0; i < rounds.length; ++i) {
            _requireNew(_storage().blockHashes[rounds[i]] == 0, bytes32(rounds[i]));
            _storage().blockHashes[rounds[i]] = hashes[i];
        }
    }

    /// @notice Writes from which round LIPs have been in force.
    function importLIPUpgradeRounds(uint256 number, uint256[] calldata lips, uint256[] calldata rounds)
        external
        batch(number)
    {
        _requireLength(rounds.length, lips.length);
        for (uint256 i = 0; i < lips.length; ++i) {
            _storage().lipUpgradeRounds[lips[i]] = rounds[i];
        }
    }

    function _homeId() internal pure override returns (bytes32) {
        return ContractIds.ROUNDS_MANAGER;
    }

    function _isEmpty() internal view override returns (bool) {
        return _storage().clock.lastInitializedRound.toUint256() == 0;
    }

    function _storage() private pure returns (RoundsManager.RoundsManagerStorage storage $) {
        bytes32 slot = _slotOf("livepeer.storage.RoundsManager");
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}
