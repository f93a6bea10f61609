"""docs/invariants.md says what the code checks: the same ids with the same claims, and the same rounding bounds."""

from pathlib import Path

import pytest

from reference_model.exact import OPERATIONS
from simulation.invariants import INVARIANTS, WORLD_INVARIANTS
from simulation.invariants.__main__ import AREAS, PAGE, rows, update
from simulation.invariants.elsewhere import TESTED_ELSEWHERE
from simulation.invariants.specification import LISTS

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]


def test_catalogue__page__is_what_the_command_writes():
    page = PAGE.read_text(encoding="utf-8")
    assert page == update(page), "run: python -m simulation.invariants --update-docs"


def test_catalogue__page__has_every_rounding_with_its_bound():
    page = PAGE.read_text(encoding="utf-8")
    expected = [
        f"| {name} | {one.formula} | {one.gainer} | {one.bound} |" for name, one in OPERATIONS.items()
    ]
    assert [row for row in expected if row not in page] == []


def test_catalogue__ids__are_unique_and_have_an_area():
    numbers = [*INVARIANTS, *WORLD_INVARIANTS, *TESTED_ELSEWHERE]
    assert len(numbers) == len(set(numbers)) == len(rows())
    assert {number.partition("-")[0] for number in numbers} == set(AREAS)


def test_catalogue__claims_and_reasons__are_said_once():
    claims = [entry.claim for entry in (*INVARIANTS.values(), *WORLD_INVARIANTS.values())]
    assert len(claims) == len(set(claims))
    assert all(entry.why for entry in (*INVARIANTS.values(), *WORLD_INVARIANTS.values()))


@pytest.mark.parametrize("number", TESTED_ELSEWHERE)
def test_catalogue__test_named_for_an_id__exists(number: str):
    where = ROOT / TESTED_ELSEWHERE[number].where
    assert where.is_file() or list(where.rglob("test_*.py"))


@pytest.mark.parametrize("name", LISTS)
def test_specification__each_number_of_a_list__has_ids_that_exist(name: str):
    known = {*INVARIANTS, *WORLD_INVARIANTS, *TESTED_ELSEWHERE}
    assert list(LISTS[name]) == list(range(1, len(LISTS[name]) + 1))
    assert {number: ids for number, ids in LISTS[name].items() if not ids or not known.issuperset(ids)} == {}
