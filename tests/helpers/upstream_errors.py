"""docs/upstream_errors.yaml: which error of ours stands for which reason of the deployed contracts.

Rows are {contract, function, upstream, error: "IContract.ErrorName", note?}; reasons that we cannot have are
listed under `without_counterpart` as {contract, function, upstream, reason}.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

PATH = Path(__file__).resolve().parents[2] / "docs" / "upstream_errors.yaml"
ROW_FIELDS = {"contract", "function", "upstream", "error"}
ABSENT_FIELDS = {"contract", "function", "upstream", "reason"}


class InvalidRow(Exception):
    """A row of the file that is not of the form above."""


@dataclass(frozen=True)
class Row:
    """One upstream reason with our error, `interface` being where it is declared."""

    contract: str
    function: str
    upstream: str
    interface: str
    error: str

    def __str__(self) -> str:
        return f"{self.contract}.{self.function}: {self.upstream!r} → {self.interface}.{self.error}"


def load_rows(path: Path = PATH) -> list[Row]:
    """The rows of the file; none where the file does not exist. Raises InvalidRow."""
    if not path.exists():
        return []
    document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    for position, entry in enumerate(document.get("without_counterpart") or [], 1):
        _check("without_counterpart", position, entry, ABSENT_FIELDS, ABSENT_FIELDS)
    return [
        _row(_check("rows", position, entry, ROW_FIELDS, ROW_FIELDS | {"note"}), position)
        for position, entry in enumerate(document.get("rows") or [], 1)
    ]


def never_raised(
    rows: list[Row], raised: set[tuple[str, str, str]], functions: dict[str, set[str]]
) -> list[Row]:
    """Rows whose error no test got from their function.

    `functions` are the names in the ABI of each contract.  A row for anything else, such as a fallback, asks for
    the error from its contract only; a function and its form `…WithHint` are one; a harness counts as the
    contract that it opens.
    """
    seen = set()
    for contract, function, error in raised:
        contract = contract.removesuffix("__Harness")
        seen |= {(contract, _family(function), error), (contract, "", error)}
    return [
        row
        for row in rows
        if (row.contract, _row_family(row, functions.get(row.contract, set())), row.error) not in seen
    ]


def _row_family(row: Row, functions: set[str]) -> str:
    return _family(row.function) if row.function in functions | {"constructor"} else ""


def _family(function: str) -> str:
    return function.removesuffix("WithHint")


def _check(section: str, position: int, entry, required: set[str], allowed: set[str]) -> dict:
    if not isinstance(entry, dict) or not required <= set(entry) <= allowed:
        found = sorted(entry) if isinstance(entry, dict) else entry
        raise InvalidRow(f"{PATH.name}, {section} {position}: found {found}, must have {sorted(required)}")
    return entry


def _row(entry: dict, position: int) -> Row:
    interface, dot, error = str(entry["error"]).partition(".")
    if not dot or not error.isidentifier():
        raise InvalidRow(
            f"{PATH.name}, rows {position}: error: found {entry['error']!r}, must be IContract.Error"
        )
    return Row(entry["contract"], entry["function"], entry["upstream"], interface, error)
