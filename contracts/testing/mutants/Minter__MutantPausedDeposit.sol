// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IController} from "../../interfaces/IController.sol";
import {Minter} from "../../token/Minter.sol";

/// @title Minter__MutantPausedDeposit
/// @notice Planted fault (R3): while the system is paused, no ETH can come in.
contract Minter__MutantPausedDeposit is Minter {
    constructor(address _controller, uint256 _inflation, uint256 _inflationChange, uint256 _targetBondingRate)
        Minter(_controller, _inflation, _inflationChange, _targetBondingRate)
    {}

    /// @dev Asks the Controller: a Minter that is not registered yet is not told of a pause.
    function depositETH() public payable override returns (bool) {
        require(!IController(controller()).paused(), SystemPaused());
        return super.depositETH();
    }
}
