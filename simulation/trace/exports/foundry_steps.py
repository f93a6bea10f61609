"""The steps of a trace as Solidity statements, with what the reference model expects of each."""

from collections.abc import Iterator, Mapping
from typing import Any

from simulation.calls import Call, Mine, to_chain_values
from simulation.chain.abi import BUILTIN_ERRORS
from simulation.chain.codecs import Codec
from simulation.comparison import Outcome
from simulation.trace.exports.literals import constant_name, python_name
from simulation.trace.exports.solidity import (
    Item,
    NoLiteral,
    expression,
    find,
    signature_of,
    type_of,
)
from simulation.trace.format import Difference, Trace
from simulation.trace.pictures import ETHER, Picture
from simulation.trace.player import Played, Player
from tools.artifacts import Artifact

# What a trace without failure is held to at the end, as far as it changed.
CORE = frozenset(
    {
        (ETHER, "balance"),
        ("LivepeerToken", "balanceOf"),
        ("BondingManager", "getDelegator"),
        ("BondingManager", "getTranscoder"),
        ("BondingManager", "pendingStake"),
        ("BondingManager", "pendingFees"),
        ("TicketBroker", "getSenderInfo"),
    }
)


class StepWriter:
    """Plays the steps of a trace and writes them; collects the addresses and members that the statements use."""

    def __init__(self, player: Player, artifacts: Mapping[str, Artifact]) -> None:
        self._player, self._artifacts = player, artifacts
        self.constants: dict[str, str] = {}
        """Addresses by name."""
        self.members: dict[str, dict[str, Item]] = {}
        """Functions and events by contract and signature."""

    def address(self, address: Any) -> str:
        """The constant for an address; the address itself where nobody is there."""
        account = self._player.accounts.of(address)
        if account.label == "nobody":
            return account.address
        name = constant_name(account.label)
        self.constants[name] = account.address
        return name

    def steps(self, trace: Trace) -> list[str]:
        """All steps up to a failure, and a look at what they lead to."""
        first = self._player.picture
        lines: list[str] = []
        for recorded in trace.steps:
            step, block = self._player.read(recorded), self._player.world.chain.block_number
            played = self._player.play(step)
            lines += [f"// {recorded.number}. {self._describe(step)}"]
            if isinstance(step, Call):
                lines += [*self._call(step, block + 1, played, trace), ""]
            is_success = isinstance(step, Mine) or self._player.world.outcome.expected_error is None
            block = block + 1 if is_success and isinstance(step, Call) else played.record.block
            if played.failure is not None:
                break
        if trace.failure and trace.failure.invariant:
            lines.append(
                f"// {trace.failure.invariant} is broken in the model as well: see docs/invariants.md."
            )
        return [*lines, f"vm.roll({block});", *self._look(trace, first)]

    # ---- one step

    def _describe(self, step: Call | Mine) -> str:
        if isinstance(step, Mine):
            return f"{step.blocks} blocks pass"
        return f"{self._player.accounts.show(step.sender)}: {step.contract}.{step.function}"

    def _call(self, call: Call, block: int, played: Played, trace: Trace) -> list[str]:
        outcome = self._player.world.outcome
        is_last = played.record.number == len(trace.steps)
        kind = trace.failure.kind if is_last and trace.failure else None
        function = self._function(call.contract, call.function, len(call.chain_arguments))
        try:
            before, arguments = self._arguments(function, call.chain_arguments)
        except NoLiteral:
            before, made = [], self._raw(call, played)
        else:
            self._use(call.contract, function)
            value = f"{{value: {call.value}}}" if call.value else ""
            target = f"{call.contract}Like({self._contract_address(call.contract)})"
            made = f"{target}.{call.function}{value}({', '.join(arguments)});"
        events = kind == "events" and outcome.expected_error is None
        if kind == "return value":
            expected = expression(function["outputs"][0], outcome.expected_result, self.address)
            made = f'require({made.removesuffix(";")} == {expected}, "returned something else");'
        lines = [
            f"_enter({block});",
            *before,
            *(self._expect_events(outcome) if events else []),
            f"vm.prank({self.address(call.sender)});",
            *self._expect_error(outcome),
            made,
            *(self._count_events(outcome) if events else []),
        ]
        # A block of its own: names of arrays may come again.
        return ["{", *(f"    {line}" for line in lines), "}"] if before else lines

    def _arguments(self, function: Item, values: tuple) -> tuple[list[str], list[str]]:
        """Statements that fill arrays, and the arguments."""
        before, arguments = [], []
        for item, value in zip(function["inputs"], values, strict=True):
            if not item["type"].endswith("[]"):
                arguments.append(expression(item, value, self.address))
                continue
            name = python_name(item["name"])
            part = {**item, "type": item["type"][:-2]}
            before.append(f"{type_of(item)} memory {name} = new {type_of(item)}({len(value)});")
            before += [
                f"{name}[{position}] = {expression(part, one, self.address)};"
                for position, one in enumerate(value)
            ]
            arguments.append(name)
        return before, arguments

    def _raw(self, call: Call, played: Played) -> str:
        target, data = self._contract_address(call.contract), played.record.calldata.hex()
        return f'{{ (bool success,) = {target}.call{{value: {call.value}}}(hex"{data}"); require(success); }}'

    def _expect_error(self, outcome: Outcome) -> list[str]:
        if (error := outcome.expected_error) is None:
            return []
        item = next(
            item
            for abi in (*(artifact.abi for artifact in self._artifacts.values()), BUILTIN_ERRORS)
            for item in abi
            if item["type"] == "error" and item["name"] == error.name
        )
        values = to_chain_values(error.arguments)
        arguments = [expression(part, values[part["name"]], self.address) for part in item["inputs"]]
        listed = ", ".join([f'"{signature_of(item)}"', *arguments])
        return [f"vm.expectRevert(abi.encodeWithSignature({listed}));"]

    # ---- events

    def _expect_events(self, outcome: Outcome) -> Iterator[str]:
        yield "vm.recordLogs();"
        for event in outcome.expected_events:
            item = find(self._abi(event.contract), "event", event.name)
            self._use(event.contract, item)
            values = to_chain_values(event.arguments)
            arguments = [expression(part, values[part["name"]], self.address) for part in item["inputs"]]
            yield f"vm.expectEmit({self._contract_address(event.contract)});"
            yield f"emit {event.contract}Like.{event.name}({', '.join(arguments)});"

    def _count_events(self, outcome: Outcome) -> list[str]:
        # The expected ones were emitted here, too.
        count = 2 * len(outcome.expected_events)
        return [f'require(vm.getRecordedLogs().length == {count}, "more events than expected");']

    # ---- the end

    def _look(self, trace: Trace, first: Picture) -> list[str]:
        """The views that differed; in a trace without such, what has changed of everybody."""
        if trace.failure and trace.failure.differences:
            return [self._see_difference(difference) for difference in trace.failure.differences]
        last = self._player.picture
        changed = [
            (view, answer.expected)
            for view, answer in last.answers.items()
            if view[:2] in CORE and view in first.answers and first.answers[view].found != answer.found
        ]
        return [self._see(*view, expected) for view, expected in changed]

    def _see(self, contract: str, function: str, arguments: tuple, expected: bytes) -> str:
        shown = ", ".join(self._player.accounts.show(argument) for argument in arguments)
        name = f'"{contract}.{function}({shown})"'
        if contract == ETHER:
            return f"_seeWei({name}, {self.address(arguments[0])}, {int.from_bytes(expected, 'big')});"
        item = self._function(contract, function, len(arguments))
        data, answer = self._encode_call(contract, item, arguments), self._encode_answer(item, expected)
        return f"_see({name}, {self._contract_address(contract)}, {data}, {answer});"

    def _see_difference(self, difference: Difference) -> str:
        contract, _, rest = difference.view.partition(".")
        if contract == ETHER:
            return self._see(ETHER, "balance", (difference.address,), difference.expected_words)
        function = rest.partition("(")[0]
        item = find(self._abi(contract), "function", function)
        arguments = tuple(Codec(item["inputs"]).decode(difference.calldata[4:]))
        return self._see(contract, function, arguments, difference.expected_words)

    def _encode_call(self, contract: str, item: Item, arguments: tuple) -> str:
        self._use(contract, item)
        listed = [
            expression(part, value, self.address)
            for part, value in zip(item["inputs"], arguments, strict=True)
        ]
        return f"abi.encodeCall({contract}Like.{item['name']}, ({', '.join(listed)}))"

    def _encode_answer(self, item: Item, expected: bytes) -> str:
        try:
            values = Codec(item["outputs"]).decode(expected)
            listed = [
                expression(part, value, self.address)
                for part, value in zip(item["outputs"], values, strict=True)
            ]
        except NoLiteral:
            return f'hex"{expected.hex()}"'
        return f"abi.encode({', '.join(listed)})"

    # ---- contracts

    def _abi(self, contract: str) -> list[Item]:
        return self._artifacts[self._player.world.contracts[contract].contract_name].abi

    def _function(self, contract: str, function: str, count: int) -> Item:
        return find(self._abi(contract), "function", function, count)

    def _contract_address(self, contract: str) -> str:
        return self.address(self._player.world.contracts[contract].address)

    def _use(self, contract: str, item: Item) -> None:
        self.members.setdefault(contract, {})[f"{item['type']} {signature_of(item)}"] = item
