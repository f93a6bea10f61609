"""`ape run replay`: what it prints and how it ends.

| given | exit code |
|---|---|
| a run that succeeded; a failure that another build does not have | 0 |
| a failure that comes again, or a new one | 1 |
| a trace that is refused, wrong options | 2 |
| a digest that is not the recorded one | 3 |
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts import replay as command
from scripts._replay import run as behind
from simulation.trace import Trace, record
from tests.helpers.traces import FAILING_RUNS, ORIGIN, PARAMETERS, faulty_builds
from tools.solidity import ROOT

pytestmark = pytest.mark.stateful

RUN = FAILING_RUNS[0]
SUMMARY_REPRODUCED = "reproduced: step 6, state, as recorded"


@pytest.fixture(scope="module")
def faulty(artifacts):
    return faulty_builds(artifacts)[RUN.fault]


@pytest.fixture(scope="module")
def failing(faulty) -> Trace:
    return RUN.trace(faulty)


@pytest.fixture(scope="module")
def succeeding(artifacts) -> Trace:
    return record(RUN.steps, PARAMETERS, ORIGIN, artifacts=artifacts)


@pytest.fixture
def on_faulty_build(monkeypatch, faulty):
    monkeypatch.setattr(behind, "load_artifacts", lambda: faulty)


@pytest.fixture
def replay(tmp_path):
    """Runs the command on a trace."""

    def run(trace: Trace, *options: str, keys: str | None = None) -> Result:
        path = tmp_path / "trace.json"
        trace.save(path)
        result = CliRunner(mix_stderr=False).invoke(
            command.cli, [str(path), *options], input=keys, catch_exceptions=False
        )
        assert "Traceback" not in result.output
        return result

    return run


def rows(output: str, who: str, quantity: str) -> list[str]:
    """The cells of a ledger's row."""
    lines = [line.split("   ") for line in output.splitlines() if line.split()[:1]]
    found = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    return next(cells for cells in found if cells[:2] == [who, quantity])


# ---- exit codes


def test_command__run_that_succeeded__is_as_recorded(replay, succeeding):
    result = replay(succeeding)
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith("as recorded: contracts and model agree")
    assert "   2 ✓ staker 2: BondingManager.bond(amount=1e18, to=staker 1)" in result.output.splitlines()


@pytest.mark.usefixtures("on_faulty_build")
def test_command__failure_that_comes_again__is_shown(replay, failing):
    result = replay(failing)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == SUMMARY_REPRODUCED
    assert "   6 ≠ staker 2: BondingManager.rebond(unbondingLockId=0)" in result.output.splitlines()
    assert (
        "BondingManager.nextRoundTotalActiveStake(): found 1900000000000000000, expected 2000000000000000000"
        in result.output
    )


def test_command__another_build__is_refused_without_leave(replay, failing):
    refused = replay(failing)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("refused: build: the trace was made with BondingManager ")
    allowed = replay(failing, "--allow-other-build")
    assert allowed.exit_code == 0
    assert "the recorded failure (step 6, state) does not come with this build" in allowed.output


def test_command__fault_planted_again__fails_again(replay, failing):
    result = replay(failing, "--faulty", RUN.fault)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == SUMMARY_REPRODUCED


def test_command__digest_is_not_the_recorded_one__is_told(replay, succeeding):
    steps = [*succeeding.steps[:-1], succeeding.steps[-1].model_copy(update={"digest": "0" * 64})]
    result = replay(succeeding.model_copy(update={"steps": steps}))
    assert result.exit_code == 3
    assert f"not as recorded: step 6: digest: recorded {'0' * 64}" in result.output


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--until", "7"], "refused: until: found 7, the trace has the steps 1 to 6"),
        (["--until", "0"], "Invalid value for '--until'"),
        (["--engine", "geth"], "Invalid value for '--engine'"),
        (["--export", "hardhat"], "Invalid value for '--export'"),
        (["--output", "x.py"], "--output goes with --export"),
        (["--faulty", "RebondMisses"], "found 'RebondMisses', must be one of"),
    ],
)
def test_command__wrong_options__are_refused(replay, succeeding, options, reason):
    result = replay(succeeding, *options)
    assert result.exit_code == 2
    assert reason in result.stderr


# ---- what it shows


def test_command__until__stops_there(replay, succeeding):
    result = replay(succeeding, "--until", "2")
    assert result.exit_code == 0
    assert "   2 ✓" in result.output
    assert "   3 " not in result.output


def test_command__explain__shows_the_ledger_of_the_last_step(replay, succeeding):
    output = replay(succeeding, "--until", "2", "--explain").output
    assert rows(output, "staker 2", "LPT") == ["staker 2", "LPT", "10,000 LPT", "9,999 LPT", "−1 LPT"]
    assert rows(output, "staker 2", "pendingStake") == [
        "staker 2",
        "pendingStake",
        "0 LPT",
        "1 LPT",
        "+1 LPT",
    ]
    assert rows(output, "Minter", "LPT")[2:] == ["1 LPT", "2 LPT", "+1 LPT"]
    delegate = rows(output, "staker 2", "getDelegator.delegateAddress")
    assert delegate[2:] == ["zero address", "staker 1"]
    assert "event BondingManager.Bond(newDelegate=staker 1, oldDelegate=zero address" in output
    assert output.count("difference") == 1


def test_command__every_step__shows_all_ledgers(replay, succeeding):
    assert replay(succeeding, "--every-step").output.count("difference") == len(RUN.steps)


@pytest.mark.usefixtures("on_faulty_build")
def test_command__explain_a_failure__shows_what_the_model_expects(replay, failing):
    output = replay(failing, "--explain").output
    assert "the model expects" in output
    total = rows(output, "BondingManager", "nextRoundTotalActiveStake")
    assert total[2:] == ["1.9 LPT", "1.9 LPT", "+0 LPT", "2 LPT"]


def test_command__step__goes_on_by_key(replay, succeeding):
    result = replay(succeeding, "--step", keys="  q")
    assert result.exit_code == 0
    assert "   2 ✓" in result.output
    assert "   3 " not in result.output
    assert result.output.count("difference") == 2


def test_command__json__has_everything(replay, succeeding):
    result = replay(succeeding, "--json", "--every-step", "--engine", "anvil")
    document = json.loads(result.stdout)
    assert (document["verdict"], document["exit_code"], document["engine"]) == ("agree", 0, "anvil")
    assert [step["digest"] for step in document["steps"]] == [step.digest for step in succeeding.steps]
    entry = {"who": "staker 2", "quantity": "pendingStake", "unit": "lpt", "before": 0, "after": str(10**18)}
    assert entry in document["steps"][1]["ledger"]


@pytest.mark.usefixtures("on_faulty_build")
def test_command__json_of_a_failure__has_it(replay, failing):
    result = replay(failing, "--json", "--explain")
    document = json.loads(result.stdout)
    assert (document["verdict"], document["reproduces"], result.exit_code) == ("diverge", True, 1)
    assert document["failure"] == json.loads(failing.to_bytes())["failure"]
    wrong = [entry for entry in document["steps"][-1]["ledger"] if "expected" in entry]
    assert {entry["quantity"] for entry in wrong} >= {"nextRoundTotalActiveStake", "totalSupply"}


def test_command__json_of_a_refusal__has_the_reason(replay, failing):
    result = replay(failing, "--json")
    document = json.loads(result.stdout)
    assert (document["error"], result.exit_code) == ("TraceRefused", 2)
    assert document["message"].startswith("build: the trace was made with BondingManager")


# ---- exports


def test_command__export_on_another_build__is_the_same_test(replay, failing):
    """Whoever mends the contract first can keep the test afterwards."""
    for kind in ("test", "foundry"):
        texts = [replay(failing, "--export", kind, *more).stdout for more in ([], ["--faulty", RUN.fault])]
        assert texts[0].startswith(('"""Kept from a trace', "// SPDX"))
        assert texts[0] == texts[1]


def test_command__export__prints_or_writes_but_never_overwrites(replay, succeeding, tmp_path):
    printed = replay(succeeding, "--export", "test")
    path = tmp_path / "test_rebond.py"
    written = replay(succeeding, "--export", "test", "--output", str(path))
    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert path.read_text() == printed.stdout
    again = replay(succeeding, "--export", "test", "--output", str(path))
    assert again.exit_code == 2
    assert again.stderr == f"refused: --output: {path} is there already\n"


@pytest.mark.slow
def test_command__as_users_start_it__needs_no_network(succeeding, tmp_path):
    path: Path = tmp_path / "trace.json"
    succeeding.save(path)
    ape = Path(sys.executable).with_name("ape")
    done = subprocess.run([ape, "run", "replay", path], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("as recorded")
