// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

// The functions are named after what they do and are called by tests only.
// solhint-disable use-natspec

/// @title ContractWallet__Mock
/// @notice An account that has code and no key: it has signed what the test says it has.
contract ContractWallet__Mock is IERC1271 {
    mapping(bytes32 digest => bool) private _isSigned;

    function setSigned(bytes32 digest) external {
        _isSigned[digest] = true;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return _isSigned[digest] ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
