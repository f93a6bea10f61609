// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";

/// @title TicketBroker__MutantMalleableSignature
/// @notice Planted fault (P2): a raw recovery accepts both signatures of a pair with s and n - s.
contract TicketBroker__MutantMalleableSignature is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _recover(bytes32 digest, bytes calldata sig)
        internal
        pure
        override
        returns (address signer, bytes memory failure)
    {
        if (sig.length != 65) return super._recover(digest, sig);
        signer = ecrecover(digest, uint8(sig[64]), bytes32(sig[:32]), bytes32(sig[32:64]));
    }
}
