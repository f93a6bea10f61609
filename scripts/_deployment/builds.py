"""Builds that were deployed, kept beside the registry: what is needed later to compare with them.

    record_builds(path, artifacts, names, commit)        # before they are deployed
    find_build(path, "BondingManager", code)             # by the code that is on the chain

A build holds the storage layout, the ABI, and the texts of the project's own sources; one file for each different code.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts._deployment.bytecode import strip_code
from tools.artifacts import Artifact
from tools.solidity import ROOT
from tools.storage_layout import SNAPSHOTS

OURS = "contracts/"


@dataclass(frozen=True)
class Build:
    """A compiled contract with its storage layout and the texts it was made of, by path."""

    artifact: Artifact
    layout: dict
    sources: Mapping[str, str]
    commit: str

    @property
    def digest(self) -> str:
        """Tells code apart, whatever the compiler's trailer says."""
        return hashlib.sha256(strip_code(self.artifact.runtime_bytecode, self.artifact)).hexdigest()

    def is_code(self, code: bytes) -> bool:
        """Whether that is what this build leaves on a chain."""
        return bool(code) and strip_code(code, self.artifact) == strip_code(
            self.artifact.runtime_bytecode, self.artifact
        )


def builds_folder(registry: Path) -> Path:
    """Where the builds of a registry file are."""
    return registry.with_suffix(".builds")


def own_sources(artifact: Artifact) -> dict[str, str]:
    """The texts under contracts/ that the artifact was compiled from, as they are on the disk."""
    paths = json.loads(artifact.metadata)["sources"]
    return {
        path: (ROOT / path).read_text(encoding="utf-8") for path in sorted(paths) if path.startswith(OURS)
    }


def record_builds(
    registry: Path, artifacts: Mapping[str, Artifact], names: Iterable[str], commit: str
) -> None:
    """Keeps the builds of those contracts that have a committed storage layout, and that of the Controller."""
    for name in sorted(set(names)):
        snapshot = SNAPSHOTS / f"{name}.json"
        if snapshot.exists() or name == "Controller":
            layout = json.loads(snapshot.read_text(encoding="utf-8")) if snapshot.exists() else {}
            build = Build(artifacts[name], layout, own_sources(artifacts[name]), commit)
            record_build(registry, build)


def record_build(registry: Path, build: Build) -> Path:
    """Keeps one build; of the same code, the latest commit."""
    path = builds_folder(registry) / f"{build.artifact.name}-{build.digest[:16]}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = asdict(build)
    for name in ("bytecode", "runtime_bytecode"):
        fields["artifact"][name] = fields["artifact"][name].hex()
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(fields, file, sort_keys=True, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return path


def find_build(registry: Path, contract: str, code: bytes) -> Build | None:
    """The build of `contract` that left this code."""
    for path in sorted(builds_folder(registry).glob(f"{contract}-*.json")):
        build = _read(path)
        if build.is_code(code):
            return build
    return None


def _read(path: Path) -> Build:
    fields = json.loads(path.read_text(encoding="utf-8"))
    for name in ("bytecode", "runtime_bytecode"):
        fields["artifact"][name] = bytes.fromhex(fields["artifact"][name])
    return Build(**fields | {"artifact": Artifact(**fields["artifact"])})


def text_at_commit(commit: str, path: str) -> str | None:
    """A file of the repository as it was at a revision, None where Git does not have it."""
    command = ["git", "show", f"{commit.removeprefix('0x')}:{path}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    return done.stdout.decode("utf-8") if done.returncode == 0 else None
