// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Books, IBooks} from "../handler/Books.sol";
import {Cast, Protocol} from "../stage/Protocol.sol";
import {DelegatorRecord, OrchestratorRecord, Stage} from "../stage/Stage.sol";

/// @dev All that the views say of an account.
struct Portrait {
    address account;
    DelegatorRecord delegator;
    OrchestratorRecord orchestrator;
    uint256 pendingStake;
    uint256 pendingFees;
    /// LPT in open unbonding locks.
    uint256 lockedStake;
    /// Votes at the start of the next round, as things stand.
    uint256 votes;
    bool isActive;
    bool isRegistered;
    bool isInPool;
}

/// @dev All that the views say, at one moment. Each invariant looks at this, so that each view is called once.
struct Picture {
    Books books;
    Portrait[] accounts;
    /// By rank.
    Portrait[] pool;
    uint256 round;
    bool isInitialized;
    bool isLocked;
    /// First block of the round.
    uint256 roundStart;
    uint256 roundLength;
    uint256 blockNumber;
    /// LPT that counts in the round, and the orchestrators that it is delegated to.
    uint256 totalActiveStake;
    uint256 activeSetSize;
    /// LPT, sums over all accounts.
    uint256 delegated;
    uint256 locked;
    uint256 pendingStake;
    /// Wei, over all accounts.
    uint256 pendingFees;
    /// LPT and wei that orchestrators without a bond have earned and not claimed.
    uint256 waitingRewards;
    uint256 waitingFees;
}

/// @title Photographer
/// @notice Takes the picture.
abstract contract Photographer is Stage {
    IBooks private immutable _bookkeeper;

    constructor(IBooks bookkeeper, Protocol memory protocol, Cast memory cast) Stage(protocol, cast) {
        _bookkeeper = bookkeeper;
    }

    function _takePicture() internal view returns (Picture memory picture) {
        picture.books = _bookkeeper.books();
        (picture.round, picture.isInitialized, picture.isLocked) = rounds.currentRoundState();
        picture.roundStart = rounds.currentRoundStartBlock();
        picture.roundLength = rounds.roundLength();
        picture.blockNumber = rounds.blockNum();
        picture.totalActiveStake = manager.currentRoundTotalActiveStake();
        picture.activeSetSize = manager.currentRoundActiveSetSize();
        picture.accounts = new Portrait[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            Portrait memory one = _portray(accounts[i], picture.round);
            picture.accounts[i] = one;
            picture.delegated += one.delegator.delegatedAmount;
            picture.locked += one.lockedStake;
            picture.pendingStake += one.pendingStake;
            picture.pendingFees += one.pendingFees;
            if (one.delegator.delegate != one.account) {
                picture.waitingRewards += one.orchestrator.cumulativeRewards;
                picture.waitingFees += one.orchestrator.cumulativeFees;
            }
        }
        picture.pool = _readPool(picture);
    }

    function _portraitOf(Picture memory picture, address account)
        internal
        pure
        returns (Portrait memory one)
    {
        for (uint256 i = 0; i < picture.accounts.length; ++i) {
            one = picture.accounts[i];
            if (one.account == account) return one;
        }
        revert InvariantBroken("the handler knows every account", account, 0, 0);
    }

    function _portray(address account, uint256 round) private view returns (Portrait memory one) {
        one.account = account;
        one.delegator = records.getDelegator(account);
        one.orchestrator = records.getTranscoder(account);
        one.pendingStake = _pendingStake(account);
        one.pendingFees = _pendingFees(account);
        one.lockedStake = _lockedStake(account, one.delegator.nextUnbondingLockId);
        one.votes = votes.getVotes(account);
        one.isRegistered = one.delegator.delegate == account && one.delegator.bondedAmount > 0;
        one.isInPool = one.orchestrator.deactivationRound == NEVER;
        one.isActive = one.orchestrator.activationRound <= round && round < one.orchestrator.deactivationRound;
    }

    function _lockedStake(address account, uint256 count) private view returns (uint256 sum) {
        for (uint256 id = 0; id < count; ++id) {
            (uint256 amount, uint256 withdrawRound) = manager.getDelegatorUnbondingLock(account, id);
            sum += amount;
            _holds(
                (amount > 0) == (withdrawRound > 0),
                "BOND-9 locks: amount > 0",
                account,
                amount,
                withdrawRound
            );
        }
    }

    function _readPool(Picture memory picture) private view returns (Portrait[] memory pool) {
        uint256 size = manager.getTranscoderPoolSize();
        pool = new Portrait[](size);
        address member = manager.getFirstTranscoderInPool();
        for (uint256 i = 0; i < size; ++i) {
            pool[i] = _portraitOf(picture, member);
            member = manager.getNextTranscoderInPool(member);
        }
        _holds(member == address(0), "POOL-3 the pool has the size that it says", member, size + 1, size);
    }
}
