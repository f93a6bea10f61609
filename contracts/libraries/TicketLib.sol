// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Ticket} from "../types/Ticket.sol";
import {TicketHash} from "../types/TicketHash.sol";

/// @title TicketLib
/// @notice What can be said about a ticket without looking at the chain: its hash, its commitment, its draw.
library TicketLib {
    /// @dev 32 bytes creation round, 32 bytes block hash.
    uint256 internal constant AUX_DATA_LENGTH = 64;

    /// @notice The hash that identifies `ticket`: its fields, tightly packed. The only field of variable length comes
    /// last, so that no two tickets share an encoding.
    /// @dev Neither chain nor contract enters the hash. What ties a ticket to one deployment is the block hash in
    /// `auxData`.
    function hash(Ticket calldata ticket) internal pure returns (TicketHash ticketHash) {
        address recipient = ticket.recipient;
        address sender = ticket.sender;
        bytes calldata auxData = ticket.auxData;
        // Equivalent to keccak256(abi.encodePacked(recipient, sender, faceValue, winProb, senderNonce,
        // recipientRandHash, auxData)): the four words in the middle are copied at once, and nothing is kept in
        // memory.
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, shl(96, recipient))
            mstore(add(buffer, 20), shl(96, sender))
            calldatacopy(add(buffer, 40), add(ticket, 0x40), 0x80)
            calldatacopy(add(buffer, 168), auxData.offset, auxData.length)
            ticketHash := keccak256(buffer, add(168, auxData.length))
        }
    }

    /// @notice Creation round and block hash in `auxData`, which must be 64 bytes long.
    function decodeAuxData(bytes calldata auxData)
        internal
        pure
        returns (uint256 creationRound, bytes32 blockHash)
    {
        creationRound = uint256(bytes32(auxData[:32]));
        blockHash = bytes32(auxData[32:]);
    }

    /// @notice The digest that the sender's key signs (`eth_sign` of the ticket hash, EIP-191).
    function signedDigest(TicketHash ticketHash) internal pure returns (bytes32) {
        return MessageHashUtils.toEthSignedMessageHash(ticketHash.toBytes32());
    }

    /// @notice The commitment to `recipientRand`.
    function commitment(uint256 recipientRand) internal pure returns (bytes32 recipientRandHash) {
        // Equivalent to keccak256(abi.encode(recipientRand)).
        assembly ("memory-safe") {
            mstore(0, recipientRand)
            recipientRandHash := keccak256(0, 0x20)
        }
    }

    /// @notice The number that decides: the ticket wins if it is below `winProb`. The sender cannot foresee it without
    /// `recipientRand`, the recipient not without the signature.
    /// @dev The draw is over the raw signature: whoever verifies `signature` must accept one encoding only, or a
    /// second encoding is a second draw.
    function draw(bytes calldata signature, uint256 recipientRand) internal pure returns (uint256 drawn) {
        // Equivalent to uint256(keccak256(abi.encodePacked(signature, recipientRand))).
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            calldatacopy(buffer, signature.offset, signature.length)
            mstore(add(buffer, signature.length), recipientRand)
            drawn := keccak256(buffer, add(signature.length, 0x20))
        }
    }
}
