// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Minter} from "../token/Minter.sol";

/// @title ContinuedMinter
/// @notice A Minter that goes on where another one stopped, within a round: orchestrators that have not rewarded yet
/// still can. Otherwise see IMinter.
contract ContinuedMinter is Minter {
    /// @notice Thrown when more was minted than could be.
    error MintedExceedsMintable(uint256 mintedTokens, uint256 mintableTokens);

    /// @param mintableTokens LPT that the current round allots.
    /// @param mintedTokens LPT of it that has been minted.
    constructor(
        address _controller,
        uint256 _inflation,
        uint256 _inflationChange,
        uint256 _targetBondingRate,
        uint256 mintableTokens,
        uint256 mintedTokens
    ) Minter(_controller, _inflation, _inflationChange, _targetBondingRate) {
        require(mintedTokens <= mintableTokens, MintedExceedsMintable(mintedTokens, mintableTokens));
        _minterStorage().issuance = Issuance({
            mintableTokens: SafeCast.toUint112(mintableTokens), mintedTokens: uint112(mintedTokens)
        });
    }
}
