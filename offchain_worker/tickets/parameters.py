"""Ticket parameters: economics, commitment and their generation (offchain.md 6, design notes 4.2)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from eth_utils import to_canonical_address

from offchain_worker.tickets.errors import SenderUnderfunded
from offchain_worker.tickets.ticket import MAX_WIN_PROBABILITY, Ticket, encode_uint256

PRICE_UNIT_PIXELS = 10**6
"""Prices are whole wei per this many pixels: no fraction, no float, no truncation (weakness W13)."""

LONG_RUN_GAS_PRICE_WEI = 3 * 10**9
"""3 gwei: a gas price spike above it does not stop sales (offchain.md 6.2)."""


@dataclass(frozen=True)
class TicketParameters:
    """What the recipient asks of a ticket, and the echo by which it recognises its own offer."""

    recipient: str
    face_value_wei: int
    win_probability: int
    recipient_rand_hash: bytes
    seed: int
    expiration_block: int
    creation_round: int
    creation_round_block_hash: bytes

    def ticket(self, sender: str, sender_nonce: int) -> Ticket:
        return Ticket(
            recipient=self.recipient,
            sender=sender,
            face_value_wei=self.face_value_wei,
            win_probability=self.win_probability,
            sender_nonce=sender_nonce,
            recipient_rand_hash=self.recipient_rand_hash,
            creation_round=self.creation_round,
            creation_round_block_hash=self.creation_round_block_hash,
        )


@dataclass(frozen=True)
class TicketEconomics:
    """An orchestrator's choices. The defaults are those of offchain.md 22 on a layer-2 network."""

    ticket_expected_value_wei: int = 8 * 10**9
    redeem_gas: int = 1_200_000
    transaction_cost_multiplier: int = 100
    max_face_value_wei: int = 0
    """0: no limit."""
    parameters_lifetime_blocks: int = 40
    max_nonces_per_parameters: int = 600


def compute_face_value_wei(
    sender: str, economics: TicketEconomics, gas_price_wei: int, max_float_wei: int
) -> int:
    """Face value for `sender` (offchain.md 6.2).

    Raises `SenderUnderfunded` when the sender's float covers no ticket worth redeeming. Unlike the deployed client it
    asks for twice the expected value, since gateways refuse a face value equal to it (weakness W22).
    """
    expected_value_wei = economics.ticket_expected_value_wei
    transaction_cost_wei = economics.redeem_gas * gas_price_wei
    face_value_wei = transaction_cost_wei * economics.transaction_cost_multiplier
    if face_value_wei < expected_value_wei:
        face_value_wei = expected_value_wei * 100
    face_value_wei = min(face_value_wei, max_float_wei)
    if economics.max_face_value_wei > 0:
        face_value_wei = min(face_value_wei, economics.max_face_value_wei)
    smallest_wei = 2 * expected_value_wei
    if face_value_wei < smallest_wei:
        raise SenderUnderfunded(sender=sender, maxFloatWei=max_float_wei, requiredWei=smallest_wei)
    if (
        face_value_wei < transaction_cost_wei
        and face_value_wei < economics.redeem_gas * LONG_RUN_GAS_PRICE_WEI
    ):
        raise SenderUnderfunded(sender=sender, maxFloatWei=max_float_wei, requiredWei=transaction_cost_wei)
    return face_value_wei


def compute_win_probability(face_value_wei: int, expected_value_wei: int) -> int:
    """Smallest convenient probability whose expected value is at least `expected_value_wei` (offchain.md 6.3)."""
    if face_value_wei == 0:
        return 0
    if face_value_wei == expected_value_wei:
        return MAX_WIN_PROBABILITY
    quotient, remainder = divmod(MAX_WIN_PROBABILITY, face_value_wei)
    return expected_value_wei * (quotient + 1 if remainder else quotient)


def compute_recipient_rand(
    secret: bytes,
    *,
    sender: str,
    seed: int,
    face_value_wei: int,
    win_probability: int,
    expiration_block: int,
    price_wei: int,
    price_unit_pixels: int,
    creation_round: int,
    creation_round_block_hash: bytes,
) -> int:
    """The recipient's secret number for one set of parameters, derived so that it needs no storage.

    Fixed-width fields keep different parameters from having the same preimage (weakness W15).
    """
    message = (
        encode_uint256(seed)
        + to_canonical_address(sender)
        + encode_uint256(face_value_wei)
        + encode_uint256(win_probability)
        + encode_uint256(expiration_block)
        + encode_uint256(price_wei)
        + encode_uint256(price_unit_pixels)
        + encode_uint256(creation_round)
        + creation_round_block_hash
    )
    return int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest(), "big")


def recipient_rand_of(secret: bytes, sender: str, price_wei: int, parameters: TicketParameters) -> int:
    """`compute_recipient_rand` for parameters as echoed by a sender."""
    return compute_recipient_rand(
        secret,
        sender=sender,
        seed=parameters.seed,
        face_value_wei=parameters.face_value_wei,
        win_probability=parameters.win_probability,
        expiration_block=parameters.expiration_block,
        price_wei=price_wei,
        price_unit_pixels=PRICE_UNIT_PIXELS,
        creation_round=parameters.creation_round,
        creation_round_block_hash=parameters.creation_round_block_hash,
    )
