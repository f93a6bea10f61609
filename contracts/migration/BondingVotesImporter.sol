// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {BondingVotes} from "../bonding/BondingVotes.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {RoundHistory} from "../libraries/RoundHistory.sol";
import {StakeCheckpoint, StakeCheckpoints} from "../libraries/StakeCheckpoints.sol";
import {Round} from "../types/Round.sol";
import {Importer} from "./Importer.sol";

/// @title BondingVotesImporter
/// @notice Writes checkpoints of stake of another deployment. See IImporter.
/// @dev Checkpoints of one account come in the order of their rounds, totals too: what is older than the last one is
/// refused by the library (DecreasingValues).
contract BondingVotesImporter is Importer {
    using RoundHistory for RoundHistory.History;
    using StakeCheckpoints for StakeCheckpoints.Checkpoints;

    struct ImportedCheckpoint {
        address account;
        /// From whose start on it holds.
        Round startRound;
        StakeCheckpoint checkpoint;
    }

    struct ImportedTotal {
        /// An initialized one.
        Round round;
        /// LPT.
        uint256 totalActiveStake;
    }

    constructor(address _controller) Importer(_controller) {}

    /// @notice Writes stakes of accounts.
    function importCheckpoints(uint256 number, ImportedCheckpoint[] calldata imported)
        external
        batch(number)
    {
        StakeCheckpoints.Checkpoints storage checkpoints = _storage().checkpoints;
        for (uint256 i = 0; i < imported.length; ++i) {
            checkpoints.write(imported[i].account, imported[i].startRound, imported[i].checkpoint);
        }
    }

    /// @notice Writes total active stakes.
    function importTotals(uint256 number, ImportedTotal[] calldata imported) external batch(number) {
        RoundHistory.History storage totals = _storage().totals;
        for (uint256 i = 0; i < imported.length; ++i) {
            totals.append(imported[i].round, SafeCast.toUint112(imported[i].totalActiveStake));
        }
    }

    function _homeId() internal pure override returns (bytes32) {
        return ContractIds.BONDING_VOTES;
    }

    function _isEmpty() internal view override returns (bool) {
        return _storage().totals.isEmpty();
    }

    function _storage() private pure returns (BondingVotes.BondingVotesStorage storage $) {
        bytes32 slot = _slotOf("livepeer.storage.BondingVotes");
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}
