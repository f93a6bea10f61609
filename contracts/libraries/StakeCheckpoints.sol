// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Round} from "../types/Round.sol";
import {RoundHistory} from "./RoundHistory.sol";

/// @dev Stake of an account from the start of a round on.
struct StakeCheckpoint {
    address delegate;
    Round lastClaimRound;
    Round lastRewardRound;
    /// LPT.
    uint112 bondedAmount;
    /// LPT.
    uint112 delegatedAmount;
}

/// @title StakeCheckpoints
/// @notice Checkpoints of all accounts: at most one a round for each, and none that says what the one before says.
/// @dev A checkpoint is kept in two halves, each a history of its own with one word an entry, since most operations
/// change only one of them: what the account has bonded, and what is delegated to it. To fit in a word the delegate
/// goes by a number; there are far fewer delegates than checkpoints.
library StakeCheckpoints {
    using RoundHistory for RoundHistory.History;
    using SafeCast for uint256;

    struct Checkpoints {
        // --- slot 0 ---
        /// Bits 0 to 111: bonded amount. Bits 112 to 143: last claim round. Bits 144 to 175: number of the delegate.
        /// Bit 176: set, so that no checkpoint is taken for none.
        mapping(address account => RoundHistory.History) bonds;
        // --- slot 1 ---
        /// Bits 0 to 111: delegated amount. Bits 112 to 143: last reward round.
        mapping(address account => RoundHistory.History) delegations;
        // --- slot 2 ---
        /// From FIRST_NUMBER on; zero for an address that nobody else has delegated to.
        mapping(address delegate => uint256 number) delegateNumbers;
        // --- slot 3 ---
        /// The delegates in the order of their numbers.
        address[] delegates;
    }

    uint256 private constant ROUND_SHIFT = 112;
    uint256 private constant DELEGATE_SHIFT = 144;
    uint192 private constant BOND_CHECKPOINT = 1 << 176;

    uint256 private constant NOBODY = 0;
    /// @dev The account is its own delegate.
    uint256 private constant ITSELF = 1;
    uint256 private constant FIRST_NUMBER = 2;

    /// @notice Writes `current`, which holds from the start of `startRound` on.
    /// @return previous The checkpoint that held until now; all zero when there was none.
    function write(
        Checkpoints storage self,
        address account,
        Round startRound,
        StakeCheckpoint memory current
    ) internal returns (StakeCheckpoint memory previous) {
        uint256 number = _numberOf(self, account, current.delegate);
        uint256 bond = self.bonds[account].write(startRound, _packBond(current, number));
        uint256 delegation = self.delegations[account].write(startRound, _packDelegation(current));
        _unpackAmounts(previous, bond, delegation);
        uint256 previousNumber = _delegateNumber(bond);
        previous.delegate =
            previousNumber == number ? current.delegate : _delegateOf(self, account, previousNumber);
    }

    /// @notice The checkpoint of `account` in force at the start of `round`; all zero when there is none.
    function lookup(Checkpoints storage self, address account, uint256 round)
        internal
        view
        returns (StakeCheckpoint memory checkpoint)
    {
        uint256 bond = self.bonds[account].valueAt(round);
        _unpackAmounts(checkpoint, bond, self.delegations[account].valueAt(round));
        checkpoint.delegate = _delegateOf(self, account, _delegateNumber(bond));
    }

    /// @notice Whether `account` has ever had a checkpoint.
    function has(Checkpoints storage self, address account) internal view returns (bool) {
        return !self.bonds[account].isEmpty();
    }

    function _packBond(StakeCheckpoint memory checkpoint, uint256 number) private pure returns (uint192) {
        return BOND_CHECKPOINT | checkpoint.bondedAmount
            | uint192(checkpoint.lastClaimRound.toUint256() << ROUND_SHIFT)
            | uint192(number << DELEGATE_SHIFT);
    }

    function _packDelegation(StakeCheckpoint memory checkpoint) private pure returns (uint192) {
        return checkpoint.delegatedAmount | uint192(checkpoint.lastRewardRound.toUint256() << ROUND_SHIFT);
    }

    function _unpackAmounts(StakeCheckpoint memory checkpoint, uint256 bond, uint256 delegation)
        private
        pure
    {
        checkpoint.bondedAmount = uint112(bond);
        checkpoint.lastClaimRound = Round.wrap(uint32(bond >> ROUND_SHIFT));
        checkpoint.delegatedAmount = uint112(delegation);
        checkpoint.lastRewardRound = Round.wrap(uint32(delegation >> ROUND_SHIFT));
    }

    function _delegateNumber(uint256 bond) private pure returns (uint256) {
        return uint32(bond >> DELEGATE_SHIFT);
    }

    /// @dev Gives `delegate` a number if it has none.
    function _numberOf(Checkpoints storage self, address account, address delegate)
        private
        returns (uint256 number)
    {
        if (delegate == address(0)) return NOBODY;
        if (delegate == account) return ITSELF;
        number = self.delegateNumbers[delegate];
        if (number == 0) {
            number = SafeCast.toUint32(FIRST_NUMBER + self.delegates.length);
            self.delegateNumbers[delegate] = number;
            self.delegates.push(delegate);
        }
    }

    function _delegateOf(Checkpoints storage self, address account, uint256 number)
        private
        view
        returns (address)
    {
        if (number == NOBODY) return address(0);
        if (number == ITSELF) return account;
        return self.delegates[number - FIRST_NUMBER];
    }
}
