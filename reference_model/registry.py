"""The Controller: registry, pause switch and owner (control-plane.md 2.1); and what every contract has in common.

A contract obeys the Controller as long as it is *attached*: it follows that Controller, and is registered there under
at least one id (DEV-12).  Who is attached knows whoever else is registered, and the pause; who is not knows nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import (
    CallerNotOwner,
    ContractHasNoCode,
    NewOwnerIsZero,
    ProtocolError,
    SystemNotPaused,
    SystemPaused,
)
from reference_model.state import Event, Journal, Ledger, Record

if TYPE_CHECKING:
    from reference_model.managers import Manager
    from reference_model.protocol import Protocol

NO_COMMIT = bytes(20)


def entry_point(function: Callable) -> Callable:
    """Make a method a contract call: it happens completely or not at all.

    The first argument is the caller, the others are those of the Solidity function.  A contract behind a proxy is
    called through it.
    """
    return _make_call(function, through_proxy=True)


def proxy_entry_point(function: Callable) -> Callable:
    """As `entry_point`, for what a proxy answers itself, whatever runs behind it."""
    return _make_call(function, through_proxy=False)


def _make_call(function: Callable, *, through_proxy: bool) -> Callable:
    @wraps(function)
    def call(contract: Contract, sender: str, *arguments: Any, **options: Any) -> Any:
        with contract.journal.transaction():
            if through_proxy:
                contract.require_code()
            result = function(contract, sender, *arguments, **options)
            who = contract.name if through_proxy else contract.outer_name
            contract.journal.calls.append((who, function.__name__))
            return result

    return call


class Contract(Record):
    """A contract at an address, with journalled state."""

    name: str = ""

    def __init__(self, journal: Journal, address: str) -> None:
        super().__init__(journal)
        self.address = address

    @property
    def journal(self) -> Journal:
        """Where state and events are noted."""
        return self._journal

    @property
    def outer_name(self) -> str:
        """What answers a `proxy_entry_point`."""
        return self.name

    def require_code(self) -> None:
        """Whether there is code to run; only a proxy may be without (`managers.ProxiedManager`)."""

    def _emit(self, name: str, **arguments: Any) -> None:
        self.journal.events.append(Event(self.name, name, arguments, self.address))


class Ownable(Contract):
    """A contract with one owner, who passes it on in one step (control-plane.md 2.6)."""

    owner: str = ZERO_ADDRESS

    @entry_point
    def transfer_ownership(self, sender: str, new_owner: str) -> None:
        """Make another account the owner.

        Errors: CallerNotOwner, NewOwnerIsZero.
        """
        self._require_owner(sender)
        if new_owner == ZERO_ADDRESS:
            raise NewOwnerIsZero()
        self._emit("OwnershipTransferred", previousOwner=self.owner, newOwner=new_owner)
        self.owner = new_owner

    def _require_owner(self, sender: str) -> None:
        if sender != self.owner:
            raise CallerNotOwner(sender, self.owner)


class Controller(Ownable):
    """Who is who.  There may be a second one, to which contracts are moved one by one."""

    name = "Controller"
    paused: bool = True

    def __init__(self, protocol: Protocol, address: str, owner: str) -> None:
        super().__init__(protocol.journal, address)
        self.protocol = protocol
        self.owner = owner
        self.contracts = Ledger(protocol.journal, ZERO_ADDRESS)
        """Addresses by id."""
        self.commits = Ledger(protocol.journal, NO_COMMIT)
        """The revision that each was built from, by id."""
        self.registered_under = Ledger(protocol.journal, ())
        """The ids of each attached contract, by its address."""

    # ---- registry

    @entry_point
    def set_contract_info(self, sender: str, contract_id: str, address: str, git_commit_hash: bytes) -> None:
        """Register a contract; from now on it has the role of that id.  Zero leaves the id to nobody.

        Whoever had the id loses it, and is detached if it was its last.  A proxy whose target has this id runs the
        new code from now on.  Errors: CallerNotOwner; ContractHasNoCode (DEV-8); of a proxy whose target or own entry
        changes TargetIsProxy and InvalidTarget (DEV-8).  Source: control-plane.md 2.1 and 3.1, DEV-12.
        """
        self._require_owner(sender)
        if address != ZERO_ADDRESS and not self.protocol.has_code(address):
            raise ContractHasNoCode(contract_id, address)
        previous = self.contracts[contract_id]
        self.contracts[contract_id] = address
        self.commits[contract_id] = git_commit_hash
        self._emit("SetContractInfo", id=contract_id, contractAddress=address, gitCommitHash=git_commit_hash)
        if previous == address:
            return
        self.registered_under[previous] = tuple(
            other for other in self.registered_under[previous] if other != contract_id
        )
        for manager in self._subscribers(contract_id):
            manager.on_registry_update(self.address, contract_id, address)
        self._attach(contract_id)

    @entry_point
    def update_controller(self, sender: str, contract_id: str, controller: str) -> None:
        """Let the contract of an id follow another Controller.

        It is detached here, and attached there at once if the other Controller knows it under the ids that it had
        here; else somebody attaches it later.  Errors: CallerNotOwner, ContractHasNoCode, those of `set_controller`.
        Source: control-plane.md 2.1, DEV-12.
        """
        self._require_owner(sender)
        address = self.contracts[contract_id]
        if not self.protocol.has_code(address):
            raise ContractHasNoCode(contract_id, address)
        previous_ids = self.registered_under[address]
        self.registered_under[address] = ()
        self.protocol.manager_at(address).set_controller(self.address, controller)
        successor = self.protocol.contracts.get(controller)
        for previous_id in previous_ids if isinstance(successor, Controller) else ():
            try:
                successor.attach(self.address, previous_id)
            except ProtocolError:
                continue

    @entry_point
    def attach(self, sender: str, contract_id: str) -> None:
        """Attach the contract of an id, if it follows this Controller and is not attached; anybody may.

        Errors: TargetIsProxy, InvalidTarget.  Source: DEV-12.
        """
        self._attach(contract_id)

    def _attach(self, contract_id: str) -> None:
        address = self.contracts[contract_id]
        manager = self.protocol.subscriber(address)
        if manager is None or manager.controller != self.address:
            return
        ids = self.registered_under[address]
        if contract_id in ids:
            return
        self.registered_under[address] = (*ids, contract_id)
        if not ids:
            manager.on_pause_update(self.address, self.paused)
            for known_id in manager.registry_subscriptions():
                manager.on_registry_update(self.address, known_id, self.contracts[known_id])

    def _attached(self) -> list[Manager]:
        return [self.protocol.subscriber(address) for address, ids in self.registered_under.items() if ids]

    def _subscribers(self, contract_id: str) -> list[Manager]:
        return [m for m in self._attached() if contract_id in m.registry_subscriptions()]

    # ---- pause

    @entry_point
    def pause(self, sender: str) -> None:
        """Stop the system (control-plane.md 3.2); rounds pass all the same.  Errors: CallerNotOwner, SystemPaused."""
        self._require_owner(sender)
        if self.paused:
            raise SystemPaused()
        self._set_paused(True)
        self._emit("Pause")

    @entry_point
    def unpause(self, sender: str) -> None:
        """Let the system run.  Errors: CallerNotOwner, SystemNotPaused."""
        self._require_owner(sender)
        if not self.paused:
            raise SystemNotPaused()
        self._set_paused(False)
        self._emit("Unpause")

    def _set_paused(self, is_paused: bool) -> None:
        self.paused = is_paused
        for manager in self._attached():
            manager.on_pause_update(self.address, is_paused)

    # ---- views

    def get_contract(self, contract_id: str) -> str:
        """The address registered under an id; zero for none."""
        return self.contracts[contract_id]

    def get_contract_info(self, contract_id: str) -> tuple[str, bytes]:
        """The address registered under an id, and the revision that it was built from; zeros for none."""
        return self.contracts[contract_id], self.commits[contract_id]

    def is_attached(self, subscriber: str) -> bool:
        """Whether a contract is told what it reads from the registry."""
        return bool(self.registered_under[subscriber])

    def get_subscribers(self, contract_id: str) -> list[str]:
        """The attached contracts that read an id, in no particular order."""
        return [manager.address for manager in self._subscribers(contract_id)]
