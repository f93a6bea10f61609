"""The ticket: fields, hash, aux data, draw and expected value (offchain.md 2.2, payments.md 3.1 and 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from eth_utils import keccak, to_canonical_address

MAX_WIN_PROBABILITY = 2**256 - 1
"""The win probability that always wins, save for one draw; expected values are fractions of it."""

ZERO_HASH = bytes(32)


def encode_uint256(value: int) -> bytes:
    """`value` as 32 bytes, big-endian."""
    return value.to_bytes(32, "big")


def encode_aux_data(creation_round: int, creation_round_block_hash: bytes) -> bytes:
    """Round and block hash as 64 bytes; empty when both are zero, as deployed clients do."""
    if creation_round == 0 and creation_round_block_hash == ZERO_HASH:
        return b""
    return encode_uint256(creation_round) + creation_round_block_hash


@dataclass(frozen=True)
class Ticket:
    """One lottery ticket, as it is hashed and redeemed.

    Addresses are 0x strings, amounts wei, the win probability a fraction of `MAX_WIN_PROBABILITY`.
    """

    recipient: str
    sender: str
    face_value_wei: int
    win_probability: int
    sender_nonce: int
    recipient_rand_hash: bytes
    creation_round: int
    creation_round_block_hash: bytes

    @property
    def aux_data(self) -> bytes:
        return encode_aux_data(self.creation_round, self.creation_round_block_hash)

    @property
    def hash(self) -> bytes:
        return keccak(
            to_canonical_address(self.recipient)
            + to_canonical_address(self.sender)
            + encode_uint256(self.face_value_wei)
            + encode_uint256(self.win_probability)
            + encode_uint256(self.sender_nonce)
            + self.recipient_rand_hash
            + self.aux_data
        )

    @property
    def expected_value_wei(self) -> Fraction:
        return compute_expected_value_wei(self.face_value_wei, self.win_probability)


def compute_expected_value_wei(face_value_wei: int, win_probability: int) -> Fraction:
    """Exact value of a ticket before the draw, in wei."""
    return Fraction(face_value_wei * win_probability, MAX_WIN_PROBABILITY)


def compute_recipient_rand_hash(recipient_rand: int) -> bytes:
    """The commitment that the recipient publishes."""
    return keccak(encode_uint256(recipient_rand))


def compute_draw(signature: bytes, recipient_rand: int) -> int:
    """The number that decides; it covers the raw signature bytes, hence the exact signature form (payments.md P2)."""
    return int.from_bytes(keccak(signature + encode_uint256(recipient_rand)), "big")


def is_winning(signature: bytes, recipient_rand: int, win_probability: int) -> bool:
    """A ticket wins if its draw is strictly below the win probability."""
    return compute_draw(signature, recipient_rand) < win_probability
