"""The exact input of the compiler for each deployed contract, and whether it gives the code that is on the chain."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eth_abi import encode
from eth_utils import keccak

from scripts._deployment.bytecode import strip_code
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Entry
from scripts._operations.errors import OperationError
from tools.artifacts import Artifact
from tools.solidity import ROOT, compile_many, messages

OUTPUTS = [
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "metadata",
]
SETTINGS = ("optimizer", "evmVersion", "viaIR", "libraries", "metadata")

Verdict = Literal["same", "other code", "other sources", "no code"]


@dataclass(frozen=True)
class Checked:
    """One deployed contract. `other sources`: the code is equal, the hash of the sources in its trailer is not."""

    name: str
    address: str
    contract: str
    verdict: Verdict

    @property
    def is_same(self) -> bool:
        return self.verdict == "same"


def standard_json(artifact: Artifact) -> dict:
    """What the compiler was given, with every source in it. Raises OperationError for one that has changed since."""
    metadata = json.loads(artifact.metadata)
    sources = {}
    for path, described in metadata["sources"].items():
        file = ROOT / path
        text = file.read_bytes() if file.is_file() else b""
        if "0x" + keccak(text).hex() != described["keccak256"]:
            raise OperationError(
                f"{path}: is not what {artifact.name} was built from; run `make compile` first"
            )
        sources[path] = {"content": text.decode()}
    given = metadata["settings"]
    [(file, name)] = given["compilationTarget"].items()
    settings = {key: given[key] for key in SETTINGS if key in given}
    # A remapping for all files stands there with an empty context.
    settings["remappings"] = [one.removeprefix(":") for one in given["remappings"]]
    settings["outputSelection"] = {file: {name: OUTPUTS}}
    return {"language": metadata["language"], "sources": sources, "settings": settings}


def describe_entry(entry: Entry, artifact: Artifact) -> dict:
    """What an explorer asks for besides: compiler, contract, constructor arguments as they were encoded."""
    metadata = json.loads(artifact.metadata)
    [(file, name)] = metadata["settings"]["compilationTarget"].items()
    return {
        "address": entry.address,
        "contract": f"{file}:{name}",
        "compiler": f"v{metadata['compiler']['version']}",
        "constructor_arguments": encode_arguments(entry, artifact),
    }


def encode_arguments(entry: Entry, artifact: Artifact) -> str:
    """Hexadecimal without 0x, as explorers take it."""
    constructor = next((item for item in artifact.abi if item["type"] == "constructor"), {"inputs": []})
    types = [one["type"] for one in constructor["inputs"]]
    values = [_raw(kind, value) for kind, value in zip(types, entry.arguments, strict=True)]
    return encode(types, values).hex()


def _raw(kind: str, value):
    return bytes.fromhex(value[2:]) if kind.startswith("bytes") else value


def deployed_here(reader: Reader, only: Sequence[str]) -> dict[str, Entry]:
    """Contracts that the deployment made, not those that it found, by name; `only` those named if any are.

    Raises OperationError for a name that the registry file does not have.
    """
    entries = reader.registry.contracts
    for name in only:
        if name not in entries:
            raise OperationError(
                f"--only: found {name!r}, the registry file has: {', '.join(sorted(entries))}"
            )
    return {name: entry for name, entry in entries.items() if (name in only if only else entry.transaction)}


def write_inputs(
    folder: Path, entries: Mapping[str, Entry], artifacts: Mapping[str, Artifact]
) -> dict[str, dict]:
    """One standard JSON for each contract, and `contracts.json` with what stands where; the inputs by contract.

    Raises OperationError.
    """
    inputs = {entry.contract: standard_json(artifacts[entry.contract]) for entry in entries.values()}
    described = {name: describe_entry(entry, artifacts[entry.contract]) for name, entry in entries.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for contract, task in inputs.items():
            (folder / f"{contract}.json").write_text(json.dumps(task, indent=1), encoding="utf-8")
        (folder / "contracts.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise OperationError(f"--output: {folder} cannot be written: {error.strerror}") from error
    return inputs


def recompile(
    inputs: Mapping[str, dict], artifacts: Mapping[str, Artifact], on_done: Callable[[], None]
) -> dict:
    """The artifacts that the compiler makes of the inputs. Raises OperationError, CompileError."""
    outputs = compile_many(list(inputs.values()), on_done)
    made = {}
    for (contract, task), output in zip(inputs.items(), outputs, strict=True):
        if failed := messages(output)[0]:
            raise OperationError(f"{contract} does not compile: {failed[0]}")
        [(file, selected)] = task["settings"]["outputSelection"].items()
        [name] = selected
        found = output["contracts"][file][name]
        # The compiler would take what is missing from the disk; an explorer has no such disk.
        if missing := set(json.loads(found["metadata"])["sources"]) - set(task["sources"]):
            raise OperationError(f"{contract}: the input lacks {', '.join(sorted(missing))}")
        known = artifacts[contract]
        made[contract] = Artifact(
            known.name,
            known.source,
            known.abi,
            bytes.fromhex(found["evm"]["bytecode"]["object"]),
            bytes.fromhex(found["evm"]["deployedBytecode"]["object"]),
            known.storage_layout,
            known.method_identifiers,
            found["evm"]["deployedBytecode"].get("immutableReferences", {}),
            found["metadata"],
        )
    return made


def check(name: str, entry: Entry, code: bytes, made: Artifact) -> Checked:
    """Compares code on the chain with what was compiled, but for immutable values; with the hash of its sources."""
    verdict: Verdict = "same"
    if not code:
        verdict = "no code"
    elif len(code) != len(made.runtime_bytecode) or strip_code(code, made) != strip_code(
        made.runtime_bytecode, made
    ):
        verdict = "other code"
    elif _trailer(code) != _trailer(made.runtime_bytecode):
        verdict = "other sources"
    return Checked(name, entry.address, entry.contract, verdict)


def _trailer(code: bytes) -> bytes:
    return code[-int.from_bytes(code[-2:], "big") - 2 :]
