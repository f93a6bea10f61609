"""Sources of upgrades: contracts of the project with a text patched, and two small ones that have what ours have not.

A case is (contract, path, text that is there once, text instead).
"""

from tools.solidity import ROOT
from tools.storage_layout import Sources, erc7201_slot

LEDGER_PATH = "contracts/Ledger.sol"
LEDGER = f"""// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

type Share is uint24;

contract Ledger {{
    enum Mode {{ Off, Slow, Fast }}

    struct Row {{
        uint112 amount;
        uint112 owed;
        Mode mode;
    }}

    struct Span {{
        uint64 first;
        uint64 last;
    }}

    /// @custom:storage-location erc7201:test.storage.Ledger
    struct LedgerStorage {{
        uint64 started;
        Share share;
        Span span;
        mapping(address => Row) rows;
        Span[] spans;
        uint256[8] __gap;
        address keeper;
        uint128 total;
    }}

    bytes32 private constant LEDGER_STORAGE = {erc7201_slot("test.storage.Ledger"):#066x};

    function _storage() internal pure returns (LedgerStorage storage $) {{
        assembly {{
            $.slot := LEDGER_STORAGE
        }}
    }}
}}

abstract contract Counter {{
    uint256 internal count;
    uint256[10] private __gap;
}}

abstract contract Switch {{
    address internal keeper;
}}

contract OldStyle is Counter, Switch {{
    uint128 internal total;
}}
"""

BROKER = "contracts/payments/TicketBroker.sol"
CLOCK = "contracts/rounds/RoundsManager.sol"
REGISTRY = "contracts/registry/ServiceRegistry.sol"
CLOCK_SLOT = f"{erc7201_slot('livepeer.storage.RoundsManager'):#066x}"
OTHER_SLOT = f"{erc7201_slot('livepeer.storage.Rounds'):#066x}"


def original(path: str) -> str:
    """A text before it is patched."""
    return LEDGER if path == LEDGER_PATH else (ROOT / path).read_text(encoding="utf-8")


def patched(path: str, *patches: tuple[str, str]) -> str:
    """A text with others in it; each old one must be there."""
    text = original(path)
    for old, new in patches:
        assert old in text, f"{path} has no {old!r}"
        text = text.replace(old, new)
    return text


def sources(path: str, *patches: tuple[str, str]) -> Sources:
    """A patched source as something to compile."""
    return Sources([path], {path: patched(path, *patches)})
