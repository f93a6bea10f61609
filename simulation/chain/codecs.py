"""ABI encoding and decoding with one compiled codec per type.

A generic decoder costs more than an in-process call, so each type is compiled once into a pair of
closures.  Values: integers, bool, checksummed address strings, bytes, str, lists for arrays and
named tuples for structs (input may also be a plain tuple or a dict by component name).

>>> Codec([{"type": "uint256", "name": "_amount"}]).encode((5,)).hex()[-2:]
'05'
"""

import keyword
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from simulation.chain.addresses import checksum, raw_address

# pytest shows where the test called, not the inside of the façade (--full-trace does).
__tracebackhide__ = True

WORD = 32


class ArgumentError(Exception):
    """A value that does not fit its ABI type."""


class DecodeError(Exception):
    """Bytes that are not an encoding of the expected types."""


class AbiType(NamedTuple):
    """One compiled type; `size` is the length of its head, `decode(data, at)` reads at a byte offset."""

    name: str
    dynamic: bool
    size: int
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes, int], Any]


def _integer(name: str, signed: bool, bits: int) -> AbiType:
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    from_bytes = int.from_bytes

    def encode(value):
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ArgumentError(f"found {value!r}, must be an integer from {low} to {high}")
        return value.to_bytes(WORD, "big", signed=signed)

    def decode(data, at):
        value = from_bytes(data[at : at + WORD], "big", signed=signed)
        if not low <= value <= high:
            raise DecodeError(f"{data[at : at + WORD].hex()} is no {name}")
        return value

    return AbiType(name, False, WORD, encode, decode)


def _bool() -> AbiType:
    def encode(value):
        if not isinstance(value, bool):
            raise ArgumentError(f"found {value!r}, must be True or False")
        return value.to_bytes(WORD, "big")

    def decode(data, at):
        value = int.from_bytes(data[at : at + WORD], "big")
        if value > 1:
            raise DecodeError(f"{data[at : at + WORD].hex()} is no bool")
        return value == 1

    return AbiType("bool", False, WORD, encode, decode)


def _address() -> AbiType:
    def encode(value):
        try:
            return raw_address(value).rjust(WORD, b"\0")
        except ValueError as error:
            raise ArgumentError(str(error)) from None

    def decode(data, at):
        if any(data[at : at + 12]):
            raise DecodeError(f"{data[at : at + WORD].hex()} is no address")
        return checksum(data[at + 12 : at + WORD])

    return AbiType("address", False, WORD, encode, decode)


def _as_bytes(value):
    if isinstance(value, str) and value.startswith("0x"):
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            return None
    return bytes(value) if isinstance(value, (bytes, bytearray)) else None


def _fixed_bytes(length: int) -> AbiType:
    def encode(value):
        raw = _as_bytes(value)
        if raw is None or len(raw) != length:
            raise ArgumentError(f"found {value!r}, must be {length} bytes")
        return raw.ljust(WORD, b"\0")

    return AbiType(f"bytes{length}", False, WORD, encode, lambda data, at: bytes(data[at : at + length]))


def _read_length(data: bytes, at: int) -> int:
    if at + WORD > len(data):
        raise DecodeError(f"a length is expected at byte {at}, but there are only {len(data)} bytes")
    return int.from_bytes(data[at : at + WORD], "big")


def _byte_string(name: str) -> AbiType:
    def encode(value):
        if name == "string":
            raw = value.encode() if isinstance(value, str) else None
        else:
            raw = _as_bytes(value)
        if raw is None:
            raise ArgumentError(f"found {value!r}, must be {'a string' if name == 'string' else 'bytes'}")
        return len(raw).to_bytes(WORD, "big") + raw + b"\0" * (-len(raw) % WORD)

    def decode(data, at):
        length = _read_length(data, at)
        raw = bytes(data[at + WORD : at + WORD + length])
        if len(raw) != length:
            raise DecodeError(f"{name} of {length} bytes is cut short after {len(raw)}")
        return raw.decode("utf-8", "surrogateescape") if name == "string" else raw

    return AbiType(name, True, WORD, encode, decode)


def _encode_items(types: Sequence[AbiType], values: Sequence) -> bytes:
    heads, tails, offset = [], [], sum(t.size for t in types)
    for kind, value in zip(types, values, strict=True):
        encoded = kind.encode(value)
        if kind.dynamic:
            heads.append(offset.to_bytes(WORD, "big"))
            tails.append(encoded)
            offset += len(encoded)
        else:
            heads.append(encoded)
    return b"".join(heads + tails)


def _decode_items(types: Sequence[AbiType], data: bytes, base: int) -> list:
    values, at = [], base
    if base + sum(t.size for t in types) > len(data):
        raise DecodeError(f"{len(data)} bytes are too few for ({','.join(t.name for t in types)})")
    for kind in types:
        values.append(kind.decode(data, base + _read_length(data, at) if kind.dynamic else at))
        at += kind.size
    return values


def _array(item: AbiType, length: int | None) -> AbiType:
    name = f"{item.name}[{'' if length is None else length}]"

    def encode(value):
        if not isinstance(value, (list, tuple)) or length not in (None, len(value)):
            raise ArgumentError(f"found {value!r}, must be a list{'' if length is None else f' of {length}'}")
        body = _encode_items([item] * len(value), value)
        return body if length is not None else len(value).to_bytes(WORD, "big") + body

    def decode(data, at):
        if length is not None:
            return _decode_items([item] * length, data, at)
        count = _read_length(data, at)
        if count * item.size > len(data):
            raise DecodeError(f"{name} of {count} items does not fit {len(data)} bytes")
        return _decode_items([item] * count, data, at + WORD)

    dynamic = length is None or item.dynamic
    return AbiType(name, dynamic, WORD if dynamic else item.size * length, encode, decode)


def python_name(name: str, position: int) -> str:
    """A field name for Python: no leading underscore, `from_` for a keyword, `_0` when unnamed."""
    name = name.lstrip("_")
    if not name:
        return f"_{position}"
    return name + "_" if keyword.iskeyword(name) else name


@cache
def record_type(title: str, names: tuple[str, ...]):
    """The named-tuple class of a struct or of several outputs."""
    return namedtuple(title or "Result", [python_name(n, i) for i, n in enumerate(names)], rename=True)


def _struct(title: str, names: tuple[str, ...], types: tuple[AbiType, ...]) -> AbiType:
    record = record_type(title, names)

    def encode(value):
        if isinstance(value, dict):
            if set(value) != set(names):
                raise ArgumentError(f"found the fields {sorted(value)}, must be {sorted(names)}")
            value = [value[name] for name in names]
        if not isinstance(value, (list, tuple)) or len(value) != len(types):
            raise ArgumentError(f"found {value!r}, must be a tuple of {', '.join(names)}")
        return _encode_items(types, value)

    dynamic = any(t.dynamic for t in types)
    return AbiType(
        f"({','.join(t.name for t in types)})",
        dynamic,
        WORD if dynamic else sum(t.size for t in types),
        encode,
        lambda data, at: record._make(_decode_items(types, data, at)),
    )


def type_name(item: dict) -> str:
    """The canonical type of an ABI item, tuples written out: `(address,uint256)[]`."""
    kind = item["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(type_name(c) for c in item['components'])}){kind[5:]}"


def compile_type(item: dict) -> AbiType:
    """The compiled form of an item of an ABI's `inputs`, `outputs` or `components`."""
    kind = item["type"]
    if kind.endswith("]"):
        inner, _, count = kind[:-1].rpartition("[")
        return _array(compile_type({**item, "type": inner}), int(count) if count else None)
    if kind == "tuple":
        title = item.get("internalType", "").rpartition(".")[2].removeprefix("struct ").split("[")[0]
        parts = item["components"]
        return _struct(title, tuple(p["name"] for p in parts), tuple(compile_type(p) for p in parts))
    if kind == "address":
        return _address()
    if kind == "bool":
        return _bool()
    if kind in ("bytes", "string"):
        return _byte_string(kind)
    if kind.startswith("bytes"):
        return _fixed_bytes(int(kind[5:]))
    for prefix, signed in (("uint", False), ("int", True)):
        if kind.startswith(prefix):
            return _integer(kind, signed, int(kind[len(prefix) :] or 256))
    raise ArgumentError(f"found the type {kind!r}, which is not supported")


class Codec:
    """Encodes and decodes one list of ABI parameters."""

    def __init__(self, items: Sequence[dict]):
        self.names = tuple(item["name"] for item in items)
        self.types = tuple(compile_type(item) for item in items)
        self.signature = f"({','.join(t.name for t in self.types)})"
        self._words = None if any(t.size != WORD or t.dynamic for t in self.types) else self.types
        self.size = sum(t.size for t in self.types)
        """Bytes at least."""
        self._record = record_type("Result", self.names)

    def encode(self, values: Sequence) -> bytes:
        """The encoding of the values; raises ArgumentError that names the parameter."""
        if len(values) != len(self.types):
            raise ArgumentError(
                f"found {len(values)} arguments, must be {len(self.types)}: {self.describe()}"
            )
        try:
            if self._words is not None:
                return b"".join([t.encode(v) for t, v in zip(self._words, values, strict=True)])
            return _encode_items(self.types, values)
        except ArgumentError:
            self._blame(values)
            raise

    def decode(self, data: bytes) -> list:
        """The values in order; raises DecodeError."""
        if self._words is not None:
            if len(data) < self.size:
                raise DecodeError(f"{len(data)} bytes are too few for {self.signature}")
            return [t.decode(data, i * WORD) for i, t in enumerate(self._words)]
        return _decode_items(self.types, data, 0)

    def decode_result(self, data: bytes) -> Any:
        """What a call gives back: None, the single value, or a named tuple."""
        values = self.decode(data)
        if len(values) > 1:
            return self._record._make(values)
        return values[0] if values else None

    def decode_dict(self, data: bytes) -> dict:
        """The values by ABI parameter name (`_0` … when unnamed)."""
        return dict(zip(self.keys(), self.decode(data), strict=True))

    def keys(self) -> list[str]:
        """The names under which the values appear in a dict."""
        return [name or f"_{position}" for position, name in enumerate(self.names)]

    def describe(self) -> str:
        """The parameter list as a reader of Solidity would write it."""
        return ", ".join(f"{t.name} {n}".strip() for t, n in zip(self.types, self.names, strict=True))

    def _blame(self, values: Sequence) -> None:
        for name, kind, value in zip(self.names, self.types, values, strict=True):
            try:
                kind.encode(value)
            except ArgumentError as error:
                raise ArgumentError(f"{kind.name} {name}: {error}") from None


def normalise(kind: AbiType, value: Any) -> Any:
    """The value as decoding would give it, so that expected and found can be compared with ==."""
    encoded = kind.encode(value)
    return kind.decode(encoded, 0)
