// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DelegatorRecord} from "../stage/Stage.sol";
import {Operations} from "./Operations.sol";

/// @title Choices
/// @notice Turns seeds of the fuzzer into somebody for whom an action can work, and into amounts that matter: dust,
/// parts, everything, round numbers that tie.
abstract contract Choices is Operations {
    uint256 internal constant DUST = 1000;
    uint8 internal constant BONDED = 1;
    uint8 internal constant UNBONDED = 2;

    // --- who ---

    function _staker(uint256 seed) internal view returns (address) {
        return stakers[seed % stakers.length];
    }

    /// @dev The first staker from the seed's place on for whom something holds; zero if it holds for none.
    function _stakerWho(uint256 seed, function(address) internal view returns (bool) suits)
        internal
        view
        returns (address)
    {
        uint256 first = seed % stakers.length;
        for (uint256 i = 0; i < stakers.length; ++i) {
            address candidate = stakers[(first + i) % stakers.length];
            if (suits(candidate)) return candidate;
        }
        return address(0);
    }

    function _anybody(uint256 seed) internal view returns (address) {
        uint256 number = seed % (accounts.length + gateways.length + 1);
        if (number < accounts.length) return accounts[number];
        number -= accounts.length;
        return number < gateways.length ? gateways[number] : deployer;
    }

    /// @dev Somebody to point a bond at: itself, its delegate, an orchestrator, anybody.
    function _delegateFor(uint256 seed, address account) internal view returns (address) {
        uint256 kind = seed % 10;
        seed /= 10;
        if (kind <= 2) return account;
        if (kind <= 4) {
            address present = _recordOf(account).delegate;
            if (present != address(0)) return present;
        }
        if (kind <= 7) {
            address member = _stakerWho(seed, _isInPool);
            return member == address(0) ? account : member;
        }
        return accounts[seed % accounts.length];
    }

    // --- for whom an action works; the round is initialized ---

    function _isBonded(address account) internal view returns (bool) {
        return manager.delegatorStatus(account) == BONDED;
    }

    function _isUnbonded(address account) internal view returns (bool) {
        return manager.delegatorStatus(account) == UNBONDED;
    }

    function _isRegistered(address account) internal view returns (bool) {
        return manager.isRegisteredTranscoder(account);
    }

    function _mayReward(address account) internal view returns (bool) {
        return manager.isActiveTranscoder(account) && !_hasRewarded(account) && _factorHasRoom(account);
    }

    function _mayBeRewardedByAnother(address account) internal view returns (bool) {
        return manager.transcoderToRewardCaller(account) != address(0) && _mayReward(account);
    }

    function _maySetRates(address account) internal view returns (bool) {
        return _isRegistered(account) && (_hasRewarded(account) || !manager.isActiveTranscoder(account));
    }

    function _hasFees(address account) internal view returns (bool) {
        return _pendingFees(account) > 0;
    }

    /// @dev No stake may go behind one that leaves after this round and has not rewarded in it.
    function _takesStake(address account) internal view returns (bool) {
        return !manager.isActiveTranscoder(account) || _isInPool(account) || _hasRewarded(account);
    }

    /// @dev Others may not make a delegator claim before its active delegate has rewarded.
    function _mayBeMadeToClaim(address account) internal view returns (bool) {
        DelegatorRecord memory record = _recordOf(account);
        if (record.bondedAmount == 0 || record.lastClaimRound == rounds.currentRound()) return true;
        return !manager.isActiveTranscoder(record.delegate) || _hasRewarded(record.delegate);
    }

    /// @dev A reward factor has 192 bits. Only if dust is all that is staked, several times over, can a reward pass
    /// them.
    function _factorHasRoom(address account) private view returns (bool) {
        uint256 total = manager.currentRoundTotalActiveStake();
        uint256 growth = 2 + minter.currentMintableTokens() / (total == 0 ? 1 : total);
        return _rewardFactor(account) < type(uint192).max / growth;
    }

    function _rewardFactor(address account) internal view returns (uint256 factor) {
        factor = manager.rewardFactorOfRound(account, _orchestrator(account).lastRewardRound);
        if (factor == 0) factor = RAY;
    }

    // --- how much ---

    /// @dev Between 1 and `whole`, which must be at least 1.
    function _part(uint256 seed, uint256 whole) internal pure returns (uint256 amount) {
        uint256 kind = seed % 8;
        seed /= 8;
        if (kind <= 2) amount = whole / (2 + seed % 9);
        else if (kind <= 4) amount = whole;
        else if (kind == 5) amount = 1;
        else if (kind == 6) amount = whole - _lesser(seed % 3, whole);
        else amount = _lesser(whole, 1 + seed % DUST);
        if (amount == 0) amount = 1;
    }

    /// @dev Between 1 and `balance`, which must be at least 1: round numbers often, so that stakes tie.
    function _stakeAmount(uint256 seed, uint256 balance) internal pure returns (uint256 amount) {
        uint256 kind = seed % 8;
        seed /= 8;
        if (kind <= 3) amount = (1 + seed % 5) * 1 ether + (seed % 7 == 0 ? seed % 4 : 0);
        else if (kind == 4) amount = 1 + seed % 3;
        else if (kind == 5) return _part(seed, balance);
        else if (kind == 6) amount = balance / 10 ** (1 + seed % 9);
        else amount = 1 + seed % DUST;
        if (amount == 0) amount = 1;
        if (amount > balance) amount = balance;
    }

    function _lesser(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function _within(uint256 seed, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + seed % (most - least + 1);
    }

    /// @dev Parts per million that matter.
    function _share(uint256 seed) internal pure returns (uint256) {
        uint24[6] memory shares = [0, 1, 100_000, 500_000, 999_999, 1_000_000];
        return shares[seed % 6];
    }
}
