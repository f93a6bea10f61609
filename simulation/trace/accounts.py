"""What accounts and contracts are called in a trace."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from reference_model.constants import ZERO_ADDRESS
from simulation.chain.actors import Actor
from simulation.chain.addresses import to_address
from simulation.chain.contracts import Contract
from simulation.trace.format import Account
from simulation.trace.values import is_address
from simulation.world import World


class Accounts:
    """Labels by address of everybody in a world; each label is given once.

    `recorded` are those of a trace: an address there stands for the account of that label here.
    """

    def __init__(self, world: World, recorded: Iterable[Account] = ()) -> None:
        self._labels: dict[str, str] = {}
        self.signers: dict[str, Actor] = {}
        for label, address in _everybody(world):
            if isinstance(address, Actor):
                self.signers[address.address] = address
            self._add(label, to_address(address))
        here = {label: address for address, label in self._labels.items()}
        self._moved = {account.address: here.get(account.label, account.address) for account in recorded}

    def of(self, address: str) -> Account:
        """The account of an address."""
        address = to_address(address)
        return Account(label=self._labels.get(address, "nobody"), address=address)

    def label(self, value: Any) -> str | None:
        """What an address is called; None for anything else, and for an address of nobody."""
        return self._labels.get(to_address(value)) if is_address(value) else None

    def show(self, value: Any) -> str:
        """A value for people, an address by its label."""
        return self.label(value) or ("0x" + value.hex() if isinstance(value, bytes) else str(value))

    def here(self, address: str) -> str:
        """The address in this world of an address in the trace."""
        address = to_address(address)
        return self._moved.get(address, address)

    def move(self, argument: Any) -> Any:
        """An argument in this world: addresses in it as `here` has them."""
        if isinstance(argument, tuple):
            return tuple(self.move(part) for part in argument)
        return self.here(argument) if is_address(argument) else argument

    def all(self) -> list[Account]:
        return [Account(label=label, address=address) for address, label in self._labels.items()]

    def _add(self, label: str, address: str) -> None:
        if address in self._labels:
            return
        taken = set(self._labels.values())
        number = 2
        free = label
        while free in taken:
            free, number = f"{label} {number}", number + 1
        self._labels[address] = free


def _everybody(world: World) -> Iterable[tuple[str, Any]]:
    """Actors by their own label, contracts by name, other accounts by the field of the cast that holds them."""
    yield "zero address", ZERO_ADDRESS
    yield from world.contracts.items()
    for field in fields(world.protocol):
        value = getattr(world.protocol, field.name)
        if isinstance(value, Contract):
            yield field.name, value
    for field in fields(world.cast):
        value = getattr(world.cast, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Actor):
                yield part.label, part
            elif isinstance(part, tuple):
                yield part
            elif is_address(part):
                yield field.name, part
