"""One view as a request to the contracts, and many of them in one call."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from reference_model.exceptions import ProtocolError
from simulation.chain.abi import FunctionAbi
from simulation.chain.addresses import raw_address
from simulation.chain.codecs import WORD
from simulation.chain.reverts import Reverted
from simulation.comparison import compare_outcomes
from simulation.observation.table import ETHER, Unordered, encode_words
from simulation.observation.wary import misses_something

if TYPE_CHECKING:
    from simulation.world import World

# A call with more costs too much gas on a node, where storage is cold.
REQUESTS_PER_CALL = 150

# (contract, function, arguments)
View = tuple[str, str, tuple]

_NOTHING = object()


class Endpoint(NamedTuple):
    """Where requests for one function go."""

    address: str
    raw_address: bytes
    abi: FunctionAbi
    has_words_only: bool
    """All arguments and outputs are of static types."""


class Request:
    """A view with its calldata, and what the model said when it was last looked at."""

    __slots__ = ("_head", "_tail", "calldata", "endpoint", "entry", "expected", "is_plain", "view", "words")

    def __init__(self, view: View, endpoint: Endpoint | None, calldata: bytes) -> None:
        self.view, self.endpoint, self.calldata = view, endpoint, calldata
        self.expected: Any = _NOTHING
        self.is_plain = True
        """Whether the answer is a value that is encoded in one way; not so errors, and lists in no order."""
        self.words, self.entry = b"", b""
        self._head = endpoint.raw_address if endpoint else raw_address(view[2][0])
        self._tail = len(calldata).to_bytes(2, "big") + calldata

    def expect(self, value: Any) -> None:
        """Take what the model says now."""
        self.expected, length = value, len(self.words)
        self.is_plain = not isinstance(value, (ProtocolError, Unordered))
        try:
            self.words = self._encode(value) if self.is_plain else b""
        except OverflowError:  # no contract can answer that
            self.words = b""
        if len(self.words) != length or not self.entry:
            self.entry = self._head + len(self.words).to_bytes(2, "big") + self._tail

    def _encode(self, value: Any) -> bytes:
        if self.endpoint is None or self.endpoint.has_words_only:
            return encode_words(value)
        outputs = self.endpoint.abi.outputs
        return outputs.encode(value if len(outputs.types) > 1 else (value,))

    def forget_expected(self) -> None:
        """Take what the model says next for new."""
        self.expected = _NOTHING


@lru_cache(maxsize=1 << 14)
def _encode_call(selector: bytes, arguments: tuple) -> bytes:
    """Calldata with arguments of static types; the same in every run."""
    return selector + encode_words(arguments)


def _encode_bytes(content: bytes) -> bytes:
    """The ABI encoding of one argument of type bytes; a codec takes longer than the call."""
    head = WORD.to_bytes(WORD, "big") + len(content).to_bytes(WORD, "big")
    return head + content + bytes(-len(content) % WORD)


class Reader:
    """Reads views from the contracts of a world: raw words, since decoding costs more than the call."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._multicall = world.chain.deploy("StateReader__Harness", sender=world.cast.owner)
        self._endpoints: dict[tuple[str, str, int], Endpoint] = {}
        self._requests: dict[str, dict[tuple[str, tuple], Request]] = {}

    def of_contract(self, contract: str) -> dict[tuple[str, tuple], Request]:
        """The requests made so far, by function and arguments."""
        return self._requests.setdefault(contract, {})

    def forget(self, contract: str) -> None:
        """Ask a contract at its new address from now on."""
        self._requests.pop(contract, None)
        self._endpoints = {key: one for key, one in self._endpoints.items() if key[0] != contract}

    def prepare(self, contract: str, function: str, arguments: tuple) -> Request:
        """A new request."""
        if contract == ETHER:
            request = Request((contract, function, arguments), None, b"")
        else:
            key = (contract, function, len(arguments))
            endpoint = self._endpoints.get(key) or self._find(*key)
            if endpoint.has_words_only:
                calldata = _encode_call(endpoint.abi.selector, arguments)
            else:
                calldata = endpoint.abi.encode(arguments)
            request = Request((contract, function, arguments), endpoint, calldata)
        self.of_contract(contract)[function, arguments] = request
        return request

    def _find(self, contract: str, function: str, count: int) -> Endpoint:
        """Of several functions of a name the one with so many arguments."""
        target = self._world.contracts[contract]
        (abi,) = (one for one in target.abi.functions[function] if len(one.inputs.types) == count)
        is_static = not any(kind.dynamic for kind in (*abi.inputs.types, *abi.outputs.types))
        endpoint = Endpoint(target.address, raw_address(target.address), abi, is_static)
        self._endpoints[contract, function, count] = endpoint
        return endpoint

    def is_as_expected(self, requests: Sequence[Request]) -> bool:
        """Whether all answers are those of the model."""
        plain = [request for request in requests if request.is_plain]
        if len(plain) < len(requests) and any(
            self.complaint(request) for request in requests if not request.is_plain
        ):
            return False
        for start in range(0, len(plain), REQUESTS_PER_CALL):
            some = plain[start : start + REQUESTS_PER_CALL]
            if not self._are_equal(some):
                return False
        return True

    def _are_equal(self, requests: Sequence[Request]) -> bool:
        """Whether all answers are the words of the requests, asked in one call."""
        read, expected = self._multicall.read, b"".join([request.words for request in requests])
        entries = _encode_bytes(b"".join([request.entry for request in requests]))
        calldata = read.selector + entries
        address = self._multicall.address
        try:
            raw = self._world.chain._view("StateReader__Harness", read.abi, None, address, calldata, None)
        except Reverted:
            return False
        return raw == _encode_bytes(expected)

    def read(self, request: Request) -> bytes | Reverted:
        """The answer to one request."""
        contract, _, arguments = request.view
        chain, endpoint = self._world.chain, request.endpoint
        if endpoint is None:
            return chain.balance(*arguments).to_bytes(WORD, "big")
        try:
            return chain._view(contract, endpoint.abi, None, endpoint.address, request.calldata, None)
        except Reverted as failure:
            return failure

    def complaint(self, request: Request, *, is_whole: bool = True) -> str | None:
        """What is wrong with the answer to a request, in words; `is_whole` is false while something is missing."""
        raw, expected = self.read(request), request.expected
        if not is_whole and misses_something(request.view[0], expected, raw):
            return None
        if isinstance(raw, Reverted):
            return compare_outcomes(expected if isinstance(expected, ProtocolError) else None, raw)
        if request.is_plain and raw == request.words:
            return None
        contract, function, arguments = request.view
        endpoint = request.endpoint
        came = endpoint.abi.outputs.decode_result(raw) if endpoint else int.from_bytes(raw, "big")
        if isinstance(expected, Unordered) and expected == Unordered(came):
            return None
        labelled = ", ".join(self._world.chain.label(argument) for argument in arguments)
        wanted = f"{expected.name}({expected})" if isinstance(expected, ProtocolError) else expected
        return f"{contract}.{function}({labelled}): found {came}, expected {wanted}"
