#!/usr/bin/env python3
"""Storage layouts of the contracts whose storage outlives their code.

    tools/storage_layout.py            compare the contracts with deployments/storage_layouts/*.json
    tools/storage_layout.py --update   write those files; says which changes break storage that is deployed

The compiler's own layout knows state variables only.  Ours lies in ERC-7201 namespaces, structs that are reached
by a constant slot in assembly.  They are found in the syntax tree by `@custom:storage-location erc7201:…`, and a
generated contract that has each of them as its state variable tells where the compiler puts their members.
What a change means for deployed storage: tools/layout_changes.py.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from Crypto.Hash import keccak

from tools.layout_changes import breaking, compare_layouts
from tools.solidity import ROOT, CompileError, compile_many, job, messages, source_files

SNAPSHOTS = ROOT / "deployments" / "storage_layouts"
ANNOTATION = "@custom:storage-location erc7201:"
PROBE = "storage_layout_probe.sol"
NAME = re.compile(r"[A-Za-z_$][\w$.]*")


class UnsafeNamespace(Exception):
    """A namespace whose slot is not the one that ERC-7201 gives its name."""


def erc7201_slot(namespace: str) -> int:
    """keccak256(abi.encode(uint256(keccak256(namespace)) - 1)) & ~0xff"""
    inner = int.from_bytes(_keccak(namespace.encode()), "big") - 1
    return int.from_bytes(_keccak(inner.to_bytes(32, "big")), "big") & ~0xFF


@dataclass(frozen=True)
class Sources:
    """What to compile, by path from the root; `texts` in place of, or beside, what is on the disk."""

    paths: Sequence[str]
    texts: Mapping[str, str] = field(default_factory=dict)


def layouts() -> dict[str, dict]:
    """The layout of every concrete contract that has a namespace, test contracts left out, by contract name.

    {"contract", "variables": [member], "namespaces": {name: {"slot", "struct", "members"}}, "structs": {name:
    [member]}, "enums": {name: [member]}, "values": {name: underlying type}}, where a member of storage is {"label",
    "slot", "offset", "bytes", "type"} and slots count from the beginning of their namespace or struct.
    Raises UnsafeNamespace, CompileError.
    """
    files = (path.relative_to(ROOT) for path in source_files())
    (found,) = layouts_of([Sources([path.as_posix() for path in files if "testing" not in path.parts])])
    return {name: layout for name, layout in found.items() if layout["namespaces"]}


def layouts_of(sets: Sequence[Sources]) -> list[dict[str, dict]]:
    """As `layouts`, of the contracts in some sources, whether they have a namespace or not; one answer for each set.

    Raises UnsafeNamespace, CompileError.
    """
    trees = [
        _Tree(output, one.paths) for one, output in zip(sets, _compile(map(_tree_task, sets)), strict=True)
    ]
    used = [
        {name: list(tree.namespaces_of(contract)) for name, contract in tree.concrete_contracts()}
        for tree in trees
    ]
    probes = [_Probe(one, namespaces) for one, namespaces in zip(sets, used, strict=True)]
    probed = [
        probe.read(output)
        for probe, output in zip(probes, _compile(probe.task() for probe in probes), strict=True)
    ]
    return [
        {name: _layout(tree, name, entries, found) for name, entries in sorted(namespaces.items())}
        for tree, namespaces, found in zip(trees, used, probed, strict=True)
    ]


def snapshots() -> dict[str, dict]:
    """The committed layouts by contract name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(SNAPSHOTS.glob("*.json"))}


def render(layout: dict) -> str:
    """The text of a snapshot file, a member in a line."""
    text = json.dumps(layout, indent=2)
    return re.sub(r"\{\s+(\"label\"[^{}]*?)\s+\}", lambda m: f"{{{' '.join(m[1].split())}}}", text) + "\n"


# ---- the compiler -------------------------------------------------------------------------------


def _keccak(data: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=data).digest()


def _compile(tasks: Iterator[dict]) -> list[dict]:
    outputs = compile_many(list(tasks), lambda: None)
    for output in outputs:
        errors, _ = messages(output)
        if errors:
            raise CompileError("\n".join(errors))
    return outputs


def _tree_task(sources: Sources) -> dict:
    task = job([ROOT / path for path in sources.paths if path not in sources.texts], [])
    task["sources"] |= {path: {"content": text} for path, text in sources.texts.items()}
    selected = {path: {"*": ["storageLayout"]} for path in sources.paths}
    task["settings"]["outputSelection"] = {"*": {"": ["ast"]}} | selected
    return task


class _Probe:
    """Contracts that have nothing but one struct each: they tell where the compiler puts its members."""

    def __init__(self, sources: Sources, used: dict[str, list[dict]]) -> None:
        self._texts = sources.texts
        found = {entry["struct"]: entry["source"] for entries in used.values() for entry in entries}
        self._structs = sorted(found.items())

    def task(self) -> dict:
        lines = ["// SPDX-License-Identifier: MIT", "pragma solidity >=0.8.20;", "contract Probe {}"]
        for position, (struct, source) in enumerate(self._structs):
            contract = struct.split(".")[0]
            # Each import under a name of its own: two sources may declare contracts of one name.
            lines.append(f'import {{{contract} as Origin{position}}} from "{source}";')
            member = struct.replace(contract, f"Origin{position}", 1)
            lines.append(f"contract Probe{position} {{ {member} probed; }}")
        task = job([], [])
        task["sources"] = {path: {"content": text} for path, text in self._texts.items()}
        task["sources"][PROBE] = {"content": "\n".join(lines)}
        task["settings"]["outputSelection"] = {PROBE: {"*": ["storageLayout"]}}
        return task

    def read(self, output: dict) -> dict[str, dict]:
        """The compiler's layout by the struct's name."""
        contracts = output["contracts"][PROBE]
        return {
            struct: contracts[f"Probe{position}"]["storageLayout"]
            for position, (struct, _) in enumerate(self._structs)
        }


# ---- the syntax tree ----------------------------------------------------------------------------


class _Tree:
    """The syntax trees of all sources, by the ids that are unique within one compile."""

    def __init__(self, output: dict, paths: Sequence[str]):
        self._nodes: dict[int, dict] = {}
        self._source: dict[int, str] = {}
        self._paths, self._contracts = frozenset(paths), output.get("contracts", {})
        for source, parsed in output["sources"].items():
            for node in _walk(parsed["ast"]):
                if "id" in node:
                    self._nodes[node["id"]] = node
                    self._source[node["id"]] = source

    def concrete_contracts(self) -> Iterator[tuple[str, dict]]:
        """Contracts of the sources asked for that can be deployed."""
        for number, node in self._nodes.items():
            if (
                node.get("nodeType") == "ContractDefinition"
                and node["contractKind"] == "contract"
                and not node["abstract"]
                and self._source[number] in self._paths
            ):
                yield node["name"], node

    def namespaces_of(self, contract: dict) -> Iterator[dict]:
        """{"namespace", "slot", "struct", "source"} of a contract and its bases, most basic first."""
        for base in reversed(contract["linearizedBaseContracts"]):
            owner = self._nodes[base]
            for struct in owner["nodes"]:
                namespace = _namespace(struct)
                if namespace:
                    name = f"{owner['name']}.{struct['name']}"
                    slot = self._checked_slot(owner, struct, name, namespace)
                    yield {"namespace": namespace, "slot": slot, "struct": name, "source": self._source[base]}

    def state_variables(self, contract: dict) -> list[dict]:
        """Ordinary state variables of a contract and its bases as `Base.variable`, in the order of their slots."""
        labels = [
            f"{self._nodes[base]['name']}.{node['name']}"
            for base in reversed(contract["linearizedBaseContracts"])
            for node in self._nodes[base]["nodes"]
            if node["nodeType"] == "VariableDeclaration" and node["mutability"] == "mutable"
        ]
        compiled = self._contracts[self._source[contract["id"]]][contract["name"]]["storageLayout"]
        members = (_member(member, compiled["types"]) for member in compiled["storage"])
        return [member | {"label": label} for label, member in zip(labels, members, strict=True)]

    def named_types(self, labels: set[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
        """Members of enums, and types under value types, of those that bear one of the names."""
        enums, values = {}, {}
        for node in self._nodes.values():
            name = node.get("canonicalName", node.get("name"))
            if name not in labels:
                continue
            if node["nodeType"] == "EnumDefinition":
                enums[name] = [member["name"] for member in node["members"]]
            if node["nodeType"] == "UserDefinedValueTypeDefinition":
                values[name] = node["underlyingType"]["name"]
        return dict(sorted(enums.items())), dict(sorted(values.items()))

    def _checked_slot(self, owner: dict, struct: dict, name: str, namespace: str) -> int:
        expected = erc7201_slot(namespace)
        found = self._slots_in_assembly(owner, struct)
        if found != {expected}:
            text = ", ".join(hex(slot) for slot in sorted(found)) or "no function that returns it"
            raise UnsafeNamespace(f"{name}: found {text}, must be {expected:#066x} for {namespace}")
        return expected

    def _slots_in_assembly(self, owner: dict, struct: dict) -> set[int]:
        """Constants that assembly assigns to pointers to the struct.

        OpenZeppelin's Initializable takes its slot through a function: then it is the contract's only number.
        """
        found = set()
        for function in owner["nodes"]:
            if function["nodeType"] != "FunctionDefinition" or not _returns(function, struct["id"]):
                continue
            for node in _walk(function):
                if node.get("nodeType") == "InlineAssembly":
                    referred = (self._nodes[r["declaration"]] for r in node["externalReferences"])
                    found |= {self._constant(d) for d in referred if d.get("constant")}
        return found or {
            int(node["value"]["value"], 0)
            for node in owner["nodes"]
            if node.get("constant") and node["value"]["nodeType"] == "Literal"
        }

    def _constant(self, declaration: dict) -> int:
        value = declaration["value"]
        while value["nodeType"] == "Identifier":
            value = self._nodes[value["referencedDeclaration"]]["value"]
        if value["nodeType"] != "Literal":
            raise UnsafeNamespace(f"{declaration['name']}: must be a number, so that it can be compared")
        return int(value["value"], 0)


def _walk(node) -> Iterator[dict]:
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            if "nodeType" in current:
                yield current
            stack.extend(current.values())
        elif isinstance(current, list):
            stack.extend(current)


def _namespace(node: dict) -> str | None:
    if node["nodeType"] != "StructDefinition":
        return None
    text = (node.get("documentation") or {}).get("text", "")
    _, found, rest = text.partition(ANNOTATION)
    return rest.split()[0] if found else None


def _returns(function: dict, struct: int) -> bool:
    types = (parameter["typeName"] for parameter in function["returnParameters"]["parameters"])
    return any(kind.get("referencedDeclaration") == struct for kind in types)


# ---- layouts ------------------------------------------------------------------------------------


def _layout(tree: _Tree, name: str, entries: list[dict], probed: dict[str, dict]) -> dict:
    contract = next(node for found, node in tree.concrete_contracts() if found == name)
    structs: dict[str, list[dict]] = {}
    namespaces = {}
    for entry in entries:
        compiled = probed[entry["struct"]]
        types = compiled["types"]
        root = types[compiled["storage"][0]["type"]]
        _collect_structs(root, types, structs)
        namespaces[entry["namespace"]] = {
            "slot": f"{entry['slot']:#066x}",
            "struct": entry["struct"],
            "members": [_member(member, types) for member in root["members"]],
        }
        structs.pop(root["label"].removeprefix("struct "), None)
    variables = tree.state_variables(contract)
    stored = [variables, *(space["members"] for space in namespaces.values()), *structs.values()]
    labels = {word for members in stored for member in members for word in NAME.findall(member["type"])}
    enums, values = tree.named_types(labels)
    return {
        "contract": name,
        "variables": variables,
        "namespaces": namespaces,
        "structs": dict(sorted(structs.items())),
        "enums": enums,
        "values": values,
    }


def _collect_structs(kind: dict, types: dict, found: dict[str, list[dict]]) -> None:
    """Every struct that can be reached from a type, through members, arrays and mappings."""
    if "members" in kind:
        name = kind["label"].removeprefix("struct ")
        if name in found:
            return
        found[name] = [_member(member, types) for member in kind["members"]]
        for member in kind["members"]:
            _collect_structs(types[member["type"]], types, found)
    for part in ("base", "key", "value"):
        if part in kind:
            _collect_structs(types[kind[part]], types, found)


def _member(member: dict, types: dict) -> dict:
    kind = types[member["type"]]
    return {
        "label": member["label"],
        "slot": int(member["slot"]),
        "offset": member["offset"],
        "bytes": int(kind["numberOfBytes"]),
        "type": kind["label"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true", help="write the files")
    update = parser.parse_args().update
    try:
        now, before = layouts(), snapshots()
    except (CompileError, UnsafeNamespace) as error:
        sys.exit(str(error))
    changed = sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))
    for name in changed:
        changes = compare_layouts(before[name], now[name]) if name in now and name in before else []
        state = "new" if name not in before else "gone" if name not in now else "changed"
        print("\n  BREAKS DEPLOYED STORAGE: ".join([f"{name}: {state}", *map(str, breaking(changes))]))
    if not update:
        return 1 if changed else 0
    SNAPSHOTS.mkdir(parents=True, exist_ok=True)
    for name in before.keys() - now.keys():
        (SNAPSHOTS / f"{name}.json").unlink()
    for name, layout in now.items():
        (SNAPSHOTS / f"{name}.json").write_text(render(layout))
    return 0


if __name__ == "__main__":
    sys.exit(main())
