"""Storage layouts against deployments/storage_layouts/<Contract>.json, and the tool that writes them.

given a contract with a namespace          it should have a committed layout, and no layout is left over
given its compiled layout                  it should equal the committed one
given a namespace                          its constant should be the ERC-7201 slot of its name
given a contract behind a proxy            it should have no state variable outside a namespace
"""

import pytest

from tools import storage_layout
from tools.storage_layout import UnsafeNamespace, erc7201_slot, layouts, snapshots

pytestmark = pytest.mark.unit

UPDATE = "run `tools/storage_layout.py --update` and read what it says of deployed storage"
PROXIED = [
    "BondingManager",
    "BondingVotes",
    "TicketBroker",
    "RoundsManager",
    "ServiceRegistry",
    "LivepeerGovernor",
]


@pytest.fixture(scope="module")
def compiled():
    return layouts()


def test_layouts__every_contract__is_committed(compiled):
    assert sorted(compiled) == sorted(snapshots()), UPDATE


@pytest.mark.parametrize("contract", snapshots())
def test_layout__compiled__equals_the_committed_one(compiled, contract):
    assert compiled.get(contract) == snapshots()[contract], UPDATE


@pytest.mark.parametrize("contract", [*PROXIED, "ManagerProxy"])
def test_layout__contract_behind_a_proxy__lies_in_namespaces_only(compiled, contract):
    assert compiled[contract]["variables"] == []
    assert "livepeer.storage.Manager" in compiled[contract]["namespaces"]


@pytest.mark.parametrize("contract", PROXIED)
def test_layout__namespaces__are_those_of_the_contract_and_start_at_their_slots(compiled, contract):
    namespaces = compiled[contract]["namespaces"]
    assert f"livepeer.storage.{contract}" in namespaces
    for name, namespace in namespaces.items():
        assert int(namespace["slot"], 16) == erc7201_slot(name)
        assert namespace["members"][0]["slot"] == 0


def test_erc7201_slot__example_of_the_standard__is_its_result():
    # EIP-7201, "Reference Implementation"
    assert erc7201_slot("example.main") == 0x183A6125C38840424C4A85FA12BAB2AB606C4B6D0E7CC73C0C06BA5300EAB500


def test_layouts__constant_is_not_the_slot_of_the_namespace__is_a_named_error(monkeypatch):
    """The registry's namespace, with every expected slot moved by one place."""
    monkeypatch.setattr(storage_layout, "erc7201_slot", lambda name: erc7201_slot(name) + 256)
    with pytest.raises(
        UnsafeNamespace, match=r"Storage: found 0x[0-9a-f]+, must be 0x[0-9a-f]{64} for livepeer"
    ):
        layouts()
