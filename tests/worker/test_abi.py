"""The committed ABIs agree with the contracts' interfaces, and revert data becomes a name with arguments.

| data | decoded |
|---|---|
| custom error | name and named arguments |
| Error(string), Panic(uint256) | Error, Panic |
| empty, unknown selector, cut off | RevertedWithoutReason, UnknownError_<selector>, the name with raw data |
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from eth_abi import encode
from eth_utils import keccak

from offchain_worker.chain.abi import ErrorCatalogue, load_abi

pytestmark = pytest.mark.worker

INTERFACES = Path(__file__).resolve().parents[2] / "contracts" / "interfaces"


def _signature(entry: dict) -> str:
    def text(part: dict) -> str:
        if not part["type"].startswith("tuple"):
            return part["type"]
        return f"({','.join(text(inner) for inner in part['components'])}){part['type'][5:]}"

    return f"{entry['name']}({','.join(text(part) for part in entry['inputs'])})"


@pytest.mark.parametrize(
    "interface", ["IManager", "ITicketBroker", "IRoundsManager", "IBondingManager", "IMinter"]
)
def test_committed_errors__each_declared_error__is_there(interface):
    source = (INTERFACES / f"{interface}.sol").read_text()
    declared = set(re.findall(r"^\s*error (\w+)\(", source, re.MULTILINE))
    assert declared <= {entry["name"] for entry in load_abi("errors")}


def test_committed_functions__redemption__have_the_published_selectors():
    selectors = {
        entry["name"]: keccak(text=_signature(entry))[:4].hex()
        for entry in load_abi("TicketBroker")
        if entry["type"] == "function"
    }
    assert selectors["redeemWinningTicket"] == "ec8b3cb6"
    assert selectors["batchRedeemWinningTickets"] == "d01b808e"
    assert selectors["getTicketHash"] == "b03fa864"
    assert selectors["fundDepositAndReserve"] == "511f4073"


def _error(signature: str, *values) -> bytes:
    types = signature[signature.index("(") + 1 : -1]
    return keccak(text=signature)[:4] + encode(types.split(",") if types else [], values)


def test_decode__custom_error__has_name_and_arguments():
    decoded = ErrorCatalogue().decode(_error("TicketDidNotWin(uint256,uint256)", 7, 3))
    assert str(decoded) == "TicketDidNotWin(draw=7, winProb=3)"


def test_decode__built_in_errors__are_named():
    catalogue = ErrorCatalogue()
    assert str(catalogue.decode(_error("Error(string)", "no"))) == "Error(message=no)"
    assert str(catalogue.decode(_error("Panic(uint256)", 0x11))) == "Panic(code=17)"


def test_decode__nothing_unknown_or_cut_off__is_still_named():
    catalogue = ErrorCatalogue()
    assert catalogue.decode(b"").name == "RevertedWithoutReason"
    assert catalogue.decode(b"\x01\x02\x03\x04").name == "UnknownError_01020304"
    assert catalogue.decode(_error("SystemPaused()") + b"").name == "SystemPaused"
    cut_off = catalogue.decode(_error("TicketDidNotWin(uint256,uint256)", 7, 3)[:20])
    assert (cut_off.name, len(cut_off.arguments["data"])) == ("TicketDidNotWin", 16)


def test_decode__error_of_a_later_version__is_found_in_compiler_output(tmp_path):
    entry = {"type": "error", "name": "Brand", "inputs": [{"name": "age", "type": "uint256"}]}
    manifest = tmp_path / "build.json"
    manifest.write_text(json.dumps({"contractTypes": {"New": {"abi": [entry]}}}))
    assert str(ErrorCatalogue(manifest).decode(_error("Brand(uint256)", 0))) == "Brand(age=0)"
