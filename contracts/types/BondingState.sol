// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ppm} from "./Ppm.sol";
import {Round} from "./Round.sol";

/// @dev What BondingManager keeps of an address as delegator, and as delegate of others.
struct Delegator {
    // --- slot 0 ---
    /// Address that the bond points at; zero when there is no bond, or when it points at nobody.
    address delegate;
    /// Round through which earnings have been claimed.
    Round lastClaimRound;
    /// Round from which the bond is no longer pending; zero when there is no bond.
    Round startRound;
    /// `lastRewardRound` of the delegate at the last claim: where the start reward factor stands if the delegate did
    /// not reward in the claim round itself.
    Round rewardFactorRound;
    // --- slot 1 ---
    /// LPT bonded, as of the last claim.
    uint112 bondedAmount;
    /// LPT that others and the address itself have pointed at it, all minted rewards included.
    uint112 delegatedAmount;
    /// `lastFeeRound` of the delegate at the last claim: where the start fee factor stands if the delegate earned no
    /// fees in the claim round itself.
    Round feeFactorRound;
    // --- slot 2 ---
    /// ETH claimed and not withdrawn, in wei.
    uint128 fees;
    /// Ids count up from zero and are never used twice.
    uint64 nextUnbondingLockId;
}

/// @dev An amount of LPT on its way out.
struct UnbondingLock {
    // --- slot 0 ---
    uint112 amount;
    /// First round in which the amount can be withdrawn; zero when there is no lock.
    uint64 withdrawRound;
}

/// @dev What BondingManager keeps of an address as orchestrator.
struct Orchestrator {
    // --- slot 0 ---
    Round lastRewardRound;
    Round lastFeeRound;
    /// Active in round n means: activationRound <= n < deactivationRound.
    Round activationRound;
    /// NEVER while in the pool.
    Round deactivationRound;
    /// The round after the last one in which the delegated amount changed while it counted.
    Round lastActiveStakeUpdateRound;
    /// Share of rewards that the orchestrator keeps.
    Ppm rewardCut;
    /// Share of fees that the orchestrator passes on.
    Ppm feeShare;
    /// Position in the pool, counted from 1; 0 when not in it.
    uint16 poolPosition;
    /// Last round in which somebody pointed at the orchestrator took its present reward factor as start factor before
    /// it rewarded in that round, times two, plus one if the same happened in the round before (EarningsLib).
    uint32 startFactorMark;
    // --- slot 1 ---
    /// LPT: what `cumulativeRewards` was when the orchestrator last rewarded; this part earns along.
    uint112 activeCumulativeRewards;
    /// LPT earned by commission and by the part above since the orchestrator last claimed.
    uint112 cumulativeRewards;
    /// `lastRewardRound` before the latest one.
    Round previousRewardRound;
    // --- slot 2 ---
    /// Wei earned by commission and by `activeCumulativeRewards` since the orchestrator last claimed.
    uint112 cumulativeFees;
    /// LPT delegated at the start of the round in which it last changed.
    uint112 stakeBeforeUpdate;
    /// First round with fees; zero when there was none.
    Round firstFeeRound;
}

/// @dev An orchestrator's factors of one round. A row is written only when the orchestrator rewards (slot 0) or earns
/// fees (slot 1) in that round.
struct EarningsRow {
    // --- slot 0 ---
    /// Growth of one unit of stake since the orchestrator's first reward, 27 decimals; zero when not rewarded.
    uint192 cumulativeRewardFactorRay;
    /// Commission when the orchestrator rewarded.
    Ppm rewardCut;
    Ppm feeShare;
    // --- slot 1 ---
    /// Fees per unit of first stake, 27 decimals. Full width: on a stake of 1 wei an ETH makes it 2^150.
    uint256 cumulativeFeeFactorRay;
}
