"""The Controller: registry, pause switch and owner; and what every contract that obeys it has in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import (
    CallerNotControllerOwner,
    CallerNotEitherRegistered,
    CallerNotOwner,
    CallerNotRegistered,
    ContractHasNoCode,
    CurrentRoundNotInitialized,
    NewOwnerIsZero,
    SystemNotPaused,
    SystemPaused,
)
from reference_model.state import Event, Journal, Ledger, Record

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


def entry_point(function: Callable) -> Callable:
    """Make a method a contract call: it happens completely or not at all.

    The first argument is the caller, the others are those of the Solidity function.
    """

    @wraps(function)
    def call(contract: Contract, sender: str, *arguments: Any, **options: Any) -> Any:
        with contract.journal.transaction():
            return function(contract, sender, *arguments, **options)

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

    def _emit(self, name: str, **arguments: Any) -> None:
        self.journal.events.append(Event(self.name, name, arguments))


class Controller(Contract):
    """Who is who.

    The registry is `contracts`, an address by id.  `has_code` says what could be registered (DEV-8).
    """

    name = "Controller"
    owner: str = ZERO_ADDRESS
    paused: bool = True

    def __init__(self, journal: Journal, address: str, owner: str, has_code: Callable[[str], bool]) -> None:
        super().__init__(journal, address)
        self.owner = owner
        self.has_code = has_code
        self.contracts: Ledger = Ledger(journal, ZERO_ADDRESS)

    def get_contract(self, contract_id: str) -> str:
        """The address registered under an id; zero for none."""
        return self.contracts[contract_id]

    @entry_point
    def set_contract_info(self, sender: str, contract_id: str, address: str, git_commit_hash: bytes) -> None:
        """Register a contract; from now on it has the role of that id."""
        self._require_owner(sender)
        if address != ZERO_ADDRESS and not self.has_code(address):
            raise ContractHasNoCode(contract_id, address)
        self.contracts[contract_id] = address
        self._emit("SetContractInfo", id=contract_id, contractAddress=address, gitCommitHash=git_commit_hash)

    @entry_point
    def pause(self, sender: str) -> None:
        """Stop the system."""
        self._require_owner(sender)
        if self.paused:
            raise SystemPaused()
        self.paused = True
        self._emit("Pause")

    @entry_point
    def unpause(self, sender: str) -> None:
        """Let the system run."""
        self._require_owner(sender)
        if not self.paused:
            raise SystemNotPaused()
        self.paused = False
        self._emit("Unpause")

    @entry_point
    def transfer_ownership(self, sender: str, new_owner: str) -> None:
        """Make another account the owner."""
        self._require_owner(sender)
        if new_owner == ZERO_ADDRESS:
            raise NewOwnerIsZero()
        self._emit("OwnershipTransferred", previousOwner=self.owner, newOwner=new_owner)
        self.owner = new_owner

    def _require_owner(self, sender: str) -> None:
        if sender != self.owner:
            raise CallerNotOwner(sender, self.owner)


class Manager(Contract):
    """A contract that takes its orders from the Controller."""

    def __init__(self, protocol: Protocol, address: str) -> None:
        super().__init__(protocol.journal, address)
        self.protocol = protocol

    def _registered(self, contract_id: str) -> str:
        return self.protocol.controller.get_contract(contract_id)

    def _require_owner(self, sender: str) -> None:
        owner = self.protocol.controller.owner
        if sender != owner:
            raise CallerNotControllerOwner(sender, owner)

    def _require_running(self) -> None:
        if self.protocol.controller.paused:
            raise SystemPaused()

    def _require_started_round(self) -> int:
        """The current round, in which the system runs and which somebody has initialized."""
        self._require_running()
        rounds = self.protocol.rounds_manager
        if not rounds.current_round_initialized():
            raise CurrentRoundNotInitialized(rounds.current_round())
        return rounds.current_round()

    def _require_caller(self, sender: str, contract_id: str) -> None:
        registered = self._registered(contract_id)
        if sender != registered:
            raise CallerNotRegistered(sender, contract_id, registered)

    def _require_either_caller(self, sender: str, first_id: str, second_id: str) -> None:
        if sender not in (self._registered(first_id), self._registered(second_id)):
            raise CallerNotEitherRegistered(sender, first_id, second_id)

    def _emit_parameter_update(self, parameter: str, previous: int, value: int) -> None:
        """The deployed event, and beside it one that carries the numbers (DEV-7)."""
        self._emit("ParameterUpdate", param=parameter)
        self._emit("ParameterChanged", param=parameter, previousValue=previous, newValue=value)
