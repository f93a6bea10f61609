"""Who may do what after a deployment: owners, roles, and what a stranger could still set up."""

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

STRANGER = "0x000000000000000000000000000000000000dEaD"
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
        yield from _holders_facts(reader, "LivepeerToken", "token", expected)


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
    yield from _holders_facts(reader, "Treasury", "treasury", expected)


def _holders_facts(reader: Reader, name: str, label: str, expected: set[tuple[str, str]]) -> Iterator[Fact]:
    """The holders of all roles by the contract's events, which also show those that nobody thought of."""
    planned = _spell(expected, reader)
    fact = f"holders of all roles of the {label}"
    entry = reader.registry.contracts[name]
    try:
        logs = reader.node.role_events(entry.address, entry.block or 0)
    except NodeRefused as error:
        yield Fact(fact, None, planned, f"the node gives no logs ({error})")
        return
    held: set[tuple[str, str]] = set()
    for is_grant, role, account in logs:
        (held.add if is_grant else held.discard)((role, account))
    yield Fact(fact, _spell(held, reader), planned)


def _spell(held: set[tuple[str, str]], reader: Reader) -> str:
    names = {entry.address: name for name, entry in reader.registry.contracts.items()}
    names[reader.registry.deployer] = "deployer"
    roles = {role_id: role for role, role_id in (TOKEN_ROLES | ALL_TREASURY_ROLES).items()}
    roles[DEFAULT_ADMIN_ROLE] = "admin"
    words = sorted(f"{names.get(account, account)}: {roles.get(role, role)}" for role, account in held)
    return ", ".join(words) or "nobody"


def _setup_facts(reader: Reader) -> Iterator[Fact]:
    """Initializers are used up: on the proxy, on the code behind it, on the treasury."""
    settings = (1, 1, 0, 0, 0)
    for name in ("LivepeerGovernor", "LivepeerGovernorTarget"):
        for who, sender in (("a stranger", STRANGER), ("the deployer", reader.registry.deployer)):
            found = reader.reverts(name, "initialize", *settings, sender=sender)
            yield Fact(f"{name} cannot be set up by {who}", found, True)
    for who, sender in (("a stranger", STRANGER), ("the deployer", reader.registry.deployer)):
        found = reader.reverts("Treasury", "initialize", 0, [], [], sender, sender=sender)
        yield Fact(f"Treasury cannot be set up by {who}", found, True)
