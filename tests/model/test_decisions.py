"""Proposals in random runs: everything becomes of some of them, and counted votes never exceed the stake.

given random runs with governance         every end of a proposal should be reached, and all invariants hold
given the contracts beside the model      the same, with contracts and model in agreement
given a vote that counts twice            the run should end with the invariant that says so
"""

import json
import sys

import pytest

from reference_model.counting import Tally
from simulation import decisions
from simulation.decisions import REACHED, measure

pytestmark = pytest.mark.property

STEPS, STEPS_OF_CONTRACTS = 6_000, 600
# Takes a canceller, whom a proposal has to make one: see docs/invariants.md for runs that are long enough.
RARE = {"canceled in the treasury"}


def test_measure__model_alone__reaches_every_end_of_a_proposal() -> None:
    found = measure(STEPS, seed=1)

    assert found.steps == STEPS
    assert {name for name in REACHED if not found.reached[name]} <= RARE
    assert 0 < found.largest_share <= 1


def test_measure__contracts_beside_the_model__reaches_execution() -> None:
    found = measure(STEPS_OF_CONTRACTS, seed=1, contracts=True)

    assert found.steps == STEPS_OF_CONTRACTS
    assert {"executed", "defeated without quorum", "defeated by quota"} <= set(found.reached)
    assert 0 < found.largest_share <= 1


def test_main__overriding_votes_twice__names_the_invariant(monkeypatch, capsys) -> None:
    monkeypatch.setattr(Tally, "_override", lambda self, delegate, weight: None)
    monkeypatch.setattr(sys, "argv", ["decisions", "--steps", str(STEPS)])

    assert decisions.main() == 1
    assert capsys.readouterr().err.startswith(("GOV-7 ", "GOV-8 ", "GOV-9 "))


def test_main__json__has_every_count(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["decisions", "--steps", "300", "--json"])

    assert decisions.main() == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["runs"], found["steps"], set(found["reached"])) == (1, 300, set(REACHED))


def test_main__no_steps__says_what_would_be_right(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["decisions", "--steps", "0"])

    with pytest.raises(SystemExit) as ended:
        decisions.main()
    assert ended.value.code == 2
    assert "--steps: found 0, must be at least 1" in capsys.readouterr().err
