// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// The functions are named after what they do and are called by tests only.
// solhint-disable use-natspec

/// @title BondingManagerFactors__Mock
/// @notice What BondingVotes asks the BondingManager for, said by the test.
contract BondingManagerFactors__Mock {
    uint256 public nextRoundTotalActiveStake;
    mapping(address orchestrator => mapping(uint256 round => uint256)) public rewardFactorOfRound;

    function setNextRoundTotalActiveStake(uint256 stake) external {
        nextRoundTotalActiveStake = stake;
    }

    function setRewardFactor(address orchestrator, uint256 round, uint256 factorRay) external {
        rewardFactorOfRound[orchestrator][round] = factorRay;
    }
}
