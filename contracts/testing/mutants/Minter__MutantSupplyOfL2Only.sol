// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Minter} from "../../token/Minter.sol";
import {Ppb} from "../../types/Ppb.sol";

/// @title Minter__MutantSupplyOfL2Only
/// @notice Planted fault (R1): the bonding rate is that of the global supply, the mintable tokens those of L2.
contract Minter__MutantSupplyOfL2Only is Minter {
    constructor(address _controller, uint256 _inflation, uint256 _inflationChange, uint256 _targetBondingRate)
        Minter(_controller, _inflation, _inflationChange, _targetBondingRate)
    {}

    function setCurrentRewardTokens() external override {
        MinterStorage storage $ = _minterStorage();
        Ppb inflation_ = _nextInflation($.rates, getGlobalTotalSupply());
        $.rates.inflation = inflation_;
        $.issuance = Issuance(SafeCast.toUint112(inflation_.partDown(_token().totalSupply())), 0);
    }
}
