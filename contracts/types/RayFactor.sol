// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title RayFactor
/// @notice A number with 27 decimals: cumulative reward and fee factors (LIP-36, LIP-71) and the treasury cut rate.
type RayFactor is uint256;

using {partDown, toUint256, isZero} for RayFactor global;

/// @dev The whole: 1e27 is 1, or 100 %.
uint256 constant RAY_WHOLE = 1e27;

/// @notice Whether `value` is a rate of at most 100 %.
function isValidRayRate(uint256 value) pure returns (bool) {
    return value <= RAY_WHOLE;
}

/// @notice `factor` times `amount`, rounded down.
function partDown(RayFactor factor, uint256 amount) pure returns (uint256) {
    return Math.mulDiv(amount, RayFactor.unwrap(factor), RAY_WHOLE);
}

/// @notice `amount * (numerator / denominator)`, where the ratio is first rounded down to 27 decimals and the product
/// is rounded down again. Both floors are part of the protocol (LIP-36): one division gives other last digits.
/// Panics on a zero denominator.
function fractionDown(uint256 amount, uint256 numerator, uint256 denominator) pure returns (uint256) {
    return Math.mulDiv(amount, Math.mulDiv(numerator, RAY_WHOLE, denominator), RAY_WHOLE);
}

function toUint256(RayFactor factor) pure returns (uint256) {
    return RayFactor.unwrap(factor);
}

function isZero(RayFactor factor) pure returns (bool) {
    return RayFactor.unwrap(factor) == 0;
}
