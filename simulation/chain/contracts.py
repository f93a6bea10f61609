"""Contracts as tests hold them: an address with the functions, events and errors of an ABI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.chain.abi import READ_ONLY, ContractAbi, ErrorAbi, EventAbi, FunctionAbi
from simulation.chain.addresses import to_address
from simulation.chain.codecs import ArgumentError
from simulation.chain.engine import BLOCK_GAS_LIMIT
from simulation.chain.receipts import Event, Receipt

if TYPE_CHECKING:
    from simulation.chain.facade import Chain

# pytest shows where the test called, not the inside of the façade (--full-trace does).
__tracebackhide__ = True


class Function:
    """One function of one contract.

    `contract.stake(holder)` reads a view, `.send` mines a transaction, `.call` simulates one.
    """

    __slots__ = ("_address", "_chain", "_contract", "abi")

    def __init__(self, chain: Chain, contract: str, address: str, abi: FunctionAbi):
        self._chain, self._contract, self._address, self.abi = chain, contract, address, abi

    def __call__(self, *args, sender: Any = None, block: int | None = None) -> Any:
        """The decoded result of a view on the latest state.

        `sender` defaults to the zero address; `block` replaces the block number that the call sees.
        """
        abi = self.abi
        if abi.mutability not in READ_ONLY:
            raise TypeError(f"{self._contract}.{abi.name} writes: use .send(…), or .call(…) to simulate")
        data = abi.encode(args)
        raw = self._chain._view(self._contract, abi, sender, self._address, data, block)
        return abi.outputs.decode_result(raw)

    def call(self, *args, sender: Any = None, value: int = 0, gas: int = BLOCK_GAS_LIMIT) -> Any:
        """What a transaction would return in the next block; changes nothing."""
        data = self.abi.encode(args)
        raw = self._chain._simulate(self._contract, self.abi, sender, self._address, data, value, gas)
        return self.abi.outputs.decode_result(raw)

    def send(self, *args, sender: Any, value: int = 0, gas: int | None = None) -> Receipt:
        """Mine a transaction; a failing one raises Reverted and is not mined."""
        data = self.abi.encode(args)
        return self._chain._transact(
            self._contract, self.abi, sender, self._address, data, value, gas or BLOCK_GAS_LIMIT
        )

    def encode(self, *args) -> bytes:
        """The calldata."""
        return self.abi.encode(args)

    @property
    def selector(self) -> bytes:
        return self.abi.selector

    def __repr__(self) -> str:
        return f"<{self._contract}.{self.abi.signature} at {self._address}>"


class OverloadedFunction:
    """Several functions of one name; the number of arguments decides, or `contract["name(uint256)"]`."""

    def __init__(self, functions: list[Function]):
        self._functions = functions

    def _choose(self, args: tuple) -> Function:
        fitting = [f for f in self._functions if len(f.abi.inputs.types) == len(args)]
        if len(fitting) != 1:
            known = ", ".join(f.abi.signature for f in self._functions)
            raise ArgumentError(
                f"{len(args)} arguments do not decide between {known}: use contract[signature]"
            )
        return fitting[0]

    def __call__(self, *args, **options) -> Any:
        return self._choose(args)(*args, **options)

    def call(self, *args, **options) -> Any:
        return self._choose(args).call(*args, **options)

    def send(self, *args, **options) -> Receipt:
        return self._choose(args).send(*args, **options)

    def encode(self, *args) -> bytes:
        return self._choose(args).encode(*args)


class EventType:
    """`contract.Events.Name`: called with every argument by name it gives the expected event.

    A name that Python reserves takes a trailing underscore: `Transfer(from_=…, to=…, value=…)`.
    """

    def __init__(self, contract: str, address: str, abi: EventAbi):
        self._contract, self._address, self.abi = contract, address, abi

    def __call__(self, **arguments) -> Event:
        return Event(self.abi.name, self.abi.normalise(arguments), self._address, self._contract)

    @property
    def topic(self) -> bytes:
        return self.abi.topic


class _Namespace:
    """The events or errors of a contract as attributes."""

    def __init__(self, kind: str, contract: str, members: dict[str, Any]):
        self._kind, self._contract, self._members = kind, contract, members

    def __getattr__(self, name: str) -> Any:
        try:
            return self._members[name]
        except KeyError:
            known = ", ".join(sorted(self._members)) or "none"
            raise AttributeError(f"{self._contract} has no {self._kind} {name}; it has {known}") from None

    def __dir__(self):
        return list(self._members)


class Contract:
    """A contract at an address.

    Functions are attributes (`contract.bond.send(…)`), or by signature `contract["bond(uint256,address)"]`.
    `Errors` and `Events` hold its errors and events, `creation` the receipt of `Chain.deploy` if it came from
    there.  A contract equals its address.
    """

    def __init__(self, chain: Chain, abi: ContractAbi, address: str):
        self.address = address
        self.contract_name = abi.name
        self.abi = abi
        self.creation: Receipt | None = None
        self._chain = chain
        self.Errors: dict[str, ErrorAbi] | Any = _Namespace("error", abi.name, abi.errors)
        events = {name: EventType(abi.name, address, event) for name, event in abi.events.items()}
        self.Events = _Namespace("event", abi.name, events)

    def __getattr__(self, name: str) -> Function | OverloadedFunction:
        if name.startswith("__") or name not in self.abi.functions:
            known = ", ".join(sorted(self.abi.functions))
            raise AttributeError(f"{self.abi.name} has no function {name}; it has {known}")
        bound = [Function(self._chain, self.abi.name, self.address, f) for f in self.abi.functions[name]]
        function = bound[0] if len(bound) == 1 else OverloadedFunction(bound)
        self.__dict__[name] = function
        return function

    def __getitem__(self, signature: str) -> Function:
        for abi in self.abi.functions.get(signature.split("(")[0], []):
            if abi.signature == signature:
                return Function(self._chain, self.abi.name, self.address, abi)
        raise KeyError(f"{self.abi.name} has no function {signature}")

    def __eq__(self, other: object) -> bool:
        try:
            return self.address == to_address(other)
        except ValueError:
            return NotImplemented

    def __hash__(self) -> int:
        return hash(self.address)

    def __repr__(self) -> str:
        return f"<{self.contract_name} at {self.address}>"
