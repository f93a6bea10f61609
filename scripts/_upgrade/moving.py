"""What a new Controller takes over (deployment.md 5.5): all entries of the former one, and all that obeys it.

Entries come first, while nobody obeys the new one: it then writes them into each contract in the moment in which it is
moved, and all can be moved in one batch, between two operations of users.

The former one only tries to have the new one attach a contract: with too little gas that fails in silence, and the
contract has no entries. So in the batch those that have entries come first: what a failure leaves of the gas, a 64th of
it for each caller, is not enough for all the others that follow, and the batch fails as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from eth_utils import keccak

from scripts._deployment.errors import NodeRefused
from scripts._deployment.plan import Call, CallWithSpareGas, contract_id
from scripts._deployment.reader import UNREADABLE, Reader
from scripts._operations.inventory import ALIASES, NOBODY
from scripts._upgrade.findings import Finding

CONTROLLER = "Controller"
# Name, id and address of a contract that gets another Controller, and whether that writes entries into it.
Moved = tuple[str, str, str, bool]
# For what the former Controller only tries: an estimate shows what it takes to fail in silence.
SPARE_GAS = 2_000_000
REGISTERED = keccak(text="SetContractInfo(bytes32,address,bytes20)")


@dataclass(frozen=True)
class Entry:
    """A contract in the Controller's registry; `name` is its id in hexadecimal where nobody knows the name.

    `obeys` is the Controller that the contract says it has, None if it says none.
    """

    name: str
    id: str
    address: str
    commit: str
    obeys: str | None
    is_subscriber: bool


@dataclass(frozen=True)
class Takeover:
    """How the former Controller stands. `without_id` are contracts that obey it and that it cannot move."""

    former: str
    owner: str
    is_paused: bool
    entries: tuple[Entry, ...]
    without_id: tuple[str, ...]
    has_logs: bool

    @property
    def moved(self) -> list[Moved]:
        """What is moved, in that order; each contract once, whatever number of ids it has."""
        by_address: dict[str, Moved] = {}
        for entry in self.entries:
            if entry.obeys == self.former:
                moved = (entry.name, entry.id, entry.address, entry.is_subscriber)
                by_address.setdefault(entry.address, moved)
        return sorted(by_address.values(), key=lambda moved: not moved[3])

    def findings(self, target: str | None) -> Iterator[Finding]:
        """What happens to whom; what stays behind forbids the move."""
        moved = {address for _, _, address, _ in self.moved}
        others = ", ".join(entry.name for entry in self.entries if entry.address not in moved)
        yield Finding("moves", ", ".join(name for name, *_ in self.moved), False)
        if target is None:
            words = f"{len(self.entries)} entries; do not obey a Controller: {others}"
            yield Finding("registers", words, False)
        for name in self.without_id:
            words = f"{name} obeys {self.former}, which has no id for it: it would stay behind"
            yield Finding("not moved", words, True)
        for entry in self.entries:
            if entry.obeys not in (None, self.former, target):
                yield Finding("not moved", f"{entry.name} obeys {entry.obeys}, not {self.former}", True)
        if not self.has_logs:
            words = "the node gives no logs: ids of names that are not known here would be left out"
            yield Finding("not moved", words, True)

    def setup(self) -> list[Call]:
        """What whoever deployed the new one does with it, before anything obeys it."""
        calls = [
            Call(CONTROLLER, "setContractInfo", (entry.id, entry.address, entry.commit), entry.name)
            for entry in self.entries
        ]
        if not self.is_paused:
            calls.append(Call(CONTROLLER, "unpause"))
        return [*calls, Call(CONTROLLER, "transferOwnership", (self.owner,))]


def read_takeover(reader: Reader) -> Takeover:
    """What a new Controller would take over now."""
    former = reader.address(CONTROLLER)
    names = {contract_id(name): name for name in (*sorted(reader.registry.contracts), *ALIASES)}
    logged = _logged_ids(reader, former)
    entries = []
    for one in dict.fromkeys([*names, *(logged or ())]):
        address, commit = reader.view(CONTROLLER, "getContractInfo", one)
        if address != NOBODY:
            is_subscriber = reader.view(CONTROLLER, "isAttached", address)
            obeys = _obeys(reader, address)
            entries.append(Entry(names.get(one, one), one, address, commit, obeys, is_subscriber))
    registered = {entry.address for entry in entries}
    without_id = [
        name
        for name, entry in sorted(reader.registry.contracts.items())
        if entry.address not in registered and _obeys(reader, entry.address) == former
    ]
    owner, is_paused = reader.view(CONTROLLER, "owner"), reader.view(CONTROLLER, "paused")
    return Takeover(former, owner, is_paused, tuple(entries), tuple(without_id), logged is not None)


def differences(reader: Reader, takeover: Takeover, target: str) -> Iterator[Finding]:
    """In what a Controller that is there already is not as the former one."""

    def ask(function: str, *arguments):
        return reader.view_at(target, CONTROLLER, function, *arguments)

    for entry in takeover.entries:
        found, required = ask("getContractInfo", entry.id), (entry.address, entry.commit)
        if found != required:
            yield Finding("other entries", f"{entry.name} is {found} in {target}, must be {required}", True)
    for one in {*(_logged_ids(reader, target) or ())} - {entry.id for entry in takeover.entries}:
        if (address := ask("getContract", one)) != NOBODY:
            yield Finding("other entries", f"{one} is {address} in {target}, must be unset", True)
    if (owner := ask("owner")) != takeover.owner:
        yield Finding("wrong owner", f"{target} belongs to {owner}, must belong to {takeover.owner}", True)
    if (is_paused := ask("paused")) != takeover.is_paused:
        words = f"paused is {is_paused} in {target}, must be {takeover.is_paused}; its owner changes it first"
        yield Finding("other pause", words, True)


def move_calls(moved: list[Moved], former: str, target: str) -> list[Call]:
    """The owner's calls; `former` is the former one's name in the plan."""
    return [
        CallWithSpareGas(former, "updateController", (one, target), name, spare_gas=SPARE_GAS)
        for name, one, _, _ in moved
    ]


def have_moved(reader: Reader, moved: list[Moved], target: str) -> bool:
    """Whether all of them obey the target, which keeps them current."""
    return all(
        _obeys(reader, address) == target
        and (not is_subscriber or reader.view_at(target, CONTROLLER, "isAttached", address) is True)
        for _, _, address, is_subscriber in moved
    )


def _obeys(reader: Reader, address: str) -> str | None:
    found = reader.view_at(address, "ManagerProxy", "controller")
    return None if found == UNREADABLE else found


def _logged_ids(reader: Reader, controller: str) -> list[str] | None:
    """Every id that was ever registered; None if the node gives no logs."""
    first_block = min((entry.block or 0 for entry in reader.registry.contracts.values()), default=0)
    try:
        events = reader.node.event_data(controller, REGISTERED, first_block)
    except NodeRefused:
        return None
    return ["0x" + data[:32].hex() for data in events]
