"""Failed calls: what they say, and how a test expects them."""

from collections.abc import Callable
from typing import Any

from simulation.chain.abi import ErrorAbi
from simulation.chain.codecs import ArgumentError, normalise

# pytest shows where the test called, not the inside of the façade (--full-trace does).
__tracebackhide__ = True

# (contract, function, error) of every expected revert that really came, for tests/conftest.py.  What comes
# through a proxy is recorded for the proxy and for the contract behind it.
RAISED: set[tuple[str, str, str]] = set()


class Reverted(Exception):
    """A call that failed.

    `contract` is the ABI that was called, `seen_as` all that are known at that address.
    `error_name` and `args_by_name` are those of the decoded error (None and {} where nothing in the build
    declares it), `raw` the returned bytes, `halt` the reason of an exceptional stop such as OutOfGas.
    """

    def __init__(
        self,
        contract: str,
        seen_as: tuple[str, ...],
        function: str,
        error: ErrorAbi | None,
        args_by_name: dict[str, Any],
        raw: bytes,
        halt: str | None,
        describe: Callable[[Any], str],
    ):
        self.contract = contract
        self.seen_as = seen_as
        self.function = function
        self.error = error
        self.error_name = error.name if error else None
        self.args_by_name = args_by_name
        self.raw = raw
        self.halt = halt
        self._describe = describe
        super().__init__(f"{contract}.{function} failed: {self.reason}")

    @property
    def reason(self) -> str:
        """The failure in one line, actors and contracts by name."""
        if self.halt:
            return f"halted, {self.halt}"
        if self.error_name is None:
            return f"reverted with {'0x' + self.raw.hex() if self.raw else 'no data'}"
        arguments = ", ".join(f"{k}={self._describe(v)}" for k, v in self.args_by_name.items())
        return f"reverted with {self.error_name}({arguments})"


class _Expectation:
    """A context whose body must fail as expected; `caught` is the failure afterwards."""

    caught: Reverted | None = None

    def __enter__(self) -> "_Expectation":
        return self

    def __exit__(self, kind, failure, trace) -> bool:
        if kind is None:
            raise AssertionError(f"expected {self}, but nothing failed")
        if not isinstance(failure, Reverted):
            return False
        if (complaint := self._mismatch(failure)) is not None:
            raise AssertionError(f"expected {self}, but {failure}{complaint}") from failure
        if failure.error_name is not None:
            names = {failure.contract, *failure.seen_as}
            RAISED.update((name, failure.function, failure.error_name) for name in names)
        self.caught = failure
        return True

    def _mismatch(self, failure: Reverted) -> str | None:
        """None if the failure is the expected one, else what to add to the message."""
        raise NotImplementedError


class ExpectError(_Expectation):
    """A custom error, or the built-in `Error(message)`, with exactly these arguments."""

    def __init__(self, error: str | ErrorAbi, arguments: dict[str, Any], any_arguments: bool):
        self._error = error
        self._arguments = arguments
        self._any_arguments = any_arguments

    def __str__(self) -> str:
        name = self._error if isinstance(self._error, str) else self._error.name
        if self._any_arguments:
            return f"{name}(...)"
        return f"{name}({', '.join(f'{k}={v!r}' for k, v in self._arguments.items())})"

    def _mismatch(self, failure: Reverted) -> str | None:
        found = failure.error
        if found is None or failure.halt:
            return ""
        if isinstance(self._error, str):
            if found.name != self._error:
                return ""
        elif found.selector != self._error.selector:
            return f" (signature {found.signature}, not {self._error.signature})"
        if self._any_arguments:
            return None
        given = {key.removesuffix("_"): value for key, value in self._arguments.items()}
        if set(given) != set(failure.args_by_name):
            return f"; name every argument ({', '.join(failure.args_by_name)}), or pass ... for any"
        for name, kind in zip(found.inputs.keys(), found.inputs.types, strict=True):
            try:
                expected = normalise(kind, given[name])
            except ArgumentError as error:
                return f"; {name}: {error}"
            if expected != failure.args_by_name[name]:
                return f"; {name} differs"
        return None


class ExpectPanic(_Expectation):
    """A compiler panic, such as 0x11 for overflow."""

    def __init__(self, code: int):
        self._code = code

    def __str__(self) -> str:
        return f"Panic({self._code:#x})"

    def _mismatch(self, failure: Reverted) -> str | None:
        expected = failure.error_name == "Panic" and failure.args_by_name == {"code": self._code}
        return None if expected else ""


class ExpectRaw(_Expectation):
    """A revert with exactly these bytes."""

    def __init__(self, raw: bytes):
        self._raw = raw

    def __str__(self) -> str:
        return f"a revert with {'0x' + self._raw.hex() if self._raw else 'no data'}"

    def _mismatch(self, failure: Reverted) -> str | None:
        return None if failure.halt is None and failure.raw == self._raw else ""
