"""Campaigns: which runs are made, and how what they did is added up, whoever made them and in whatever order.

run k of a seed is always the same; runs that were kept come first; what they did is added up in the order of numbers,
in whatever order it comes in; a run that is lost leaves a gap and stops nobody
"""

from dataclasses import replace

import pytest

from simulation.calls import Call
from simulation.campaign.divergences import signature_of
from simulation.campaign.findings import MAX_MINIMISED, Findings
from simulation.campaign.options import BadInput, parse_areas, parse_duration
from simulation.campaign.outcomes import Failure, Minimised, Outcome
from simulation.campaign.plan import Kept, Plan
from simulation.campaign.surface import Surface, entry_point_of
from simulation.campaign.tally import InOrder, Tally

SURFACE = Surface(("BondingManager.bond", "BondingManager.unbond"), {"Paused": ("A",)})
AREAS = ("bonding", "tickets")


def make_plan(**options) -> Plan:
    return Plan(**{"seed": 7, "areas": AREAS, "steps": 10, **options})


def make_outcome(number: int, *reached: str, failure: Failure | None = None, **options) -> Outcome:
    fields = {"origin": "fresh", "area": "bonding", "data": bytes([number]), "steps": 10, "seconds": 0.1}
    succeeded = dict.fromkeys(reached, 1)
    return Outcome(number, succeeded=succeeded, failure=failure, **{**fields, **options})


def make_failure(*differs: str) -> Failure:
    return Failure("divergence", differs, f"state differs: {differs}")


def make_minimised(number: int, *differs: str) -> Minimised:
    return Minimised(number, make_failure(*differs), steps=2, calls=(), python="[]", trace=b"{}", seconds=0.1)


# ---- the plan


def test_plan__other_seed__other_runs():
    assert make_plan().numbered(3).data != make_plan(seed=8).numbered(3).data


def test_plan__numbered_run__does_not_depend_on_those_before_it():
    plan = make_plan()
    made = [plan.next() for _ in range(10)]

    assert made[9] == make_plan().numbered(9)
    assert {run.area for run in made} == set(AREAS)


def test_plan__kept_runs__come_first_in_their_own_area():
    kept = [Kept("tickets", b"short"), Kept("bonding", b"a little longer")]
    plan = make_plan(kept=kept)

    made = [plan.next() for _ in range(3)]

    assert [(run.number, run.origin, run.area, run.data) for run in made[:2]] == [
        (-2, "kept", "tickets", b"short"),
        (-1, "kept", "bonding", b"a little longer"),
    ]
    assert made[2] == make_plan().numbered(0)


def test_plan__number_of_runs_given__stops_there():
    plan = make_plan(runs=2, kept=[Kept("bonding", b"kept")])

    assert [plan.next() is None for _ in range(4)] == [False, False, False, True]
    assert plan.is_exhausted


# ---- adding up


def test_in_order__results_in_any_order__come_out_by_number():
    in_order, out = InOrder(first=-1), []
    for number in (1, -1, 2, 0):
        out += [outcome.number for outcome in in_order.add(number, make_outcome(abs(number)))]

    assert out == [1, 0, 1, 2]
    assert in_order.next_number == 3


def test_in_order__run_is_lost__those_behind_it_come_out():
    in_order = InOrder(first=0)
    behind = make_outcome(1)

    assert list(in_order.add(1, behind)) == []
    assert list(in_order.add(0, None)) == [behind]


def test_in_order__interrupted__gives_back_what_is_behind_the_gap():
    in_order = InOrder(first=0)
    list(in_order.add(3, make_outcome(3)))
    list(in_order.add(2, make_outcome(2)))

    assert [outcome.number for outcome in in_order.rest()] == [2, 3]


def test_tally__run_reaches_what_others_had__is_not_new():
    tally = Tally(SURFACE)

    assert tally.add(make_outcome(0, "BondingManager.bond")) == {("entry point", "BondingManager.bond")}
    assert tally.add(make_outcome(1, "BondingManager.bond")) == set()
    assert [(point.steps, point.entry_points) for point in tally.growth] == [(0, 0), (10, 1)]
    assert tally.now().steps == 20


def test_tally__same_error_of_two_functions__is_new_twice_and_one_error():
    tally = Tally(SURFACE)
    tally.add(make_outcome(0, failed={("A.f", "Paused"): 2}))

    assert tally.add(make_outcome(1, failed={("A.g", "Paused"): 1})) == {("error", "A.g", "Paused")}
    assert tally.now().errors == 1


def test_tally__what_is_not_on_the_surface__is_counted_and_does_not_raise_the_share():
    tally = Tally(SURFACE)
    tally.add(make_outcome(0, "Cache__Mock.set", failed={("BondingManager.bond", "Panic"): 1}))

    assert tally.succeeded["Cache__Mock.set"] == 1
    assert (tally.now().entry_points, tally.now().errors) == (0, 0)


def test_tally__entry_point_that_only_contracts_call__is_reached_by_their_calls():
    tally = Tally(SURFACE)

    assert tally.missing()["entry point"] == ["BondingManager.bond", "BondingManager.unbond"]
    tally.add(make_outcome(0, inside={("BondingManager", "unbond"): 3, ("Elsewhere", "unbond"): 1}))

    assert tally.missing()["entry point"] == ["BondingManager.bond"]
    assert (tally.inside, tally.succeeded["BondingManager.unbond"]) == ({"BondingManager.unbond": 3}, 0)


def test_tally__error_of_a_view__is_reached():
    tally = Tally(SURFACE)
    tally.add(make_outcome(0, refused={("BondingManager.lock", "Paused"): 1}))

    assert tally.missing()["error"] == []
    assert tally.refused["BondingManager.lock", "Paused"] == 1


def test_tally__what_is_out_of_reach__is_not_missed_and_stands_out_when_reached():
    tally = Tally(replace(SURFACE, out_of_reach={"Paused": "nobody pauses", "BondingManager.bond": "closed"}))

    assert tally.missing() == {"entry point": ["BondingManager.unbond"], "error": []}
    assert tally.unforeseen() == []
    tally.add(make_outcome(0, "BondingManager.bond"))
    assert tally.unforeseen() == ["BondingManager.bond"]
    assert tally.now().entry_points == 0


def test_entry_point__answered_by_a_proxy__is_that_of_the_proxy():
    called = [Call("0x", name, "setController") for name in ("BondingVotes", "BondingVotesTarget", "Minter")]

    assert [entry_point_of(call) for call in called] == [
        "ManagerProxy.setController",
        "BondingVotes.setController",
        "Minter.setController",
    ]


def test_entry_point__second_contract_of_a_kind__is_that_of_the_kind():
    called = [
        entry_point_of(Call("0x", name, "f")) for name in ("Minter", "SecondMinter", "BondingVotesTarget")
    ]

    assert called == ["Minter.f", "Minter.f", "BondingVotes.f"]


# ---- failures


def test_findings__same_look__is_one_finding_and_one_job():
    findings = Findings()
    findings.add(make_outcome(4, failure=make_failure("BondingManager.bond")))

    assert findings.add(make_outcome(9, failure=make_failure("BondingManager.bond"))) is None
    assert [(finding.runs, finding.count) for finding in findings] == [([4, 9], 2)]
    assert findings.take_job().number == 4
    assert not findings.has_jobs


def test_findings__other_look_but_same_when_cut_down__are_joined():
    findings = Findings()
    findings.add(make_outcome(1, failure=make_failure("a", "b")))
    findings.add(make_outcome(2, failure=make_failure("a", "c")))
    findings.add(make_outcome(3, failure=make_failure("a", "c")))

    assert findings.settle(make_minimised(1, "a")) is not None
    assert findings.settle(make_minimised(2, "a")) is None
    assert [(finding.runs, finding.count) for finding in findings] == [([1, 2, 3], 3)]
    findings.add(make_outcome(4, failure=make_failure("a", "c")))
    assert next(iter(findings)).count == 4


def test_findings__other_failure_when_cut_down__are_two():
    findings = Findings()
    findings.add(make_outcome(1, failure=make_failure("a", "b")))
    findings.add(make_outcome(2, failure=make_failure("a", "c")))
    findings.settle(make_minimised(1, "b"))

    assert findings.settle(make_minimised(2, "c")) is not None
    assert len(findings) == 2


def test_findings__very_many_looks__are_all_counted_and_some_cut_down():
    findings = Findings()
    for number in range(MAX_MINIMISED + 3):
        findings.add(make_outcome(number, failure=make_failure(f"view {number}")))

    assert len(findings) == MAX_MINIMISED + 3
    assert [finding.note for finding in findings][-1] == f"not cut down: {MAX_MINIMISED} others were"


@pytest.mark.parametrize(
    ("message", "differs"),
    [
        (
            "state differs:\n  BondingManager.pendingStake(staker 1 0x12…, 0): found 5, expected 4\n"
            "  BondingManager.pendingStake(staker 2 0x34…, 0): found 5, expected 4\n"
            "  ETH.balance(Minter 0xD8…): found 1, expected 0\nafter:\n  1. Mine(3)",
            ("BondingManager.pendingStake", "ETH.balance"),
        ),
        (
            "expected success, found TicketBroker.withdraw failed: reverted with SystemPaused()\nafter:\n",
            ("SystemPaused", "TicketBroker.withdraw"),
        ),
        ("expected BondAmountIsZero(), found success\nafter:\n", ("BondAmountIsZero",)),
        (
            "events differ\n    expected ('0xAB', 'Bond', {'a': 1})\n    found    ('0xAB', 'Bond', {'a': 1})\n"
            "  ! expected ('0xAB', 'Reward', {'a': 1})\n    found    nothing\nafter:\n",
            ("event Reward",),
        ),
        ("initializeRound returned 4, expected 5\nafter:\n", ("initializeRound result",)),
    ],
    ids=["views", "unexpected error", "missing error", "events", "result"],
)
def test_signature__a_divergence__names_what_differs_without_amounts(message, differs):
    assert signature_of(message) == differs


# ---- options


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("1h30m", 5400), ("2h", 7200), ("1m5s", 65)]
)
def test_duration__hours_minutes_seconds__in_seconds(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["10x", "", "10", "-5s", "0s", "5m3h", "1.5m"])
def test_duration__anything_else__is_refused_by_name(text):
    with pytest.raises(BadInput, match=f"--time: found '{text}', must be"):
        parse_duration(text)


def test_areas__several__in_the_order_given():
    assert parse_areas("tickets, whole-protocol,tickets") == ("tickets", "whole protocol")


@pytest.mark.parametrize("text", ["", ",", "stacking", "bonding,,tickts"])
def test_areas__unknown_or_none__are_refused_by_name(text):
    with pytest.raises(BadInput, match=r"--areas: found .*bonding, rounds, tickets"):
        parse_areas(text)
