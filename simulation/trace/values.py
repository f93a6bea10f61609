"""Values of calls, events and errors as JSON that people can read, and back.

| Python | JSON |
|---|---|
| int up to 2⁵³ | number |
| int beyond | string of decimal digits, since most readers of JSON would round it |
| bytes | string of 0x and hexadecimal digits |
| address, text | string |
| named tuple, dict | object by field |
| list, tuple | list |

A value of an event or error needs no way back.  An argument of a call does: it goes with its type (`to_typed`).
"""

import re
from typing import Any

from simulation.chain.addresses import checksum, raw_address

SAFE_INTEGER = 2**53
_DIGITS = re.compile(r"-?[0-9]+")
_HEXADECIMAL = re.compile(r"0x([0-9a-fA-F]{2})*")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


class ValueRefused(ValueError):
    """A JSON value that is not one of the type that goes with it."""


def to_json(value: Any) -> Any:
    """The value in JSON; see the module."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < SAFE_INTEGER else str(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: to_json(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(part) for part in value]
    raise TypeError(f"found {value!r}, which has no form in a trace")


def is_address(value: Any) -> bool:
    """Whether a text is an address in any spelling."""
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def type_of(value: Any) -> str:
    """The type that goes with an argument where its ABI type says too little."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, bytes):
        return "bytes"
    if is_address(value):
        return "address"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (list, tuple)):
        return "list"
    raise TypeError(f"found {value!r}, which has no form in a trace")


def to_typed(value: Any) -> Any:
    """The JSON of one argument; the items of a list keep their own types."""
    if isinstance(value, (list, tuple)):
        return [{"type": type_of(part), "value": to_typed(part)} for part in value]
    return to_json(value)


def from_typed(kind: str, value: Any) -> Any:
    """The argument again. Raises ValueRefused."""
    readers = {
        "bool": _read_bool,
        "integer": read_integer,
        "bytes": read_bytes,
        "address": read_address,
        "text": _read_text,
        "list": _read_list,
    }
    if kind not in readers:
        raise ValueRefused(f"type: found {kind!r}, must be one of {', '.join(readers)}")
    return readers[kind](value)


def read_integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    raise ValueRefused(f"found {value!r}, must be an integer, beyond 2⁵³ as text")


def read_bytes(value: Any) -> bytes:
    if isinstance(value, str) and _HEXADECIMAL.fullmatch(value):
        return bytes.fromhex(value[2:])
    raise ValueRefused(f"found {value!r}, must be 0x and hexadecimal digits, two for each byte")


def read_address(value: Any) -> str:
    if is_address(value):
        return checksum(raw_address(value))
    raise ValueRefused(f"found {value!r}, must be 0x and 40 hexadecimal digits")


def _read_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueRefused(f"found {value!r}, must be true or false")


def _read_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueRefused(f"found {value!r}, must be a text")


def _read_list(value: Any) -> tuple:
    if not isinstance(value, list):
        raise ValueRefused(f"found {value!r}, must be a list")
    parts = []
    for position, part in enumerate(value):
        if not isinstance(part, dict) or set(part) != {"type", "value"}:
            raise ValueRefused(f"[{position}]: found {part!r}, must have type and value")
        parts.append(from_typed(part["type"], part["value"]))
    return tuple(parts)
