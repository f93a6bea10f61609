// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Minter} from "../../token/Minter.sol";
import {fractionDown} from "../../types/Ppb.sol";

/// @title Minter__MutantCapPerReward
/// @notice Planted fault (R6): the mintable tokens limit each reward, and not their sum.
contract Minter__MutantCapPerReward is Minter {
    constructor(address _controller, uint256 _inflation, uint256 _inflationChange, uint256 _targetBondingRate)
        Minter(_controller, _inflation, _inflationChange, _targetBondingRate)
    {}

    function createReward(uint256 _fracNum, uint256 _fracDenom) external override returns (uint256 reward) {
        Issuance storage issuance = _minterStorage().issuance;
        uint256 mintableTokens = issuance.mintableTokens;
        reward = fractionDown(mintableTokens, _fracNum, _fracDenom);
        require(
            reward <= mintableTokens,
            RewardExceedsMintableTokens(reward, issuance.mintedTokens, mintableTokens)
        );
        issuance.mintedTokens += uint112(reward);
        _token().mint(address(this), reward);
    }
}
