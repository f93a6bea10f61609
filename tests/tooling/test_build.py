"""tools/build.py on a project of three small contracts.

| state of the project | build |
|---|---|
| never built | compiles everything; artifacts and Ape's manifest agree |
| nothing changed | does nothing |
| a library changed | compiles it and what imports it, nothing else |
| a compiler setting changed | compiles everything |
| a source was deleted | its contract is gone |
| a source has an error | names it, leaves no build that looks current |
| two contracts have one name | refused, both places named |
| several processes at once | one compiles, the others wait and find it done |
| --check on a file with, without an error | exit status 1, 0; .build stays as it is |
| built, as Ape sees it | nothing left to compile, a file of types included |
| built, not built, read with load_artifacts | artifacts; an error that says what makes a build |
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ape
import pytest

import tools.artifacts
from tools.solidity import ROOT, compiler

pytestmark = pytest.mark.unit

HEAD = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n"
LIBRARY = HEAD + "library Fees {{ function feeWei() internal pure returns (uint256) {{ return {}; }} }}\n"
USER = (
    HEAD + 'import {Fees} from "./Fees.sol";\n'
    "contract Broker { function fee() external pure returns (uint256) { return Fees.feeWei(); } }\n"
)
OTHER = HEAD + "contract Clock { uint256 public currentRound; }\n"


class Project:
    """A folder with our build tools and three contracts."""

    def __init__(self, root: Path):
        self.root = root

    @classmethod
    def create(cls, root: Path):
        (root / "contracts").mkdir(parents=True)
        shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("ape-config.yaml", "package-lock.json"):
            shutil.copy(ROOT / name, root / name)
        project = cls(root)
        project.write("Fees", LIBRARY.format(1))
        project.write("Broker", USER)
        project.write("Clock", OTHER)
        return project

    def write(self, name: str, text: str):
        (self.root / "contracts" / f"{name}.sol").write_text(text)

    def start(self, *arguments) -> subprocess.Popen:
        env = os.environ | {"SOLCX_BINARY_PATH": str(compiler().parent), "PYTHONPATH": str(self.root)}
        command = [sys.executable, self.root / "tools" / "build.py", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, cwd=self.root, env=env, text=True, **pipes)

    def build(self, *arguments) -> tuple[int, str]:
        """Exit status and everything printed."""
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=120)
        return process.returncode, output

    def artifacts(self) -> dict:
        return json.loads((self.root / ".build" / "artifacts.json").read_text())


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "project")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    project = Project.create(tmp_path_factory.mktemp("built") / "project")
    assert project.build()[0] == 0
    return project


@pytest.fixture
def built(built_once, tmp_path):
    shutil.copytree(built_once.root, tmp_path / "project")
    return Project(tmp_path / "project")


def test_build__never_built__compiles_all_and_agrees_with_the_manifest_of_ape(built):
    artifacts = built.artifacts()
    assert set(artifacts) == {"Fees", "Broker", "Clock"}
    assert artifacts["Clock"]["storage_layout"]["storage"][0]["label"] == "currentRound"
    assert artifacts["Broker"]["method_identifiers"] == {"fee()": "ddca3f43"}
    types = json.loads((built.root / ".build" / "__local__.json").read_text())["contractTypes"]
    for name, artifact in artifacts.items():
        assert types[name]["runtimeBytecode"]["bytecode"] == "0x" + artifact["runtime_bytecode"]


def test_build__nothing_changed__does_nothing(built):
    assert built.build() == (0, "")


def test_build__library_changed__compiles_it_and_its_importers_only(built):
    before = built.artifacts()
    built.write("Fees", LIBRARY.format(2))
    status, output = built.build()
    after = built.artifacts()
    assert status == 0 and "compiled 2 of 3 sources" in output
    assert after["Broker"]["runtime_bytecode"] != before["Broker"]["runtime_bytecode"]
    assert after["Clock"] == before["Clock"]


def test_build__settings_changed__compiles_everything(built):
    config = built.root / "ape-config.yaml"
    config.write_text(config.read_text().replace("evm_version: cancun", "evm_version: paris"))
    status, output = built.build()
    assert status == 0 and "compiled 3 of 3 sources" in output


def test_build__source_deleted__its_contract_is_gone(built):
    (built.root / "contracts" / "Clock.sol").unlink()
    assert built.build()[0] == 0
    assert set(built.artifacts()) == {"Fees", "Broker"}


def test_build__source_with_an_error__names_it_and_stays_out_of_date(built):
    built.write("Clock", OTHER.replace("uint256", "uint257"))
    for _ in range(2):
        status, output = built.build()
        assert status == 1 and "contracts/Clock.sol:3" in output


def test_build__contract_name_used_twice__names_both_places(built):
    built.write("Clock2", OTHER)
    status, output = built.build()
    assert status == 1
    assert "Clock is both in contracts/Clock.sol and in contracts/Clock2.sol" in output


def test_build__several_processes__only_one_compiles(project):
    processes = [project.start() for _ in range(3)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum("compiled 3 of 3 sources" in output for output in outputs) == 1


def test_check__file_without_error__prints_sizes_and_leaves_the_build_alone(project):
    status, output = project.build("--check", "contracts/Broker.sol")
    assert status == 0 and output.startswith("Broker ") and "bytes runtime" in output
    assert not (project.root / ".build").exists()


def test_check__file_with_an_error__fails_and_names_the_place(project):
    project.write("Clock", OTHER.replace("uint256", "uint257"))
    status, output = project.build("--check", "contracts/Clock.sol", "--types")
    assert status == 1 and "contracts/Clock.sol:3" in output


def test_check__no_such_path__is_named(project):
    status, output = project.build("--check", "contracts/None.sol")
    assert status == 1 and "contracts/None.sol: no such file" in output


def test_load_artifacts__built__has_code_as_bytes(built, monkeypatch):
    monkeypatch.setattr(tools.artifacts, "ARTIFACTS", built.root / ".build" / "artifacts.json")
    broker = tools.artifacts.load_artifacts()["Broker"]
    assert broker.source == "contracts/Broker.sol"
    assert 0 < len(broker.runtime_bytecode) < len(broker.bytecode)
    assert json.loads(broker.metadata)["compiler"]["version"].startswith("0.8.37+")


def test_load_artifacts__never_built__says_what_makes_a_build(tmp_path, monkeypatch):
    monkeypatch.setattr(tools.artifacts, "ARTIFACTS", tmp_path / "artifacts.json")
    with pytest.raises(tools.artifacts.NotBuilt, match="make compile"):
        tools.artifacts.load_artifacts()


def test_ape__project_built__has_nothing_to_compile(built):
    (built.root / "contracts" / "Types.sol").write_text(HEAD + "type Round is uint32;\n")
    assert built.build()[0] == 0
    ape_project = ape.Project(built.root)
    assert not list(ape_project.contracts._get_needs_compile(ape_project.sources.paths))
    assert set(ape_project.contracts) == {"Fees", "Broker", "Clock"}
