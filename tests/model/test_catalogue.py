"""docs/invariants.md says what the code checks: the same ids with the same claims."""

import re
from pathlib import Path

import pytest

from simulation.invariants import AREAS, INVARIANTS

pytestmark = pytest.mark.unit

PAGE = Path(__file__).resolve().parents[2] / "docs" / "invariants.md"
ROW = re.compile(r"^\| ([A-Z]+-\d+) \| ([^|]*) \|$", re.MULTILINE)


def test_catalogue__page__has_every_id_with_its_claim():
    rows = dict(ROW.findall(PAGE.read_text(encoding="utf-8")))
    assert AREAS
    assert rows == {id_: claim for id_, (claim, _) in INVARIANTS.items()}
