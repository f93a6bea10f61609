"""Prints the catalogue, writes it into docs/invariants.md, or measures what checking it costs.

python -m simulation.invariants
python -m simulation.invariants --update-docs
"""

import argparse
import re
import sys
from itertools import groupby
from pathlib import Path

from simulation.invariants import INVARIANTS, WORLD_INVARIANTS, specification
from simulation.invariants.cost import measure
from simulation.invariants.elsewhere import TESTED_ELSEWHERE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "invariants.md"
MARKED = re.compile(r"(<!-- catalogue -->\n).*(<!-- end of catalogue -->)", re.DOTALL)
AREAS = {
    "BOND": "Bonds",
    "POOL": "Pool, active set, rates",
    "EARN": "Earnings",
    "ROUND": "Rounds",
    "MINT": "Issuance and custody",
    "TICKET": "Tickets",
    "RESERVE": "Reserves",
    "VOTE": "Votes",
    "AUTH": "Authority, pause, parameters",
    "REG": "Registry and proxies",
    "GOV": "Governor, proposals, votes on them",
    "TREAS": "Treasury",
    "POLL": "Polls",
    "TOKEN": "Token",
    "FN": "Single functions, code",
}
HEAD = "| id | claim | tolerance | why | checked |\n|---|---|---|---|---|"


def rows() -> dict[str, str]:
    """A row of Markdown for each id."""
    found = {}
    for number, entry in INVARIANTS.items():
        checked = f"after {', '.join(sorted(entry.on))}" if entry.on else "each step"
        found[number] = _row(number, entry.claim, entry.tolerance, entry.why, checked)
    for number, entry in WORLD_INVARIANTS.items():
        found[number] = _row(
            number, entry.claim, entry.tolerance, entry.why, "on contracts, at the end of a run"
        )
    for number, test in TESTED_ELSEWHERE.items():
        found[number] = _row(number, test.claim, "", test.why, f"`{test.where}`")
    return found


def _row(number: str, claim: str, tolerance: str, why: str, checked: str) -> str:
    return f"| {number} | {claim} | {tolerance or 'none'} | {why} | {checked} |"


def _order(number: str) -> tuple[int, int]:
    area, _, count = number.partition("-")
    return list(AREAS).index(area), int(count)


def tables() -> str:
    """All tables, by area."""
    found, parts = rows(), []
    for area, numbers in groupby(sorted(found, key=_order), key=lambda number: number.partition("-")[0]):
        lines = "\n".join(found[number] for number in numbers)
        parts.append(f"## {AREAS[area]} ({area})\n\n{HEAD}\n{lines}\n")
    parts.append(f"## Where the lists of the specification are\n\n{specification.table()}\n")
    return "\n".join(parts)


def update(page: str) -> str:
    """The page with the tables of now."""
    if not MARKED.search(page):
        raise ValueError("no <!-- catalogue --> … <!-- end of catalogue --> to write the tables into")
    return MARKED.sub(lambda match: match[1] + "\n" + tables() + "\n" + match[2], page)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m simulation.invariants", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--update-docs", action="store_true", help="write the tables into docs/invariants.md")
    parser.add_argument(
        "--cost", type=int, metavar="STEPS", help="measure instead what checking costs, in so many steps"
    )
    given = parser.parse_args()
    if given.cost is not None:
        if given.cost < 1:
            parser.error(f"--cost: found {given.cost}, must be at least 1")
        print(measure(given.cost).table())
    elif given.update_docs:
        PAGE.write_text(update(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(tables())
    return 0


if __name__ == "__main__":
    sys.exit(main())
