// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Round} from "./Round.sol";

/// @title SenderAccount
/// @notice What the TicketBroker keeps of a sender, in one word: nearly every call needs all of it.
/// Bits 0 to 111: deposit in wei. Bits 112 to 223: reserve in wei. Bits 224 to 255: withdraw round, zero while no
/// unlock is in progress.
type SenderAccount is uint256;

using {deposit, reserve, withdrawRound, isUnlocking, isUnlockedIn, hasFunds, lock} for SenderAccount global;

uint256 constant RESERVE_SHIFT = 112;
uint256 constant WITHDRAW_ROUND_SHIFT = 224;

/// @notice Puts an account together; an amount that does not fit reverts with SafeCast's error, which carries it.
function toSenderAccount(uint256 deposit_, uint256 reserve_, Round withdrawRound_)
    pure
    returns (SenderAccount)
{
    return SenderAccount.wrap(
        SafeCast.toUint112(deposit_) | uint256(SafeCast.toUint112(reserve_)) << RESERVE_SHIFT
            | withdrawRound_.toUint256() << WITHDRAW_ROUND_SHIFT
    );
}

/// @notice Wei in the deposit.
function deposit(SenderAccount account) pure returns (uint256) {
    return uint112(SenderAccount.unwrap(account));
}

/// @notice Wei in the reserve.
function reserve(SenderAccount account) pure returns (uint256) {
    return uint112(SenderAccount.unwrap(account) >> RESERVE_SHIFT);
}

/// @notice First round in which the sender can withdraw; zero while no unlock is in progress.
function withdrawRound(SenderAccount account) pure returns (Round) {
    return Round.wrap(uint32(SenderAccount.unwrap(account) >> WITHDRAW_ROUND_SHIFT));
}

/// @notice Whether an unlock is in progress: withdrawal is possible now or will be.
function isUnlocking(SenderAccount account) pure returns (bool) {
    return SenderAccount.unwrap(account) >> WITHDRAW_ROUND_SHIFT != 0;
}

/// @notice Whether the sender can withdraw in `round`, so that its tickets are void.
function isUnlockedIn(SenderAccount account, uint256 round) pure returns (bool) {
    return account.isUnlocking() && account.withdrawRound().toUint256() <= round;
}

/// @notice Whether there is anything in either pot.
function hasFunds(SenderAccount account) pure returns (bool) {
    return uint224(SenderAccount.unwrap(account)) != 0;
}

/// @notice The account with no unlock in progress.
function lock(SenderAccount account) pure returns (SenderAccount) {
    return SenderAccount.wrap(uint224(SenderAccount.unwrap(account)));
}
