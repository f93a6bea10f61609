"""What the build produced, for Python that does not want to import Ape.

artifact = load_artifacts()["BondingManager"]
artifact.abi, artifact.bytecode, artifact.storage_layout
"""

from dataclasses import dataclass
from pathlib import Path

import orjson

ARTIFACTS = Path(__file__).resolve().parent.parent / ".build" / "artifacts.json"


class NotBuilt(Exception):
    """There is no build to read."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract, library or interface.

    Abstract contracts and interfaces have empty bytecode.  `method_identifiers` maps signatures to
    selectors in hexadecimal, `storage_layout` is the compiler's own, `immutable_references` tells where the
    constructor writes into the runtime code, `metadata` is the JSON text to which its trailer commits.
    """

    name: str
    source: str
    abi: list[dict]
    bytecode: bytes
    runtime_bytecode: bytes
    storage_layout: dict
    method_identifiers: dict[str, str]
    immutable_references: dict[str, list[dict[str, int]]]
    metadata: str


def load_artifacts() -> dict[str, Artifact]:
    """Every contract of the last build, by name. Raises `NotBuilt` where there was none."""
    try:
        entries = orjson.loads(ARTIFACTS.read_bytes())
    except FileNotFoundError:
        raise NotBuilt(f"{ARTIFACTS} is not there; `make compile` makes it") from None
    return {
        name: Artifact(
            **entry
            | {
                "name": name,
                "bytecode": bytes.fromhex(entry["bytecode"]),
                "runtime_bytecode": bytes.fromhex(entry["runtime_bytecode"]),
            }
        )
        for name, entry in entries.items()
    }
