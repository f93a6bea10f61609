"""Who may do what after a deployment: owners, roles, and whether everything is set up for good."""

from collections.abc import Iterator

from scripts._deployment.errors import NodeRefused
from scripts._deployment.facts import Fact
from scripts._deployment.parameters import DEPLOYER, TREASURY
from scripts._deployment.plan import (
    BURNER_ROLE,
    DEFAULT_ADMIN_ROLE,
    MINTER_ROLE,
    TIMELOCK_ADMIN_ROLE,
    TREASURY_ROLES,
    Plan,
)
from scripts._deployment.reader import Reader

# OpenZeppelin's Initializable: the version that a contract was set up as (ERC-7201 namespace of that name).
INITIALIZABLE = 0xF0C57E16840DF040F15088DC2F81FE391C3923BEC73E23A9662EFC9C229C6A00
SET_UP_ONCE, NEVER_TO_BE_SET_UP = 1, 2**64 - 1
SETUPS = {0: "not at all", SET_UP_ONCE: "once", NEVER_TO_BE_SET_UP: "locked"}
TOKEN_ROLES = {"admin": DEFAULT_ADMIN_ROLE, "minter": MINTER_ROLE, "burner": BURNER_ROLE}
ALL_TREASURY_ROLES = {
    "DEFAULT_ADMIN": DEFAULT_ADMIN_ROLE,
    "TIMELOCK_ADMIN": TIMELOCK_ADMIN_ROLE,
} | TREASURY_ROLES


def authority_facts(plan: Plan, reader: Reader) -> Iterator[Fact]:
    """Every power that somebody has."""
    yield from _owner_facts(plan, reader)
    yield from _token_facts(plan, reader)
    yield from _treasury_facts(reader)
    yield from _setup_facts(reader)


def _owner_facts(plan: Plan, reader: Reader) -> Iterator[Fact]:
    given, deployer = plan.parameters.governor, reader.registry.deployer
    governor = reader.address("Governor")
    owners = {DEPLOYER: deployer, TREASURY: reader.address("Treasury")}
    planned = owners.get(given.owner, given.owner)
    yield Fact("Governor.owner", reader.view("Governor", "owner"), planned)
    planned = governor if given.owns_controller else deployer
    yield Fact("Controller.owner", reader.view("Controller", "owner"), planned)


def _token_facts(plan: Plan, reader: Reader) -> Iterator[Fact]:
    owns_all = plan.parameters.governor.owns_controller
    admin = "Governor" if owns_all else "deployer"
    planned = {"admin": admin, "minter": "Minter", "burner": None}
    holders = {name: entry.address for name, entry in reader.registry.contracts.items()}
    holders["deployer"] = reader.registry.deployer
    for role, role_id in TOKEN_ROLES.items():
        for name in ("deployer", "Governor", "Minter"):
            found = reader.view("LivepeerToken", "hasRole", role_id, holders[name])
            yield Fact(f"token {role}: {name}", found, planned[role] == name)
    if plan.parameters.token.address is None:
        expected = {(TOKEN_ROLES[role], holders[name]) for role, name in planned.items() if name}
        passing = {(role, reader.registry.deployer) for role in (DEFAULT_ADMIN_ROLE, MINTER_ROLE)}
        passing |= {(MINTER_ROLE, former) for former in reader.registry.contracts["Minter"].former}
        yield from _holders_facts(reader, "LivepeerToken", "token", expected, passing)


def _treasury_facts(reader: Reader) -> Iterator[Fact]:
    treasury, governor = reader.address("Treasury"), reader.address("LivepeerGovernor")
    for role, role_id in TREASURY_ROLES.items():
        found = reader.view("Treasury", "hasRole", role_id, governor)
        yield Fact(f"treasury {role}: LivepeerGovernor", found, True)
    for role, role_id in ALL_TREASURY_ROLES.items():
        found = reader.view("Treasury", "hasRole", role_id, reader.registry.deployer)
        yield Fact(f"treasury {role}: deployer", found, False)
    expected = {(role_id, governor) for role_id in TREASURY_ROLES.values()} | {
        (TIMELOCK_ADMIN_ROLE, treasury)
    }
    nobody = "0x" + "00" * 20
    for label, role_id, account, planned in (
        ("TIMELOCK_ADMIN: Treasury", TIMELOCK_ADMIN_ROLE, treasury, True),
        ("EXECUTOR: anybody", TREASURY_ROLES["EXECUTOR"], nobody, False),
    ):
        found = reader.view("Treasury", "hasRole", role_id, account)
        yield Fact(f"treasury {label}", found, planned)
    passing = {(TIMELOCK_ADMIN_ROLE, reader.registry.deployer)}
    yield from _holders_facts(reader, "Treasury", "treasury", expected, passing)


def _holders_facts(
    reader: Reader, name: str, label: str, expected: set[tuple[str, str]], passing: set[tuple[str, str]]
) -> Iterator[Fact]:
    """The holders of all roles by the contract's events, which also show those that nobody thought of.

    Whoever held a role for a moment may have left something behind; `passing` are those whom the plan lets have one.
    """
    planned = _spell(expected, reader)
    now, ever = f"holders of all roles of the {label}", f"others that ever had a role of the {label}"
    entry = reader.registry.contracts[name]
    try:
        logs = reader.node.role_events(entry.address, entry.block or 0)
    except NodeRefused as error:
        for fact, words in ((now, planned), (ever, _spell(set(), reader))):
            yield Fact(fact, None, words, f"the node gives no logs ({error})")
        return
    held: set[tuple[str, str]] = set()
    for is_grant, role, account in logs:
        (held.add if is_grant else held.discard)((role, account))
    yield Fact(now, _spell(held, reader), planned)
    granted = {(role, account) for is_grant, role, account in logs if is_grant}
    yield Fact(ever, _spell(granted - expected - passing, reader), _spell(set(), reader))


def _spell(held: set[tuple[str, str]], reader: Reader) -> str:
    names = {entry.address: name for name, entry in reader.registry.contracts.items()}
    names[reader.registry.deployer] = "deployer"
    roles = {role_id: role for role, role_id in (TOKEN_ROLES | ALL_TREASURY_ROLES).items()}
    roles[DEFAULT_ADMIN_ROLE] = "admin"
    words = sorted(f"{names.get(account, account)}: {roles.get(role, role)}" for role, account in held)
    return ", ".join(words) or "nobody"


def _setup_facts(reader: Reader) -> Iterator[Fact]:
    """Initializers are used up: on the proxy, on the code behind it, on the treasury."""
    for name, planned in (
        ("LivepeerGovernor", SET_UP_ONCE),
        ("LivepeerGovernorTarget", NEVER_TO_BE_SET_UP),
        ("Treasury", SET_UP_ONCE),
    ):
        found = reader.node.storage(reader.address(name), INITIALIZABLE)
        yield Fact(f"{name} is set up", SETUPS.get(found, hex(found)), SETUPS[planned])
