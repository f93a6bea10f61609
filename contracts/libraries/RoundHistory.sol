// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Round} from "../types/Round.sol";

/// @title RoundHistory
/// @notice A value that changes at the start of rounds, and what it was before: one word for each entry, at most one
/// entry a round. A later one replaces that of its round.
/// @dev The latest entry has a fixed place, so that what most calls ask for is one read away, and no length has to be
/// kept beside it. It moves to `earlier` when an entry of a later round comes.
library RoundHistory {
    struct Entry {
        // --- slot 0 ---
        /// Never zero: nothing is recorded for round 0.
        Round round;
        uint192 value;
        /// How many entries came before.
        uint32 index;
    }

    struct History {
        // --- slot 0 ---
        /// All zero while there is none.
        Entry latest;
        // --- slot 1 ---
        mapping(uint256 index => Entry) earlier;
    }

    /// @notice Thrown when entries would run backwards. The clock does not.
    error DecreasingValues(uint256 newValue, uint256 lastValue);

    /// @notice Writes an entry, unless the value stays what it is.
    /// @return previous The value that held until now; zero when there was none.
    function write(History storage self, Round round, uint192 value) internal returns (uint192 previous) {
        previous = self.latest.value;
        if (value != previous) append(self, round, value);
        else _requireAscending(self.latest.round, round);
    }

    /// @notice Writes an entry whatever its value.
    function append(History storage self, Round round, uint192 value) internal {
        Entry memory latest = self.latest;
        _requireAscending(latest.round, round);
        uint32 index = latest.index;
        if (latest.round != round && latest.round.toUint256() != 0) {
            self.earlier[index] = latest;
            ++index;
        }
        self.latest = Entry(round, value, index);
    }

    /// @notice Whether anything has ever been written.
    function isEmpty(History storage self) internal view returns (bool) {
        return self.latest.round.toUint256() == 0;
    }

    /// @notice The value in force at the start of `round`: that of the last entry until then; zero when there is none.
    function valueAt(History storage self, uint256 round) internal view returns (uint192) {
        Entry memory latest = self.latest;
        if (latest.round.toUint256() <= round) return latest.value;
        uint256 position = _firstNotBefore(self, round + 1, latest.index);
        return position == 0 ? 0 : self.earlier[position - 1].value;
    }

    /// @notice The first entry of `round` or later; all zero when there is none.
    function entryFrom(History storage self, uint256 round) internal view returns (Entry memory) {
        Entry memory latest = self.latest;
        uint256 position = _firstNotBefore(self, round, latest.index);
        if (position < latest.index) return self.earlier[position];
        if (latest.round.toUint256() < round) delete latest;
        return latest;
    }

    function _firstNotBefore(History storage self, uint256 round, uint256 count)
        private
        view
        returns (uint256 low)
    {
        uint256 high = count;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (self.earlier[middle].round.toUint256() < round) low = middle + 1;
            else high = middle;
        }
    }

    function _requireAscending(Round last, Round added) private pure {
        require(last <= added, DecreasingValues(added.toUint256(), last.toUint256()));
    }
}
