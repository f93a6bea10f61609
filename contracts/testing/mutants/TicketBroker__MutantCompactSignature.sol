// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {TicketBroker} from "../../payments/TicketBroker.sol";

/// @title TicketBroker__MutantCompactSignature
/// @notice Planted fault (P2): the compact encoding of a signature (ERC-2098) is accepted too.
contract TicketBroker__MutantCompactSignature is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _recover(bytes32 digest, bytes calldata sig)
        internal
        pure
        override
        returns (address signer, bytes memory failure)
    {
        if (sig.length != 64) return super._recover(digest, sig);
        (signer,,) = ECDSA.tryRecover(digest, bytes32(sig[:32]), bytes32(sig[32:]));
    }
}
