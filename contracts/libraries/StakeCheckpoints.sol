// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Round} from "../types/Round.sol";

/// @dev Stake of an account from the start of a round on.
struct StakeCheckpoint {
    // --- slot 0 ---
    address delegate;
    Round startRound;
    Round lastClaimRound;
    Round lastRewardRound;
    // --- slot 1 ---
    /// LPT.
    uint112 bondedAmount;
    /// LPT.
    uint112 delegatedAmount;
}

/// @dev Total active stake of an initialized round.
struct TotalStakeCheckpoint {
    // --- slot 0 ---
    Round round;
    /// LPT.
    uint112 totalStake;
}

/// @title StakeCheckpoints
/// @notice Checkpoints in ascending order of rounds, at most one a round: a later one replaces that of its round.
library StakeCheckpoints {
    /// @notice Thrown when checkpoints would run backwards. The clock does not.
    error DecreasingValues(uint256 newValue, uint256 lastValue);

    /// @notice Writes `current`, unless it says what the last checkpoint says.
    /// @return previous The checkpoint that held until now; all zero when there was none.
    function write(StakeCheckpoint[] storage self, StakeCheckpoint memory current)
        internal
        returns (StakeCheckpoint memory previous)
    {
        uint256 count = self.length;
        if (count == 0) {
            self.push(current);
            return previous;
        }
        previous = self[count - 1];
        if (previous.startRound == current.startRound) {
            self[count - 1] = current;
        } else {
            _requireAscending(previous.startRound, current.startRound);
            if (!_saysTheSame(previous, current)) self.push(current);
        }
    }

    /// @notice The checkpoint in force at the start of `round`; all zero when there is none.
    function lookup(StakeCheckpoint[] storage self, uint256 round)
        internal
        view
        returns (StakeCheckpoint memory)
    {
        uint256 low = 0;
        uint256 high = self.length;
        // Most questions are about the present.
        if (high > 0 && self[high - 1].startRound.toUint256() <= round) return self[high - 1];
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (self[middle].startRound.toUint256() <= round) low = middle + 1;
            else high = middle;
        }
        StakeCheckpoint memory none;
        return low == 0 ? none : self[low - 1];
    }

    /// @notice Notes the total of `round`.
    function write(TotalStakeCheckpoint[] storage self, Round round, uint112 totalStake) internal {
        uint256 count = self.length;
        if (count > 0) {
            Round last = self[count - 1].round;
            if (last == round) {
                self[count - 1].totalStake = totalStake;
                return;
            }
            _requireAscending(last, round);
        }
        self.push(TotalStakeCheckpoint(round, totalStake));
    }

    /// @notice The total at the start of `round`. Stake stands still while rounds are skipped: a round that was not
    /// initialized has the total of the next one that was.
    /// @return isAfterLast True when `round` lies after the last total: then the answer is not known here.
    function lookup(TotalStakeCheckpoint[] storage self, uint256 round)
        internal
        view
        returns (bool isAfterLast, uint256 totalStake)
    {
        uint256 count = self.length;
        if (count == 0 || round < self[0].round.toUint256()) return (false, 0);
        uint256 position = _firstNotBefore(self, round);
        if (position == count) return (true, 0);
        return (false, self[position].totalStake);
    }

    /// @notice Whether there is a total of exactly `round`.
    function has(TotalStakeCheckpoint[] storage self, uint256 round) internal view returns (bool) {
        uint256 position = _firstNotBefore(self, round);
        return position < self.length && self[position].round.toUint256() == round;
    }

    function _firstNotBefore(TotalStakeCheckpoint[] storage self, uint256 round)
        private
        view
        returns (uint256 low)
    {
        uint256 high = self.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (self[middle].round.toUint256() < round) low = middle + 1;
            else high = middle;
        }
    }

    function _requireAscending(Round last, Round added) private pure {
        require(last < added, DecreasingValues(added.toUint256(), last.toUint256()));
    }

    function _saysTheSame(StakeCheckpoint memory a, StakeCheckpoint memory b) private pure returns (bool) {
        return a.delegate == b.delegate && a.lastClaimRound == b.lastClaimRound
            && a.lastRewardRound == b.lastRewardRound && a.bondedAmount == b.bondedAmount
            && a.delegatedAmount == b.delegatedAmount;
    }
}
