#!/usr/bin/env python3
"""Storage layouts of the contracts whose storage outlives their code.

    tools/storage_layout.py            compare the contracts with deployments/storage_layouts/*.json
    tools/storage_layout.py --update   write those files; says which changes break storage that is deployed

The compiler's own layout knows state variables only.  Ours lies in ERC-7201 namespaces, structs that are reached
by a constant slot in assembly.  They are found in the syntax tree by `@custom:storage-location erc7201:…`, and a
generated contract that has each of them as its state variable tells where the compiler puts their members.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from Crypto.Hash import keccak

from tools.solidity import ROOT, CompileError, compile_json, job, messages, source_files

SNAPSHOTS = ROOT / "deployments" / "storage_layouts"
ANNOTATION = "@custom:storage-location erc7201:"
PROBE = "storage_layout_probe.sol"


class UnsafeNamespace(Exception):
    """A namespace whose slot is not the one that ERC-7201 gives its name."""


def erc7201_slot(namespace: str) -> int:
    """keccak256(abi.encode(uint256(keccak256(namespace)) - 1)) & ~0xff"""
    inner = int.from_bytes(_keccak(namespace.encode()), "big") - 1
    return int.from_bytes(_keccak(inner.to_bytes(32, "big")), "big") & ~0xFF


def layouts() -> dict[str, dict]:
    """The layout of every concrete contract that has a namespace, test contracts left out, by contract name.

    {"contract", "variables": [member], "namespaces": {name: {"slot", "struct", "members"}}, "structs": {name:
    [member]}}, where a member is {"label", "slot", "offset", "bytes", "type"} and slots count from the beginning of
    their namespace or struct.  Raises UnsafeNamespace, CompileError.
    """
    tree = _Tree(_compile_trees())
    used = {name: list(tree.namespaces_of(contract)) for name, contract in tree.concrete_contracts()}
    used = {name: namespaces for name, namespaces in used.items() if namespaces}
    structs = sorted(
        {entry["struct"]: entry["source"] for entries in used.values() for entry in entries}.items()
    )
    probed = _probe(structs)
    return {name: _layout(tree, name, entries, probed) for name, entries in sorted(used.items())}


def snapshots() -> dict[str, dict]:
    """The committed layouts by contract name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(SNAPSHOTS.glob("*.json"))}


def breaking_changes(old: dict, new: dict) -> list[str]:
    """What would read deployed storage wrongly: all but members added behind the last one of a namespace."""
    found = []
    if new["variables"][: len(old["variables"])] != old["variables"]:
        found.append("state variables changed")
    for name, namespace in old["namespaces"].items():
        if name not in new["namespaces"]:
            found.append(f"{name} is gone")
            continue
        now = {member["label"]: member for member in new["namespaces"][name]["members"]}
        for member in namespace["members"]:
            if now.get(member["label"]) != member:
                found.append(
                    f"{name}: {member['label']} was {_place(member)}, is {_place(now.get(member['label']))}"
                )
    for name, members in old["structs"].items():
        # A struct may lie in an array or be followed by something: it must not even grow.
        if name in new["structs"] and new["structs"][name] != members:
            found.append(f"struct {name} changed")
    return found


def render(layout: dict) -> str:
    """The text of a snapshot file, a member in a line."""
    text = json.dumps(layout, indent=2)
    return re.sub(r"\{\s+(\"label\"[^{}]*?)\s+\}", lambda m: f"{{{' '.join(m[1].split())}}}", text) + "\n"


# ---- the compiler -------------------------------------------------------------------------------


def _keccak(data: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=data).digest()


def _compile(task: dict) -> dict:
    output = compile_json(task)
    errors, _ = messages(output)
    if errors:
        raise CompileError("\n".join(errors))
    return output


def _compile_trees() -> dict[str, dict]:
    files = [path for path in source_files() if "testing" not in path.relative_to(ROOT).parts]
    task = job(files, [])
    task["settings"]["outputSelection"] = {"*": {"": ["ast"]}}
    return {name: source["ast"] for name, source in _compile(task)["sources"].items()}


def _probe(structs: list[tuple[str, str]]) -> dict[str, dict]:
    """The compiler's layout of a contract that has nothing but that struct, by the struct's name."""
    lines = ["// SPDX-License-Identifier: MIT", "pragma solidity >=0.8.20;"]
    names = {}
    for position, (struct, source) in enumerate(structs):
        contract = struct.split(".")[0]
        # Each import under a name of its own: two sources may declare contracts of one name.
        lines.append(f'import {{{contract} as Origin{position}}} from "{source}";')
        member = struct.replace(contract, f"Origin{position}", 1)
        lines.append(f"contract Probe{position} {{ {member} probed; }}")
        names[f"Probe{position}"] = struct
    task = job([], [])
    task["sources"] = {PROBE: {"content": "\n".join(lines)}}
    task["settings"]["outputSelection"] = {PROBE: {"*": ["storageLayout"]}}
    compiled = _compile(task)["contracts"][PROBE]
    return {names[name]: contract["storageLayout"] for name, contract in compiled.items()}


# ---- the syntax tree ----------------------------------------------------------------------------


class _Tree:
    """The syntax trees of all sources, by the ids that are unique within one compile."""

    def __init__(self, trees: dict[str, dict]):
        self._nodes: dict[int, dict] = {}
        self._source: dict[int, str] = {}
        for source, tree in trees.items():
            for node in _walk(tree):
                if "id" in node:
                    self._nodes[node["id"]] = node
                    self._source[node["id"]] = source

    def concrete_contracts(self) -> Iterator[tuple[str, dict]]:
        """Our own contracts that can be deployed."""
        for number, node in self._nodes.items():
            if (
                node.get("nodeType") == "ContractDefinition"
                and node["contractKind"] == "contract"
                and not node["abstract"]
                and self._source[number].startswith("contracts/")
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

    def state_variables(self, contract: dict) -> list[str]:
        """Ordinary state variables of a contract and its bases, in the order of their slots."""
        return [
            f"{node['typeDescriptions']['typeString']} {node['name']}"
            for base in reversed(contract["linearizedBaseContracts"])
            for node in self._nodes[base]["nodes"]
            if node["nodeType"] == "VariableDeclaration" and node["mutability"] == "mutable"
        ]

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
    return {
        "contract": name,
        "variables": tree.state_variables(contract),
        "namespaces": namespaces,
        "structs": dict(sorted(structs.items())),
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


def _place(member: dict | None) -> str:
    if member is None:
        return "gone"
    return f"{member['type']} at slot {member['slot']}, byte {member['offset']}"


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
        breaks = breaking_changes(before[name], now[name]) if name in now and name in before else []
        state = "new" if name not in before else "gone" if name not in now else "changed"
        print("\n  BREAKS DEPLOYED STORAGE: ".join([f"{name}: {state}", *breaks]))
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
