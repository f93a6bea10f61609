"""Numbers, bytes and names as a person would write them in a test."""

import keyword
import re

MIN_ZEROS = 6


def python_integer(value: int) -> str:
    """5 * 10**18, 2**256 - 1, or the digits."""
    for power in (256, 255, 128, 96):
        for less in (0, 1):
            if value == 2**power - less:
                return f"2**{power} - 1" if less else f"2**{power}"
    mantissa, zeros = split_zeros(value)
    if zeros >= MIN_ZEROS:
        return f"10**{zeros}" if mantissa == 1 else f"{mantissa} * 10**{zeros}"
    return f"{value:_}"


def solidity_integer(value: int) -> str:
    """5e18, type(uint256).max, or the digits."""
    if value == 2**256 - 1:
        return "type(uint256).max"
    mantissa, zeros = split_zeros(value)
    return f"{mantissa}e{zeros}" if zeros >= MIN_ZEROS else str(value)


def split_zeros(value: int) -> tuple[int, int]:
    """The number without the zeros at its end, and how many there are."""
    if value == 0:
        return 0, 0
    text = str(value)
    short = text.rstrip("0")
    return int(short), len(text) - len(short)


def python_bytes(value: bytes) -> str:
    return f"bytes({len(value)})" if not any(value) else f'bytes.fromhex("{value.hex()}")'


def python_text(value: str) -> str:
    """In double quotes, as the formatter has it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def python_name(label: str) -> str:
    """staker 1 → staker_1, BondingManager → bonding_manager"""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", label)
    name = re.sub(r"\W+", "_", words).strip("_").lower()
    return f"{name}_" if keyword.iskeyword(name) else name


def constant_name(label: str) -> str:
    """staker 1 → STAKER_1"""
    return python_name(label).upper()


def pascal_name(label: str) -> str:
    """past rounds → PastRounds, BOND-2 → Bond2"""
    return "".join(part.capitalize() for part in python_name(label).split("_"))
