"""Sources of upgrades: contracts of the project with a text patched, and two small ones that have what ours have not.

`sources` are for layouts alone, `compile_variants` gives whole builds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scripts._deployment.builds import Build
from tools import solidity
from tools.artifacts import Artifact
from tools.build import OUTPUTS, artifacts
from tools.solidity import ROOT
from tools.storage_layout import Sources, erc7201_slot, layouts_of, snapshots

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


@dataclass(frozen=True)
class Variant:
    """A contract of the project as an upgrade would bring it: (path, old text, new text) each."""

    contract: str
    path: str
    patches: tuple[tuple[str, str, str], ...]
    has_own_layout: bool = False

    @property
    def texts(self) -> dict[str, str]:
        """The changed sources by path."""
        paths = dict.fromkeys(path for path, _, _ in self.patches)
        return {
            path: patched(path, *((old, new) for where, old, new in self.patches if where == path))
            for path in (self.path, *paths)
        }


def compile_variants(variants: Mapping[str, Variant], commit: str) -> dict[str, Build]:
    """Builds by name: without the intermediate representation, which takes a fifth of the time.

    The storage layout is the committed one unless the variant says that it has another.
    """
    tasks = []
    for one in variants.values():
        task = solidity.job([], OUTPUTS, via_ir=False, runs=1)
        task["sources"] = {path: {"content": text} for path, text in one.texts.items()}
        task["settings"]["outputSelection"] = {one.path: {"*": OUTPUTS}}
        tasks.append(task)
    changed = {name: one for name, one in variants.items() if one.has_own_layout}
    found = layouts_of([Sources([one.path], one.texts) for one in changed.values()]) if changed else []
    layouts = dict(zip(changed, found, strict=True))
    builds = {}
    outputs = solidity.compile_many(tasks, lambda: None)
    for (name, one), output in zip(variants.items(), outputs, strict=True):
        errors, _ = solidity.messages(output)
        assert not errors, "\n".join(errors)
        fields = artifacts({one.path: output["contracts"][one.path]})[one.contract]
        for kind in ("bytecode", "runtime_bytecode"):
            fields[kind] = bytes.fromhex(fields[kind])
        layout = layouts[name][one.contract] if name in layouts else snapshots()[one.contract]
        builds[name] = Build(Artifact(name=one.contract, **fields), layout, one.texts, commit)
    return builds
