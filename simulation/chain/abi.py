"""Functions, events and errors of a compiled ABI, each with its selector and cached codecs."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from eth_utils import keccak

from simulation.chain.codecs import AbiType, ArgumentError, Codec, DecodeError, compile_type, normalise

# pytest shows where the test called, not the inside of the façade (--full-trace does).
__tracebackhide__ = True

READ_ONLY = ("view", "pure")
# What the compiler itself raises.
BUILTIN_ERRORS = [
    {"type": "error", "name": "Error", "inputs": [{"type": "string", "name": "message"}]},
    {"type": "error", "name": "Panic", "inputs": [{"type": "uint256", "name": "code"}]},
]


class FunctionAbi:
    """One function of a contract: `signature`, `selector`, `inputs`, `outputs`, `mutability`."""

    def __init__(self, item: dict):
        self.name = item["name"]
        self.inputs = Codec(item["inputs"])
        self.outputs = Codec(item["outputs"])
        self.mutability = item["stateMutability"]
        self.signature = self.name + self.inputs.signature
        self.selector = keccak(self.signature.encode())[:4]

    def encode(self, arguments: tuple) -> bytes:
        """Calldata; raises ArgumentError that names function and parameter."""
        try:
            return self.selector + self.inputs.encode(arguments)
        except ArgumentError as error:
            raise ArgumentError(f"{self.name}: {error}") from None


class ErrorAbi:
    """One custom error: `name`, `signature`, `selector`, `inputs`."""

    def __init__(self, item: dict):
        self.name = item["name"]
        self.inputs = Codec(item["inputs"])
        self.signature = self.name + self.inputs.signature
        self.selector = keccak(self.signature.encode())[:4]

    def __repr__(self) -> str:
        return f"<error {self.signature}>"


class _EventInput(NamedTuple):
    name: str
    kind: AbiType
    indexed: bool


class EventAbi:
    """One event: `name`, `signature`, `topic`, and the decoding of topics and data in declared order."""

    def __init__(self, item: dict):
        self.name = item["name"]
        self.inputs = [
            _EventInput(part["name"] or f"_{position}", compile_type(part), part["indexed"])
            for position, part in enumerate(item["inputs"])
        ]
        self.names = [part.name for part in self.inputs]
        self.signature = f"{self.name}({','.join(part.kind.name for part in self.inputs)})"
        self.topic = keccak(self.signature.encode())
        self.indexed_count = sum(part.indexed for part in self.inputs)
        self._data = Codec([part for part in item["inputs"] if not part["indexed"]])
        self._places = None if any(kind.dynamic for kind in self._data.types) else list(self._find_places())

    def decode(self, topics: list[bytes], data: bytes) -> dict[str, Any]:
        """Arguments by name; an indexed value of dynamic type is its 32-byte hash."""
        if len(topics) != self.indexed_count + 1:
            raise DecodeError(f"{self.signature} has {self.indexed_count} indexed arguments")
        if self._places is not None and len(data) >= self._data.size:
            return {
                name: decode(topics[place], 0) if is_indexed else decode(data, place)
                for name, decode, is_indexed, place in self._places
            }
        hashed, plain = iter(topics[1:]), iter(self._data.decode(data))
        return {
            part.name: (_from_topic(part.kind, next(hashed)) if part.indexed else next(plain))
            for part in self.inputs
        }

    def _find_places(self) -> Iterator[tuple[str, Callable[[bytes, int], Any], bool, int]]:
        """Name and decoder of each argument, whether it is a topic, and which, or where it is in the data."""
        topic, at = 1, 0
        for part in self.inputs:
            if part.indexed:
                yield part.name, _whole if _is_hashed(part.kind) else part.kind.decode, True, topic
                topic += 1
            else:
                yield part.name, part.kind.decode, False, at
                at += part.kind.size

    def normalise(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Expected arguments in the form in which decoding gives them; all must be given."""
        given = {key.removesuffix("_"): value for key, value in arguments.items()}
        if set(given) != set(self.names):
            raise ArgumentError(f"{self.name}: found the arguments {sorted(given)}, must be {self.names}")
        try:
            return {
                part.name: (_to_topic if part.indexed else normalise)(part.kind, given[part.name])
                for part in self.inputs
            }
        except ArgumentError as error:
            raise ArgumentError(f"{self.name}: {error}") from None

    def __repr__(self) -> str:
        return f"<event {self.signature}>"


def _whole(topic: bytes, at: int) -> bytes:
    return topic


def _from_topic(kind: AbiType, topic: bytes) -> Any:
    return topic if _is_hashed(kind) else kind.decode(topic, 0)


def _to_topic(kind: AbiType, value: Any) -> Any:
    if not _is_hashed(kind):
        return normalise(kind, value)
    raw = value.encode() if isinstance(value, str) else bytes(value)
    return keccak(raw)


def _is_hashed(kind: AbiType) -> bool:
    return kind.dynamic or kind.name[-1] in ")]"


class ContractAbi:
    """The compiled ABI of one contract, indexed for the façade."""

    def __init__(self, name: str, items: list[dict]):
        self.name = name
        constructor = next((i for i in items if i["type"] == "constructor"), None)
        self.constructor = Codec(constructor["inputs"] if constructor else [])
        self.functions: dict[str, list[FunctionAbi]] = {}
        for item in items:
            if item["type"] == "function":
                self.functions.setdefault(item["name"], []).append(FunctionAbi(item))
        self.by_selector = {f.selector: f for same in self.functions.values() for f in same}
        self.errors = {e.name: e for e in _of_type(items, "error", ErrorAbi)}
        self.errors_by_selector = {e.selector: e for e in self.errors.values()}
        events = list(_of_type(items, "event", EventAbi))
        self.events = {e.name: e for e in events}
        self.events_by_topic: dict[bytes, EventAbi] = {e.topic: e for e in events}


def _of_type(items: list[dict], kind: str, make) -> Iterable:
    return (make(item) for item in items if item["type"] == kind)
