"""Which code a trace was made with, and whether it is the code at hand."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache

import orjson

from simulation.trace.format import Build, Compiler, Trace
from tools.artifacts import Artifact
from tools.solidity import ROOT

SHORT = 12
# CBOR: the IPFS hash of the metadata, the compiler's version, and the length of both.
_METADATA = re.compile(rb"\xa2\x64ipfs\x58\x22.{34}\x64solc\x43.{3}\x00\x33", re.DOTALL)


@cache
def project_version() -> str:
    """The version in pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def without_metadata(code: bytes) -> bytes:
    """Code without the hashes of its sources, which change with every comment."""
    return _METADATA.sub(b"", code)


def code_digest(artifact: Artifact) -> str:
    """SHA-256 of what decides how the contract behaves."""
    return hashlib.sha256(without_metadata(artifact.bytecode)).hexdigest()


def describe_build(artifacts: Mapping[str, Artifact], contracts: Iterable[str]) -> Build:
    """The named contracts of a build."""
    digests = {name: code_digest(artifacts[name]) for name in sorted(contracts)}
    return Build(
        digest=hashlib.sha256("\n".join(f"{n} {d}" for n, d in digests.items()).encode()).hexdigest(),
        contracts=digests,
        compiler=_compiler(next(artifacts[name] for name in digests)),
    )


def _compiler(artifact: Artifact) -> Compiler:
    metadata = orjson.loads(artifact.metadata)
    settings = metadata["settings"]
    return Compiler(
        version=metadata["compiler"]["version"],
        evm_version=settings["evmVersion"],
        via_ir=settings.get("viaIR", False),
        optimizer_runs=settings["optimizer"]["runs"],
    )


def differences_of_build(trace: Trace, artifacts: Mapping[str, Artifact]) -> list[str]:
    """Where the build at hand is not that of a trace: both values each time; empty where the trace fits."""
    found = []
    if trace.version != project_version():
        found.append(f"version: the trace was made with {trace.version}, this project is {project_version()}")
    for name, recorded in trace.build.contracts.items():
        here = code_digest(artifacts[name]) if name in artifacts else None
        if here is None:
            found.append(f"build: the trace was made with {name}, which this build does not have")
        elif here != recorded:
            found.append(
                f"build: the trace was made with {name} {recorded[:SHORT]}…, this build has {here[:SHORT]}…"
            )
    if found and (known := [name for name in trace.build.contracts if name in artifacts]):
        compiler = _compiler(artifacts[known[0]])
        if compiler != trace.build.compiler:
            found.append(f"compiler: the trace has {trace.build.compiler}, this build {compiler}")
    return found
