// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title ReserveLib
/// @notice How much one claimant may draw from a reserve in the current round.
library ReserveLib {
    /// @notice Wei that one claimant may still draw: its equal share of what the reserve was when the round began plus
    /// what was added since, less what it has drawn; never more than is left.
    /// @dev Rounded down: what the division leaves over stays in the reserve. Funds left plus total claimed do not
    /// change when somebody claims, so nobody's claim lowers another's share. Saturates at zero (DEV-2).
    /// @param fundsRemaining Wei in the reserve now.
    /// @param claimedByAll Wei drawn by all in this round.
    /// @param claimedByClaimant Wei drawn by this claimant in this round.
    /// @param activeSetSize Number of orchestrators that share the reserve, fixed for the round; zero: nobody may draw.
    function claimableDown(
        uint256 fundsRemaining,
        uint256 claimedByAll,
        uint256 claimedByClaimant,
        uint256 activeSetSize
    ) internal pure returns (uint256) {
        if (activeSetSize == 0) return 0;
        uint256 shareDown = (fundsRemaining + claimedByAll) / activeSetSize;
        return Math.min(Math.saturatingSub(shareDown, claimedByClaimant), fundsRemaining);
    }
}
