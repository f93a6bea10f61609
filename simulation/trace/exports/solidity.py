"""ABI items and values as Solidity source."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulation.chain.addresses import checksum, raw_address
from simulation.chain.codecs import compile_type
from simulation.trace.exports.literals import solidity_integer

Item = Mapping[str, Any]


class NoLiteral(Exception):
    """A value that Solidity has no expression for: an array in memory."""


def find(abi: Iterable[Item], kind: str, name: str, count: int | None = None) -> Item:
    """The function, event or error of that name; `count` inputs where it is overloaded."""
    return next(
        item
        for item in abi
        if item["type"] == kind and item["name"] == name and count in (None, len(item["inputs"]))
    )


def signature_of(item: Item) -> str:
    """bond(uint256,address)"""
    return f"{item['name']}({','.join(compile_type(part).name for part in item['inputs'])})"


def struct_name(item: Item) -> str | None:
    """The name of a struct, of its arrays too; None for any other type."""
    if not item["type"].startswith("tuple"):
        return None
    return item["internalType"].partition("[")[0].rpartition(".")[2].removeprefix("struct ")


def type_of(item: Item) -> str:
    """The type as source has it."""
    name = struct_name(item)
    return item["type"] if name is None else name + item["type"].removeprefix("tuple")


def structs_of(items: Iterable[Item]) -> dict[str, list[str]]:
    """Definitions of the structs that inputs or outputs use, by name."""
    found: dict[str, list[str]] = {}
    for item in items:
        if (name := struct_name(item)) is not None:
            found |= structs_of(item["components"])
            fields = [f"    {type_of(part)} {part['name']};" for part in item["components"]]
            found[name] = [f"struct {name} {{", *fields, "}"]
    return found


def declaration(item: Item) -> str:
    """A function or an event in an interface."""
    if item["type"] == "event":
        parts = [
            f"{type_of(part)}{' indexed' if part['indexed'] else ''} {part['name']}"
            for part in item["inputs"]
        ]
        return f"event {item['name']}({', '.join(parts)});"
    inputs = ", ".join(_parameter(part) for part in item["inputs"])
    outputs = ", ".join(_parameter(part) for part in item["outputs"])
    mutability = item["stateMutability"]
    words = [f"function {item['name']}({inputs}) external"]
    words += [mutability] if mutability != "nonpayable" else []
    words += [f"returns ({outputs})"] if outputs else []
    return " ".join(words) + ";"


def _parameter(item: Item) -> str:
    is_in_memory = (
        item["type"] in ("bytes", "string") or item["type"][-1] == "]" or struct_name(item) is not None
    )
    return f"{type_of(item)}{' memory' if is_in_memory else ''} {item['name']}".strip()


def expression(item: Item, value: Any, address: Callable[[str], str]) -> str:
    """A value of the item's type. `address` spells an address. Raises NoLiteral."""
    kind = item["type"]
    if kind.endswith("]"):
        raise NoLiteral(kind)
    if kind == "tuple":
        values = value if isinstance(value, Mapping) else dict(zip(_names(item), value, strict=True))
        fields = [f"{p['name']}: {expression(p, values[p['name']], address)}" for p in item["components"]]
        return f"{struct_name(item)}({{{', '.join(fields)}}})"
    if kind == "address":
        return address(checksum(raw_address(value)))
    if kind == "bool":
        return "true" if value else "false"
    if kind == "string":
        return f'unicode"{value}"'
    if kind.startswith("bytes"):
        literal = f'hex"{bytes(value).hex()}"'
        return literal if kind == "bytes" else f"{kind}({literal})"
    return solidity_integer(value)


def _names(item: Item) -> list[str]:
    return [part["name"] for part in item["components"]]
