"""Fixed-point arithmetic.  Every division rounds down, and says so in its name."""

from reference_model.constants import (
    PANIC_DIVISION,
    PANIC_OVERFLOW,
    PPB_WHOLE,
    PPM_WHOLE,
    RAY_WHOLE,
    STORED_AMOUNT_BITS,
)
from reference_model.exceptions import Panic, SafeCastOverflowedUintDowncast


def subtract(minuend: int, subtrahend: int) -> int:
    """minuend − subtrahend; panics with 0x11 where that is negative."""
    if subtrahend > minuend:
        raise Panic(PANIC_OVERFLOW)
    return minuend - subtrahend


def divide_down(numerator: int, denominator: int) -> int:
    """⌊numerator / denominator⌋; panics with 0x12 on a zero denominator."""
    if denominator == 0:
        raise Panic(PANIC_DIVISION)
    return numerator // denominator


def part_ppm_down(amount: int, share_ppm: int) -> int:
    """⌊amount · share / 10⁶⌋"""
    return amount * share_ppm // PPM_WHOLE


def part_ppb_down(amount: int, share_ppb: int) -> int:
    """⌊amount · share / 10⁹⌋"""
    return amount * share_ppb // PPB_WHOLE


def part_ray_down(amount: int, share_ray: int) -> int:
    """⌊amount · share / 10²⁷⌋"""
    return amount * share_ray // RAY_WHOLE


def ratio_ppb_down(numerator: int, denominator: int) -> int:
    """⌊numerator · 10⁹ / denominator⌋"""
    return divide_down(numerator * PPB_WHOLE, denominator)


def fraction_ppb_down(amount: int, numerator: int, denominator: int) -> int:
    """⌊amount · ⌊numerator · 10⁹ / denominator⌋ / 10⁹⌋: the ratio is rounded first, then the product."""
    return part_ppb_down(amount, ratio_ppb_down(numerator, denominator))


def fraction_ray_down(amount: int, numerator: int, denominator: int) -> int:
    """⌊amount · ⌊numerator · 10²⁷ / denominator⌋ / 10²⁷⌋

    Both roundings are part of the protocol: a third of 3 is 0, as ⌊10²⁷ / 3⌋ · 3 < 10²⁷.
    """
    return part_ray_down(amount, divide_down(numerator * RAY_WHOLE, denominator))


def to_stored_amount(amount: int, bits: int = STORED_AMOUNT_BITS) -> int:
    """The amount, if the protocol can keep it.  No amount of a real network comes near the limit."""
    if amount >> bits:
        raise SafeCastOverflowedUintDowncast(bits, amount)
    return amount
