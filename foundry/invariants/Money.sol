// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITicketBroker} from "../../contracts/interfaces/ITicketBroker.sol";
import {Photographer, Picture} from "./Picture.sol";

/// @title Money
/// @notice ROUND, MINT, TICKET, RESERVE, and the totals of VOTE of docs/invariants.md.
abstract contract Money is Photographer {
    // --- the clock ---

    function ROUND_2_blockLiesInItsRound(Picture memory picture) internal pure {
        _atMost(picture.roundStart, picture.blockNumber, "ROUND-2 first block <= block");
        _atMost(
            picture.blockNumber + 1,
            picture.roundStart + picture.roundLength,
            "ROUND-2 block < first block + length"
        );
    }

    function ROUND_3_roundsAreInitializedInOrder(Picture memory picture) internal view {
        uint256 last = rounds.lastInitializedRound();
        _atMost(last, picture.round, "ROUND-3 last initialized round <= current");
        _holds(
            picture.isInitialized == (last == picture.round),
            "ROUND-3 initialized means the last",
            address(0),
            last,
            picture.round
        );
    }

    function ROUND_5_lockIsTheEndOfTheRound(Picture memory picture) internal view {
        uint256 left = picture.roundStart + picture.roundLength - picture.blockNumber;
        uint256 lockedBlocks = picture.roundLength * rounds.roundLockAmount() / PPM;
        _holds(
            picture.isLocked == (left <= lockedBlocks),
            "ROUND-5 locked in the last blocks only",
            address(0),
            left,
            lockedBlocks
        );
    }

    // --- issuance and custody ---

    function MINT_1_noRoundMintsMoreThanItsPart(Picture memory picture) internal view {
        uint256 minted = minter.currentMintedTokens();
        _equal(minted, picture.books.mintedInRound, "MINT-1 minted = rewards of the round");
        _atMost(minted, minter.currentMintableTokens(), "MINT-1 minted <= mintable");
    }

    function MINT_4_supplyIsAllBalances(Picture memory) internal view {
        uint256 sum = token.balanceOf(address(minter)) + token.balanceOf(treasury) + token.balanceOf(faucet)
            + token.balanceOf(deployer);
        for (uint256 i = 0; i < accounts.length; ++i) {
            sum += token.balanceOf(accounts[i]);
        }
        _equal(token.totalSupply(), sum, "MINT-4 LPT supply = sum of balances");
    }

    function MINT_5_minterHoldsAllEther(Picture memory picture) internal view {
        _equal(
            address(minter).balance,
            picture.books.fundedWei - picture.books.withdrawnWei - picture.books.feesOutWei,
            "MINT-5 ETH of the Minter = escrow + fees not withdrawn"
        );
    }

    // --- escrow ---

    function TICKET_1_escrowIsWhatWasFunded(Picture memory picture) internal view {
        uint256 sum;
        for (uint256 i = 0; i < holders.length; ++i) {
            (ITicketBroker.Sender memory sender, ITicketBroker.ReserveInfo memory reserve) =
                broker.getSenderInfo(holders[i]);
            sum += sender.deposit + reserve.fundsRemaining;
        }
        _equal(
            sum,
            picture.books.fundedWei - picture.books.paidByTicketsWei - picture.books.withdrawnWei,
            "TICKET-1 deposits + reserves = funded - paid by tickets - withdrawn"
        );
    }

    function TICKET_2_brokerIsEmpty(Picture memory) internal view {
        _equal(address(broker).balance, 0, "TICKET-2 the broker holds no ETH");
        _equal(address(manager).balance, 0, "TICKET-2 nor does the BondingManager");
    }

    function RESERVE_1_RESERVE_2_sharesAreEqual(Picture memory picture) internal view {
        for (uint256 i = 0; i < gateways.length; ++i) {
            ITicketBroker.ReserveInfo memory reserve = broker.getReserveInfo(gateways[i]);
            uint256 whole = reserve.fundsRemaining + reserve.claimedInCurrentRound;
            if (whole > 0) _checkShares(picture, gateways[i], reserve, whole);
        }
    }

    function _checkShares(
        Picture memory picture,
        address holder,
        ITicketBroker.ReserveInfo memory reserve,
        uint256 whole
    ) private view {
        uint256 claimed;
        for (uint256 i = 0; i < accounts.length; ++i) {
            uint256 drawn = broker.claimedReserve(holder, accounts[i]);
            claimed += drawn;
            if (!picture.isInitialized || picture.activeSetSize == 0) continue;
            uint256 share = whole / picture.activeSetSize;
            _holds(
                drawn <= share, "RESERVE-2 nobody draws more than an equal share", accounts[i], drawn, share
            );
        }
        _equal(claimed, reserve.claimedInCurrentRound, "RESERVE-1 claims of claimants = claims of the round");
        address claimant = accounts[picture.blockNumber % accounts.length];
        uint256 claimable = broker.claimableReserve(holder, claimant);
        _holds(
            claimable <= reserve.fundsRemaining,
            "RESERVE-2 nobody may draw more than there is",
            claimant,
            claimable,
            reserve.fundsRemaining
        );
    }

    // --- votes ---

    function VOTE_4_totalsAreThoseOfTheRounds(Picture memory picture) internal view {
        if (!picture.isInitialized) return;
        _equal(
            votes.getTotalActiveStakeAt(picture.round),
            picture.totalActiveStake,
            "VOTE-4 the total of an initialized round is the stake that counts in it"
        );
    }

    /// @dev As the next total has to be the pool's (POOL-1).
    function VOTE_4_nextTotalIsThePool(Picture memory) internal view {
        _equal(
            votes.totalSupply(),
            manager.nextRoundTotalActiveStake(),
            "VOTE-4 the total of the next round, as things stand"
        );
    }
}
