// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {IGovernor} from "../interfaces/IGovernor.sol";

/// @title Governor
/// @notice See IGovernor.
contract Governor is IGovernor {
    /// @inheritdoc IGovernor
    address public owner;

    /// @inheritdoc IGovernor
    mapping(bytes32 updateHash => uint256 executableFromBlock) public updates;

    constructor() {
        owner = msg.sender;
        emit OwnershipTransferred(address(0), msg.sender);
    }

    modifier onlyOwner() {
        require(msg.sender == owner, CallerNotOwner(msg.sender, owner));
        _;
    }

    /// @inheritdoc IGovernor
    function stage(Update calldata _update, uint256 _delay) external onlyOwner {
        bytes32 updateHash = _hashUpdate(_update);
        require(updates[updateHash] == 0, UpdateAlreadyStaged(updateHash, updates[updateHash]));
        updates[updateHash] = block.number + _delay;

        emit UpdateStaged(_update, _delay);
    }

    /// @inheritdoc IGovernor
    function execute(Update calldata _update) external payable virtual {
        bytes32 updateHash = _hashUpdate(_update);
        uint256 executableFromBlock = _requireStaged(updateHash);
        require(
            block.number >= executableFromBlock,
            UpdateDelayNotExpired(updateHash, block.number, executableFromBlock)
        );
        // Before the calls: one of them may come back here.
        delete updates[updateHash];

        for (uint256 i = 0; i < _update.target.length; ++i) {
            bool success = LowLevelCall.callNoReturn(_update.target[i], _update.value[i], _update.data[i]);
            if (!success) LowLevelCall.bubbleRevert();
        }

        emit UpdateExecuted(_update);
    }

    /// @inheritdoc IGovernor
    function cancel(Update calldata _update) external onlyOwner {
        bytes32 updateHash = _hashUpdate(_update);
        _requireStaged(updateHash);
        delete updates[updateHash];

        emit UpdateCancelled(_update);
    }

    /// @inheritdoc IGovernor
    function transferOwnership(address newOwner) external {
        require(msg.sender == address(this), CallerNotGovernor(msg.sender, address(this)));
        require(newOwner != address(0), NewOwnerIsZero());
        emit OwnershipTransferred(owner, newOwner);
        owner = newOwner;
    }

    function _requireStaged(bytes32 updateHash) internal view returns (uint256 executableFromBlock) {
        executableFromBlock = updates[updateHash];
        require(executableFromBlock != 0, UpdateNotStaged(updateHash));
    }

    function _hashUpdate(Update calldata update) internal pure returns (bytes32) {
        return keccak256(abi.encode(update));
    }
}
