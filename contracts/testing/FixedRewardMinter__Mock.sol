// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title FixedRewardMinter__Mock
/// @notice Holds LPT and ETH as the Minter does, and lets the test say what a reward brings. Rewards come out of the
/// LPT that the test has given it.
contract FixedRewardMinter__Mock {
    IERC20 private immutable TOKEN;

    /// @notice What a reward brings, whatever the stake.
    uint256 public rewardAmount;
    uint256 public currentMintableTokens;
    uint256 public currentMintedTokens;

    constructor(IERC20 token) {
        TOKEN = token;
    }

    /// @notice Takes ETH from anybody.
    receive() external payable {}

    /// @notice What a reward brings from now on, and what the round is said to allot.
    function setReward(uint256 amount, uint256 mintable) external {
        rewardAmount = amount;
        currentMintableTokens = mintable;
    }

    function setCurrentRewardTokens() external {
        currentMintedTokens = 0;
    }

    function createReward(uint256, uint256) external returns (uint256) {
        currentMintedTokens += rewardAmount;
        return rewardAmount;
    }

    function depositETH() external payable returns (bool) {
        return true;
    }

    function trustedTransferTokens(address to, uint256 amount) external {
        TOKEN.transfer(to, amount);
    }

    function trustedBurnTokens(uint256 amount) external {
        TOKEN.transfer(address(0xdead), amount);
    }

    function trustedWithdrawETH(address payable to, uint256 amount) external {
        to.transfer(amount);
    }
}
