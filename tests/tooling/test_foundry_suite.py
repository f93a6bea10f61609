"""What lies around the Solidity in foundry/: its ids, the exam's faults, and how results are read.

The Solidity itself is run by `make foundry`; here nothing is compiled.
"""

import re

import pytest

from foundry import benchmark, exam
from foundry.benchmark import BEGIN, END, positive, row_of, with_section
from foundry.exam import QUESTIONS, broken_claim, is_caught
from foundry.runner import AT_THE_END, EVERY_CALL, CallCounts, ForgeFailed, Result, read_campaign, read_counts
from tools.solidity import ROOT

pytestmark = pytest.mark.unit

ID = re.compile(r"\b(?:BOND|POOL|EARN|ROUND|MINT|TICKET|RESERVE|VOTE|AUTH|FN)-\d+\b")
COUNTS = CallCounts(transactions_per_action=0.8, calls_per_action=25.0, calls_per_check=150.0)
STEP = {"func_name": "unbondNoRevert"}


def report(**changes) -> dict:
    metrics = {"Handler.bond": {"calls": 7}, "Handler.unbond": {"calls": 5}}
    given = {"status": "Success", "reason": None, "counterexample": None}
    return given | {"kind": {"Invariant": {"metrics": metrics}}} | changes


# ---- ids


def ids_of_the_page() -> set[str]:
    rows = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8").splitlines()
    return {found[0] for row in rows if row.startswith("|") and (found := ID.search(row))}


@pytest.mark.parametrize("pattern", ["*.sol", "README.md", "exam.py"])
def test_ids__in_the_suite__are_those_of_the_page(pattern):
    named = {
        number
        for path in (ROOT / "foundry").rglob(pattern)
        for number in ID.findall(path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= ids_of_the_page()


# ---- the exam


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.fault.name)
def test_exam__each_fault__can_be_planted(question):
    for path, text in question.fault.sources().items():
        assert text != (ROOT / path).read_text(encoding="utf-8")


def test_exam__claim_named_for_the_fault__is_caught():
    question = QUESTIONS[0]
    claim = f'InvariantBroken("{question.caught_by[0]} and so on", 0x00, 1, 2)'

    assert is_caught(question, Result(9, 1.0, 1.0, claim))
    assert not is_caught(question, Result(9, 1.0, 1.0, 'InvariantBroken("TICKET-2 another", 0x00, 1, 2)'))
    assert not is_caught(question, Result(9, 1.0, 1.0))


@pytest.mark.parametrize(
    ("failure", "claim"),
    [
        ('InvariantBroken("POOL-1 a claim (all of it)", 0x00, 1, 2)', "POOL-1 a claim (all of it)"),
        ("DelegatorNotBonded(0x00, 2)", "DelegatorNotBonded"),
        ("panic: arithmetic underflow or overflow (0x11)", "panic: arithmetic underflow or overflow"),
    ],
)
def test_broken_claim__any_failure__is_what_people_read(failure, claim):
    assert broken_claim(failure) == claim


def test_exam__unknown_fault__names_the_known_ones(capsys):
    with pytest.raises(SystemExit) as stopped:
        exam.main(["NoSuchFault"])

    assert stopped.value.code == 2
    message = capsys.readouterr().err
    assert "NoSuchFault" in message
    assert QUESTIONS[0].fault.name in message


# ---- reports


def test_read_campaign__success__counts_the_actions():
    assert read_campaign(report(), 3.0, 2.0) == Result(calls=12, seconds=3.0, cpu_seconds=2.0)


def test_read_campaign__failure__has_reason_and_shrunk_run():
    failing = report(status="Failure", reason="MINT-4", counterexample={"Sequence": [68, [STEP, STEP]]})

    result = read_campaign(failing, 3.0, 2.0)

    assert (result.failure, result.length) == ("MINT-4", 68)
    assert result.shortest == ("unbondNoRevert", "unbondNoRevert")


def test_read_campaign__set_up_fails__says_why():
    with pytest.raises(ForgeFailed, match="no artifact"):
        read_campaign(report(status="Failure", reason="no artifact", kind={"Unit": {"gas": 0}}), 1.0, 1.0)


def test_read_counts__logs_of_the_counting_test__are_averaged():
    logs = ["steps: 10", "transactions: 8", "calls by actions: 250", "calls by checks: 1500"]

    assert read_counts(logs) == COUNTS


# ---- the benchmark


@pytest.mark.parametrize(
    ("check_interval", "calls_per_action"), [(EVERY_CALL, 25 + 150), (AT_THE_END, 25 + 150 / 200)]
)
def test_row__checks__count_as_often_as_they_are_made(check_interval, calls_per_action):
    results = [Result(1000, seconds, 2.0) for seconds in (4.0, 10.0, 5.0)]

    row = row_of("", check_interval, results, depth=200, counts=COUNTS)

    assert (row.per_second, row.per_cpu_second) == (200.0, 500.0)
    assert row.calls_per_second == pytest.approx(200 * calls_per_action)


def test_with_section__page_with_marks__keeps_what_is_around_them():
    page = f"above\n{BEGIN}\nold\n{END}\nbelow\n"

    assert with_section(page, "new") == f"above\n{BEGIN}\nnew\n{END}\nbelow\n"


@pytest.mark.parametrize("page", ["", BEGIN, f"{END}\n{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_with_section__marks_missing_or_twice__is_refused(page):
    with pytest.raises(ValueError, match=re.escape("docs/benchmarks.md")):
        with_section(page, "new")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many"])
def test_benchmark__count_that_is_none__is_refused(text, capsys):
    with pytest.raises(SystemExit) as stopped:
        benchmark.main(["--runs", text])

    assert stopped.value.code == 2
    assert f"{text} is not a whole number" in capsys.readouterr().err


def test_positive__whole_number__is_taken():
    assert positive("3") == 3
