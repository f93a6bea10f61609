// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Ppb
/// @notice A rate in parts per billion: the Minter's inflation, its change and the bonding rate. It may exceed the
/// whole, as inflation has no ceiling.
type Ppb is uint64;

using {partDown, toUint256} for Ppb global;

/// @dev The whole: 1,000,000,000 ppb are 100 %.
uint256 constant PPB_WHOLE = 1e9;

/// @notice Whether `value` is a rate of at most 100 %.
function isValidPpb(uint256 value) pure returns (bool) {
    return value <= PPB_WHOLE;
}

/// @notice Wraps a value that the caller has found valid.
function toPpb(uint256 validValue) pure returns (Ppb) {
    return Ppb.wrap(uint64(validValue));
}

/// @notice `numerator / denominator` in parts per billion, rounded down. Panics on a zero denominator.
function ppbDown(uint256 numerator, uint256 denominator) pure returns (uint256) {
    return (numerator * PPB_WHOLE) / denominator;
}

/// @notice `amount * (numerator / denominator)`, where the ratio is first rounded down to nine decimals and the product
/// is rounded down again. Both floors are part of the protocol (LIP-40): one division gives other last digits.
/// Panics on a zero denominator.
function fractionDown(uint256 amount, uint256 numerator, uint256 denominator) pure returns (uint256) {
    return (amount * ppbDown(numerator, denominator)) / PPB_WHOLE;
}

/// @notice `rate` of `amount`, rounded down.
function partDown(Ppb rate, uint256 amount) pure returns (uint256) {
    return (amount * Ppb.unwrap(rate)) / PPB_WHOLE;
}

function toUint256(Ppb rate) pure returns (uint256) {
    return Ppb.unwrap(rate);
}
