// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Round} from "../types/Round.sol";

/// @title ReserveLib
/// @notice Who has drawn how much from a reserve in the current round, and how much one claimant may still draw.
/// @dev A counter of a past round reads as zero and is overwritten in place, so that only the first claim ever on a
/// pair of reserve and claimant pays for a fresh slot.
library ReserveLib {
    using SafeCast for uint256;

    /// @dev One slot.
    struct Claimed {
        /// Round that the amount belongs to.
        Round round;
        /// Wei drawn in that round.
        uint112 amount;
    }

    struct Claims {
        /// Drawn by all claimants together.
        mapping(address reserveHolder => Claimed) total;
        mapping(address reserveHolder => mapping(address claimant => Claimed)) byClaimant;
    }

    /// @notice Wei drawn in `round`, which must not be earlier than the round of the counter.
    function inRound(Claimed memory claimed, Round round) internal pure returns (uint256) {
        return claimed.round == round ? claimed.amount : 0;
    }

    /// @notice The counter after `amount` more has been drawn in `round`.
    function plus(Claimed memory claimed, Round round, uint256 amount)
        internal
        pure
        returns (Claimed memory)
    {
        return Claimed({round: round, amount: (inRound(claimed, round) + amount).toUint112()});
    }

    /// @notice Wei that one claimant may still draw: its equal share of what the reserve was when the round began plus
    /// what was added since, less what it has drawn; never more than is left.
    /// @dev Rounded down: what the division leaves over stays in the reserve. Funds left plus total claimed do not
    /// change when somebody claims, so nobody's claim lowers another's share. Saturates at zero (DEV-2).
    /// @param fundsRemaining Wei in the reserve now.
    /// @param claimedTotal Wei drawn by all in this round.
    /// @param claimedByClaimant Wei drawn by this claimant in this round.
    /// @param activeSetSize Number of orchestrators that share the reserve, fixed for the round; zero: nobody may draw.
    function claimableDown(
        uint256 fundsRemaining,
        uint256 claimedTotal,
        uint256 claimedByClaimant,
        uint256 activeSetSize
    ) internal pure returns (uint256) {
        if (activeSetSize == 0) return 0;
        uint256 shareDown = (fundsRemaining + claimedTotal) / activeSetSize;
        return Math.min(Math.saturatingSub(shareDown, claimedByClaimant), fundsRemaining);
    }
}
