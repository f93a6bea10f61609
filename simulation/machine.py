"""The rule-based driver: Hypothesis chooses and shrinks, contracts and model act, all invariants are checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.control import current_build_context
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Chains, Weighted, draw_parameters
from simulation.calls import Step
from simulation.choices import DrawnChoices
from simulation.invariants import Chronicle, check_world
from simulation.observation import Depth
from simulation.trace import Origin, write
from simulation.world import World

# Steps between two looks at everything; after each step all state is compared.
COMPARE_EVERY = 20


class ProtocolMachine(RuleBasedStateMachine):
    """The rungs below choose the area; the higher, the more can happen.

    How to read a failure: the notes are the calls, in order, and the error names the first thing that differs.  The
    shortest run that fails is written as a trace, where `traces` names a folder: docs/how_to_read_a_failure.md.
    """

    area = "whole protocol"
    chains = Chains()
    traces: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self._chain = self.chains.next()
        self._mark = self._chain.snapshot()
        self.world: World | None = None
        self._is_traced = False

    @initialize(data=st.data())
    def deploy(self, data) -> None:
        """A deployment of drawn size and scale."""
        self.parameters = draw_parameters(DrawnChoices(data.draw), self.area)
        note(f"parameters: {self.parameters}")
        looks = {"compare_every": COMPARE_EVERY, "depth": Depth.STATE}
        with self._traced():
            self.world = World(self._chain, **looks, **self.parameters)
        self.weighted = Weighted(ACTIONS_BY_AREA[self.area])
        self.chronicle = Chronicle(self.world.model, self.world.cast.watched)

    # One rule: of several Hypothesis takes each as often as any other, and time would pass in half of all steps.
    @rule(data=st.data())
    def act(self, data) -> None:
        """Whatever the area allows, by its weights."""
        self._take(self.weighted.next_step(self.world, DrawnChoices(data.draw)))

    def _take(self, step: Step | None) -> None:
        if step is None:
            return
        note(self.world.describe(step))
        with self._traced():
            self.chronicle.before(step)
            self.chronicle.after(self.world.act(step))

    def teardown(self) -> None:
        try:
            if self.world is not None:
                with self._traced():
                    self.world.finish()
                    check_world(self.world)
        finally:
            self._chain.revert(self._mark)

    @contextmanager
    def _traced(self) -> Iterator[None]:
        """Write the run if it fails inside, and is the one that Hypothesis reports."""
        try:
            yield
        except Exception as failure:
            # After a failing step the last look fails as well.
            is_to_write = self.traces is not None and not self._is_traced and current_build_context().is_final
            if is_to_write:
                self._is_traced = True
                steps = [] if self.world is None else list(self.world.trace)
                origin = Origin(driver="machine", area=self.area)
                options = {"artifacts": self.chains.artifacts, "failure": failure}
                path = write(self.traces, steps, self.parameters, origin, **options)
                note(f"trace: {path}, to be read as docs/how_to_read_a_failure.md says")
            raise


class BondingMachine(ProtocolMachine):
    """Bonds, rewards, slashing, tokens."""

    area = "bonding"


class RoundsMachine(ProtocolMachine):
    """The clock, its parameters, issuance."""

    area = "rounds"


class TicketsMachine(ProtocolMachine):
    """Gateways, tickets and fees, on bonds that move."""

    area = "tickets"


class VotesMachine(ProtocolMachine):
    """What moves votes, and their history."""

    area = "votes"


class RegistryMachine(ProtocolMachine):
    """Registrations, upgrades, the Governor; and damage to all that, with its repair."""

    area = "registry"


class GovernanceMachine(ProtocolMachine):
    """Proposals, votes, the treasury, and polls, on bonds that move."""

    area = "governance"


class WholeProtocolMachine(ProtocolMachine):
    """Everything that users and owners do."""

    area = "whole protocol"
