// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Ticket
/// @notice A sender's signed promise to pay `faceValue` wei to `recipient` if the ticket wins. Field names and order
/// are part of the deployed ABI.
/// @param recipient Orchestrator that is paid.
/// @param sender Gateway that pays, from its deposit first, then from its reserve.
/// @param faceValue Wei that are due when the ticket wins.
/// @param winProb Threshold of the draw: the ticket wins with probability `winProb / 2**256`.
/// @param senderNonce Makes tickets under one commitment distinct.
/// @param recipientRandHash keccak256 of the number that the recipient keeps secret until redemption.
/// @param auxData 64 bytes: the creation round (big-endian) and the block hash recorded for it.
struct Ticket {
    address recipient;
    address sender;
    uint256 faceValue;
    uint256 winProb;
    uint256 senderNonce;
    bytes32 recipientRandHash;
    bytes auxData;
}
