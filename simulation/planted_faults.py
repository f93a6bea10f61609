"""Contracts with a fault planted into their source text, for tests/mutants and the exam (simulation/exam).

    fault = PlantedFault("BondingManager", "NoSettle", ((path, "text that is there once", "text instead"),))
    artifacts = compile_faults([fault], load_artifacts())          # {"BondingManager__NoSettle": Artifact}

A fault is a few words, and may sit in a private function or a library, where no override reaches it.  The text
has to be there exactly once, so a fault never goes missing when the contract changes.

Faulty contracts are compiled without the intermediate representation, which takes a fifth of the time.  One that
does not compile so ("Stack too deep": a function with too many variables at once), or gets too large, is compiled
like the rest of the project, and that is said on standard error.  The outputs are kept in .build/faults until a text
that the compiler read changes, so a warm run compiles nothing.
"""

import fcntl
import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from tools import build, solidity
from tools.artifacts import Artifact
from tools.solidity import ROOT, RUNTIME_LIMIT, CompileError

FAULTS = build.BUILD / "faults"
FAST = {"via_ir": False, "runs": 1}
OUTPUTS = ["evm.bytecode.object", "evm.deployedBytecode.object"]


class FaultNotPlanted(Exception):
    """The text to replace is not there exactly once."""


@dataclass(frozen=True)
class PlantedFault:
    """A contract of the project in which texts are replaced: (path, old, new) each."""

    contract: str
    name: str
    patches: tuple[tuple[str, str, str], ...]

    @property
    def artifact_name(self) -> str:
        return f"{self.contract}__{self.name}"

    def sources(self) -> dict[str, str]:
        """The changed texts by path. Raises FaultNotPlanted."""
        texts: dict[str, str] = {}
        for path, old, new in self.patches:
            text = texts.get(path) or (ROOT / path).read_text(encoding="utf-8")
            if (count := text.count(old)) != 1:
                raise FaultNotPlanted(
                    f"{self.artifact_name}: found {count} times in {path}, must be there once:\n{old}"
                )
            texts[path] = text.replace(old, new)
        return texts


def compile_faults(faults: Iterable[PlantedFault], artifacts: Mapping[str, Artifact]) -> dict[str, Artifact]:
    """The faulty contracts by `artifact_name`, with the ABI of the sound one.

    Raises FaultNotPlanted, and CompileError for a text that does not compile.
    """
    faults = list(faults)
    FAULTS.mkdir(parents=True, exist_ok=True)
    with (FAULTS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        codes = {fault: _read(fault, _key(fault, artifacts)) for fault in faults}
        todo = [fault for fault, code in codes.items() if code is None]
        for fault, code in _compile(todo, artifacts).items():
            codes[fault] = code
            build.write(_path(fault), {"key": _key(fault, artifacts), "code": code})
    return {
        fault.artifact_name: replace(
            artifacts[fault.contract],
            name=fault.artifact_name,
            bytecode=bytes.fromhex(codes[fault]["bytecode"]),
            runtime_bytecode=bytes.fromhex(codes[fault]["runtime_bytecode"]),
        )
        for fault in faults
    }


def _key(fault: PlantedFault, artifacts: Mapping[str, Artifact]) -> str:
    """Hash of everything that the compiler reads: the metadata holds that of each text, and the settings."""
    recipe = [artifacts[fault.contract].metadata, fault.patches, FAST, OUTPUTS, RUNTIME_LIMIT]
    return hashlib.sha256(orjson.dumps(recipe)).hexdigest()


def _path(fault: PlantedFault) -> Path:
    return FAULTS / f"{fault.artifact_name}.json"


def _read(fault: PlantedFault, key: str) -> dict | None:
    try:
        kept = orjson.loads(_path(fault).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return kept["code"] if kept["key"] == key else None


def _compile(
    faults: list[PlantedFault], artifacts: Mapping[str, Artifact]
) -> dict[PlantedFault, dict[str, str]]:
    if not faults:
        return {}
    print(f"compiling {len(faults)} planted faults", file=sys.stderr)
    codes, refused = {}, {}
    for fault, code in zip(faults, _compile_all(faults, artifacts, **FAST), strict=True):
        if isinstance(code, str):
            refused[fault] = code
        elif (size := len(code["runtime_bytecode"]) // 2) > RUNTIME_LIMIT:
            refused[fault] = f"{size} bytes of code, at most {RUNTIME_LIMIT}"
        else:
            codes[fault] = code
    if refused:
        reason = next(iter(refused.values()))
        print(f"{len(refused)} of them by the slow way, since the fast one says:\n{reason}", file=sys.stderr)
    for fault, code in zip(refused, _compile_all(list(refused), artifacts), strict=True):
        if isinstance(code, str):
            raise CompileError(f"{fault.artifact_name} does not compile:\n{code}")
        codes[fault] = code
    return codes


def _compile_all(
    faults: list[PlantedFault], artifacts: Mapping[str, Artifact], **overrides
) -> list[dict[str, str] | str]:
    """Code of each, or what the compiler said."""
    if not faults:
        return []
    tasks = [_task(fault, artifacts[fault.contract].source, **overrides) for fault in faults]
    results: list[dict[str, str] | str] = []
    for fault, output in zip(faults, solidity.compile_many(tasks, lambda: None), strict=True):
        errors, _ = solidity.messages(output)
        if errors:
            results.append("\n".join(errors))
            continue
        code = output["contracts"][artifacts[fault.contract].source][fault.contract]["evm"]
        results.append(
            {
                "bytecode": code["bytecode"]["object"],
                "runtime_bytecode": code["deployedBytecode"]["object"],
            }
        )
    return results


def _task(fault: PlantedFault, source: str, **overrides) -> dict:
    task = solidity.job([ROOT / source], OUTPUTS, **overrides)
    task["sources"] |= {path: {"content": text} for path, text in fault.sources().items()}
    task["settings"]["outputSelection"] = {source: {fault.contract: OUTPUTS}}
    return task
