"""The file `trace.json`: what it holds, how it is written, read and refused.

Numbers beyond 2⁵³, bytes and addresses are texts: see `values`.  What differs between engines has a name: see `names`.
The fields are explained in docs/replay.md.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from simulation.trace.values import read_address, read_bytes, read_integer, to_json

FORMAT = 1
AS_EXPECTED = "as expected"
SHOWN_LENGTH = 60


class TraceRefused(Exception):
    """A file that cannot be replayed; the message names the field, what was found, and what would be right."""


def _read_parameter(value: Any) -> Any:
    is_digits = isinstance(value, str) and value.lstrip("-").isdigit()
    return read_integer(value) if is_digits else value


def _read_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else read_bytes(value)


Integer = Annotated[int, BeforeValidator(read_integer), PlainSerializer(to_json)]
Address = Annotated[str, BeforeValidator(read_address)]
Hexadecimal = Annotated[bytes, BeforeValidator(_read_bytes), PlainSerializer(to_json)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Parameter = Annotated[bool | int, BeforeValidator(_read_parameter), PlainSerializer(to_json)]


class Part(BaseModel):
    """A piece of a trace: nothing more than its fields, each of exactly its type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Compiler(Part):
    """Settings with which the contracts were compiled."""

    version: str
    evm_version: str
    via_ir: bool
    optimizer_runs: int


class Build(Part):
    """The code that was deployed; digests are SHA-256 of creation code without the compiler's metadata."""

    digest: Digest
    """Of the digests below."""
    contracts: dict[str, Digest]
    compiler: Compiler


class ChainFacts(Part):
    """Where the trace was made."""

    engine: Literal["pyrevm", "anvil"]
    chain_id: int


class Origin(Part):
    """Who found it, and how to find it again. `seed`: of the run."""

    driver: str
    area: str | None = None
    seed: Integer | None = None
    note: str = ""


class Account(Part):
    """An address and what it is called."""

    label: str
    address: Address


class Argument(Part):
    """An argument by its ABI name. `type` says how `value` is read; `label` whose address it is."""

    name: str
    type: str
    value: Any
    label: str | None = None


class Failed(Part):
    """An error with its arguments; without a name: raw data, or why execution stopped."""

    name: str
    arguments: dict[str, Any]


class Emitted(Part):
    """An event."""

    contract: str
    name: str
    arguments: dict[str, Any]


class Result(Part):
    """What a call does: it fails, or emits and returns."""

    error: Failed | None = None
    events: list[Emitted] = []
    returned: Any = None


class CallStep(Part):
    """One transaction. `expected`: of the model. `block` and `round`: the latest after the step."""

    number: int
    action: Literal["call"] = "call"
    sender: Account
    contract: str
    address: Address
    function: str
    arguments: list[Argument]
    value: Integer
    calldata: Hexadecimal
    expected: Result
    came: Annotated[
        Result | None,
        BeforeValidator(lambda value: None if value == AS_EXPECTED else value),
        PlainSerializer(lambda value: AS_EXPECTED if value is None else value),
    ]
    block: int
    round: int
    digest: Digest


class MineStep(Part):
    """Blocks without transactions."""

    number: int
    action: Literal["mine"] = "mine"
    blocks: int = Field(ge=0)
    block: int
    round: int
    digest: Digest


class Difference(Part):
    """A view that differs at the end; the words are the ABI encoding."""

    view: str
    address: Address
    calldata: Hexadecimal
    found: Any
    expected: Any
    found_words: Hexadecimal
    expected_words: Hexadecimal


Kind = Literal[
    "deployment", "outcome", "return value", "events", "state", "past rounds", "invariant", "crash"
]


class Failure(Part):
    """What went wrong at the last step.

    `kind`: deployment (before any step), outcome (success or error), return value, events, state (views), past rounds
    (views of rounds long gone), invariant (with its id), crash (of the model or the tools).
    """

    step: int
    kind: Kind
    invariant: str | None = None
    message: str
    differences: list[Difference] = []

    @property
    def name(self) -> str:
        """The kind, invariants by id."""
        return self.invariant or self.kind


class Start(Part):
    """After deployment, before the first step."""

    block: int
    round: int
    digest: Digest


class Trace(Part):
    """One run."""

    format: int = FORMAT
    version: str
    build: Build
    chain: ChainFacts
    origin: Origin
    deployment: dict[str, Parameter]
    accounts: list[Account]
    start: Start | None
    """None where the deployment failed."""
    steps: list[Annotated[CallStep | MineStep, Field(discriminator="action")]]
    end: Digest | None
    """Of the state in all rounds; None where the run failed before."""
    failure: Failure | None
    reproduced: bool = True
    """Whether the failure came again when the trace was made."""

    @model_validator(mode="after")
    def _check_numbers(self) -> "Trace":
        for position, step in enumerate(self.steps):
            if step.number != position + 1:
                raise ValueError(f"steps[{position}].number: found {step.number}, must be {position + 1}")
        if self.failure and not 0 <= self.failure.step <= len(self.steps):
            raise ValueError(f"failure.step: found {self.failure.step}, there are {len(self.steps)} steps")
        return self

    def to_bytes(self) -> bytes:
        """The file's content."""
        return orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_INDENT_2) + b"\n"

    def save(self, path: Path) -> None:
        """Write the file; one that is there is replaced, never half."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
        partial.write_bytes(self.to_bytes())
        partial.replace(path)


def load(path: Path) -> Trace:
    """Read a trace. Raises TraceRefused."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TraceRefused(f"{path}: cannot be read: {error.strerror}") from None
    return parse(content, str(path))


def parse(content: bytes, name: str = "trace") -> Trace:
    """Read the content of a trace. Raises TraceRefused."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise TraceRefused(f"{name}: damaged, not JSON: {error}") from None
    if not isinstance(document, dict) or "format" not in document:
        raise TraceRefused(f"{name}: not a trace: the field format is missing")
    if document["format"] != FORMAT:
        raise TraceRefused(f"{name}: format: found {document['format']!r}, this project reads {FORMAT}")
    try:
        return Trace.model_validate(document)
    except ValidationError as error:
        raise TraceRefused(f"{name}: damaged: {describe_error(error)}") from None


def describe_error(error: ValidationError) -> str:
    """The first complaint, with the path of the field."""
    first = error.errors()[0]
    message = first["msg"].removeprefix("Value error, ")
    field = _path(first["loc"])
    if not field:
        return message
    if message.startswith("found ") or first["type"] in ("missing", "extra_forbidden"):
        return f"{field}: {message}"
    found = repr(first["input"])
    shown = found if len(found) <= SHOWN_LENGTH else found[:SHOWN_LENGTH] + "…"
    return f"{field}: found {shown}: {message}"


def _path(location: Sequence[str | int]) -> str:
    path = ""
    for position, part in enumerate(location):
        if isinstance(part, int):
            path += f"[{part}]"
        # The kind of step stands between a step's number and its field.
        elif not (part in ("call", "mine") and position == 2 and location[0] == "steps"):
            path += f".{part}" if path else part
    return path
