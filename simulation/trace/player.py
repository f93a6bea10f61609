"""Plays steps on a world and says what each did: for traces that are made, and for traces that are replayed.

player = Player(chain, {"stakers": 3, "round_length": 40})
played = player.play(step)                    # contracts, model, all views, all invariants
played.record                                 # the step as a trace has it
played.before, played.after                   # pictures of the state
played.failure                                # None, or what went wrong: nothing can be played after that
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from simulation.calls import Call, Mine, Step, to_chain_values
from simulation.chain.codecs import ArgumentError
from simulation.chain.facade import Chain
from simulation.comparison import Outcome
from simulation.invariants import Chronicle, InvariantBroken, check_world
from simulation.trace.accounts import Accounts
from simulation.trace.format import (
    Account,
    CallStep,
    Difference,
    Emitted,
    Failed,
    Failure,
    MineStep,
    Result,
    Start,
)
from simulation.trace.names import Names
from simulation.trace.pictures import Picture, difference_of, take_picture
from simulation.trace.steps import encode_call, read_call, write_arguments
from simulation.trace.tickets import TicketBook
from simulation.world import Divergence, World

# Everything is looked at here, after every step.
NEVER = 2**256
SHOWN_DIFFERENCES = 20


@dataclass(frozen=True)
class Played:
    """One step that was played."""

    step: Step
    record: CallStep | MineStep
    before: Picture
    after: Picture
    failure: Failure | None


class DeploymentFailed(Exception):
    """The world did not come up; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Player:
    """See the module. Raises DeploymentFailed. `recorded`: the accounts of the trace that is replayed."""

    def __init__(
        self, chain: Chain, deployment: Mapping[str, Any], *, recorded: list[Account] | None = None
    ) -> None:
        try:
            self.world = World(chain, compare_every=NEVER, **deployment)
        except ArgumentError:  # parameters that no contract takes
            raise
        except Exception as error:  # whatever model or tools stumble over is what the trace is for
            message = first_part(f"{type(error).__name__}: {error}")
            raise DeploymentFailed(Failure(step=0, kind="deployment", message=message)) from error
        self.names = Names()
        self.accounts = Accounts(self.world, recorded or ())
        self.tickets = TicketBook(self.world, self.accounts, self.names)
        self._chronicle = Chronicle(self.world.model, self.world.cast.watched, is_thorough=True)
        for round_number in range(self.world.model.rounds_manager.current_round() + 1):
            self._name_round(round_number)
        self._number = 0
        self.picture = take_picture(self.world)
        self.start = Start(**self._place())

    def read(self, record: CallStep | MineStep) -> Step:
        """A step of a trace, for this world. Raises TraceRefused."""
        if isinstance(record, MineStep):
            return Mine(record.blocks)
        return read_call(self.world, self.accounts, self.tickets, record)

    def play(self, step: Step) -> Played:
        """Run one step and look at everything."""
        self._number += 1
        written = self._write_call(step) if isinstance(step, Call) else {}
        self.world.outcome = None
        failure = self._act(step)
        self._name_round(self.world.model.rounds_manager.current_round())
        before = self.picture
        has_crashed = failure is not None and failure.kind == "crash"
        if not has_crashed:
            self.picture = take_picture(self.world)
        outcome = self._write_outcome(self.world.outcome) if isinstance(step, Call) else {}
        if failure is None:
            failure = self._look() or self._check_invariants()
        elif not has_crashed:
            failure = self._classify(failure, outcome)
        facts = {"number": self._number, **self._place()}
        if isinstance(step, Mine):
            record = MineStep(blocks=step.blocks, **facts)
        else:
            record = CallStep(**written, **outcome, **facts)
        return Played(step, record, before, self.picture, failure)

    def finish(self) -> tuple[str, Failure | None]:
        """Look at all rounds: the digest of that, and what went unnoticed until then."""
        picture = take_picture(self.world, all_rounds=True)
        kind = "past rounds"
        failure = self._differences(picture, kind) or self._compare(kind, all_rounds=True)
        return picture.digest(self.names), failure

    # ---- one step

    def _act(self, step: Step) -> Failure | None:
        try:
            self._chronicle.before(step)
            self._succeeded = self.world.act(step)
        except Divergence as divergence:
            return self._failure("outcome", first_part(str(divergence)))
        except Exception as error:  # as for the deployment
            return self._failure("crash", f"{type(error).__name__}: {error}")
        return None

    def _look(self) -> Failure | None:
        return self._differences(self.picture, "state") or self._compare("state")

    def _compare(self, kind: str, *, all_rounds: bool = False) -> Failure | None:
        """Also the views that no picture has, as their answers are no plain words."""
        try:
            self.world.compare(all_rounds=all_rounds)
        except Divergence as divergence:
            return self._failure(kind, first_part(str(divergence)))
        return None

    def _check_invariants(self) -> Failure | None:
        """Those of the model, and those that only contracts can break."""
        try:
            self._chronicle.after(self._succeeded)
            check_world(self.world)
        except InvariantBroken as broken:
            message = first_part(str(broken))
            return self._failure("invariant", message, invariant=message.split()[0])
        except Exception as error:  # as for the deployment
            return self._failure("crash", f"{type(error).__name__}: {error}")
        return None

    def _differences(self, picture: Picture, kind: str) -> Failure | None:
        wrong = [
            difference_of(self.world, view, answer, self.accounts.show, self.names)
            for view, answer in picture.wrong()
        ]
        if not wrong:
            return None
        lines = [line for difference in wrong[:SHOWN_DIFFERENCES] for line in _lines_of(difference)]
        if len(wrong) > SHOWN_DIFFERENCES:
            lines.append(f"and {len(wrong) - SHOWN_DIFFERENCES} more")
        return self._failure(kind, "state differs:\n  " + "\n  ".join(lines), differences=wrong)

    def _failure(self, kind: str, message: str, **more: Any) -> Failure:
        return Failure(step=self._number, kind=kind, message=message, **more)

    def _classify(self, failure: Failure, outcome: dict[str, Any]) -> Failure:
        """What a divergence of a call is about, in the words of the trace, and which views it has left different."""
        looked = self._look()
        if not outcome:
            return looked or failure.model_copy(update={"kind": "state"})
        expected, came = outcome["expected"], outcome["came"] or outcome["expected"]
        if expected.error != came.error:
            words = [self._words(error) if error else "success" for error in (expected.error, came.error)]
            change = {"kind": "outcome", "message": f"expected {words[0]}, found {words[1]}"}
        elif expected.events != came.events:
            change = {"kind": "events", "message": self._events_differ(expected.events, came.events)}
        elif expected.returned != came.returned:
            change = {
                "kind": "return value",
                "message": f"returned {came.returned}, expected {expected.returned}",
            }
        else:
            return looked or failure.model_copy(update={"kind": "state"})
        return failure.model_copy(update={**change, "differences": looked.differences if looked else []})

    def _events_differ(self, expected: list[Emitted], came: list[Emitted]) -> str:
        """Those that are missing, and those that should not be there, without the equal ones around them."""
        wanted, found = ([self._words(event) for event in events] for events in (expected, came))
        lines = ["events differ"]
        for tag, i, i_end, j, j_end in SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes():
            if tag != "equal":
                lines += [f"  expected {event}" for event in wanted[i:i_end]]
                lines += [f"  found    {event}" for event in found[j:j_end]]
        return "\n".join(lines)

    def _words(self, one: Emitted | Failed) -> str:
        """An event or an error, addresses by label."""
        arguments = ", ".join(f"{name}={self.accounts.show(value)}" for name, value in one.arguments.items())
        return f"{one.name}({arguments})"

    # ---- records

    def _write_call(self, call: Call) -> dict[str, Any]:
        return {
            "sender": self.accounts.of(call.sender),
            "contract": call.contract,
            "address": self.world.contracts[call.contract].address,
            "function": call.function,
            "arguments": write_arguments(self.world, self.accounts, self.tickets, call),
            "value": call.value,
            "calldata": encode_call(self.world, call),
        }

    def _place(self) -> dict[str, Any]:
        """When it is, and how everything looks."""
        return {
            "block": self.world.chain.block_number,
            "round": self.world.model.rounds_manager.current_round(),
            "digest": self.picture.digest(self.names),
        }

    def _write_outcome(self, outcome: Outcome | None) -> dict[str, Any]:
        if outcome is None:  # the model stumbled before the contract was called
            return {"expected": Result(), "came": None}
        expected, came = self._expected(outcome), self._came(outcome)
        return {"expected": expected, "came": None if came == expected else came}

    def _expected(self, outcome: Outcome) -> Result:
        if (error := outcome.expected_error) is not None:
            return Result(
                error=Failed(name=error.name, arguments=self._arguments(to_chain_values(error.arguments)))
            )
        events = [
            Emitted(
                contract=event.contract,
                name=event.name,
                arguments=self._arguments(to_chain_values(event.arguments)),
            )
            for event in outcome.expected_events
        ]
        return Result(events=events, returned=self._returned(outcome, outcome.expected_result))

    def _came(self, outcome: Outcome) -> Result:
        if (error := outcome.found_error) is not None:
            return Result(
                error=Failed(
                    name=error.error_name or error.reason, arguments=self._arguments(error.args_by_name)
                )
            )
        events = [
            Emitted(
                contract=self.accounts.label(event.address) or event.address,
                name=event.name,
                arguments=self._arguments(event.args),
            )
            for event in outcome.receipt.events
        ]
        return Result(events=events, returned=self._returned(outcome, outcome.receipt.return_value))

    def _returned(self, outcome: Outcome, value: Any) -> Any:
        """What is compared: numbers and truths, where the model returns one."""
        is_compared = isinstance(outcome.expected_result, (bool, int))
        return self.names.to_json(value) if is_compared else None

    def _arguments(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.names.to_json(value) for name, value in arguments.items()}

    def _name_round(self, round_number: int) -> None:
        block_hash = self.world.model.rounds_manager.block_hash_for_round(round_number)
        self.names.add_round(round_number, block_hash)


def first_part(message: str) -> str:
    """A message without the steps that led there, which the trace has itself."""
    return message.split("\nafter", 1)[0]


def _lines_of(difference: Difference) -> list[str]:
    """What differs of a view: of a struct only the fields that do."""
    view, found, expected = difference.view, difference.found, difference.expected
    if not (isinstance(found, dict) and isinstance(expected, dict)):
        return [f"{view}: found {found}, expected {expected}"]
    return [
        f"{view}.{name}: found {found.get(name)}, expected {value}"
        for name, value in expected.items()
        if found.get(name) != value
    ]
