// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContractIds} from "../libraries/ContractIds.sol";
import {ManagerProxyTarget__HarnessA} from "./ManagerProxyTarget__HarnessA.sol";

/// @title ManagerProxyTarget__HarnessB
/// @notice The next version of HarnessA: the same state, other collaborators (LivepeerToken, Treasury, RoundsManager),
/// and it takes plain ETH.
contract ManagerProxyTarget__HarnessB is ManagerProxyTarget__HarnessA {
    constructor(address controller_) ManagerProxyTarget__HarnessA(controller_) {}

    receive() external payable {}

    function version() external pure override returns (string memory) {
        return "B";
    }

    function contractDependencies() external pure override returns (bytes32[] memory ids) {
        ids = new bytes32[](3);
        ids[0] = ContractIds.LIVEPEER_TOKEN;
        ids[1] = ContractIds.TREASURY;
        ids[2] = ContractIds.ROUNDS_MANAGER;
    }
}
