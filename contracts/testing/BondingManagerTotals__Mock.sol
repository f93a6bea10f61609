// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title BondingManagerTotals__Mock
/// @notice The part of the BondingManager that a round's initialization calls, with the stake set by the test.
contract BondingManagerTotals__Mock {
    error StakeRefused(uint256 nextTotalBonded);

    uint256 public getTotalBonded;
    uint256 public nextTotalBonded;
    bool public refusesStake;

    /// @notice What `getTotalBonded` answers from now on.
    function setTotalBonded(uint256 totalBonded) external {
        getTotalBonded = totalBonded;
    }

    /// @notice What `getTotalBonded` answers after the next `setCurrentRoundTotalActiveStake`.
    function setNextTotalBonded(uint256 totalBonded) external {
        nextTotalBonded = totalBonded;
    }

    /// @notice Makes `setCurrentRoundTotalActiveStake` revert.
    function refuseStake() external {
        refusesStake = true;
    }

    function setCurrentRoundTotalActiveStake() external {
        require(!refusesStake, StakeRefused(nextTotalBonded));
        getTotalBonded = nextTotalBonded;
    }
}
