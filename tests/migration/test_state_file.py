"""A state file: nothing that was changed after the export, or cannot be true, gets through.

given a file as it was written                    it should load, with the root that was reported
given that it is cut off, or no JSON              it should be refused with the place
given one changed, missing or added account       it should be refused with its address
given a changed section, digest or root           it should be refused with its name
given a value that no contract can hold           it should be refused with its place
given consistent digests over wrong totals        it should be refused with both sums
"""

import json

import pytest

from scripts._migration.errors import StateFileRefused
from scripts._migration.export import export_state
from scripts._migration.state_file import digests_of, load_state, root_of, save_state
from tests.migration.stage import ChainLedger, LoggingChain, Source

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def source(artifacts):
    return Source(LoggingChain(artifacts), 6, 120, stakers=5, round_length=60, num_active_transcoders=2)


@pytest.fixture(scope="module")
def state(source, artifacts):
    controller = source.world.protocol.controller.address
    return export_state(ChainLedger(source.chain), artifacts, controller)


@pytest.fixture
def path(state, tmp_path):
    save_state(state, tmp_path / "state.json")
    return tmp_path / "state.json"


def change(path, edit, *, sign: bool = False) -> None:
    """Edits the document; with `sign` its digests are made to fit."""
    document = json.loads(path.read_text())
    edit(document)
    if sign:
        given = {name: part for name, part in document.items() if name not in ("digests", "root")}
        document["digests"] = digests_of(given)
        document.pop("root")
        path.write_text(json.dumps(document))
        with pytest.raises(StateFileRefused) as refusal:
            load_state(path)
        (root,) = [fault.rsplit(" ", 1)[1] for fault in refusal.value.faults if fault.startswith("root")]
        document["root"] = root
    path.write_text(json.dumps(document))


def faults_of(path, **options) -> list[str]:
    with pytest.raises(StateFileRefused) as refusal:
        load_state(path, **options)
    return refusal.value.faults


def index_of_bond(state) -> int:
    return next(number for number, account in enumerate(state.accounts) if account.bond.bonded)


def test_load_state__as_it_was_written__is_the_same(path, state):
    assert load_state(path, root=root_of(state)) == state
    assert faults_of(path, root="0x00") == [f"root: found {root_of(state)}, --root asks for 0x00"]


def test_load_state__cut_off_anywhere__is_refused(path):
    text = path.read_text()
    for length in (0, 1, len(text) // 3, len(text) - 3):
        path.write_text(text[:length])
        (fault,) = faults_of(path)
        assert "not JSON" in fault and "cut off" in fault, fault


def test_load_state__an_account_changed_missing_or_added__is_named(path, state):
    number = index_of_bond(state)
    address, text = state.accounts[number].address, path.read_text()

    change(path, lambda d: d["accounts"][number]["bond"].update(bonded="1"))
    assert any(fault.startswith(f"accounts, {address}: was changed") for fault in faults_of(path))

    path.write_text(text)
    change(path, lambda d: d["accounts"].pop(number))
    assert f"accounts, {address}: is missing, the file has a digest of it" in faults_of(path)

    path.write_text(text)
    stranger = "0x" + "11" * 20
    change(path, lambda d: d["accounts"].append(d["accounts"][number] | {"address": stranger}))
    assert f"accounts, {stranger}: was added, the file has no digest of it" in faults_of(path)

    path.write_text(text)
    change(path, lambda d: d["accounts"].append(d["accounts"][number]))
    assert f"accounts, {address}: stands 2 times" in faults_of(path)


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("clock", "last_initialized_round", 1),
        ("issuance", "mintable", "12"),
        ("bonding", "current_round_active_set_size", 9),
        ("tickets", "unlock_period_rounds", 9),
        ("origin", "since", 0),
    ],
)
def test_load_state__a_section_changed__is_named(path, section, field, value):
    change(path, lambda d: d[section].update({field: value}))
    assert any(fault.startswith(f"{section}: was changed, its digest is ") for fault in faults_of(path))


def test_load_state__digests_or_root_changed__is_refused(path, state):
    text = path.read_text()
    change(path, lambda d: d.pop("digests"))
    assert faults_of(path) == ["digests: missing; the file was not written by `export`, or was cut"]
    path.write_text(text)
    change(path, lambda d: d.update(root="0x12"))
    assert faults_of(path) == [f"root: found 0x12, that of the digests is {root_of(state)}"]


def test_load_state__value_that_no_contract_holds__is_refused_with_its_place(path, state):
    number = index_of_bond(state)
    text = path.read_text()
    for field, value, words in (
        ("bonded", str(2**112), "less than or equal to"),
        ("bonded", "-1", "decimal digits"),
        ("delegate", "0xabc", "checksummed"),
        ("start_round", "5", "valid integer"),
        ("surplus", 1, "not permitted"),
    ):
        path.write_text(text)
        change(path, lambda d, f=field, v=value: d["accounts"][number]["bond"].update({f: v}))
        (fault,) = faults_of(path)
        assert fault.startswith(f"accounts.{number}.bond.{field}: found ") and words in fault, fault


def test_load_state__digests_made_to_fit__totals_still_tell(path, state):
    bonded, held = state.totals.bonded, state.issuance.held_lpt
    text = path.read_text()
    change(path, lambda d: d["totals"].update(bonded=str(bonded + 1)), sign=True)
    assert faults_of(path) == [f"totals.bonded: found {bonded + 1}, the accounts add up to {bonded}"]

    path.write_text(text)
    change(path, lambda d: d["issuance"].update(held_lpt="1"), sign=True)
    assert any(
        fault.startswith("issuance.held_lpt: found 1, bonds and locks are ") for fault in faults_of(path)
    )
    assert held > 1

    path.write_text(text)
    total = state.bonding.next_round_total_active_stake
    change(path, lambda d: d["bonding"].update(next_round_total_active_stake=str(total + 1)), sign=True)
    assert faults_of(path) == [
        f"bonding.next_round_total_active_stake: found {total + 1}, the pool's stakes add up to {total}"
    ]

    path.write_text(text)
    stranger = "0x" + "11" * 20
    change(path, lambda d: d["bonding"]["pool"].append(stranger), sign=True)
    faults = faults_of(path)
    assert f"bonding.pool, {stranger}: is no account of the file" in faults
