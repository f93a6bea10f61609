// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title SilentToken__Mock
/// @notice A token that answers false instead of reverting, and counts what it is asked for.
contract SilentToken__Mock {
    uint256 public transferCalls;
    uint256 public mintCalls;
    uint256 public totalSupply;

    function setTotalSupply(uint256 supply) external {
        totalSupply = supply;
    }

    function transfer(address, uint256) external returns (bool) {
        ++transferCalls;
        return false;
    }

    function mint(address, uint256) external returns (bool) {
        ++mintCalls;
        return false;
    }

    function balanceOf(address) external pure returns (uint256) {
        return 1;
    }
}
