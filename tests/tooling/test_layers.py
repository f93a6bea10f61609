"""The shape of the source tree: imports point left only, and files stay short enough to read.

| tree | may import |
|---|---|
| contracts | own folder and those left of it; contracts/testing anything; nothing imports contracts/testing |
| reference_model | nothing of ours |
| offchain_worker | neither tests nor scripts |
| scripts/_deployment | none of the commands in scripts |
| contracts, Python | at most 700, 400 lines per file |
"""

import ast
import os
import re
from pathlib import Path

import pytest

from tools.solidity import ROOT, source_files

pytestmark = pytest.mark.unit

LAYERS = {
    folder: depth
    for depth, folders in enumerate(
        (
            ("types",),
            ("libraries",),
            ("interfaces",),
            ("registry",),
            ("rounds", "token"),
            ("bonding",),
            ("payments",),
            ("governance",),
            ("bridge",),
            ("migration",),
            ("testing",),
        )
    )
    for folder in folders
}
IMPORT = re.compile(r'^import[^"]*"(\.[^"]+)";', re.MULTILINE)
OURS = {"contracts", "reference_model", "offchain_worker", "scripts", "tests", "tools"}


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def packages_imported(path: Path) -> set[str]:
    """Dotted names of every import in a Python file, relative ones left out."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def our_packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in packages_imported(path)} & OURS


def test_contracts__imports__point_left_only():
    wrong = []
    for path in source_files():
        layer = path.relative_to(ROOT / "contracts").parts[0]
        for target in IMPORT.findall(path.read_text(encoding="utf-8")):
            resolved = Path(os.path.normpath(path.parent / target))
            other = resolved.relative_to(ROOT / "contracts").parts[0]
            if other != layer and LAYERS[other] >= LAYERS[layer]:
                wrong.append(f"{path.relative_to(ROOT)} imports {resolved.relative_to(ROOT)}")
    assert not wrong, "\n".join(wrong)


def test_reference_model__imports__nothing_else_of_ours():
    wrong = {path.name: our_packages(path) - {"reference_model"} for path in python_files("reference_model")}
    assert not any(wrong.values()), wrong


def test_offchain_worker__imports__neither_tests_nor_scripts():
    wrong = {path.name: our_packages(path) & {"tests", "scripts"} for path in python_files("offchain_worker")}
    assert not any(wrong.values()), wrong


def test_deployment_package__imports__none_of_the_commands():
    commands = {f"scripts.{path.stem}" for path in (ROOT / "scripts").glob("[!_]*.py")}
    wrong = {path.name: packages_imported(path) & commands for path in python_files("scripts/_deployment")}
    assert not any(wrong.values()), wrong


@pytest.mark.parametrize(("kind", "limit"), [("contracts", 700), ("python", 400)])
def test_files__length__is_within_the_limit(kind, limit):
    folders = ("offchain_worker", "reference_model", "scripts", "tests", "tools")
    python = [path for folder in folders for path in python_files(folder)]
    long = {}
    for path in source_files() if kind == "contracts" else python:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            long[str(path.relative_to(ROOT))] = lines
    assert not long
