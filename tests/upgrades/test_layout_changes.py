"""Storage layouts of planted upgrades against those before: what breaks is named, what does not passes.

given a changed source, compiled      every field that it moves, replaces or loses should be named, with its place
given a harmless change               nothing should break, and the change should be named as what it is
"""

import pytest

from tests.upgrades.variants import (
    BROKER,
    CLOCK,
    CLOCK_SLOT,
    LEDGER_PATH,
    OTHER_SLOT,
    REGISTRY,
    original,
    sources,
)
from tools.layout_changes import breaking, compare_layouts
from tools.storage_layout import layouts_of, snapshots

pytestmark = [pytest.mark.unit, pytest.mark.slow]

TICKETS, ROUNDS, URIS = (
    f"livepeer.storage.{name}" for name in ("TicketBroker", "RoundsManager", "ServiceRegistry")
)
BOOK = "test.storage.Ledger"
PERIODS = "uint32 unlockPeriodRounds;\n        uint32 ticketValidityPeriodRounds;"
LAST_FIELD = "uint128 total;\n    }"

EMPTY_REGISTRY = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ManagerProxyTarget} from "./ManagerProxyTarget.sol";

contract ServiceRegistry is ManagerProxyTarget {
    constructor(address _controller) ManagerProxyTarget(_controller) {}
}
"""

# (contract, path, patches, what breaks as (kind, place))
REFUSED = {
    "reordered": (
        "TicketBroker",
        BROKER,
        [(PERIODS, "uint32 ticketValidityPeriodRounds;\n        uint32 unlockPeriodRounds;")],
        {
            ("reordered", f"{TICKETS}.unlockPeriodRounds"),
            ("reordered", f"{TICKETS}.ticketValidityPeriodRounds"),
        },
    ),
    "resized": (
        "TicketBroker",
        BROKER,
        [("uint32 ticketValidityPeriodRounds;", "uint64 ticketValidityPeriodRounds;")],
        {("resized", f"{TICKETS}.ticketValidityPeriodRounds")},
    ),
    "resized, others pushed on": (
        "TicketBroker",
        BROKER,
        [("uint32 unlockPeriodRounds;", "uint64 unlockPeriodRounds;")],
        {
            ("resized", f"{TICKETS}.unlockPeriodRounds"),
            ("moved", f"{TICKETS}.ticketValidityPeriodRounds"),
        },
    ),
    "retyped": (
        "Ledger",
        LEDGER_PATH,
        [("uint64 started;", "int64 started;")],
        {("retyped", f"{BOOK}.started")},
    ),
    "key of a mapping retyped": (
        "Ledger",
        LEDGER_PATH,
        [("mapping(address => Row)", "mapping(uint256 => Row)")],
        {("retyped", f"{BOOK}.rows")},
    ),
    "inserted": (
        "RoundsManager",
        CLOCK,
        [("Clock clock;\n        // --- slot 1 ---", "Clock clock;\n        uint256 fresh;")],
        {
            ("inserted", f"{ROUNDS}.fresh"),
            ("moved", f"{ROUNDS}.blockHashes"),
            ("moved", f"{ROUNDS}.lipUpgradeRounds"),
        },
    ),
    "removed": (
        "Ledger",
        LEDGER_PATH,
        [("        uint64 started;\n        Share share;\n", "        Share share;\n")],
        {("removed", f"{BOOK}.started"), ("moved", f"{BOOK}.share")},
    ),
    "removed from the end": (
        "Ledger",
        LEDGER_PATH,
        [(LAST_FIELD, "}")],
        {("removed", f"{BOOK}.total")},
    ),
    "replaced": (
        "Ledger",
        LEDGER_PATH,
        [(LAST_FIELD, "int128 debt;\n    }")],
        {("removed", f"{BOOK}.total"), ("inserted", f"{BOOK}.debt")},
    ),
    "namespace renamed": (
        "RoundsManager",
        CLOCK,
        [
            ("erc7201:livepeer.storage.RoundsManager", "erc7201:livepeer.storage.Rounds"),
            (CLOCK_SLOT, OTHER_SLOT),
        ],
        {("namespace renamed", ROUNDS)},
    ),
    "namespace removed with its base": (
        "ServiceRegistry",
        REGISTRY,
        [(original(REGISTRY), EMPTY_REGISTRY)],
        {("namespace removed", URIS)},
    ),
    "gap removed": (
        "Ledger",
        LEDGER_PATH,
        [("        uint256[8] __gap;\n", "")],
        {("gap removed", f"{BOOK}.__gap"), ("moved", f"{BOOK}.keeper"), ("moved", f"{BOOK}.total")},
    ),
    "gap not shortened": (
        "Ledger",
        LEDGER_PATH,
        [("uint256[8] __gap;", "uint256 fresh;\n        uint256[8] __gap;")],
        {("gap removed", f"{BOOK}.__gap"), ("moved", f"{BOOK}.keeper"), ("moved", f"{BOOK}.total")},
    ),
    "inheritance reordered": (
        "OldStyle",
        LEDGER_PATH,
        [("OldStyle is Counter, Switch", "OldStyle is Switch, Counter")],
        {
            ("inheritance reordered", "state variables"),
            ("moved", "state variables.Counter.__gap"),
            ("reordered", "state variables.Counter.count"),
            ("reordered", "state variables.Switch.keeper"),
        },
    ),
    "gap of a base removed": (
        "OldStyle",
        LEDGER_PATH,
        [("    uint256[10] private __gap;\n", "")],
        {
            ("gap removed", "state variables.Counter.__gap"),
            ("moved", "state variables.Switch.keeper"),
            ("moved", "state variables.OldStyle.total"),
        },
    ),
    "member of a struct in a mapping reordered": (
        "Ledger",
        LEDGER_PATH,
        [("uint112 amount;\n        uint112 owed;", "uint112 owed;\n        uint112 amount;")],
        {("reordered", "struct Ledger.Row.amount"), ("reordered", "struct Ledger.Row.owed")},
    ),
    "member of a struct in a mapping resized": (
        "Ledger",
        LEDGER_PATH,
        [("uint112 owed;", "uint128 owed;")],
        {("resized", "struct Ledger.Row.owed"), ("moved", "struct Ledger.Row.mode")},
    ),
    "struct in an array grown": (
        "Ledger",
        LEDGER_PATH,
        [("uint64 last;\n    }", "uint64 last;\n        uint256 extra;\n    }")],
        {
            ("struct grown", "struct Ledger.Span.extra"),
            ("resized", f"{BOOK}.span"),
            ("moved", f"{BOOK}.rows"),
            ("moved", f"{BOOK}.spans"),
            ("moved", f"{BOOK}.__gap"),
            ("moved", f"{BOOK}.keeper"),
            ("moved", f"{BOOK}.total"),
        },
    ),
    "enum narrowed": (
        "Ledger",
        LEDGER_PATH,
        [("{ Off, Slow, Fast }", "{ Off, Slow }")],
        {("enum narrowed", "Ledger.Mode")},
    ),
    "enum reordered": (
        "Ledger",
        LEDGER_PATH,
        [("{ Off, Slow, Fast }", "{ Off, Fast, Slow }")],
        {("enum reordered", "Ledger.Mode")},
    ),
    "value type changed": (
        "Ledger",
        LEDGER_PATH,
        [("type Share is uint24;", "type Share is int24;")],
        {("value type changed", "Share")},
    ),
    "variable outside a namespace": (
        "ServiceRegistry",
        REGISTRY,
        [("    constructor(", "    uint256 public fresh;\n\n    constructor(")],
        {("outside a namespace", "state variables.ServiceRegistry.fresh")},
    ),
}

# (contract, path, patches, all changes as (kind, place))
PASSING = {
    "comment": ("ServiceRegistry", REGISTRY, [("@title ServiceRegistry", "@title The registry")], set()),
    "appended": (
        "TicketBroker",
        BROKER,
        [
            (
                "ticketHash => bool) usedTickets;",
                "ticketHash => bool) usedTickets;\n        address pauser;\n        mapping(address => uint256) more;",
            )
        ],
        {("appended", f"{TICKETS}.pauser"), ("appended", f"{TICKETS}.more")},
    ),
    "in unused bytes": (
        "TicketBroker",
        BROKER,
        [(PERIODS, f"{PERIODS}\n        uint64 fresh;")],
        {("padding used", f"{TICKETS}.fresh")},
    ),
    "renamed": (
        "Ledger",
        LEDGER_PATH,
        [("uint64 started;", "uint64 startBlock;")],
        {("renamed", f"{BOOK}.started")},
    ),
    "gap used": (
        "Ledger",
        LEDGER_PATH,
        [("uint256[8] __gap;", "uint256 fresh;\n        address other;\n        uint256[6] __gap;")],
        {("gap used", f"{BOOK}.fresh"), ("gap used", f"{BOOK}.other")},
    ),
    "gap of a base used": (
        "OldStyle",
        LEDGER_PATH,
        [("uint256[10] private __gap;", "uint256 internal other;\n    uint256[9] private __gap;")],
        {("gap used", "state variables.Counter.other")},
    ),
    "struct in a mapping grown": (
        "Ledger",
        LEDGER_PATH,
        [("Mode mode;\n    }", "Mode mode;\n        uint256 extra;\n    }")],
        {("appended", "struct Ledger.Row.extra")},
    ),
    "struct in an array, in its unused bytes": (
        "Ledger",
        LEDGER_PATH,
        [("uint64 last;\n    }", "uint64 last;\n        uint64 extra;\n    }")],
        {("appended", "struct Ledger.Span.extra")},
    ),
    "enum extended": (
        "Ledger",
        LEDGER_PATH,
        [("{ Off, Slow, Fast }", "{ Off, Slow, Fast, Turbo }")],
        {("enum extended", "Ledger.Mode")},
    ),
    "other name of the type": (
        "Ledger",
        LEDGER_PATH,
        [("type Share is uint24;", "type Part is uint24;"), ("Share share;", "Part share;")],
        {("other name of the type", f"{BOOK}.share")},
    ),
    "struct renamed": (
        "Ledger",
        LEDGER_PATH,
        [("struct Row {", "struct Entry {"), ("=> Row)", "=> Entry)")],
        {("other name of the type", f"{BOOK}.rows")},
    ),
    "namespaces inherited in another order": (
        "ServiceRegistry",
        REGISTRY,
        [
            ("is ManagerProxyTarget, IServiceRegistry", "is IServiceRegistry, Extra, ManagerProxyTarget"),
            ("/// @title ServiceRegistry", "abstract contract Extra {}\n\n/// @title ServiceRegistry"),
        ],
        set(),
    ),
}


@pytest.fixture(scope="module")
def compiled():
    """Layouts of all cases by name, and of the small contracts as they were; the compiler is started once."""
    cases = REFUSED | PASSING
    found = layouts_of(
        [sources(LEDGER_PATH), *(sources(path, *patches) for _, path, patches, _ in cases.values())]
    )
    return dict(zip(["before", *cases], found, strict=True))


def changes_of(compiled, name: str, contract: str, path: str):
    before = compiled["before"][contract] if path == LEDGER_PATH else snapshots()[contract]
    return compare_layouts(before, compiled[name][contract])


@pytest.mark.parametrize("name", REFUSED)
def test_layout__planted_change__breaks_by_name(compiled, name):
    contract, path, _, expected = REFUSED[name]
    changes = changes_of(compiled, name, contract, path)
    assert {(change.kind, change.place) for change in breaking(changes)} == expected


@pytest.mark.parametrize("name", PASSING)
def test_layout__harmless_change__passes_by_name(compiled, name):
    contract, path, _, expected = PASSING[name]
    changes = changes_of(compiled, name, contract, path)
    assert breaking(changes) == []
    assert {(change.kind, change.place) for change in changes} == expected


def test_layout__moved_field__says_from_where_to_where(compiled):
    contract, path, _, _ = REFUSED["resized, others pushed on"]
    changes = changes_of(compiled, "resized, others pushed on", contract, path)
    assert [str(change) for change in changes] == [
        f"resized: {TICKETS}.unlockPeriodRounds: was uint32 at slot 0, byte 0, is uint64 at slot 0, byte 0",
        f"moved: {TICKETS}.ticketValidityPeriodRounds: was uint32 at slot 0, byte 4, is uint32 at slot 0, byte 8",
    ]
