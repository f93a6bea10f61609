// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Minter} from "../../token/Minter.sol";

/// @title Minter__MutantProductFirst
/// @notice Planted fault (R4): the mintable tokens are multiplied by the stake before they are divided.
contract Minter__MutantProductFirst is Minter {
    constructor(address _controller, uint256 _inflation, uint256 _inflationChange, uint256 _targetBondingRate)
        Minter(_controller, _inflation, _inflationChange, _targetBondingRate)
    {}

    function createReward(uint256 _fracNum, uint256 _fracDenom) external override returns (uint256 reward) {
        Issuance storage issuance = _minterStorage().issuance;
        uint256 mintableTokens = issuance.mintableTokens;
        reward = (mintableTokens * _fracNum) / _fracDenom;
        require(
            issuance.mintedTokens + reward <= mintableTokens,
            RewardExceedsMintableTokens(reward, issuance.mintedTokens, mintableTokens)
        );
        issuance.mintedTokens += uint112(reward);
        _token().mint(address(this), reward);
    }
}
