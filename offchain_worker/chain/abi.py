"""ABIs: a committed minimum for the calls of this package, and errors from compiler output for decoding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from eth_abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils import keccak


def load_abi(contract: str) -> list[dict[str, Any]]:
    """The committed ABI of one contract, or "errors": all custom errors that a redemption can meet."""
    return json.loads(resources.files(__package__).joinpath("abi", f"{contract}.json").read_text())


@dataclass(frozen=True)
class DecodedError:
    name: str
    arguments: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{name}={_text(value)}' for name, value in self.arguments.items())})"


class ErrorCatalogue:
    """Custom errors by selector, plus Error(string) and Panic(uint256)."""

    def __init__(self, abi_file: Path | None = None) -> None:
        self._errors: dict[bytes, dict[str, Any]] = {}
        for entry in (*_BUILT_IN, *_committed_entries(), *_file_entries(abi_file)):
            if entry.get("type") == "error":
                types = ",".join(part["type"] for part in entry["inputs"])
                self._errors[keccak(text=f"{entry['name']}({types})")[:4]] = entry

    def decode(self, data: bytes) -> DecodedError:
        """The error in revert data; an unknown one is named by its selector."""
        if not data:
            return DecodedError("RevertedWithoutReason", {})
        entry = self._errors.get(data[:4])
        if entry is None:
            return DecodedError(f"UnknownError_{data[:4].hex()}", {"data": data[4:]})
        if len(data) % 32 != 4:  # arguments are whole words; a decoder may pad what was cut off
            return DecodedError(entry["name"], {"data": data[4:]})
        try:
            values = decode([part["type"] for part in entry["inputs"]], data[4:])
        except DecodingError:
            return DecodedError(entry["name"], {"data": data[4:]})
        names = [part["name"] or f"argument{index}" for index, part in enumerate(entry["inputs"])]
        return DecodedError(entry["name"], dict(zip(names, values, strict=True)))


_BUILT_IN = (
    {"type": "error", "name": "Error", "inputs": [{"name": "message", "type": "string"}]},
    {"type": "error", "name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
)


def _committed_entries() -> list[dict[str, Any]]:
    return load_abi("errors")


def _file_entries(path: Path | None) -> Iterator[dict[str, Any]]:
    """Entries of all ABIs in an Ape manifest, or in a plain list."""
    if path is None:
        return
    content = json.loads(path.read_text())
    if isinstance(content, list):
        yield from content
        return
    for contract in (content.get("contractTypes") or {}).values():
        yield from contract.get("abi") or ()


def _text(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
