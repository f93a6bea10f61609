// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBooks} from "../handler/Books.sol";
import {Cast, Protocol} from "../stage/Protocol.sol";
import {Money} from "./Money.sol";
import {Photographer, Picture} from "./Picture.sol";
import {Staking} from "./Staking.sol";

/// @title Catalogue
/// @notice The invariants of docs/invariants.md that views can show, each a function named after its id. What is said
/// of one operation (before and after) is checked where the operation is: handler/Operations.sol, handler/Tickets.sol.
contract Catalogue is Staking, Money {
    constructor(IBooks bookkeeper, Protocol memory protocol, Cast memory cast)
        Photographer(bookkeeper, protocol, cast)
    {}

    /// @notice Reverts with InvariantBroken if one does not hold.
    function check() external view {
        Picture memory picture = _takePicture();
        _checkStaking(picture);
        _checkMoney(picture);
    }

    function _checkStaking(Picture memory picture) private view {
        BOND_1_delegatedAndLocksAreWhatCameIn(picture);
        BOND_2_BOND_3_delegatedAmountCoversStakes(picture);
        BOND_4_allStakeCanBePaid(picture);
        BOND_5_minterHoldsAllStake(picture);
        BOND_6_to_8_recordsAreOfThisRound(picture);
        BOND_14_VOTE_1_checkpointsAreUpToDate(picture);
        POOL_1_nextTotalIsThePool(picture);
        POOL_2_to_5_membersAreRankedOrchestrators(picture);
        EARN_1_allFeesCanBePaid(picture);
        EARN_3_rewardFactorsAreAtLeastOne(picture);
        EARN_5_nobodyEarnsLessThanNothing(picture);
        EARN_10_ownRewardsArePartOfTheStake(picture);
        EARN_11_sharesOfARoundAddUp(picture);
    }

    function _checkMoney(Picture memory picture) private view {
        ROUND_2_blockLiesInItsRound(picture);
        ROUND_3_roundsAreInitializedInOrder(picture);
        ROUND_5_lockIsTheEndOfTheRound(picture);
        MINT_1_noRoundMintsMoreThanItsPart(picture);
        MINT_4_supplyIsAllBalances(picture);
        MINT_5_minterHoldsAllEther(picture);
        TICKET_1_escrowIsWhatWasFunded(picture);
        TICKET_2_brokerIsEmpty(picture);
        RESERVE_1_RESERVE_2_sharesAreEqual(picture);
        VOTE_4_totalsAreThoseOfTheRounds(picture);
        VOTE_4_nextTotalIsThePool(picture);
    }
}
