"""A trace exported as a test fails on the contract with the fault and passes on the sound one.

given a trace of a planted fault    the pytest file and the Solidity test should fail there and pass on ours
given a run that succeeded          both should pass, with every kind of call in it
"""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from simulation.chain.facade import open_chain
from simulation.trace import Trace, TraceRefused, player, record
from simulation.trace.exports import export_foundry, export_regression
from simulation.trace.format import Failure
from simulation.world import Divergence, World
from tests.helpers.traces import (
    FAILING_RUNS,
    ORIGIN,
    PARAMETERS,
    faulty_builds,
    random_run,
    ticket_run,
)
from tools.solidity import ROOT

pytestmark = pytest.mark.stateful

EACH_RUN = pytest.mark.parametrize("run", FAILING_RUNS, ids=[run.fault for run in FAILING_RUNS])
SOUND = "sound"
RANDOM_STEPS = 60


@pytest.fixture(scope="module")
def builds(artifacts):
    return {**faulty_builds(artifacts), SOUND: artifacts}


@pytest.fixture(scope="module")
def traces(builds) -> dict[str, Trace]:
    """Of each fault; of a random run; of all kinds of tickets."""
    failing = {run.fault: run.trace(builds[run.fault]) for run in FAILING_RUNS}
    sound = builds[SOUND]
    return {
        **failing,
        "Random": random_run(sound, "pyrevm", 3, RANDOM_STEPS),
        "Tickets": ticket_run(sound, "pyrevm"),
    }


# ---- pytest


def play(text: str, artifacts) -> None:
    """Run the test of an exported file on a build."""
    names: dict = {}
    exec(compile(text, "exported", "exec"), names)
    (test,) = [value for name, value in names.items() if name.startswith("test_")]
    chain = open_chain("pyrevm", artifacts)
    try:
        test(chain)
    finally:
        chain.close()


@EACH_RUN
def test_export_test__planted_fault__fails_there_and_passes_on_ours(traces, builds, run):
    text = export_regression(traces[run.fault])
    play(text, builds[SOUND])
    with pytest.raises(Divergence):
        play(text, builds[run.fault])


@pytest.mark.parametrize("name", ["Random", "Tickets"])
def test_export_test__run_that_succeeded__makes_the_same_calls(traces, builds, name, monkeypatch):
    worlds: list[World] = []
    compare = World.compare
    monkeypatch.setattr(
        World, "compare", lambda self, **options: (worlds.append(self), compare(self, **options))
    )
    play(export_regression(traces[name]), builds[SOUND])
    again = record(worlds[-1].trace, traces[name].deployment, ORIGIN, artifacts=builds[SOUND])
    assert again.steps == traces[name].steps


def test_export_test__every_file__is_as_the_formatter_has_it(traces, tmp_path):
    ruff = ROOT / ".venv" / "bin" / "ruff"
    for name, trace in traces.items():
        (tmp_path / f"test_{name.lower()}.py").write_text(export_regression(trace))
    config = ["--config", str(ROOT / "pyproject.toml")]
    for command in (["format", "--check", *config], ["check", *config]):
        done = subprocess.run([ruff, *command, tmp_path], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stdout


def test_export_test__broken_invariant__is_checked_after_each_step(artifacts, monkeypatch):
    trace = record(FAILING_RUNS[0].steps, PARAMETERS, ORIGIN, artifacts=artifacts)
    failure = Failure(step=6, kind="invariant", invariant="BOND-2", message="BOND-2 a claim: a complaint")
    text = export_regression(trace.model_copy(update={"failure": failure}))
    checked = []
    monkeypatch.setattr(player.Chronicle, "after", lambda self, succeeded: checked.append(succeeded))
    play(text, artifacts)
    assert checked == [True] * 6


# ---- Foundry

FORGE = ROOT / "node_modules" / ".bin" / "forge"
SETTINGS = f"""
[profile.default]
src = "test"
solc = "{ROOT / ".solcx" / "solc-v0.8.37"}"
offline = true
evm_version = "cancun"
fs_permissions = [{{ access = "read", path = "." }}]

[lint]
lint_on_build = false
"""


class Forge:
    """A Foundry project with an exported test for each trace; code comes from the build, which Ape compiled."""

    def __init__(self, folder: Path, tests: dict[str, str]) -> None:
        self._folder = folder
        (folder / "foundry.toml").write_text(SETTINGS)
        (folder / "test").mkdir()
        for name, text in tests.items():
            (folder / "test" / f"{name}.t.sol").write_text(text)

    def run(self, build: str, artifacts, name: str = "*") -> dict[str, dict]:
        """Results on a build, by trace."""
        code = self._folder / build
        code.mkdir(exist_ok=True)
        for contract, artifact in artifacts.items():
            entry = {"abi": [], "bytecode": {"object": f"0x{artifact.bytecode.hex()}"}}
            (code / f"{contract}.json").write_text(json.dumps(entry))
        done = subprocess.run(
            [FORGE, "test", "--json", "--match-path", f"test/{name}.t.sol"],
            cwd=self._folder,
            env=os.environ | {"TRACE_ARTIFACTS": build, "HOME": str(self._folder)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.stdout.startswith("{"), done.stdout + done.stderr
        suites = json.loads(done.stdout)
        return {
            Path(suite.partition(":")[0]).name.removesuffix(".t.sol"): result["test_results"]["test_trace()"]
            for suite, result in suites.items()
        }


@pytest.fixture(scope="module")
def forge(traces, builds, tmp_path_factory) -> Forge:
    if not FORGE.exists():
        pytest.skip("there is no forge for this platform")
    # The steps of a trace of a fault are played on the build with the fault, as those who found it would.
    texts = {
        name: export_foundry(trace, builds.get(name, builds[SOUND]), imports=False)
        for name, trace in traces.items()
    }
    return Forge(tmp_path_factory.mktemp("forge"), texts)


def test_export_foundry__sound_contracts__all_pass(forge, traces, builds):
    results = forge.run(SOUND, builds[SOUND])
    assert {name: result["reason"] for name, result in results.items()} == dict.fromkeys(traces)
    assert {result["status"] for result in results.values()} == {"Success"}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("RebondMissesTotal", 'Differs("BondingManager.nextRoundTotalActiveStake()", '),
        ("UnbondNamesNobody", "log != expected log"),
        ("AnybodyMovesBonds", "next call did not revert as expected"),
    ],
)
def test_export_foundry__contracts_with_the_fault__fails(forge, builds, fault, reason):
    result = forge.run(fault, builds[fault], fault)[fault]
    assert result["status"] == "Failure"
    assert result["reason"].startswith(reason)


def test_export_foundry__run_on_a_sound_build__is_the_same_test(traces, builds):
    """Who mends the contract first exports afterwards."""
    trace = traces["RebondMissesTotal"]
    texts = [export_foundry(trace, builds[name], imports=False) for name in ("RebondMissesTotal", SOUND)]
    assert texts[0] == texts[1]


def test_export_foundry__in_a_project_with_the_sources__names_what_it_deploys(traces, builds):
    text = export_foundry(traces["Tickets"], builds[SOUND])
    assert 'import {BondingManager} from "contracts/bonding/BondingManager.sol";' in text
    for line in text.splitlines():
        if line.startswith("import"):
            assert (ROOT / line.split('"')[1]).exists()


def test_export_foundry__deployment_that_fails__is_refused(traces, artifacts):
    broken = {**artifacts, "RoundsManager": replace(artifacts["RoundsManager"], bytecode=b"\x00")}
    with pytest.raises(TraceRefused, match="--export foundry: the deployment fails on this build"):
        export_foundry(traces["Tickets"], broken)
