"""One view as a request to the contracts, and many of them in one call."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reference_model.exceptions import ProtocolError
from simulation.chain.abi import FunctionAbi
from simulation.chain.addresses import raw_address
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


class Request:
    """A view with its calldata, and what the model said when it was last looked at."""

    __slots__ = (
        "_head",
        "_is_dynamic",
        "_tail",
        "abi",
        "address",
        "calldata",
        "entry",
        "expected",
        "is_plain",
        "view",
        "words",
    )

    def __init__(self, view: View, address: str, abi: FunctionAbi | None, calldata: bytes) -> None:
        self.view, self.address, self.abi, self.calldata = view, address, abi, calldata
        self.expected: Any = _NOTHING
        self.is_plain = True
        """Whether the answer is a value that is encoded in one way; not so errors, and lists in no order."""
        self._is_dynamic = abi is not None and any(kind.dynamic for kind in abi.outputs.types)
        self.words, self.entry = b"", b""
        self._head, self._tail = raw_address(address), len(calldata).to_bytes(2, "big") + calldata

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
        if not self._is_dynamic:
            return encode_words(value)
        return self.abi.outputs.encode(value if len(self.abi.outputs.types) > 1 else (value,))

    def forget_expected(self) -> None:
        """Take what the model says next for new."""
        self.expected = _NOTHING


class Reader:
    """Reads views from the contracts of a world: raw words, since decoding costs more than the call."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._multicall = world.chain.deploy("StateReader__Harness", sender=world.cast.owner)
        self._requests: dict[str, dict[tuple[str, tuple], Request]] = {}

    def of_contract(self, contract: str) -> dict[tuple[str, tuple], Request]:
        """The requests made so far, by function and arguments."""
        return self._requests.setdefault(contract, {})

    def forget(self, contract: str) -> None:
        """Ask a contract at its new address from now on."""
        self._requests.pop(contract, None)

    def prepare(self, contract: str, function: str, arguments: tuple) -> Request:
        """A new request."""
        if contract == ETHER:
            request = Request((contract, function, arguments), arguments[0], None, b"")
        else:
            bound = getattr(self._world.contracts[contract], function)
            address = self._world.contracts[contract].address
            request = Request((contract, function, arguments), address, bound.abi, bound.encode(*arguments))
        self._requests.setdefault(contract, {})[function, arguments] = request
        return request

    def is_as_expected(self, requests: Sequence[Request]) -> bool:
        """Whether all answers are those of the model."""
        plain = [request for request in requests if request.is_plain]
        if len(plain) < len(requests) and any(
            self.complaint(request) for request in requests if not request.is_plain
        ):
            return False
        for start in range(0, len(plain), REQUESTS_PER_CALL):
            some = plain[start : start + REQUESTS_PER_CALL]
            try:
                answers = self._multicall.read(b"".join([request.entry for request in some]))
            except Reverted:
                return False
            if answers != b"".join([request.words for request in some]):
                return False
        return True

    def read(self, request: Request) -> bytes | Reverted:
        """The answer to one request."""
        contract, _, arguments = request.view
        chain = self._world.chain
        if request.abi is None:
            return encode_words(chain.balance(*arguments))
        try:
            return chain._view(contract, request.abi, None, request.address, request.calldata, None)
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
        came = int.from_bytes(raw, "big") if request.abi is None else request.abi.outputs.decode_result(raw)
        if isinstance(expected, Unordered) and expected == Unordered(came):
            return None
        labelled = ", ".join(self._world.chain.label(argument) for argument in arguments)
        wanted = f"{expected.name}({expected})" if isinstance(expected, ProtocolError) else expected
        return f"{contract}.{function}({labelled}): found {came}, expected {wanted}"
