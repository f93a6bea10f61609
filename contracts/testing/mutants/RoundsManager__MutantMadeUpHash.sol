// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundsManager} from "../../rounds/RoundsManager.sol";

/// @title RoundsManager__MutantMadeUpHash
/// @notice Planted fault (R10): a block hash that anybody can compute beforehand.
contract RoundsManager__MutantMadeUpHash is RoundsManager {
    constructor(address _controller) RoundsManager(_controller) {}

    function blockHash(uint256 _block) public pure override returns (bytes32) {
        return keccak256(abi.encode(_block));
    }
}
