// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Delegator, Orchestrator} from "../types/BondingState.sol";

/// @title OrchestratorPool
/// @notice The orchestrators that will be active in the next round: at most `maxSize` of them, ranked by stake, and
/// among equal stakes by who joined earlier (DEV-10).
/// @dev Members stand in no order. A stake changes on almost every operation, yet who is last matters only when a
/// full pool is challenged, and the rest of the order only to views. So a change costs one write at most: each member
/// has a 32-bit key, eight of them in a slot: its stake in units of 0.07 LPT, up to 300 million LPT. The last member is
/// found by its key; exact stakes (`Delegator.delegatedAmount`) are read only where keys are equal.
library OrchestratorPool {
    struct Pool {
        // --- slot 0 ---
        uint16 size;
        uint16 maxSize;
        /// Counts joins; tells who of two members joined earlier.
        uint32 joinCount;
        /// LPT: sum of the members' stakes, the total active stake of the next round.
        uint112 totalStake;
        // --- slot 1 ---
        mapping(uint256 position => Member) members;
        // --- slot 2 ---
        /// Keys of the members at positions 8 n + 1 to 8 n + 8, the lowest in the lowest bits.
        mapping(uint256 n => uint256 keys) keys;
    }

    struct Member {
        // --- slot 0 ---
        address orchestrator;
        /// `joinCount` when it joined.
        uint32 joinNumber;
    }

    uint256 private constant KEY_BITS = 32;
    uint256 private constant KEY_MASK = 0xffffffff;
    uint256 private constant KEYS_PER_SLOT = 8;
    /// @dev A key counts units of 2**56 base units.
    uint256 private constant KEY_UNIT_BITS = 56;

    function isFull(Pool storage self) internal view returns (bool) {
        return self.size >= self.maxSize;
    }

    /// @dev Adds `orchestrator` with `stake` at the free end. The caller has made sure that there is room.
    function add(Pool storage self, Orchestrator storage state, address orchestrator, uint256 stake)
        internal
    {
        uint16 position = self.size + 1;
        uint32 joinNumber = self.joinCount;
        self.size = position;
        self.joinCount = joinNumber + 1;
        self.totalStake = SafeCast.toUint112(self.totalStake + stake);
        self.members[position] = Member(orchestrator, joinNumber);
        _setKey(self, position, keyOf(stake));
        state.poolPosition = position;
    }

    /// @dev Removes the member at `state.poolPosition`, whose stake is `stake`; the member at the end takes its place.
    function remove(
        Pool storage self,
        mapping(address orchestrator => Orchestrator) storage orchestrators,
        Orchestrator storage state,
        uint256 stake
    ) internal {
        uint16 position = state.poolPosition;
        uint16 last = self.size;
        if (position != last) {
            Member memory moved = self.members[last];
            self.members[position] = moved;
            _setKey(self, position, _key(self, last));
            orchestrators[moved.orchestrator].poolPosition = position;
        }
        delete self.members[last];
        _setKey(self, last, 0);
        self.size = last - 1;
        self.totalStake = SafeCast.toUint112(self.totalStake - stake);
        state.poolPosition = 0;
    }

    /// @dev Gives the place of the member at `leaver.poolPosition`, whose stake is `leaverStake`, to `orchestrator`.
    function replace(
        Pool storage self,
        Orchestrator storage leaver,
        uint256 leaverStake,
        Orchestrator storage state,
        address orchestrator,
        uint256 stake
    ) internal {
        uint16 position = leaver.poolPosition;
        uint32 joinNumber = self.joinCount;
        self.joinCount = joinNumber + 1;
        self.totalStake = SafeCast.toUint112(self.totalStake + stake - leaverStake);
        self.members[position] = Member(orchestrator, joinNumber);
        _setKey(self, position, keyOf(stake));
        leaver.poolPosition = 0;
        state.poolPosition = position;
    }

    /// @dev Takes over that the stake of the member at `position` went from `previousStake` to `stake`.
    function update(Pool storage self, uint256 position, uint256 previousStake, uint256 stake) internal {
        self.totalStake = SafeCast.toUint112(self.totalStake + stake - previousStake);
        _setKey(self, position, keyOf(stake));
    }

    /// @dev The lowest ranked member and its stake; zeros when the pool is empty.
    function lowest(Pool storage self, mapping(address => Delegator) storage delegators)
        internal
        view
        returns (address orchestrator, uint256 stake)
    {
        uint256 size = self.size;
        uint256 lowestKey = type(uint256).max;
        uint256 joinNumber;
        uint256 lowestPosition;
        uint256 keys;
        for (uint256 position = 1; position <= size; ++position) {
            if ((position - 1) % KEYS_PER_SLOT == 0) keys = self.keys[(position - 1) / KEYS_PER_SLOT];
            uint256 key = keys & KEY_MASK;
            keys >>= KEY_BITS;
            if (key > lowestKey) continue;
            if (key == lowestKey) {
                if (orchestrator == address(0)) {
                    (orchestrator, stake, joinNumber) = _exact(self, delegators, lowestPosition);
                }
                (address other, uint256 otherStake, uint256 otherJoin) = _exact(self, delegators, position);
                if (_ranksBefore(stake, joinNumber, otherStake, otherJoin)) {
                    (orchestrator, stake, joinNumber) = (other, otherStake, otherJoin);
                }
            } else {
                lowestKey = key;
                lowestPosition = position;
                orchestrator = address(0);
            }
        }
        if (orchestrator == address(0) && size > 0) {
            (orchestrator, stake,) = _exact(self, delegators, lowestPosition);
        }
    }

    /// @dev The highest ranked member.
    function first(Pool storage self, mapping(address => Delegator) storage delegators)
        internal
        view
        returns (address)
    {
        return _firstAfter(self, delegators, type(uint256).max, 0);
    }

    /// @dev The member ranked right after the one at `position`; zero after the last.
    function next(Pool storage self, mapping(address => Delegator) storage delegators, uint256 position)
        internal
        view
        returns (address)
    {
        (, uint256 stake, uint256 joinNumber) = _exact(self, delegators, position);
        return _firstAfter(self, delegators, stake, joinNumber);
    }

    /// @dev A number of 32 bits that never falls when `stake` grows.
    function keyOf(uint256 stake) internal pure returns (uint256) {
        return Math.min(stake >> KEY_UNIT_BITS, KEY_MASK);
    }

    function _firstAfter(
        Pool storage self,
        mapping(address => Delegator) storage delegators,
        uint256 stakeBound,
        uint256 joinBound
    ) private view returns (address best) {
        uint256 bestStake;
        uint256 bestJoin;
        uint256 size = self.size;
        for (uint256 position = 1; position <= size; ++position) {
            (address member, uint256 stake, uint256 joinNumber) = _exact(self, delegators, position);
            if (!_ranksBefore(stakeBound, joinBound, stake, joinNumber)) continue;
            if (best == address(0) || _ranksBefore(stake, joinNumber, bestStake, bestJoin)) {
                (best, bestStake, bestJoin) = (member, stake, joinNumber);
            }
        }
    }

    function _exact(Pool storage self, mapping(address => Delegator) storage delegators, uint256 position)
        private
        view
        returns (address orchestrator, uint256 stake, uint256 joinNumber)
    {
        Member storage member = self.members[position];
        orchestrator = member.orchestrator;
        joinNumber = member.joinNumber;
        stake = delegators[orchestrator].delegatedAmount;
    }

    function _ranksBefore(uint256 stakeA, uint256 joinA, uint256 stakeB, uint256 joinB)
        private
        pure
        returns (bool)
    {
        return stakeA > stakeB || (stakeA == stakeB && joinA < joinB);
    }

    function _key(Pool storage self, uint256 position) private view returns (uint256) {
        return (self.keys[(position - 1) / KEYS_PER_SLOT] >> _shift(position)) & KEY_MASK;
    }

    function _setKey(Pool storage self, uint256 position, uint256 key) private {
        uint256 n = (position - 1) / KEYS_PER_SLOT;
        uint256 shift = _shift(position);
        self.keys[n] = (self.keys[n] & ~(KEY_MASK << shift)) | (key << shift);
    }

    function _shift(uint256 position) private pure returns (uint256) {
        return ((position - 1) % KEYS_PER_SLOT) * KEY_BITS;
    }
}
