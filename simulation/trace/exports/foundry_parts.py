"""The parts of a Solidity test that are the same in all of them."""

PRELUDE = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;
"""

CHEAT_CODES = """/// @dev The cheat codes of Foundry that are used here.
interface Vm {
    function roll(uint256 blockNumber) external;
    function warp(uint256 timestamp) external;
    function setBlockhash(uint256 blockNumber, bytes32 blockHash) external;
    function setNonce(address account, uint64 nonce) external;
    function deal(address account, uint256 balance) external;
    function prank(address sender) external;
    function expectRevert(bytes calldata data) external;
    function expectEmit(address emitter) external;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function envOr(string calldata name, string calldata fallbackValue) external view returns (string memory);
    function toString(uint256 value) external pure returns (string memory);

    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }
}
"""

HELPERS = """    // ---- how the trace is played

    /// @dev The block that the next call sees, 12 seconds after the one before. The hash of block n is keccak256("n").
    function _enter(uint256 blockNumber) private {
        vm.roll(blockNumber);
        vm.warp(1_700_000_000 + 12 * blockNumber);
        vm.setBlockhash(blockNumber - 1, keccak256(bytes(vm.toString(blockNumber - 1))));
    }

    function _create(
        uint256 blockNumber,
        address creator,
        uint64 nonce,
        string memory file,
        string memory name,
        bytes memory arguments,
        address expected
    ) private {
        _enter(blockNumber);
        bytes memory code = bytes.concat(_code(file, name), arguments);
        vm.setNonce(creator, nonce);
        vm.prank(creator);
        address created;
        assembly ("memory-safe") {
            created := create(0, add(code, 32), mload(code))
        }
        require(created == expected, string.concat(name, " was not created where the trace has it"));
    }

    /// @dev Of this Foundry project; or of the JSON files NAME.json in the folder that TRACE_ARTIFACTS names.
    function _code(string memory file, string memory name) private view returns (bytes memory) {
        string memory folder = vm.envOr("TRACE_ARTIFACTS", "");
        bool isHere = bytes(folder).length == 0;
        return vm.getCode(isHere ? string.concat(file, ":", name) : string.concat(folder, "/", name, ".json"));
    }

    function _send(uint256 blockNumber, address sender, address to, uint256 value, bytes memory data) private {
        _enter(blockNumber);
        vm.prank(sender);
        (bool success,) = to.call{value: value}(data);
        require(success, "a transaction of the deployment failed");
    }

    /// @dev What a view must answer.
    function _see(string memory name, address target, bytes memory data, bytes memory expected) private view {
        (, bytes memory found) = target.staticcall(data);
        if (keccak256(found) != keccak256(expected)) {
            revert Differs(name, found, expected);
        }
    }

    function _seeWei(string memory name, address account, uint256 expected) private view {
        if (account.balance != expected) {
            revert Differs(name, abi.encode(account.balance), abi.encode(expected));
        }
    }
}
"""
