"""Parameter files: what is refused, by which name, at which line.

a file that is not there, not YAML, no mapping       → says so
a name unknown, missing, or there twice              → the name, its line, what is known there
a value of another type, out of range, in float LPT  → the name, the value, what would be right
values that contradict each other                    → both are named
the committed files                                  → load
"""

import re
from decimal import Decimal

import pytest

from scripts._deployment.errors import InvalidParameters
from scripts._deployment.parameters import FOLDER, load_parameters, to_base_units

pytestmark = pytest.mark.deployment

LOCAL = (FOLDER / "local.yaml").read_text(encoding="utf-8")


def line_of(text: str, name: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if f"{name}:" in line)


@pytest.fixture
def fault_of(tmp_path):
    """The only fault of local.yaml with one piece of text replaced."""

    def find(old: str, new: str) -> str:
        assert LOCAL.count(old) == 1
        text = LOCAL.replace(old, new)
        path = tmp_path / "changed.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidParameters) as caught:
            load_parameters(str(path))
        assert len(caught.value.faults) == 1, caught.value.faults
        return caught.value.faults[0]

    return find


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_load_parameters__committed_file__is_valid(path):
    """A devnet is a local network to all commands."""
    assert load_parameters(path.stem).network == ("local" if path.stem.startswith("devnet") else path.stem)


def test_load_parameters__unknown_network__names_the_known_ones():
    with pytest.raises(InvalidParameters, match=r"no such file; known: arbitrum-like, .*local"):
        load_parameters("nowhere")


@pytest.mark.parametrize("text", ["- a\n- b\n", "", "plain"], ids=["list", "empty", "text"])
def test_load_parameters__no_mapping__says_so(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidParameters, match="must be a mapping of names to values"):
        load_parameters(str(path))


def test_load_parameters__not_yaml__says_so(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: [1,\nb: }", encoding="utf-8")
    with pytest.raises(InvalidParameters, match="not YAML"):
        load_parameters(str(path))


def test_load_parameters__unknown_name__names_it_its_line_and_the_known(fault_of):
    fault = fault_of("  pool_max_size: 10\n", "  pool_max_size: 10\n  pool_max_sise: 10\n")
    assert fault.startswith(f"line {line_of(LOCAL, 'pool_max_size') + 1}, bonding_manager.pool_max_sise")
    assert "known here: unbonding_period_rounds, pool_max_size" in fault


def test_load_parameters__missing_name__names_it_and_its_section(fault_of):
    fault = fault_of("  unlock_period_rounds: 2\n", "")
    line = line_of(LOCAL, "ticket_broker")
    assert fault == f"line {line}, ticket_broker: ticket_broker.unlock_period_rounds is missing"


def test_load_parameters__missing_section__names_it(fault_of):
    assert "treasury is missing" in fault_of(
        "treasury:\n  min_delay_seconds: 0              # between queueing and executing a proposal\n", ""
    )


def test_load_parameters__name_twice__is_refused(fault_of):
    fault = fault_of("chain_id: 31337\n", "chain_id: 31337\nchain_id: 1\n")
    assert re.fullmatch(r"line \d+, chain_id: stands twice", fault)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "inflation_ppb: 218_500",
            "inflation_ppb: 2_000_000_000",
            "found 2000000000; input should be less than",
        ),
        ("pool_max_size: 10", "pool_max_size: 0", "found 0; input should be greater than or equal to 1"),
        (
            "pool_max_size: 10",
            "pool_max_size: 65536",
            "found 65536; input should be less than or equal to 65535",
        ),
        (
            "unlock_period_rounds: 2",
            'unlock_period_rounds: "2"',
            "found '2'; input should be a valid integer",
        ),
        (
            "unlock_period_rounds: 2",
            "unlock_period_rounds: 0",
            "found 0; input should be greater than or equal to 1",
        ),
        (
            "unbonding_period_rounds: 7",
            "unbonding_period_rounds: true",
            "found True; input should be a valid integer",
        ),
        (
            "balance_ceiling_lpt: 750_000",
            "balance_ceiling_lpt: 0.1",
            "found 0.1; must be an integer, or a decimal",
        ),
        ("balance_ceiling_lpt: 750_000", 'balance_ceiling_lpt: "-1"', "must be from 0 to 5e15"),
        ("balance_ceiling_lpt: 750_000", 'balance_ceiling_lpt: "1e-19"', "at most 18 decimals"),
        ("balance_ceiling_lpt: 750_000", 'balance_ceiling_lpt: "1e30"', "must be from 0 to 5e15"),
        ("balance_ceiling_lpt: 750_000", 'balance_ceiling_lpt: "many"', "must be from 0 to 5e15"),
        (
            "unlock_period_rounds: 2",
            "unlock_period_rounds: 010",
            "found '010'; input should be a valid integer",
        ),
        ("address: null", 'address: "0xabc"', "must be an address in checksummed spelling"),
    ],
)
def test_load_parameters__value_out_of_place__names_value_and_remedy(fault_of, old, new, expected):
    assert expected in fault_of(old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "adjustable_clock: false",
            "adjustable_clock: true",
            "rounds_manager.adjustable_clock: true would let anybody",
        ),
        (
            "inflation_ppb: 218_500",
            "inflation_ppb: 218_500",
            "token.faucet: there is no faucet on a live network",
        ),
    ],
)
def test_load_parameters__live_network_with_test_parts__is_refused(tmp_path, old, new, expected):
    path = tmp_path / "live.yaml"
    path.write_text(LOCAL.replace("live: false", "live: true").replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidParameters) as caught:
        load_parameters(str(path))
    assert any(expected in fault for fault in caught.value.faults)


def test_to_base_units__decimal_amount__is_exact():
    assert to_base_units(Decimal("0.000000000000000001")) == 1
    assert to_base_units(Decimal(750_000)) == 750_000 * 10**18
