"""Imports of the package point one way: settings, errors, logs → chain, tickets, media, pipelines → services → cli."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.worker

PACKAGE = Path(__file__).resolve().parents[2] / "offchain_worker"
BASE = {"errors", "settings", "logs"}
DOMAIN = {"chain", "tickets", "media", "pipelines"}
ALLOWED = dict.fromkeys(DOMAIN, BASE | DOMAIN)
ALLOWED |= dict.fromkeys(BASE, BASE)
ALLOWED |= {
    "services": BASE | DOMAIN | {"services"},
    "cli": BASE | DOMAIN | {"services", "cli"},
    "__main__": {"cli"},
}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.add(node.module)
    return names


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports__every_module__point_to_lower_layers_only(module):
    layer = module.parts[0].removesuffix(".py")
    for name in _imported(PACKAGE / module):
        top, *rest = name.split(".")
        assert top not in ("tests", "scripts", "contracts", "reference_model")
        if top == "offchain_worker":
            assert rest[0] in ALLOWED[layer], f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_size__every_module__is_one_topic_of_400_lines_at_most(module):
    assert len((PACKAGE / module).read_text().splitlines()) <= 400


def test_money__tickets_and_pipelines__import_no_http():
    for layer in ("tickets", "media", "pipelines"):
        for path in (PACKAGE / layer).rglob("*.py"):
            assert not {"httpx", "fastapi", "uvicorn"} & {name.split(".")[0] for name in _imported(path)}
