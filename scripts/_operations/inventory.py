"""What is deployed: every id of the Controller, and what the registry file has besides."""

from dataclasses import asdict, dataclass

from scripts._deployment.plan import contract_id
from scripts._deployment.reader import Reader

NOBODY = "0x" + "00" * 20
# Names that are registered without being contracts of their own, and those that a deployment may leave out.
ALIASES = ("JobsManager", "Verifier", "L2Migrator", "L2MigratorTarget")


@dataclass(frozen=True)
class Item:
    """One contract. `registered` is what the Controller has under the name, None where there is no entry."""

    name: str
    id: str
    address: str | None
    registered: str | None
    commit: str | None
    kind: str
    target: str | None
    owner: str | None
    code_bytes: int
    remark: str

    def to_json(self) -> dict:
        return asdict(self)


def take_inventory(reader: Reader) -> list[Item]:
    """In the order of the registry file, then the aliases that are registered."""
    names = [*reader.registry.contracts, *(name for name in ALIASES if name not in reader.registry.contracts)]
    items = [_item(name, reader) for name in names]
    return [item for item in items if item.address is not None]


def _item(name: str, reader: Reader) -> Item:
    entry = reader.registry.contracts.get(name)
    found = reader.view("Controller", "getContractInfo", contract_id(name))
    registered, commit = found if isinstance(found, tuple) else (NOBODY, None)
    if registered == NOBODY:
        registered = commit = None
    address = entry.address if entry else registered
    code = reader.node.code(address) if address else b""
    is_proxy = entry is not None and entry.proxied is not None
    target = reader.view_at(address, "ManagerProxy", "implementation") if is_proxy else None
    return Item(
        name,
        contract_id(name),
        address,
        registered,
        commit,
        _kind(name, is_proxy),
        target,
        _owner(name, reader),
        len(code),
        _remark(name, reader, address, registered, target, code),
    )


def _kind(name: str, is_proxy: bool) -> str:
    if name in ALIASES:
        return "alias"
    if is_proxy:
        return "proxy"
    return "target" if name.endswith("Target") else "direct"


def _owner(name: str, reader: Reader) -> str | None:
    entry = reader.registry.contracts.get(name)
    if entry is None or entry.proxied or name.endswith("Target"):
        return None
    functions = {item["name"] for item in reader.artifacts[entry.abi_name].abi if item["type"] == "function"}
    return reader.view(name, "owner") if "owner" in functions else None


def _remark(
    name: str, reader: Reader, address: str | None, registered: str | None, target: str | None, code: bytes
) -> str:
    if not code:
        return "no code"
    if registered and registered != address:
        return f"registered as {registered}"
    if name == "JobsManager" and registered != reader.address("TicketBroker"):
        return "is not the TicketBroker"
    if target is not None and target != reader.address(f"{name}Target"):
        return "its target is another than in the registry file"
    return ""
