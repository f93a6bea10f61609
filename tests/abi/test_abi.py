"""Compiled ABIs against those of the deployed protocol: nothing missing, nothing changed, additions listed.

given an upstream item                 it should be in the compiled contract with the same names and mutability
given that it is not                   it should be a listed deviation that says what we have instead
given a compiled item without origin   it should be a listed addition
given a listed addition or deviation   it should be real
given a section of the data            it should be compared, or listed as later or as a part, with a reason
"""

import re
from pathlib import Path

import pytest

from tests.abi import reference
from tests.abi.human_readable import ParseError, identity, parse, render

pytestmark = pytest.mark.unit

DEVIATIONS = Path(__file__).resolve().parents[2] / "docs" / "deviations.md"
STRUCTS = {
    "TicketBroker": {"Ticket", "Sender", "ReserveInfo"},
    "Governor": {"Update"},
}
CONTRACTS = reference.compared_contracts()


def deviations_of(contract: str) -> dict[str, dict]:
    """The deviations of a contract by the identity of the upstream item."""
    listed = [entry for entry in reference.policy()["deviations"] if contract in entry["contracts"]]
    return {identity(parse(entry["upstream"])): entry for entry in listed}


@pytest.fixture
def ours(artifacts):
    def of(contract: str) -> dict[str, dict]:
        if contract not in artifacts:
            pytest.fail(f"{contract} is not built; list its section under `later` until it is")
        return reference.compiled(artifacts[contract])

    return of


@pytest.mark.parametrize("contract", CONTRACTS)
def test_upstream_items__compiled_contract__has_each_unchanged(ours, contract):
    compiled, excused = ours(contract), deviations_of(contract)
    faults = []
    for key, upstream in reference.reference(contract).items():
        if key in excused:
            continue
        found = compiled.get(key)
        if found is None:
            faults.append(f"missing: {render(upstream)}")
        elif not reference.is_same(upstream, found):
            faults.append(f"changed: {render(upstream)}\n     to: {render(found)}")
    assert not faults, f"{contract}:\n" + "\n".join(faults)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_compiled_items__not_upstream__are_exactly_the_listed_additions(ours, contract):
    found = sorted(additions(contract, ours(contract)))
    listed = reference.policy()["additions"].get(contract, [])
    assert sorted(listed) == found, "run `python -m tests.abi.update` and read the difference"


@pytest.mark.parametrize("contract", CONTRACTS)
def test_deviations__each__is_what_it_says(ours, contract):
    compiled, upstream = ours(contract), reference.reference(contract)
    for key, entry in deviations_of(contract).items():
        assert set(entry) - {"ours"} == {"contracts", "id", "reason", "upstream"}, entry
        assert key in upstream, f"{entry['upstream']} is not upstream"
        assert render(upstream[key]) == render(parse(entry["upstream"]))
        if "ours" in entry:
            instead = parse(entry["ours"])
            found = compiled.get(identity(instead))
            assert found is not None and render(found) == render(instead), f"we do not have {entry['ours']}"
            assert not reference.is_same(upstream[key], instead), f"{entry['ours']} is no deviation"
        else:
            assert key not in compiled, f"we do have {entry['upstream']}"


def test_policy__every_section__is_compared_or_listed_once(artifacts):
    policy, known = reference.policy(), reference.sections()
    listed = [*policy["later"], *policy["parts"]]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(known), f"unknown sections: {sorted(set(listed) - set(known))}"
    assert set(policy["additions"]) <= set(CONTRACTS)
    assert {name for entry in policy["deviations"] for name in entry["contracts"]} <= set(CONTRACTS)


def test_policy__each_deviation__is_explained_in_the_documentation():
    documented = set(re.findall(r"^\| (DEV-\d+) \|", DEVIATIONS.read_text(encoding="utf-8"), re.M))
    assert {entry["id"] for entry in reference.policy()["deviations"]} <= documented


@pytest.mark.parametrize("section", reference.policy()["later"])
def test_policy__section_listed_as_later__is_not_built_yet(artifacts, section):
    contract = reference.sections()[section].contract
    assert contract not in artifacts, f"{contract} is built: compare it"


def test_later_additions__lip_118__are_part_of_the_bonding_manager():
    items = reference.reference("BondingManager")
    assert "function setRewardCaller(address)" in items
    assert "event RewardCallerSet(address,address)" in items


@pytest.mark.parametrize("contract", STRUCTS)
def test_structs__in_the_compiled_abi__keep_their_names(artifacts, contract):
    """Binding generators take type names from `internalType`."""
    found = {name for item in artifacts[contract].abi for name in struct_names(item)}
    assert found == STRUCTS[contract]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_render__each_upstream_item__parses_back_to_itself(contract):
    for item in reference.reference(contract).values():
        assert parse(render(item)) == item


@pytest.mark.parametrize(
    "line",
    [
        "modifier only(address a)",
        "function f(uint256 a",
        "function f(uint256 a) external payable view",
        "function f(uint256 a) sometimes",
        "event E(uint256 a) view",
        "function",
    ],
)
def test_parse__not_an_item__is_a_named_error(line):
    with pytest.raises(ParseError):
        parse(line)


@pytest.mark.parametrize(
    ("upstream", "ours_line", "same"),
    [
        ("function f(uint256) view returns (bool)", "function f(uint256 a) view returns (bool b)", True),
        ("function f(uint256 a)", "function f(uint256 b)", False),
        ("function f(uint256 a)", "function f(uint256)", False),
        ("function f(uint256 a) external payable", "function f(uint256 a)", False),
        ("function f() returns (uint256 a)", "function f() returns (uint256 b)", False),
        ("function f() returns (uint256 a)", "function f() returns (uint256 a, uint256 b)", False),
        ("function f(tuple(uint256 a) t)", "function f(tuple(uint256 b) t)", False),
        ("event E(uint256 indexed a)", "event E(uint256 a)", False),
    ],
)
def test_is_same__names_mutability_and_indexed_flags__count(upstream, ours_line, same):
    assert reference.is_same(parse(upstream), parse(ours_line)) is same


def additions(contract: str, compiled: dict[str, dict]) -> list[str]:
    """Items of ours that upstream has not, save those which stand for an upstream item that deviates."""
    upstream = reference.reference(contract)
    instead = {identity(parse(e["ours"])) for e in deviations_of(contract).values() if "ours" in e}
    return [render(item) for key, item in compiled.items() if key not in upstream and key not in instead]


def struct_names(item: dict) -> set[str]:
    """The struct names that an item's parameters carry."""
    return {
        part["internalType"].removeprefix("struct ").split("[")[0].rpartition(".")[2]
        for part in [*item.get("inputs", []), *item.get("outputs", [])]
        if part["type"].startswith("tuple")
    }
