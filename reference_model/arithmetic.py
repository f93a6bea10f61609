"""Fixed-point arithmetic.  Every division rounds down, and says so in its name.

Numbers of the EVM have 256 bits; what does not fit panics (0x11), and so does a division by zero (0x12).
"""

from reference_model.constants import (
    MAX_UINT256,
    PANIC_DIVISION,
    PANIC_OVERFLOW,
    PPB_WHOLE,
    PPM_WHOLE,
    RAY_WHOLE,
    STORED_AMOUNT_BITS,
    STORED_ROUND_BITS,
)
from reference_model.exceptions import Panic, SafeCastOverflowedUintDowncast


def to_word(value: int) -> int:
    """The value, if it is one of the EVM's: from 0 to 2²⁵⁶ − 1."""
    if not 0 <= value <= MAX_UINT256:
        raise Panic(PANIC_OVERFLOW)
    return value


def subtract(minuend: int, subtrahend: int) -> int:
    """minuend − subtrahend; panics with 0x11 where that is negative."""
    return to_word(minuend - subtrahend)


def divide_down(numerator: int, denominator: int) -> int:
    """⌊numerator / denominator⌋; panics with 0x12 on a zero denominator."""
    if denominator == 0:
        raise Panic(PANIC_DIVISION)
    return to_word(numerator // denominator)


def part_ppm_down(amount: int, share_ppm: int) -> int:
    """⌊amount · share / 10⁶⌋"""
    return amount * share_ppm // PPM_WHOLE


def part_ppb_down(amount: int, share_ppb: int) -> int:
    """⌊amount · share / 10⁹⌋; the product has to fit."""
    return to_word(amount * share_ppb) // PPB_WHOLE


def part_ray_down(amount: int, share_ray: int) -> int:
    """⌊amount · share / 10²⁷⌋; the product may have 512 bits."""
    return to_word(amount * share_ray // RAY_WHOLE)


def ratio_ppb_down(numerator: int, denominator: int) -> int:
    """⌊numerator · 10⁹ / denominator⌋; the product has to fit."""
    return divide_down(to_word(numerator * PPB_WHOLE), denominator)


def fraction_ppb_down(amount: int, numerator: int, denominator: int) -> int:
    """⌊amount · ⌊numerator · 10⁹ / denominator⌋ / 10⁹⌋: the ratio is rounded first, then the product (LIP-40)."""
    return part_ppb_down(amount, ratio_ppb_down(numerator, denominator))


def fraction_ray_down(amount: int, numerator: int, denominator: int) -> int:
    """⌊amount · ⌊numerator · 10²⁷ / denominator⌋ / 10²⁷⌋ (LIP-36)

    Both roundings are part of the protocol: a third of 3 is 0, as ⌊10²⁷ / 3⌋ · 3 < 10²⁷.
    """
    return part_ray_down(amount, divide_down(numerator * RAY_WHOLE, denominator))


def to_stored(value: int, bits: int) -> int:
    """The value, if the protocol can keep it in so many bits (DEV-13)."""
    if value >> bits:
        raise SafeCastOverflowedUintDowncast(bits, value)
    return value


def to_stored_amount(amount: int) -> int:
    """An amount of LPT or wei that is kept.  No amount of a real network comes near the limit (DEV-13)."""
    return to_stored(amount, STORED_AMOUNT_BITS)


def to_stored_round(round_number: int) -> int:
    """A round that is kept (DEV-13)."""
    return to_stored(round_number, STORED_ROUND_BITS)
