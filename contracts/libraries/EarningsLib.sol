// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Delegator, EarningsRow, Orchestrator} from "../types/BondingState.sol";
import {RAY_WHOLE, RayFactor, fractionDown} from "../types/RayFactor.sol";
import {Round} from "../types/Round.sol";

/// @title EarningsLib
/// @notice The shares of rewards and fees (LIP-36): two running factors per orchestrator, from which the earnings of
/// each of its delegators follow without touching the delegators.
/// @dev A row stands for a round in which the orchestrator rewarded or earned fees. A delegator that claims in round c
/// starts from the factors as they are at the end of c: from row c if it is there, else from the row before, whose
/// round the delegator remembers (`rewardFactorRound`, `feeFactorRound`). So nothing is copied into rows of rounds in
/// which nothing was earned. Round 0 has no row: nobody is active in it.
///
/// Rounding: every division rounds down, hence in favour of the protocol; the two floors of `fractionDown` are part of
/// the protocol.
library EarningsLib {
    /// @dev Orchestrator earnings may not exceed what the stake they are a part of can have earned (staking 10.2).
    function checkActiveRewards(uint256 activeRewards, uint256 stake) internal pure {
        assert(activeRewards <= stake);
    }

    /// @notice Shares `rewards` (LPT, treasury cut taken) of round `round` between the orchestrator and its delegators.
    function addRewards(
        Orchestrator storage orchestrator,
        mapping(uint256 round => EarningsRow) storage rows,
        Round round,
        uint256 stake,
        uint256 rewards
    ) internal {
        Round previousRound = orchestrator.lastRewardRound;
        uint256 activeRewards = orchestrator.cumulativeRewards;
        checkActiveRewards(activeRewards, stake);

        uint256 commission = orchestrator.rewardCut.partDown(rewards);
        uint256 delegatorRewards = rewards - commission;
        uint256 ownRewards = fractionDown(delegatorRewards, activeRewards, stake);
        orchestrator.activeCumulativeRewards = uint112(activeRewards);
        orchestrator.cumulativeRewards = SafeCast.toUint112(activeRewards + ownRewards + commission);
        orchestrator.previousRewardRound = previousRound;

        uint256 previousFactor = factorOrWhole(rows[previousRound.toUint256()].cumulativeRewardFactorRay);
        EarningsRow storage row = rows[round.toUint256()];
        row.cumulativeRewardFactorRay =
            SafeCast.toUint192(previousFactor + fractionDown(previousFactor, delegatorRewards, stake));
        row.rewardCut = orchestrator.rewardCut;
        row.feeShare = orchestrator.feeShare;
    }

    /// @notice Shares `fees` (wei) earned in round `round` between the orchestrator and its delegators. Fees count on
    /// the stake before this round's reward: reward and fees of one round do not compound.
    /// @param stake LPT that counts for the orchestrator in this round.
    /// @param rewardFactorRay The reward factor as of the round before.
    function addFees(
        Orchestrator storage orchestrator,
        mapping(uint256 round => EarningsRow) storage rows,
        Round round,
        uint256 stake,
        uint256 rewardFactorRay,
        uint256 fees
    ) internal {
        EarningsRow storage row = rows[round.toUint256()];
        bool hasRewarded = orchestrator.lastRewardRound == round;
        uint256 activeRewards =
            hasRewarded ? orchestrator.activeCumulativeRewards : orchestrator.cumulativeRewards;
        checkActiveRewards(activeRewards, stake);

        uint256 delegatorFees = (hasRewarded ? row.feeShare : orchestrator.feeShare).partDown(fees);
        uint256 ownFees = fractionDown(delegatorFees, activeRewards, stake);
        orchestrator.cumulativeFees =
            SafeCast.toUint112(orchestrator.cumulativeFees + ownFees + (fees - delegatorFees));

        row.cumulativeFeeFactorRay = rows[orchestrator.lastFeeRound.toUint256()].cumulativeFeeFactorRay
            + fractionDown(rewardFactorRay, delegatorFees, stake);
        orchestrator.lastFeeRound = round;
        if (orchestrator.firstFeeRound.toUint256() == 0) orchestrator.firstFeeRound = round;
    }

    /// @notice What `delegator` has earned since its last claim, without what an orchestrator keeps for itself.
    /// @return rewards LPT.
    /// @return fees Wei.
    function unclaimed(
        Delegator storage delegator,
        Orchestrator storage delegate,
        mapping(uint256 round => EarningsRow) storage rows
    ) internal view returns (uint256 rewards, uint256 fees) {
        Round claimRound = delegator.lastClaimRound;
        Round rewardRound = delegate.lastRewardRound;
        Round feeRound = delegate.lastFeeRound;
        if (rewardRound <= claimRound && feeRound <= claimRound) return (0, 0);

        uint256 bondedAmount = delegator.bondedAmount;
        EarningsRow storage claimRow = rows[claimRound.toUint256()];
        uint256 startFactor = claimRow.cumulativeRewardFactorRay;
        if (startFactor == 0) {
            startFactor = rows[delegator.rewardFactorRound.toUint256()].cumulativeRewardFactorRay;
        }
        startFactor = factorOrWhole(startFactor);
        if (rewardRound > claimRound) {
            uint256 endFactor = rows[rewardRound.toUint256()].cumulativeRewardFactorRay;
            rewards = fractionDown(bondedAmount, endFactor, startFactor) - bondedAmount;
        }
        if (feeRound > claimRound) {
            uint256 startFees = claimRow.cumulativeFeeFactorRay;
            if (startFees == 0) {
                startFees = rows[delegator.feeFactorRound.toUint256()].cumulativeFeeFactorRay;
            }
            uint256 earned = rows[feeRound.toUint256()].cumulativeFeeFactorRay - startFees;
            fees = fractionDown(bondedAmount, earned, startFactor);
        }
    }

    /// @dev Notes that somebody's earnings behind the orchestrator start in `round` from its present factors.
    ///
    /// Fees need the reward factor of the round before. If the orchestrator neither rewarded then, nor anybody's
    /// earnings started then, the protocol estimates it backwards from this round's reward, with other last digits
    /// than the factor itself; which of the two applies is all that this mark is for.
    function markStartFactor(Orchestrator storage orchestrator, Round round) internal {
        Round rewardRound = orchestrator.lastRewardRound;
        if (rewardRound.toUint256() == 0 || rewardRound >= round) return;
        uint256 markedRound = orchestrator.startFactorMark >> 1;
        if (markedRound == round.toUint256()) return;
        uint256 markedBefore = markedRound + 1 == round.toUint256() ? 1 : 0;
        orchestrator.startFactorMark = SafeCast.toUint32((round.toUint256() << 1) | markedBefore);
    }

    /// @notice The reward factor as of the round before `round`, and whether the protocol knows it (see
    /// `markStartFactor`) or goes by an estimate, which may only be lower.
    function factorBefore(
        Orchestrator storage orchestrator,
        mapping(uint256 round => EarningsRow) storage rows,
        Round round
    ) internal view returns (bool isKnown, uint256 factorRay) {
        Round lastRewardRound = orchestrator.lastRewardRound;
        if (lastRewardRound != round) {
            return (true, factorOrWhole(rows[lastRewardRound.toUint256()].cumulativeRewardFactorRay));
        }
        uint256 previousRound = orchestrator.previousRewardRound.toUint256();
        factorRay = factorOrWhole(rows[previousRound].cumulativeRewardFactorRay);
        if (previousRound == 0) return (false, factorRay);
        uint256 roundBefore = round.toUint256() - 1;
        uint256 mark = orchestrator.startFactorMark;
        isKnown =
            previousRound == roundBefore || mark >> 1 == roundBefore || mark == (round.toUint256() << 1) | 1;
    }

    /// @notice The reward factor as of the round before the one of `row`, worked backwards from the reward that the
    /// round allots to the orchestrator (staking 4.3, 10.3).
    function estimateFactorBefore(
        EarningsRow storage row,
        uint256 stake,
        uint256 totalActiveStake,
        uint256 mintableTokens,
        RayFactor treasuryCutRate
    ) internal view returns (uint256) {
        uint256 rewards = fractionDown(mintableTokens, stake, totalActiveStake);
        rewards -= treasuryCutRate.partDown(rewards);
        uint256 delegatorRewards = rewards - row.rewardCut.partDown(rewards);
        return factorOrWhole(fractionDown(row.cumulativeRewardFactorRay, stake, delegatorRewards + stake));
    }

    /// @dev An unset reward factor stands for 1: stake has not grown.
    function factorOrWhole(uint256 factorRay) internal pure returns (uint256) {
        return factorRay == 0 ? RAY_WHOLE : factorRay;
    }
}
