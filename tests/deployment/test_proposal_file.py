"""Proposal files: what they mean is what they look like, or they are refused by place."""

import pytest

from scripts._deployment.parameters import to_base_units
from scripts._governance.errors import InvalidProposal
from scripts._governance.proposal_file import load_proposal
from tests.deployment.electorate import PAYEE

pytestmark = pytest.mark.deployment


@pytest.fixture
def load(tmp_path):
    """The proposal in a file with that text."""

    def read(text: str):
        path = tmp_path / "proposal.yaml"
        path.write_text(text, encoding="utf-8")
        return load_proposal(path)

    return read


def payment(amount: str) -> str:
    return f'title: x\nactions:\n  - pay: {{asset: LPT, to: "{PAYEE}", amount: {amount}}}\n'


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        ("7", 7 * 10**18),
        ("1_000", 1000 * 10**18),
        ('"0"', 0),
        ('"0.000000000000000001"', 1),
        ('"10000000000"', 10**28),
        ('"9999999999.123456789012345678"', 9_999_999_999_123_456_789_012_345_678),
        ('"5000000000000000.123456789012345678"', 5_000_000_000_000_000_123_456_789_012_345_678),
    ],
)
def test_amount__decimal__is_exact_to_the_last_digit(load, amount, units):
    assert to_base_units(load(payment(amount)).actions[0].pay.amount) == units


@pytest.mark.parametrize(
    "amount",
    ["0100", "1:30", "0x10", "1.5", '"1e30"', '"nan"', '"-1"', "-1", '"1e400"', '"6e15"', "true", '"ten"'],
)
def test_amount__in_another_notation__is_refused(load, amount):
    with pytest.raises(InvalidProposal) as refused:
        load(payment(amount))
    assert "actions.1.pay.amount: found " in str(refused.value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (payment("1") + "actions: []\n", "line 4, actions: stands twice"),
        (payment('"1", amount: "1000"'), "line 3, actions.1.pay.amount: stands twice"),
        ("title: x\n? [a]\n: b\n? [a]\n: b\n", "proposal.yaml"),
        ("title: x\nactions: &a [*a]\n", "actions.1"),
        ("1: x\ntitle: x\n", "1: no such name"),
    ],
)
def test_proposal_file__names_out_of_order__are_refused_by_place(load, text, fault):
    with pytest.raises(InvalidProposal) as refused:
        load(text)
    assert fault in str(refused.value)


def test_proposal_file__values__are_taken_as_they_are_written(load):
    text = "title: x\nactions:\n  - call: {contract: A, function: f, arguments: [2026-01-01, no, 0o7, 7, true]}\n"
    assert load(text).actions[0].call.arguments == ["2026-01-01", "no", "0o7", 7, True]
