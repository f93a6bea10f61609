// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title RoundAmount
/// @notice An amount that counts for one round only and reads as zero in every later one, so that its slot is written
/// over instead of a fresh one for each round.
/// Bits 0 to 111: amount in wei. Bits 112 to 255: the round.
type RoundAmount is uint256;

using {inRound, plus} for RoundAmount global;

uint256 constant ROUND_SHIFT = 112;

/// @notice The amount if it belongs to `round`, else zero.
function inRound(RoundAmount self, uint256 round) pure returns (uint256) {
    return RoundAmount.unwrap(self) >> ROUND_SHIFT == round ? uint112(RoundAmount.unwrap(self)) : 0;
}

/// @notice What there is in `round` with `amount` more; a sum that does not fit reverts with SafeCast's error.
function plus(RoundAmount self, uint256 round, uint256 amount) pure returns (RoundAmount) {
    return RoundAmount.wrap(SafeCast.toUint112(self.inRound(round) + amount) | round << ROUND_SHIFT);
}
