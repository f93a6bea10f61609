// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContractIds} from "../libraries/ContractIds.sol";
import {ManagerProxyTarget} from "../registry/ManagerProxyTarget.sol";

/// @title ManagerProxyTarget__HarnessA
/// @notice A target with state of several types, that shows what a call through a proxy sees. It reads the entries of
/// Minter and LivepeerToken, and does not take plain ETH.
contract ManagerProxyTarget__HarnessA is ManagerProxyTarget {
    struct Record {
        uint64 number;
        address account;
        string text;
    }

    struct HarnessStorage {
        uint256 number;
        bytes data;
        mapping(address account => Record) records;
    }

    event Noted(address indexed sender, uint256 value, bytes data);

    error Failed(address sender, uint256 value, bytes data);

    bytes32 private constant HARNESS_STORAGE = keccak256("livepeer.testing.ManagerProxyTargetHarness");

    constructor(address controller_) ManagerProxyTarget(controller_) {}

    function setNumber(uint256 number_) external {
        _harnessStorage().number = number_;
    }

    function setData(bytes calldata data_) external {
        _harnessStorage().data = data_;
    }

    function setRecord(uint64 number_, string calldata text) external {
        _harnessStorage().records[msg.sender] = Record(number_, msg.sender, text);
    }

    function number() external view returns (uint256) {
        return _harnessStorage().number;
    }

    function data() external view returns (bytes memory) {
        return _harnessStorage().data;
    }

    function record(address account) external view returns (uint64, address, string memory) {
        Record storage found = _harnessStorage().records[account];
        return (found.number, found.account, found.text);
    }

    /// @notice Keeps the ETH, emits `Noted`, and returns what it sees.
    function note(bytes calldata data_)
        external
        payable
        returns (address sender, address self, uint256 value)
    {
        emit Noted(msg.sender, msg.value, data_);
        return (msg.sender, address(this), msg.value);
    }

    function fail(bytes calldata data_) external payable {
        revert Failed(msg.sender, msg.value, data_);
    }

    /// @notice Reverts with exactly `raw`.
    function failRaw(bytes calldata raw) external pure {
        bytes memory copied = raw;
        assembly ("memory-safe") {
            revert(add(copied, 32), mload(copied))
        }
    }

    function registered(bytes32 id) external view returns (address) {
        return _registered(id);
    }

    function registeredOrZero(bytes32 id) external view returns (address) {
        return _registeredOrZero(id);
    }

    function requireRunning() external view whenSystemNotPaused {}

    function version() external pure virtual returns (string memory) {
        return "A";
    }

    function contractDependencies() external pure virtual override returns (bytes32[] memory ids) {
        ids = new bytes32[](2);
        ids[0] = ContractIds.MINTER;
        ids[1] = ContractIds.LIVEPEER_TOKEN;
    }

    function _harnessStorage() private pure returns (HarnessStorage storage $) {
        bytes32 slot = HARNESS_STORAGE;
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}
