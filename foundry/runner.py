"""Starts Foundry's test runner and reads what it reports.

result = run_campaign(Campaign(runs=64, depth=200, seed=1))
result.calls, result.seconds, result.cpu_seconds, result.failure
"""

import os
import re
import resource
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tools.solidity import ROOT

FORGE = Path("node_modules") / ".bin" / "forge"
CAMPAIGN_CONTRACT = "WholeProtocolTest"
COUNTING_TEST = "test_handler__fixed_runs__calls_are_counted"
EVERY_CALL, AT_THE_END = 1, 0


class ForgeFailed(Exception):
    """Forge is missing, did not compile the sources, or said something that nobody understands."""


@dataclass(frozen=True)
class Campaign:
    """What the invariant runner is told; `check_interval` is in calls, 0 for the end of a run only."""

    runs: int
    depth: int
    seed: int
    check_interval: int = EVERY_CALL
    profile: str = "invariants"
    folder: Path = ROOT
    core: int | None = None
    """The only processor that forge may use; None for any."""


@dataclass(frozen=True)
class Result:
    """What came of a campaign."""

    calls: int
    """Actions of the handler, those of a run that was broken off included."""
    seconds: float
    cpu_seconds: float
    failure: str | None = None
    """What the runner says went wrong."""
    shortest: tuple[str, ...] = ()
    """Names of the actions that are left of a failing run when the runner has shrunk it."""
    length: int = 0
    """How many actions the failing run had before that."""


@dataclass(frozen=True)
class CallCounts:
    """Averages of the handler's fixed runs: calls to contracts of the protocol."""

    transactions_per_action: float
    calls_per_action: float
    calls_per_check: float


@dataclass(frozen=True)
class _Output:
    text: str
    seconds: float
    cpu_seconds: float
    results: dict = field(default_factory=dict)


def build(profile: str, folder: Path = ROOT) -> None:
    """Compile the suite, which a campaign would otherwise do in its own time. Raises ForgeFailed."""
    _forge(["build"], profile, folder)


def run_campaign(campaign: Campaign) -> Result:
    """Run it on one thread. Raises ForgeFailed where no campaign came about."""
    arguments = ["test", "--match-contract", CAMPAIGN_CONTRACT, "--fuzz-seed", str(campaign.seed)]
    settings = {
        "FOUNDRY_INVARIANT_RUNS": str(campaign.runs),
        "FOUNDRY_INVARIANT_DEPTH": str(campaign.depth),
        "FOUNDRY_INVARIANT_CHECK_INTERVAL": str(campaign.check_interval),
    }
    output = _forge_test(arguments, campaign.profile, campaign.folder, settings, campaign.core)
    test = next(iter(output.results.values()))
    return read_campaign(test, output.seconds, output.cpu_seconds)


def read_campaign(test: dict, seconds: float, cpu_seconds: float) -> Result:
    """A result out of forge's report of the invariant test. Raises ForgeFailed."""
    if "Invariant" not in test["kind"]:
        raise ForgeFailed(f"no campaign was run: {test['reason']}")
    report = test["kind"]["Invariant"]
    calls = sum(counts["calls"] for counts in report["metrics"].values())
    if test["status"] == "Success":
        return Result(calls, seconds, cpu_seconds)
    length, steps = (test["counterexample"] or {}).get("Sequence") or (0, [])
    names = tuple(str(step["func_name"]) for step in steps)
    return Result(calls, seconds, cpu_seconds, test["reason"] or "no reason given", names, length)


def count_calls(profile: str, folder: Path = ROOT) -> CallCounts:
    """What the handler's fixed runs say. Raises ForgeFailed."""
    output = _forge_test(["test", "--match-test", COUNTING_TEST, "-vv"], profile, folder)
    test = next(iter(output.results.values()))
    if test["status"] != "Success":
        raise ForgeFailed(f"{COUNTING_TEST}: {test['reason']}")
    return read_counts(test["decoded_logs"])


def read_counts(logs: list[str]) -> CallCounts:
    """Averages out of the lines of the counting test."""
    counts = {name: int(value) for name, value in (line.rsplit(": ", 1) for line in logs)}
    steps = counts["steps"]
    return CallCounts(
        transactions_per_action=counts["transactions"] / steps,
        calls_per_action=counts["calls by actions"] / steps,
        calls_per_check=counts["calls by checks"] / steps,
    )


def forge_version() -> str:
    """Version and build, as forge gives them."""
    text = _forge(["--version"], "default", ROOT).text
    found = re.search(r"Version: (\S+)[\s\S]*?SHA: (\w{7})", text)
    if not found:
        raise ForgeFailed(f"cannot read the version of forge: {text.strip()}")
    return f"{found[1]} ({found[2]})"


# ---- the process


def _forge_test(
    arguments: list[str],
    profile: str,
    folder: Path,
    settings: dict[str, str] | None = None,
    core: int | None = None,
) -> _Output:
    output = _forge([*arguments, "--threads", "1", "--json"], profile, folder, settings, core)
    for line in output.text.splitlines():
        if line.startswith("{") and '"test_results"' in line:
            suites = orjson.loads(line)
            results = {name: r for suite in suites.values() for name, r in suite["test_results"].items()}
            if results:
                return _Output(output.text, output.seconds, output.cpu_seconds, results)
    raise ForgeFailed(f"forge ran no test:\n{output.text[-2000:]}")


def _forge(
    arguments: list[str],
    profile: str,
    folder: Path,
    settings: dict[str, str] | None = None,
    core: int | None = None,
) -> _Output:
    if not (ROOT / FORGE).exists():
        raise ForgeFailed(f"{FORGE} is not there; `make setup` installs it, on Linux x86-64 only.")
    environment = os.environ | {
        "FOUNDRY_PROFILE": profile,
        # Where forge keeps a cache of its own.
        "HOME": str(ROOT / ".forge" / "home"),
        "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1",
        # The packages of a copy of the project are links to ours.
        "FOUNDRY_ALLOW_PATHS": f'["{ROOT}"]',
        **(settings or {}),
    }
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [str(ROOT / FORGE), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
    )
    seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # A failing test is exit status 1 too: what was reported says which.
    if done.returncode and '"test_results"' not in done.stdout:
        raise ForgeFailed(f"forge {arguments[0]} failed:\n{(done.stdout + done.stderr).strip()[-3000:]}")
    return _Output(done.stdout, seconds, cpu)
