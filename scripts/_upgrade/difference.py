"""Deployed contracts against this checkout: their code, and their sources where those are known.

| verdict | meaning |
|---|---|
| equal | the same bytes, but for immutable values |
| same but for metadata | the same instructions; comments, names or paths of the sources differ |
| differs | other instructions |
| unknown | no code there, or no such contract in this build |
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts._deployment.builds import OURS, find_build, own_sources, text_at_commit
from scripts._deployment.bytecode import mask_immutables, strip_code
from scripts._deployment.plan import contract_id
from scripts._deployment.reader import Reader
from scripts._upgrade.findings import UpgradeError
from tools.artifacts import Artifact
from tools.layout_changes import compare_layouts
from tools.storage_layout import snapshots

EQUAL, METADATA, DIFFERS, UNKNOWN = "equal", "same but for metadata", "differs", "unknown"


@dataclass
class Comparison:
    """One contract. `sources` has a unified diff for each changed file; `from_where` says what it is compared with."""

    name: str
    contract: str
    address: str
    verdict: str
    notes: list[str] = field(default_factory=list)
    from_where: str = ""
    sources: dict[str, str] = field(default_factory=dict)


def compare_contracts(reader: Reader, registry: Path, names: list[str]) -> Iterator[Comparison]:
    """Those called so in the registry file, all if none is named. Raises UpgradeError for an unknown name."""
    known = reader.registry.contracts
    if strange := [name for name in names if name not in known]:
        raise UpgradeError(f"contract: found {strange[0]!r}, this deployment has: {', '.join(sorted(known))}")
    for name in names or sorted(known):
        yield _compare(reader, registry, name)


def _compare(reader: Reader, registry: Path, name: str) -> Comparison:
    entry = reader.registry.contracts[name]
    address, commit = entry.address, entry.commit or reader.registry.commit
    found = reader.view("Controller", "getContractInfo", contract_id(name))
    if name.endswith("Target") and isinstance(found, tuple):
        # Whatever runs behind the proxy now, the registry file may not know of it yet.
        address, commit = found
    artifact, code = reader.artifacts.get(entry.contract), reader.node.code(address)
    comparison = Comparison(name, entry.contract, address, UNKNOWN)
    if not code or artifact is None or not artifact.runtime_bytecode:
        comparison.notes.append(
            "no code there" if not code else f"this build has no contract {entry.contract}"
        )
        return comparison
    comparison.verdict = _verdict(code, artifact)
    if comparison.verdict != EQUAL:
        _compare_sources(comparison, artifact, code, commit, registry)
    return comparison


def _verdict(code: bytes, artifact: Artifact) -> str:
    ours = artifact.runtime_bytecode
    if mask_immutables(code, artifact) == mask_immutables(ours, artifact):
        return EQUAL
    return METADATA if strip_code(code, artifact) == strip_code(ours, artifact) else DIFFERS


def _compare_sources(
    comparison: Comparison, artifact: Artifact, code: bytes, commit: str, registry: Path
) -> None:
    ours = own_sources(artifact)
    if build := find_build(registry, artifact.name, code):
        comparison.from_where = "the build kept beside the registry"
        theirs, selectors = build.sources, build.artifact.method_identifiers
        comparison.notes += _abi_notes(selectors, artifact)
        if committed := snapshots().get(artifact.name):
            comparison.notes += [str(change) for change in compare_layouts(build.layout, committed)]
    else:
        theirs = _at_commit(artifact, commit)
        comparison.from_where = f"commit {commit}, which is registered for it" if theirs else ""
    if comparison.verdict == DIFFERS:
        comparison.notes.append(f"{len(code):,} bytes there, {len(artifact.runtime_bytecode):,} here")
    if not theirs:
        comparison.notes.append(f"its sources are not known: Git here has no commit {commit}")
        return
    for path in sorted({*theirs, *ours}):
        lines = difflib.unified_diff(
            theirs.get(path, "").splitlines(),
            ours.get(path, "").splitlines(),
            f"deployed/{path}",
            f"here/{path}",
            lineterm="",
        )
        if text := "\n".join(lines):
            comparison.sources[path] = text


def _abi_notes(deployed: Mapping[str, str], artifact: Artifact) -> list[str]:
    ours = artifact.method_identifiers
    gone = [f"function removed: {signature}" for signature in sorted(set(deployed) - set(ours))]
    return gone + [f"function added: {signature}" for signature in sorted(set(ours) - set(deployed))]


def _at_commit(artifact: Artifact, commit: str) -> dict[str, str]:
    """The same files at a revision; empty where Git does not have it."""
    paths = [path for path in json.loads(artifact.metadata)["sources"] if path.startswith(OURS)]
    texts = {path: text_at_commit(commit, path) for path in paths}
    return {path: text for path, text in texts.items() if text is not None}
