// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Round
/// @notice Number of a round. Rounds below 2^31 work: 680 years of ten-second rounds.
type Round is uint32;

using {
    equal as ==,
    notEqual as !=,
    less as <,
    lessOrEqual as <=,
    greater as >,
    greaterOrEqual as >=,
    next,
    toUint256
} for Round global;

/// @dev Stands for "never" in `deactivationRound`; views show it as the largest uint256.
Round constant NEVER = Round.wrap(type(uint32).max);

/// @notice Narrows `value` to a round, or reverts with SafeCast's error, which carries `value`.
function toRound(uint256 value) pure returns (Round) {
    return Round.wrap(SafeCast.toUint32(value));
}

function equal(Round a, Round b) pure returns (bool) {
    return Round.unwrap(a) == Round.unwrap(b);
}

function notEqual(Round a, Round b) pure returns (bool) {
    return Round.unwrap(a) != Round.unwrap(b);
}

function less(Round a, Round b) pure returns (bool) {
    return Round.unwrap(a) < Round.unwrap(b);
}

function lessOrEqual(Round a, Round b) pure returns (bool) {
    return Round.unwrap(a) <= Round.unwrap(b);
}

function greater(Round a, Round b) pure returns (bool) {
    return Round.unwrap(a) > Round.unwrap(b);
}

function greaterOrEqual(Round a, Round b) pure returns (bool) {
    return Round.unwrap(a) >= Round.unwrap(b);
}

/// @notice The round after this one.
function next(Round round) pure returns (Round) {
    return Round.wrap(Round.unwrap(round) + 1);
}

function toUint256(Round round) pure returns (uint256) {
    return Round.unwrap(round);
}
