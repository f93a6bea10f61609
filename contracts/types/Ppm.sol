// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Ppm
/// @notice A share in parts per million: reward cuts, fee shares, the round lock, quorum and quota.
type Ppm is uint24;

using {partDown, toUint256, isZero} for Ppm global;

/// @dev The whole: 1,000,000 ppm are 100 %.
uint256 constant PPM_WHOLE = 1e6;

/// @notice Whether `value` is a share of at most 100 %.
function isValidPpm(uint256 value) pure returns (bool) {
    return value <= PPM_WHOLE;
}

/// @notice Wraps a value that the caller has found valid.
function toPpm(uint256 validValue) pure returns (Ppm) {
    return Ppm.wrap(uint24(validValue));
}

/// @notice `share` of `amount`, rounded down.
function partDown(Ppm share, uint256 amount) pure returns (uint256) {
    return (amount * Ppm.unwrap(share)) / PPM_WHOLE;
}

function toUint256(Ppm share) pure returns (uint256) {
    return Ppm.unwrap(share);
}

function isZero(Ppm share) pure returns (bool) {
    return Ppm.unwrap(share) == 0;
}
