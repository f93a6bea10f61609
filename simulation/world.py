"""The contracts and the reference model side by side.

    world = World(chain, round_length=20, num_active_transcoders=2)      # governance=True adds that, and its parameters
    world.act(Call(orchestrator, "BondingManager", "bond", (10**18, orchestrator)))
    world.act(Mine(20))

`act` runs a call on both.  It must succeed on both with the same events in the same order, or fail on both with
the same error and arguments; then everything that can be observed must be equal.  Anything else is a `Divergence`,
which carries the calls so far.

A call that fails leaves no trace on the chain, so that only its outcome is compared.  Long runs set `compare_every`:
then a step that succeeds is followed by a look at what it has to do with (`depth`), and everything is looked at after
so many steps, and when `compare` is called.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from reference_model.exceptions import ProtocolError
from simulation.calls import Call, Draft, Mine, Step, is_payable
from simulation.chain.engine import BLOCK_SECONDS
from simulation.chain.facade import Chain
from simulation.chain.reverts import Reverted
from simulation.comparison import (
    Outcome,
    compare_events,
    compare_outcomes,
    compare_results,
    describe_differences,
    named_by,
)
from simulation.governance import deploy_governance, split_parameters
from simulation.observation import Depth, Observer, Past
from simulation.protocol import deploy_protocol
from simulation.staging import (
    build_model,
    contracts_of,
    gather_cast,
    give_ether,
    hand_over,
    model_contracts_of,
    opening,
)


class Divergence(AssertionError):
    """Contracts and model disagree; `steps` led there."""

    def __init__(self, message: str, steps: list[Step]) -> None:
        super().__init__(message)
        self.steps = steps


class World:
    """See the module."""

    def __init__(
        self,
        chain: Chain,
        *,
        stakers: int = 6,
        gateways: int = 2,
        endowment: int = 10_000 * 10**18,
        governance: bool = False,
        compare_every: int = 1,
        depth: Depth = Depth.CHANGES,
        **parameters: Any,
    ) -> None:
        self.chain = chain
        of_governance, of_protocol = split_parameters(parameters)
        self.protocol = deploy_protocol(chain, unpause=False, initialize_round=False, **of_protocol)
        council = deploy_governance(self.protocol, hand_over=False) if governance else None
        self.protocol = council.plane if council else self.protocol
        self.cast = gather_cast(chain, self.protocol, stakers, gateways, council)
        self.model = build_model(self.protocol, self.cast)
        give_ether(chain, self.cast, self.model)
        self.contracts = contracts_of(chain, self.cast)
        self.model_contracts = model_contracts_of(self.model, self.cast)
        self.trace: list[Step] = []
        self.outcome: Outcome | None = None
        self.succeeded: Counter[str] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()
        self.observer = Observer(self)
        self._compare_every, self._depth, self._last_look = compare_every, depth, 0
        for step in hand_over(self.cast, of_governance) if governance else ():
            self._run(step)
        for step in opening(self.protocol, self.cast, endowment):
            self._run(step)
        self.trace.clear()
        self.succeeded.clear()

    # ---- acting

    def act(self, step: Step) -> bool:
        """Run a step on both sides and compare; whether the call succeeded."""
        success = self._run(step)
        if success:
            self._compare_after(step)
        return success

    def play(self, steps: Iterable[Step]) -> None:
        """Run several steps."""
        for step in steps:
            self.act(step)

    def compare(self, *, all_rounds: bool = False) -> None:
        """Look at everything; at all rounds, or at those of now and an earlier one in turn."""
        self._compare_everything(Past.ALL if all_rounds else Past.ONE)

    def finish(self) -> None:
        """Look at everything once more at the end of a run; with `compare_every` at one past round only."""
        self._compare_everything(Past.ALL if self._compare_every == 1 else Past.ONE)

    def divergence(self, message: str) -> Divergence:
        """The failure with its history."""
        history = "\n".join(f"  {number}. {self.describe(s)}" for number, s in enumerate(self.trace, 1))
        return Divergence(f"{message}\nafter:\n{history}", list(self.trace))

    def describe(self, step: Step) -> str:
        """A step for people."""
        if isinstance(step, Mine):
            return str(step)
        arguments = ", ".join(self._label(argument) for argument in step.arguments)
        value = f" value={step.value}" if step.value else ""
        return f"{self.chain.label(step.sender)}: {step.contract}.{step.function}({arguments}){value}"

    def _label(self, value: Any) -> str:
        if isinstance(value, Draft):
            calls = ", ".join(f"{entry.contract}.{entry.function}{entry.arguments}" for entry in value.calls)
            return f"{value.description!r}: [{calls}]"
        return self.chain.label(value) if isinstance(value, (str, bytes, int)) else repr(value)

    # ---- one step

    def _run(self, step: Step) -> bool:
        self.trace.append(step)
        if isinstance(step, Call):
            return self._call(step)
        self.chain.mine(step.blocks)
        self._set_clock()
        return True

    def _compare_everything(self, past: Past) -> None:
        self._last_look = len(self.trace)
        self._check(describe_differences(self.observer.differences(past)))

    def _compare_after(self, step: Step) -> None:
        if len(self.trace) - self._last_look >= self._compare_every:
            self.compare()
            return
        accounts, contracts = (), {"RoundsManager"}
        if isinstance(step, Call):
            accounts, contracts = named_by(step, self.model.journal.events)
        self._check(describe_differences(self.observer.differences_after(accounts, contracts, self._depth)))

    def _call(self, call: Call) -> bool:
        expected_error = expected_result = None
        self._set_clock(blocks=1)
        try:
            expected_result = self._call_model(call)
        except ProtocolError as error:
            expected_error = error
        found_error = receipt = None
        try:
            receipt = self._call_chain(call)
        except Reverted as error:
            found_error = error
        self._set_clock()
        events = self.model.journal.events
        self.outcome = Outcome(expected_error, expected_result, events, found_error, receipt)
        self._compare_outcome(call, self.outcome)
        if expected_error is not None:
            self.failed[call.function, expected_error.name] += 1
        else:
            self.succeeded[call.function] += 1
        return expected_error is None

    def _compare_outcome(self, call: Call, outcome: Outcome) -> None:
        self._check(compare_outcomes(outcome.expected_error, outcome.found_error))
        if outcome.receipt is not None:
            self._check(compare_events(outcome.expected_events, outcome.receipt))
            self._check(compare_results(call, outcome.expected_result, outcome.receipt))

    def _set_clock(self, blocks: int = 0) -> None:
        """Let the model see the latest block, or one after it."""
        self.model.block_number = self.chain.block_number + blocks
        self.model.timestamp = self.chain.timestamp + blocks * BLOCK_SECONDS

    def _call_model(self, call: Call) -> Any:
        function = getattr(self.model_contracts[call.contract], call.model_name)
        options = {"value": call.value} if is_payable(call.function) else {}
        return function(str.__str__(call.sender), *call.model_arguments, **options)

    def _call_chain(self, call: Call):
        function = getattr(self.contracts[call.contract], call.function)
        return function.send(*call.chain_arguments, sender=call.sender, value=call.value)

    def _check(self, complaint: str | None) -> None:
        if complaint is not None:
            raise self.divergence(complaint)
