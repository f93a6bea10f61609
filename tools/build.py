#!/usr/bin/env python3
"""Compile the contracts.

    tools/build.py                          everything, if anything a build depends on changed
    tools/build.py --check PATH...          only these files and their imports; .build stays as it is

Any number of processes may call it at once: one builds, the others wait for it.

Ape's own incremental compile is not used: it recompiles a source only when its own text changed, not the
contracts that import it, not after a change of settings, and it keeps contracts whose source is gone.
Here each source is compiled alone with what it imports, and its outputs are kept until one of those texts
changes, so its bytecode never depends on what else is in the project or on what was built before.
Ape finds the result as its own manifest and has nothing left to compile.
"""

import argparse
import fcntl
import hashlib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import orjson
from Crypto.Hash import keccak

from tools import solidity
from tools.solidity import ROOT, CompileError

BUILD = ROOT / ".build"
UNITS = BUILD / "units"
ARTIFACTS = BUILD / "artifacts.json"
APE_MANIFEST = BUILD / "__local__.json"
STAMP = BUILD / "inputs.sha256"
LOCK = ROOT / ".cache" / "build.lock"
OUTPUTS = [
    "abi",
    "devdoc",
    "userdoc",
    "metadata",
    "storageLayout",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "evm.methodIdentifiers",
]


def inputs() -> str:
    """Hash of everything a build depends on."""
    digest = hashlib.sha256()
    recipe = [ROOT / "ape-config.yaml", ROOT / "package-lock.json", Path(__file__), Path(solidity.__file__)]
    for path in [*recipe, *solidity.source_files()]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current() -> bool:
    parts = (STAMP, ARTIFACTS, APE_MANIFEST)
    return all(part.exists() for part in parts) and STAMP.read_text() == inputs()


def build() -> bool:
    """Bring .build up to date. Returns whether anything had to be done; raises `CompileError`."""
    if is_current():
        return False
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current():
            return False
        stamp = inputs()
        STAMP.unlink(missing_ok=True)
        units = compile_units(solidity.source_files())
        write(ARTIFACTS, artifacts(units))
        write(APE_MANIFEST, ape_manifest(units))
        STAMP.write_text(stamp)
    return True


# ---- units: one source file each -----------------------------------------------------------------


def compile_units(files: list[Path]) -> dict[str, dict]:
    """Compiler output per source file, `{contract name: output}`, from the cache where that holds."""
    settings = hashlib.sha256(
        orjson.dumps([solidity.settings(), OUTPUTS, str(solidity.compiler().name)])
    ).hexdigest()
    names = {path.relative_to(ROOT).as_posix(): path for path in files}
    units = {name: cached for name in names if (cached := read_unit(name, settings)) is not None}
    # The longest first, so that no processor is left with it at the end.
    todo = sorted((name for name in names if name not in units), key=lambda name: -names[name].stat().st_size)
    start, progress = time.monotonic(), Progress(len(todo))
    outputs = solidity.compile_many([solidity.job([names[name]], OUTPUTS) for name in todo], progress.step)
    progress.end()
    errors: dict[str, None] = {}
    for name, output in zip(todo, outputs, strict=True):
        failed, warnings = solidity.messages(output)
        errors.update(dict.fromkeys(failed))
        for text in warnings:
            print(text, file=sys.stderr)
        if not failed:
            units[name] = output.get("contracts", {}).get(name, {})
            write_unit(name, settings, units[name])
    if errors:
        raise CompileError("\n".join([*errors, f"{len(errors)} compile error(s); nothing was built."]))
    for path in UNITS.glob("*.json"):
        if path.name not in {unit_path(name).name for name in names}:
            path.unlink()
    print(
        f"compiled {len(todo)} of {len(names)} sources in {time.monotonic() - start:.1f} s", file=sys.stderr
    )
    return {name: units[name] for name in sorted(units)}


def unit_path(name: str) -> Path:
    return UNITS / (name.replace("/", "--") + ".json")


def read_unit(name: str, settings: str) -> dict | None:
    """The kept output, if every text that the compiler read for it is still the same."""
    try:
        unit = orjson.loads(unit_path(name).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    if unit["settings"] != settings or any(digest_of(path) != seen for path, seen in unit["read"].items()):
        return None
    return unit["contracts"]


def write_unit(name: str, settings: str, contracts: dict) -> None:
    """Keep an output with the digest of every text in it, as the compiler's metadata reports them."""
    read = {}
    for data in contracts.values():
        listed = orjson.loads(data["metadata"])["sources"]
        read |= {path: source["keccak256"].removeprefix("0x") for path, source in listed.items()}
    if read:  # a file without contracts has no metadata; it compiles in no time
        UNITS.mkdir(parents=True, exist_ok=True)
        write(unit_path(name), {"settings": settings, "read": read, "contracts": contracts})


_digests: dict[str, str | None] = {}


def digest_of(name: str) -> str | None:
    if name not in _digests:
        path = ROOT / name
        _digests[name] = (
            keccak.new(digest_bits=256, data=path.read_bytes()).hexdigest() if path.exists() else None
        )
    return _digests[name]


# ---- what others read ----------------------------------------------------------------------------


def artifacts(units: dict[str, dict]) -> dict[str, dict]:
    """The fields of `tools.artifacts.Artifact`, by contract name."""
    found: dict[str, dict] = {}
    for source, contracts in units.items():
        for name, data in contracts.items():
            if name in found:
                raise CompileError(
                    f"Contract {name} is both in {found[name]['source']} and in {source}; Ape and the tests "
                    "know contracts by name, so each name can be used once."
                )
            code = data["evm"]
            found[name] = {
                "source": source,
                "abi": data["abi"],
                "bytecode": code["bytecode"]["object"],
                "runtime_bytecode": code["deployedBytecode"]["object"],
                "storage_layout": data.get("storageLayout") or {},
                "method_identifiers": code.get("methodIdentifiers") or {},
                "immutable_references": code["deployedBytecode"].get("immutableReferences") or {},
                "metadata": data["metadata"],
            }
    return found


def ape_manifest(units: dict[str, dict]) -> dict:
    """The build in the form that Ape keeps: it compares the texts and finds nothing to do."""
    types: dict[str, dict] = {}
    for source, contracts in units.items():
        for name, data in contracts.items():
            types[name] = {
                "contractName": name,
                "sourceId": source,
                "abi": data["abi"],
                "deploymentBytecode": {"bytecode": "0x" + data["evm"]["bytecode"]["object"]},
                "runtimeBytecode": {"bytecode": "0x" + data["evm"]["deployedBytecode"]["object"]},
                "devdoc": data["devdoc"],
                "userdoc": data["userdoc"],
            }
        if not contracts:  # else Ape compiles a file of types or free functions again each time
            types[source] = {"sourceId": source}
    version = solidity.compiler().name.removeprefix("solc-v")
    return {
        "manifest": "ethpm/3",
        "sources": {source: {"content": (ROOT / source).read_text(encoding="utf-8")} for source in units},
        "contractTypes": types,
        "compilers": [
            {
                "name": "solidity",
                "version": version,
                "settings": solidity.settings(),
                "contractTypes": [name for contracts in units.values() for name in contracts],
            }
        ],
    }


def write(path: Path, data: dict) -> None:
    """Replace the file at once, so that no reader sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(orjson.dumps(data))
    part.replace(path)


class Progress:
    """A counter on standard error: in place on a terminal, else one line."""

    def __init__(self, total: int):
        self.total, self.done = total, 0
        if total:
            print(
                f"compiling {total} sources",
                end="" if sys.stderr.isatty() else "\n",
                file=sys.stderr,
                flush=True,
            )

    def step(self) -> None:
        self.done += 1
        if sys.stderr.isatty():
            print(f"\rcompiling {self.done}/{self.total} sources", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.total and sys.stderr.isatty():
            print(file=sys.stderr)


# ---- command line --------------------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", nargs="+", type=Path, metavar="PATH", help=".sol files or folders of them")
    parser.add_argument(
        "--types", action="store_true", help="with --check: type-check only, no code, no sizes"
    )
    parser.add_argument("--via-ir", action="store_true", default=None, dest="via_ir", help="with --check")
    parser.add_argument("--no-ir", action="store_false", default=None, dest="via_ir", help="with --check")
    parser.add_argument("--runs", type=int, help="with --check: optimizer runs instead of ape-config.yaml's")
    return parser.parse_args()


def sources(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CompileError(f"{path}: no such file or folder")
        found += sorted(path.rglob("*.sol")) if path.is_dir() else [path]
    if not found:
        raise CompileError(f"no .sol file in {', '.join(map(str, paths))}")
    return found


def main() -> int:
    options = arguments()
    try:
        if options.check:
            overrides = {"via_ir": options.via_ir, "runs": options.runs}
            return solidity.check(sources(options.check), code=not options.types, **overrides)
        build()
    except CompileError as error:
        sys.exit(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
