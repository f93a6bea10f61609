// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Minter} from "../../token/Minter.sol";

/// @title Minter__MutantAnybodyTransfers
/// @notice Planted fault (R8): who asks for tokens is not looked at.
contract Minter__MutantAnybodyTransfers is Minter {
    constructor(address _controller, uint256 _inflation, uint256 _inflationChange, uint256 _targetBondingRate)
        Minter(_controller, _inflation, _inflationChange, _targetBondingRate)
    {}

    function trustedTransferTokens(address _to, uint256 _amount) external override whenSystemNotPaused {
        _token().transfer(_to, _amount);
    }
}
