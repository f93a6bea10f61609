"""tools/benchmark_simulation.py: what it prints can be read by programs, and lands between its markers.

given some rows and a time                    it should measure these, with shares of the time that make no more than it
given a time of 0                             it should be refused with what would be right
given a page with and without the markers     it should replace what is between them, or say that they are missing
"""

import json
import subprocess
import sys

import pytest

from tools import benchmark_simulation
from tools.benchmark_simulation import BEGIN, END
from tools.solidity import ROOT

pytestmark = pytest.mark.integration


def benchmark(*arguments: str) -> subprocess.CompletedProcess:
    """A process of its own, since it keeps to one core."""
    command = [sys.executable, "-m", "tools.benchmark_simulation", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_benchmark__two_rows_as_json__counts_steps_calls_and_views():
    done = benchmark("--rows", "bytes", "rules", "--seconds", "0.1", "--json")
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout)
    assert [row["driver"].split(" ")[0] for row in measured["rows"]] == ["byte-decoded", "rule-based"]
    for row in measured["rows"]:
        assert row["steps"] > 0
        # Deployments make calls, too; a call in two fails, and is followed by no look.
        assert row["calls"] > row["steps"] / 2
        assert row["views"] > row["steps"]
        assert {"calls", "model", "state", "choices", "deployment"} <= set(row["shares"])
        assert sum(row["shares"].values()) <= 1.01
    assert "invariants" in measured["rows"][1]["shares"]


def test_benchmark__no_time__is_refused():
    done = benchmark("--seconds", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--seconds: found 0.0, must be more than 0" in done.stderr


def test_page__with_the_markers__has_the_table_between_them(tmp_path, monkeypatch):
    page = tmp_path / "benchmarks.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(benchmark_simulation, "PAGE", page)
    benchmark_simulation.write_page("new")
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_page__without_the_markers__is_named(tmp_path, monkeypatch):
    page = tmp_path / "benchmarks.md"
    page.write_text("nothing\n", encoding="utf-8")
    monkeypatch.setattr(benchmark_simulation, "PAGE", page)
    monkeypatch.setattr(benchmark_simulation, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"benchmarks\.md: .* are not there"):
        benchmark_simulation.write_page("new")
