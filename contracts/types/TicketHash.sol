// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TicketHash
/// @notice Identity of a ticket: the hash that its sender signs (as an Ethereum message) and under which it is marked
/// as used. A type of its own, as commitments, block hashes and digests are also 32 bytes.
type TicketHash is bytes32;

using {toBytes32} for TicketHash global;

function toBytes32(TicketHash ticketHash) pure returns (bytes32) {
    return TicketHash.unwrap(ticketHash);
}
