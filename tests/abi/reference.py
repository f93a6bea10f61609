"""The interface of the deployed protocol (`data/abi-*.txt`) and our policy about it (`additions.yaml`)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tests.abi.human_readable import identity, parse, render

FOLDER = Path(__file__).resolve().parent
POLICY = FOLDER / "additions.yaml"
LATER_ADDITIONS = "LATER ADDITIONS to "
EXTENDS = " plus"


class InvalidReference(Exception):
    """The data or the policy contradict themselves."""


@dataclass(frozen=True)
class Section:
    """The items that one file lists for one contract, by identity."""

    file: str
    contract: str
    items: dict[str, dict]

    @property
    def key(self) -> str:
        """How `additions.yaml` names the section."""
        return f"{self.file}: {self.contract}"


@cache
def sections() -> dict[str, Section]:
    """Every section that has items, by key; sections of one contract in one file are one."""
    found: dict[str, Section] = {}
    for path in sorted((FOLDER / "data").glob("abi-*.txt")):
        current: Section | None = None
        for line in path.read_text(encoding="utf-8").splitlines():
            heading = _heading(line)
            if heading:
                current = _open_section(found, path.stem, heading)
            elif line.strip() and not line.startswith("#") and current is not None:
                _add(current, parse(line))
    return {key: section for key, section in found.items() if section.items}


@cache
def policy() -> dict:
    """`additions.yaml` as it is."""
    return yaml.safe_load(POLICY.read_text(encoding="utf-8"))


def reference(contract: str) -> dict[str, dict]:
    """All upstream items of a contract by identity, from every section that is compared."""
    left_out = set(policy()["later"]) | set(policy()["parts"])
    merged = Section("", contract, {})
    for section in sections().values():
        if section.contract == contract and section.key not in left_out:
            for item in section.items.values():
                _add(merged, item)
    return merged.items


def compared_contracts() -> list[str]:
    """The contracts that must be in the build, with every item."""
    left_out = set(policy()["later"]) | set(policy()["parts"])
    return sorted({s.contract for s in sections().values() if s.key not in left_out})


def compiled(artifact) -> dict[str, dict]:
    """The items of a compiled contract by identity."""
    return {identity(item): item for item in artifact.abi}


def is_same(upstream: dict, ours: dict) -> bool:
    """Whether nothing that a client uses differs: a parameter that has no name upstream may have one."""
    if upstream["type"] != ours["type"] or upstream.get("name") != ours.get("name"):
        return False
    if upstream.get("stateMutability") != ours.get("stateMutability"):
        return False
    if upstream.get("anonymous", False) != ours.get("anonymous", False):
        return False
    return all(_same_parts(upstream.get(key, []), ours.get(key, [])) for key in ("inputs", "outputs"))


def _same_parts(upstream: list[dict], ours: list[dict]) -> bool:
    return len(upstream) == len(ours) and all(
        theirs["type"] == mine["type"]
        and theirs["name"] in ("", mine["name"])
        and theirs.get("indexed", False) == mine.get("indexed", False)
        and _same_parts(theirs.get("components", []), mine.get("components", []))
        for theirs, mine in zip(upstream, ours, strict=True)
    )


def _heading(line: str) -> str | None:
    if line.startswith("## "):
        return line[3:]
    if line.startswith("# =====") and line.endswith("====="):
        return line.strip("#= ")
    return None


def _open_section(found: dict[str, Section], file: str, heading: str) -> Section:
    title = heading.removeprefix(LATER_ADDITIONS).split(" = ")[0]
    contract = title.split(" (")[0].split(":")[0].strip()
    section = found.setdefault(f"{file}: {contract}", Section(file, contract, {}))
    if heading.endswith(EXTENDS) and " = " in heading:
        base = heading.split(" = ")[1].removesuffix(EXTENDS)
        # "OpenZeppelin … surface plus": what is inherited is not listed in the file.
        for item in found.get(f"{file}: {base}", Section(file, base, {})).items.values():
            if item["type"] != "constructor":
                _add(section, item)
    return section


def _add(section: Section, item: dict) -> None:
    known = section.items.setdefault(identity(item), item)
    if render(known) != render(item):
        raise InvalidReference(f"{section.contract}: {render(known)!r} and {render(item)!r}")
