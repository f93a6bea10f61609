// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StateReader__Harness
/// @notice Asks many views in one call: a call from outside costs more than most views.
contract StateReader__Harness {
    /// @notice A view failed, or its answer is not as long as expected.
    /// @param position Offset of its entry.
    error UnexpectedAnswer(uint256 position);

    /// @notice The answers to all entries, one after the other.
    /// @param entries Target (20 bytes), length of the answer (2 bytes), length of the calldata (2 bytes), calldata;
    /// one entry after the other. One without calldata asks for the target's wei.
    /// @return answers Each as long as its entry says.
    function read(bytes calldata entries) external view returns (bytes memory answers) {
        bytes4 failure = UnexpectedAnswer.selector;
        assembly ("memory-safe") {
            answers := mload(0x40)
            let out := add(answers, 0x20)
            let end := add(entries.offset, entries.length)
            for { let at := entries.offset } lt(at, end) {} {
                let head := calldataload(at)
                let target := shr(96, head)
                let answerLength := and(shr(80, head), 0xffff)
                let callLength := and(shr(64, head), 0xffff)
                switch callLength
                case 0 { mstore(out, balance(target)) }
                default {
                    // The calldata lies where the answer will: it is read before that is written.
                    calldatacopy(out, add(at, 24), callLength)
                    let success := staticcall(gas(), target, out, callLength, out, answerLength)
                    if iszero(and(success, eq(returndatasize(), answerLength))) {
                        mstore(0, failure)
                        mstore(4, sub(at, entries.offset))
                        revert(0, 36)
                    }
                }
                out := add(out, answerLength)
                at := add(add(at, 24), callLength)
            }
            mstore(answers, sub(out, add(answers, 0x20)))
            mstore(0x40, and(add(out, 0x1f), not(0x1f)))
        }
    }
}
