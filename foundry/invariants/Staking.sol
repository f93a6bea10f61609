// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Photographer, Picture, Portrait} from "./Picture.sol";

/// @title Staking
/// @notice BOND, POOL and EARN of docs/invariants.md.
abstract contract Staking is Photographer {
    // --- conservation ---

    function BOND_1_delegatedAndLocksAreWhatCameIn(Picture memory picture) internal pure {
        _equal(
            picture.delegated + picture.locked,
            picture.books.lptIn - picture.books.lptOut,
            "BOND-1 delegated + locks = LPT in - LPT out"
        );
    }

    function BOND_2_BOND_3_delegatedAmountCoversStakes(Picture memory picture) internal pure {
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            Portrait memory delegate = picture.accounts[i];
            uint256 pending;
            uint256 bonded;
            for (uint256 j = 0; j < picture.accounts.length; ++j) {
                Portrait memory one = picture.accounts[j];
                if (one.delegator.bondedAmount == 0 || one.delegator.delegate != delegate.account) continue;
                pending += one.pendingStake;
                bonded += one.delegator.bondedAmount;
            }
            uint256 delegated = delegate.delegator.delegatedAmount;
            _holds(
                pending <= delegated,
                "BOND-2 pending stake behind a delegate <= delegated",
                delegate.account,
                pending,
                delegated
            );
            _holds(
                bonded <= delegated,
                "BOND-3 bonded behind a delegate <= delegated",
                delegate.account,
                bonded,
                delegated
            );
        }
    }

    function BOND_4_allStakeCanBePaid(Picture memory picture) internal pure {
        _atMost(
            picture.pendingStake + picture.locked + picture.waitingRewards,
            picture.books.lptIn - picture.books.lptOut,
            "BOND-4 pending stake + locks + waiting rewards <= LPT in - LPT out"
        );
    }

    function BOND_5_minterHoldsAllStake(Picture memory picture) internal view {
        _equal(
            token.balanceOf(address(minter)),
            picture.books.lptIn - picture.books.lptOut,
            "BOND-5 LPT of the Minter = LPT in - LPT out"
        );
    }

    // --- records ---

    function BOND_6_to_8_recordsAreOfThisRound(Picture memory picture) internal pure {
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            Portrait memory one = picture.accounts[i];
            address account = one.account;
            _holds(
                one.delegator.lastClaimRound <= picture.round,
                "BOND-6 claim round <= current",
                account,
                one.delegator.lastClaimRound,
                picture.round
            );
            _holds(
                one.orchestrator.lastRewardRound <= picture.round,
                "BOND-6 reward round <= current",
                account,
                one.orchestrator.lastRewardRound,
                picture.round
            );
            _holds(
                one.orchestrator.lastFeeRound <= picture.round,
                "BOND-6 fee round <= current",
                account,
                one.orchestrator.lastFeeRound,
                picture.round
            );
            uint256 start = one.delegator.startRound;
            if (one.delegator.bondedAmount == 0) {
                _holds(
                    one.delegator.delegate == address(0) && start == 0,
                    "BOND-7 without bond no delegate, no start round",
                    account,
                    start,
                    0
                );
            } else {
                _holds(
                    start > 0 && one.delegator.lastClaimRound > 0,
                    "BOND-7 with a bond start and claim rounds",
                    account,
                    start,
                    1
                );
            }
            _holds(
                start <= picture.round + 1,
                "BOND-8 start round <= current round + 1",
                account,
                start,
                picture.round + 1
            );
        }
    }

    /// @dev Also VOTE-1: the votes of the next round follow from the latest checkpoints.
    function BOND_14_VOTE_1_checkpointsAreUpToDate(Picture memory picture) internal pure {
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            Portrait memory one = picture.accounts[i];
            uint256 expected;
            if (one.isRegistered) {
                expected = one.delegator.delegatedAmount;
            } else if (
                one.delegator.bondedAmount > 0 && _portraitOf(picture, one.delegator.delegate).isRegistered
            ) {
                expected = one.pendingStake;
            }
            _holds(
                one.votes == expected,
                "BOND-14, VOTE-1 votes are the stake of now",
                one.account,
                one.votes,
                expected
            );
        }
    }

    // --- the pool ---

    function POOL_1_nextTotalIsThePool(Picture memory picture) internal view {
        uint256 stake;
        for (uint256 i = 0; i < picture.pool.length; ++i) {
            stake += picture.pool[i].delegator.delegatedAmount;
        }
        _equal(
            manager.nextRoundTotalActiveStake(),
            stake,
            "POOL-1 total of the next round = delegated to the pool"
        );
    }

    function POOL_2_to_5_membersAreRankedOrchestrators(Picture memory picture) internal view {
        _atMost(
            picture.pool.length, manager.getTranscoderPoolMaxSize(), "POOL-3 the pool has at most its size"
        );
        uint256 previous = type(uint256).max;
        for (uint256 i = 0; i < picture.pool.length; ++i) {
            uint256 stake = picture.pool[i].delegator.delegatedAmount;
            _holds(
                stake <= previous,
                "POOL-3 the pool is ranked by stake",
                picture.pool[i].account,
                stake,
                previous
            );
            previous = stake;
        }
        uint256 members;
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            Portrait memory one = picture.accounts[i];
            uint256 activation = one.orchestrator.activationRound;
            uint256 deactivation = one.orchestrator.deactivationRound;
            if (one.isInPool) {
                ++members;
                _holds(
                    one.isRegistered && one.delegator.delegatedAmount > 0,
                    "POOL-2 members are registered and have stake",
                    one.account,
                    one.delegator.delegatedAmount,
                    1
                );
            } else {
                _holds(
                    deactivation <= picture.round + 1,
                    "POOL-4 out of the pool: deactivated by the next round",
                    one.account,
                    deactivation,
                    picture.round + 1
                );
            }
            _holds(
                deactivation == 0 || activation <= deactivation,
                "POOL-5 activation <= deactivation",
                one.account,
                activation,
                deactivation
            );
            _holds(
                activation <= picture.round + 1,
                "POOL-5 activation <= current round + 1",
                one.account,
                activation,
                picture.round + 1
            );
        }
        _equal(members, picture.pool.length, "POOL-4 in the pool means never deactivated");
    }

    // --- earnings ---

    function EARN_1_allFeesCanBePaid(Picture memory picture) internal pure {
        _atMost(
            picture.pendingFees + picture.waitingFees,
            picture.books.paidByTicketsWei - picture.books.feesOutWei,
            "EARN-1 pending and waiting fees <= fees in - fees out"
        );
    }

    function EARN_3_rewardFactorsAreAtLeastOne(Picture memory picture) internal view {
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            Portrait memory one = picture.accounts[i];
            if (one.orchestrator.lastRewardRound == 0) continue;
            uint256 factor = manager.rewardFactorOfRound(one.account, one.orchestrator.lastRewardRound);
            _holds(factor >= RAY, "EARN-3 the latest reward factor is at least 1", one.account, factor, RAY);
        }
    }

    function EARN_5_nobodyEarnsLessThanNothing(Picture memory picture) internal pure {
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            Portrait memory one = picture.accounts[i];
            _holds(
                one.pendingStake >= one.delegator.bondedAmount,
                "EARN-5 pending stake >= bonded",
                one.account,
                one.pendingStake,
                one.delegator.bondedAmount
            );
            _holds(
                one.pendingFees >= one.delegator.fees,
                "EARN-5 pending fees >= claimed fees",
                one.account,
                one.pendingFees,
                one.delegator.fees
            );
        }
    }

    function EARN_10_ownRewardsArePartOfTheStake(Picture memory picture) internal pure {
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            Portrait memory one = picture.accounts[i];
            uint256 own = one.orchestrator.cumulativeRewards;
            _holds(
                !one.isRegistered || own <= one.delegator.delegatedAmount,
                "EARN-10 own rewards <= stake",
                one.account,
                own,
                one.delegator.delegatedAmount
            );
        }
    }

    /// @dev The sum is the total as long as nobody active has left.
    function EARN_11_sharesOfARoundAddUp(Picture memory picture) internal view {
        if (!picture.isInitialized) return;
        uint256 stake;
        uint256 size;
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            Portrait memory one = picture.accounts[i];
            if (!one.isActive) continue;
            (uint256 counts,,,,) = manager.getTranscoderEarningsPoolForRound(one.account, picture.round);
            stake += counts;
            ++size;
        }
        _atMost(stake, picture.totalActiveStake, "EARN-11 stake that counts of the active <= total");
        _atMost(size, picture.activeSetSize, "POOL-6 the active are not more than at the start");
    }
}
