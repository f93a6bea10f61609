// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Minter} from "../../token/Minter.sol";

/// @title Minter__MutantSixDigits
/// @notice Planted fault (R5): shares have six digits.
contract Minter__MutantSixDigits is Minter {
    constructor(address _controller, uint256 _inflation, uint256 _inflationChange, uint256 _targetBondingRate)
        Minter(_controller, _inflation, _inflationChange, _targetBondingRate)
    {}

    function createReward(uint256 _fracNum, uint256 _fracDenom) external override returns (uint256 reward) {
        Issuance storage issuance = _minterStorage().issuance;
        uint256 mintableTokens = issuance.mintableTokens;
        reward = (mintableTokens * ((_fracNum * 1e6) / _fracDenom)) / 1e6;
        require(
            issuance.mintedTokens + reward <= mintableTokens,
            RewardExceedsMintableTokens(reward, issuance.mintedTokens, mintableTokens)
        );
        issuance.mintedTokens += uint112(reward);
        _token().mint(address(this), reward);
    }
}
