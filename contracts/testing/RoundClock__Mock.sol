// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// The functions are named after what they do and are called by tests only.
// solhint-disable use-natspec

/// @title RoundClock__Mock
/// @notice The part of the RoundsManager that BondingVotes asks; the test sets the round.
contract RoundClock__Mock {
    uint256 public currentRound;

    function setRound(uint256 round) external {
        currentRound = round;
    }
}
