// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Cast, Protocol} from "../stage/Protocol.sol";
import {DelegatorRecord, OrchestratorRecord, Stage} from "../stage/Stage.sol";
import {VM} from "../stage/Vm.sol";
import {Books, IBooks} from "./Books.sol";

/// @dev What came of a call.
struct Outcome {
    bool ok;
    bytes answer;
}

/// @title Operations
/// @notice The clock and the calls of staking, each with its entry in the books and what must be true of it.
/// @dev An operation may fail; whether it may is for the caller to say (`_must`, or `_may` in Trials).
abstract contract Operations is Stage, IBooks {
    /// @notice How often a function was called with success, and how often an error came.
    mapping(bytes4 selector => uint256) public succeeded;
    mapping(bytes4 selector => uint256) public failed;

    /// @notice Calls that the actions sent, failed ones included; views are not counted.
    uint256 public transactions;

    Books internal _books;
    /// The block of now. Solidity takes `block.number` for constant in a transaction.
    uint256 internal _blockNumber;
    uint256 private _highestRound;
    /// Rounds that NewRound was seen for.
    uint256 private _lastInitializedRound;

    constructor(Protocol memory protocol, Cast memory cast) Stage(protocol, cast) {
        _blockNumber = block.number;
        _lastInitializedRound = rounds.lastInitializedRound();
    }

    /// @dev Each action has a block of its own, as transactions of the other engines have.
    modifier inNextBlock() {
        _rollTo(_blockNumber + 1);
        _;
    }

    /// @dev As `inNextBlock`, and makes sure that little stands in the way: the system runs, the round is initialized.
    modifier whileRunning() {
        _rollTo(_blockNumber + 1);
        if (controller.paused()) {
            _must(_call(controller.owner(), address(controller), 0, abi.encodeCall(controller.unpause, ())));
        }
        if (!rounds.currentRoundInitialized()) _must(_initializeRound(deployer));
        _;
    }

    /// @inheritdoc IBooks
    function books() external view returns (Books memory) {
        return _books;
    }

    function _rollTo(uint256 blockNumber) internal {
        _blockNumber = blockNumber;
        VM.roll(blockNumber);
        uint256 round = rounds.currentRound();
        _holds(
            round >= _highestRound, "ROUND-1 the round number never falls", address(0), round, _highestRound
        );
        _highestRound = round;
    }

    // --- calls ---

    function _call(address sender, address to, uint256 value, bytes memory data)
        internal
        returns (Outcome memory came)
    {
        ++transactions;
        VM.prank(sender);
        (came.ok, came.answer) = to.call{value: value}(data);
        if (came.ok) ++succeeded[bytes4(data)];
        else ++failed[bytes4(came.answer)];
    }

    /// @dev Passes an unexpected revert on, which ends the run.
    function _must(Outcome memory came) internal pure {
        if (came.ok) return;
        bytes memory answer = came.answer;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    function _tell(address sender, bytes memory data) internal returns (Outcome memory) {
        return _call(sender, address(manager), 0, data);
    }

    // --- rounds ---

    function _initializeRound(address sender) internal returns (Outcome memory came) {
        uint256 inflation = minter.inflation();
        came = _call(sender, address(rounds), 0, abi.encodeCall(rounds.initializeRound, ()));
        if (!came.ok) return came;
        uint256 round = rounds.lastInitializedRound();
        _holds(
            round > _lastInitializedRound && round == rounds.currentRound(),
            "ROUND-3 NewRound only for the current, once",
            address(0),
            round,
            _lastInitializedRound
        );
        _lastInitializedRound = round;
        _books.mintedInRound = 0;
        _checkInflation(inflation, minter.inflation());
        _equal(
            minter.currentMintableTokens(),
            token.totalSupply() * minter.inflation() / PPB,
            "MINT-3 a new round may mint the part of the supply that inflation is"
        );
        uint256 stake;
        uint256 size;
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (!manager.isActiveTranscoder(accounts[i])) continue;
            stake += _delegated(accounts[i]);
            ++size;
        }
        _equal(
            manager.currentRoundTotalActiveStake(),
            stake,
            "POOL-6 total active stake = delegated to the active"
        );
        _equal(manager.currentRoundActiveSetSize(), size, "POOL-6 size of the active set");
    }

    function _checkInflation(uint256 was, uint256 found) private view {
        uint256 bondingRate = manager.currentRoundTotalActiveStake() * PPB / token.totalSupply();
        uint256 target = minter.targetBondingRate();
        uint256 change = minter.inflationChange();
        uint256 expected = was;
        if (bondingRate < target) expected = was + change;
        if (bondingRate > target) expected = was > change ? was - change : 0;
        _equal(found, expected, "MINT-2 inflation moves by one step towards the target, never below zero");
    }

    // --- bonds ---

    /// @dev `payer` bonds for `account`; with a plain `bond` where they are the same.
    function _bond(address payer, uint256 amount, address account, address to)
        internal
        returns (Outcome memory came)
    {
        address old = _recordOf(account).delegate;
        uint256 stake = _delegated(to) + (old == to ? 0 : _delegated(old));
        uint256 custody = token.balanceOf(address(minter));
        came = _tell(
            payer,
            payer == account
                ? abi.encodeCall(manager.bond, (amount, to))
                : abi.encodeCall(
                    manager.bondForWithHint,
                    (amount, account, to, address(0), address(0), address(0), address(0))
                )
        );
        if (!came.ok) return came;
        _books.lptIn += amount;
        uint256 grown = _delegated(to) + (old == to ? 0 : _delegated(old)) - stake;
        _equal(grown, amount, "BOND-10 a bond raises delegated stake by exactly what is paid");
        _equal(token.balanceOf(address(minter)) - custody, amount, "BOND-5 the Minter gets what is paid");
    }

    function _unbond(address sender, uint256 amount) internal returns (Outcome memory came) {
        uint256 lockId = _recordOf(sender).nextUnbondingLockId;
        came = _tell(sender, abi.encodeCall(manager.unbond, (amount)));
        if (!came.ok) return came;
        (uint256 locked, uint256 withdrawRound) = manager.getDelegatorUnbondingLock(sender, lockId);
        _equal(locked, amount, "BOND-9 a lock holds what was unbonded");
        _equal(
            withdrawRound, rounds.currentRound() + manager.unbondingPeriod(), "BOND-9 and waits the period"
        );
    }

    function _rebond(address sender, uint256 lockId) internal returns (Outcome memory came) {
        came = _tell(sender, abi.encodeCall(manager.rebond, (lockId)));
        if (came.ok) _checkLockIsGone(sender, lockId);
    }

    function _rebondFromUnbonded(address sender, address to, uint256 lockId)
        internal
        returns (Outcome memory came)
    {
        came = _tell(sender, abi.encodeCall(manager.rebondFromUnbonded, (to, lockId)));
        if (came.ok) _checkLockIsGone(sender, lockId);
    }

    function _transferBond(address sender, address receiver, uint256 amount)
        internal
        returns (Outcome memory came)
    {
        uint256 senderStake = _pendingStake(sender);
        uint256 receiverStake = _pendingStake(receiver);
        uint256 custody = token.balanceOf(address(minter));
        came = _tell(
            sender,
            abi.encodeCall(
                manager.transferBond, (receiver, amount, address(0), address(0), address(0), address(0))
            )
        );
        if (!came.ok) return came;
        _equal(token.balanceOf(address(minter)), custody, "BOND-11 a transfer moves no tokens");
        if (sender == receiver) return came;
        _equal(
            _pendingStake(sender) + amount, senderStake, "BOND-11 a transfer takes x from the sender's stake"
        );
        _equal(
            _pendingStake(receiver),
            receiverStake + amount,
            "BOND-11 a transfer adds x to the receiver's stake"
        );
    }

    function _withdrawStake(address sender, uint256 lockId) internal returns (Outcome memory came) {
        (uint256 amount, uint256 withdrawRound) = manager.getDelegatorUnbondingLock(sender, lockId);
        uint256 balance = token.balanceOf(sender);
        came = _tell(sender, abi.encodeCall(manager.withdrawStake, (lockId)));
        if (!came.ok) return came;
        _books.lptOut += amount;
        _atMost(withdrawRound, rounds.currentRound(), "BOND-12 not before its round");
        _equal(token.balanceOf(sender) - balance, amount, "BOND-12 a withdrawal pays the lock's amount");
        _checkLockIsGone(sender, lockId);
    }

    function _checkLockIsGone(address sender, uint256 lockId) private view {
        (uint256 amount,) = manager.getDelegatorUnbondingLock(sender, lockId);
        _holds(
            amount == 0 && !manager.isValidUnbondingLock(sender, lockId),
            "BOND-12 a lock that was used is gone",
            sender,
            amount,
            0
        );
    }

    // --- earnings ---

    function _claim(address sender) internal returns (Outcome memory came) {
        (uint256 stake, uint256 fees) = _pending();
        uint256 ownStake = _pendingStake(sender);
        came = _tell(sender, abi.encodeCall(manager.claimEarnings, (0)));
        if (!came.ok) return came;
        (uint256 stakeAfter, uint256 feesAfter) = _pending();
        _equal(stakeAfter, stake, "EARN-6 a claim changes nobody's pending stake");
        _equal(feesAfter, fees, "EARN-6 a claim changes nobody's pending fees");
        _equal(_pendingStake(sender), ownStake, "EARN-6 nor the claimant's");
    }

    function _withdrawFees(address sender, address recipient, uint256 amount)
        internal
        returns (Outcome memory came)
    {
        uint256 balance = recipient.balance;
        came = _tell(sender, abi.encodeCall(manager.withdrawFees, (payable(recipient), amount)));
        if (!came.ok) return came;
        _books.feesOutWei += amount;
        _equal(recipient.balance - balance, amount, "MINT-5 a withdrawal of fees pays what it says");
    }

    function _reward(address sender, address account) internal returns (Outcome memory came) {
        uint256 supply = token.totalSupply();
        uint256 toTreasury = token.balanceOf(treasury);
        (uint256 stake,) = _pending();
        uint256 slack = _rounding();
        came = _tell(
            sender,
            sender == account
                ? abi.encodeCall(manager.reward, ())
                : abi.encodeCall(manager.rewardForTranscoder, (account))
        );
        if (!came.ok) return came;
        uint256 minted = token.totalSupply() - supply;
        toTreasury = token.balanceOf(treasury) - toTreasury;
        _books.lptIn += minted;
        _books.mintedInRound += minted;
        _books.lptOut += toTreasury;
        (uint256 stakeAfter,) = _pending();
        string memory claim = "EARN-8 a reward raises pending stake by at most what is minted for it";
        _atMost(stake, stakeAfter, claim);
        _atMost(stakeAfter - stake, minted - toTreasury + slack, claim);
    }

    function _slash(address sender, address account, address finder, uint256 sharePpm, uint256 finderPpm)
        internal
        returns (Outcome memory came)
    {
        uint256 penalty = _settledStake(account) * sharePpm / PPM;
        uint256 forFinder = finder == address(0) ? 0 : penalty * finderPpm / PPM;
        uint256 supply = token.totalSupply();
        uint256 balance = token.balanceOf(finder);
        came = _tell(sender, abi.encodeCall(manager.slashTranscoder, (account, finder, sharePpm, finderPpm)));
        if (!came.ok) return came;
        _books.lptOut += penalty;
        _equal(
            supply - token.totalSupply(), penalty - forFinder, "MINT-4 what the finder does not get is burnt"
        );
        _equal(
            token.balanceOf(finder) - balance, forFinder, "BOND-1 the finder gets its share of the penalty"
        );
        _holds(!_isInPool(account), "POOL-4 who is slashed leaves the pool", account, 1, 0);
    }

    /// @dev Sums over all accounts.
    function _pending() internal view returns (uint256 stake, uint256 fees) {
        for (uint256 i = 0; i < accounts.length; ++i) {
            stake += _pendingStake(accounts[i]);
            fees += _pendingFees(accounts[i]);
        }
    }

    /// @dev Most by which pending amounts may grow too much in one step: what earlier roundings left over, less than
    /// 1 by the last rounding and less than bonded / 10^27 by that of the ratio, for each delegator.
    function _rounding() internal view returns (uint256 sum) {
        for (uint256 i = 0; i < accounts.length; ++i) {
            uint256 bonded = _recordOf(accounts[i]).bondedAmount;
            if (bonded > 0) sum += 2 + bonded / RAY;
        }
    }

    // --- readings ---

    function _recordOf(address account) internal view returns (DelegatorRecord memory) {
        return records.getDelegator(account);
    }

    function _orchestrator(address account) internal view returns (OrchestratorRecord memory) {
        return records.getTranscoder(account);
    }

    function _isInPool(address account) internal view returns (bool) {
        return _orchestrator(account).deactivationRound == NEVER;
    }

    function _hasRewarded(address account) internal view returns (bool) {
        return _orchestrator(account).lastRewardRound == rounds.currentRound();
    }

    /// @dev The bond after a claim through the current round, which every change of a bond begins with.
    function _settledStake(address account) internal view returns (uint256) {
        DelegatorRecord memory record = _recordOf(account);
        return record.lastClaimRound == rounds.currentRound() ? record.bondedAmount : _pendingStake(account);
    }
}
