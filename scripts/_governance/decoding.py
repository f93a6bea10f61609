"""Calls as people read them: the contract, the function and its arguments, and the calls inside of them.

    describe_call(target, data, reader)     # ["Governor.stage(…)", "  Controller.pause()"]

What cannot be told is said as such, with the bytes: a voter must not take it for something harmless.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from eth_abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils import function_abi_to_4byte_selector, is_hex_address, to_checksum_address
from eth_utils.abi import collapse_if_tuple

from scripts._deployment.plan import contract_id
from scripts._deployment.reader import Reader

INDENT = "  "
# Nothing sensible goes deeper or has more, and small calldata can be made that unfolds into millions of calls.
DEEPEST = 2
MOST_PASSED_ON = 50


def describe_call(target: str, data: bytes, reader: Reader, depth: int = 0) -> list[str]:
    """One line for the call, and those of the calls that it passes on, indented."""
    name = _name_of(target, reader)
    margin = INDENT * depth
    if not data:
        return [f"{margin}{name}: no call, a payment at most"]
    found = _decode(name, data, reader)
    if found is None:
        return [f"{margin}{name}: unknown call 0x{data.hex()}"]
    function, values = found
    spelt = ", ".join(_spell(value, reader) for value in values)
    lines = [f"{margin}{name}.{function}({spelt})"]
    if depth < DEEPEST:
        passed_on = _passed_on(name, function, values)
        for inner_target, inner_data in passed_on[:MOST_PASSED_ON]:
            lines += describe_call(inner_target, inner_data, reader, depth + 1)
        if (more := len(passed_on) - MOST_PASSED_ON) > 0:
            lines.append(f"{margin}{INDENT}and {more} more calls, which are not shown")
    return lines


def _name_of(target: str, reader: Reader) -> str:
    names = {entry.address: name for name, entry in reader.registry.contracts.items()}
    return names.get(target, target)


def _decode(name: str, data: bytes, reader: Reader) -> tuple[str, tuple] | None:
    if name not in reader.registry.contracts:
        return None
    for item in reader.artifacts[reader.registry.contracts[name].abi_name].abi:
        if item["type"] == "function" and function_abi_to_4byte_selector(item) == data[:4]:
            try:
                values = decode([collapse_if_tuple(one) for one in item["inputs"]], data[4:])
            # Bytes that are no text are a ValueError.
            except (DecodingError, ValueError, OverflowError):
                return None
            return item["name"], values
    return None


def _passed_on(name: str, function: str, values: tuple) -> Sequence[tuple[str, bytes]]:
    """Target and calldata of what the callee calls in turn."""
    one_call = {("LivepeerGovernor", "relay"), ("Treasury", "schedule"), ("Treasury", "execute")}
    batch = {("Treasury", "scheduleBatch"), ("Treasury", "executeBatch")}
    if name == "Governor" and function in ("stage", "execute", "cancel"):
        targets, _, calldatas, _ = values[0]
    elif (name, function) in one_call:
        targets, calldatas = [values[0]], [values[2]]
    elif (name, function) in batch:
        targets, calldatas = values[0], values[2]
    else:
        return []
    return [(to_checksum_address(target), data) for target, data in zip(targets, calldatas, strict=False)]


def _spell(value: Any, reader: Reader) -> str:
    if isinstance(value, bytes):
        word = "0x" + value.hex()
        return _ids(reader).get(word, word)
    if isinstance(value, str) and is_hex_address(value):
        return _name_of(to_checksum_address(value), reader)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_spell(one, reader) for one in value) + "]"
    return str(value)


def _ids(reader: Reader) -> Mapping[str, str]:
    return {contract_id(name): f"id of {name}" for name in reader.registry.contracts}
