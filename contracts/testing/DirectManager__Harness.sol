// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContractIds} from "../libraries/ContractIds.sol";
import {DirectManager} from "../registry/DirectManager.sol";

/// @title DirectManager__Harness
/// @notice Every guard and look-up of a Manager as a function. It reads the entries of Minter and LivepeerToken.
contract DirectManager__Harness is DirectManager {
    constructor(address controller_) DirectManager(controller_) {}

    function guardController() external view onlyController {}

    function guardControllerOwner() external view onlyControllerOwner {}

    function guardRunning() external view whenSystemNotPaused {}

    function guardPaused() external view whenSystemPaused {}

    function guardCaller(bytes32 id) external view {
        _requireCaller(id);
    }

    function guardEitherCaller(bytes32 firstId, bytes32 secondId) external view {
        _requireEitherCaller(firstId, secondId);
    }

    function registered(bytes32 id) external view returns (address) {
        return _registered(id);
    }

    function registeredOrZero(bytes32 id) external view returns (address) {
        return _registeredOrZero(id);
    }

    function emitParameterUpdate(string calldata param, uint256 previousValue, uint256 newValue) external {
        _emitParameterUpdate(param, previousValue, newValue);
    }

    function registrySubscriptions() external pure override returns (bytes32[] memory ids) {
        ids = new bytes32[](2);
        ids[0] = ContractIds.MINTER;
        ids[1] = ContractIds.LIVEPEER_TOKEN;
    }

    function _mainCollaborator() internal pure override returns (bytes32) {
        return ContractIds.MINTER;
    }
}
