"""docs/upstream_errors.yaml against the build, and the reading of that file.

That each row's error is really raised is checked at the end of a full run of tests/unit (tests/conftest.py).
"""

import pytest

from tests.helpers.upstream_errors import InvalidRow, Row, load_rows, never_raised

pytestmark = pytest.mark.unit

ROWS = load_rows()


def errors(artifact) -> set[str]:
    return {item["name"] for item in artifact.abi if item["type"] == "error"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.contract}.{row.function}-{row.error}")
def test_row__in_the_build__names_an_error_of_its_contract(artifacts, row):
    assert row.contract in artifacts, f"{row.contract} is not built"
    assert row.error in errors(artifacts[row.contract]), f"{row.contract} has no error {row.error}"
    assert row.interface in artifacts, f"{row.interface} is not built"
    assert row.error in errors(artifacts[row.interface]), f"{row.interface} declares no error {row.error}"


def test_rows__each__appears_once():
    keys = [(row.contract, row.function, row.upstream, row.error) for row in ROWS]
    assert ROWS, "docs/upstream_errors.yaml has no rows"
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rows: [{contract: A, function: f, upstream: x}]", "rows 1: found .* must have"),
        (
            "rows: [{contract: A, function: f, upstream: x, error: E}]",
            "error: found 'E', must be IContract.Error",
        ),
        ("rows: [{contract: A, function: f, upstream: x, error: I.E, more: 1}]", "rows 1: found"),
        ("without_counterpart: [{contract: A, function: f, upstream: x}]", "without_counterpart 1: found"),
    ],
)
def test_load_rows__not_of_the_form__is_a_named_error(tmp_path, text, message):
    path = tmp_path / "upstream_errors.yaml"
    path.write_text(text)
    with pytest.raises(InvalidRow, match=message):
        load_rows(path)


@pytest.mark.parametrize(
    ("raised", "missing"),
    [
        (("A", "f", "E"), False),
        (("A", "fWithHint", "E"), False),
        (("A__Harness", "f", "E"), False),
        (("A__MutantF", "f", "E"), True),
        (("A", "g", "E"), True),
        (("B", "f", "E"), True),
        (("A", "f", "F"), True),
    ],
)
def test_never_raised__row_of_a_function__asks_for_contract_function_and_error(raised, missing):
    row = Row("A", "f", "text", "IA", "E")
    functions = {"A": {"f", "g", "fWithHint"}}
    assert never_raised([row], {raised}, functions) == ([row] if missing else [])


def test_never_raised__row_of_a_fallback__asks_for_the_contract_only():
    row = Row("A", "fallback", "text", "IA", "E")
    assert never_raised([row], {("A", "g", "E")}, {"A": {"g"}}) == []
