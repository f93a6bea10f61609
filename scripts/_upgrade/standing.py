"""How things stand on the chain before an upgrade: what is registered, what its storage looks like, who decides."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from scripts._deployment.builds import find_build, text_at_commit
from scripts._deployment.plan import contract_id
from scripts._deployment.reader import UNREADABLE, Reader
from scripts._upgrade.findings import UnknownLayout, UnknownTarget, UpgradeError
from scripts._upgrade.moving import CONTROLLER, Moved, Takeover, read_takeover

LAYOUTS = "deployments/storage_layouts"
MINTER = "Minter"
# Those that no proxy stands before.
DIRECT = (MINTER, CONTROLLER)
RATES = ("inflation", "inflationChange", "targetBondingRate")


@dataclass(frozen=True)
class Owner:
    """Who decides. `kind`: "account", "treasury" (votes of stake), "safe", or "contract" (any other).

    `governor` says whether the Controller belongs to the Governor, which belongs to that owner; if not, the Controller
    belongs to the owner itself, and nothing can be staged.
    """

    address: str
    kind: str
    governor: bool

    def __str__(self) -> str:
        what = {
            "account": "the account",
            "treasury": "the treasury",
            "safe": "the Safe",
            "contract": "the contract",
        }
        through = "through the Governor" if self.governor else "as owner of the Controller"
        return f"{what[self.kind]} {self.address}, {through}"


@dataclass(frozen=True)
class Standing:
    """A contract as it is registered. `layout` and `selectors` are those of the code on the chain.

    `place` is the name under which the code is registered, `arguments` are the constructor's. What has no proxy, the
    Minter and the Controller, keeps no storage: its layout is None. The Controller has a `takeover`.
    """

    name: str
    place: str
    contract: str
    arguments: tuple
    target: str
    commit: str
    code: bytes
    layout: dict | None
    selectors: dict[str, str] | None
    owner: Owner
    takeover: Takeover | None = None

    @property
    def argument_types(self) -> list[str]:
        """What the constructor of the new code must take."""
        return ["address", *["uint256"] * (len(self.arguments) - 1)] if self.arguments else []

    @property
    def moved(self) -> list[Moved]:
        """The contracts that get another Controller."""
        return self.takeover.moved if self.takeover else []


def place_of(name: str) -> str:
    """The name under which the code of a contract is registered."""
    return name if name in DIRECT else f"{name}Target"


def proxied_names(reader: Reader) -> list[str]:
    """Contracts behind a proxy."""
    return [name for name, entry in reader.registry.contracts.items() if entry.proxied]


def read_standing(reader: Reader, name: str, registry: Path, layout_file: Path | None = None) -> Standing:
    """Raises UnknownTarget, UnknownLayout."""
    if name == MINTER:
        return _minter(reader, registry)
    if name == CONTROLLER:
        return _controller(reader, registry)
    if name not in proxied_names(reader):
        raise UnknownTarget(name, proxied_names(reader))
    target, commit = reader.view("Controller", "getContractInfo", contract_id(place_of(name)))
    contract = reader.registry.contracts[name].abi_name
    code = reader.node.code(target)
    layout, selectors = _known(registry, contract, code, commit, reader, layout_file)
    if layout is None:
        raise UnknownLayout(name, commit)
    arguments = (reader.address("Controller"),)
    place, owner = place_of(name), read_owner(reader)
    return Standing(name, place, contract, arguments, target, commit, code, layout, selectors, owner)


def _minter(reader: Reader, registry: Path) -> Standing:
    """Its successor starts with the rates of now (deployment.md 5.3)."""
    target, commit = reader.view("Controller", "getContractInfo", contract_id(MINTER))
    contract = reader.registry.contracts[MINTER].contract
    rates = (reader.view_at(target, contract, name) for name in RATES)
    return _direct(reader, registry, MINTER, (reader.address("Controller"), *rates), target, commit)


def _controller(reader: Reader, registry: Path) -> Standing:
    """Registered nowhere: the registry file says where it is."""
    entry = reader.registry.contracts[CONTROLLER]
    commit = entry.commit or reader.registry.commit
    standing = _direct(reader, registry, CONTROLLER, (), entry.address, commit)
    return replace(standing, takeover=read_takeover(reader))


def _direct(
    reader: Reader, registry: Path, name: str, arguments: tuple, target: str, commit: str
) -> Standing:
    contract, code = reader.registry.contracts[name].contract, reader.node.code(target)
    build = find_build(registry, contract, code)
    selectors = build.artifact.method_identifiers if build else None
    owner = read_owner(reader)
    return Standing(name, name, contract, arguments, target, commit, code, None, selectors, owner)


def _known(
    registry: Path, contract: str, code: bytes, commit: str, reader: Reader, layout_file: Path | None
) -> tuple[dict | None, dict[str, str] | None]:
    """Layout and selectors of code that is on the chain, as far as they are known."""
    build = find_build(registry, contract, code)
    selectors = build.artifact.method_identifiers if build else None
    if layout_file is not None:
        return _given_layout(layout_file), selectors
    if build:
        return build.layout, selectors
    text = text_at_commit(commit, f"{LAYOUTS}/{contract}.json")
    return json.loads(text) if text else None, None


def _given_layout(path: Path) -> dict:
    try:
        layout = json.loads(path.read_text(encoding="utf-8"))
        kinds = {"variables": list, "namespaces": dict, "structs": dict}
        if all(isinstance(layout[part], kind) for part, kind in kinds.items()):
            return layout
    except (ValueError, KeyError, TypeError):
        pass
    raise UpgradeError(
        f"--deployed-layout: {path} is no storage layout; must be as tools/storage_layout.py writes it"
    )


def read_owner(reader: Reader) -> Owner:
    """Whoever can change the registry."""
    address, governor = reader.view("Controller", "owner"), False
    if address == reader.address("Governor"):
        address, governor = reader.view("Governor", "owner"), True
    if address == reader.address("Treasury"):
        return Owner(address, "treasury", governor)
    if not reader.node.code(address):
        return Owner(address, "account", governor)
    return Owner(address, "safe" if _is_safe(reader, address) else "contract", governor)


def _is_safe(reader: Reader, address: str) -> bool:
    """A Safe says how many of its owners must sign."""
    return reader.word_at(address, "getThreshold()") not in (UNREADABLE, 0)
