"""The rule-based driver: Hypothesis chooses and shrinks, contracts and model act, all invariants are checked."""

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from simulation.actions import ACTIONS_BY_AREA
from simulation.actions.orchestrators import initialize_round, next_round
from simulation.burst import Chains, Weighted, draw_parameters
from simulation.calls import Step
from simulation.choices import DrawnChoices
from simulation.invariants import Chronicle, check_world
from simulation.world import World


class ProtocolMachine(RuleBasedStateMachine):
    """The rungs below choose the area; the higher, the more can happen.

    How to read a failure: the notes are the calls, in order, and the error names the first thing that differs.
    """

    area = "whole protocol"
    chains = Chains()

    def __init__(self) -> None:
        super().__init__()
        self._chain = self.chains.next()
        self._mark = self._chain.snapshot()

    @initialize(data=st.data())
    def deploy(self, data) -> None:
        """A deployment of drawn size and scale."""
        self.parameters = draw_parameters(DrawnChoices(data.draw))
        note(f"parameters: {self.parameters}")
        self.world = World(self._chain, **self.parameters)
        self.weighted = Weighted(ACTIONS_BY_AREA[self.area])
        self.chronicle = Chronicle(self.world.model, self.world.cast.watched)

    @rule(data=st.data())
    def act(self, data) -> None:
        """Whatever the area allows."""
        self._take(self.weighted.next_step(self.world, DrawnChoices(data.draw)))

    @rule(data=st.data())
    def let_time_pass(self, data) -> None:
        """The next round, or a later one."""
        self._take(next_round(self.world, DrawnChoices(data.draw)))

    @precondition(lambda self: not self.world.model.rounds_manager.current_round_initialized())
    @rule(data=st.data())
    def start_round(self, data) -> None:
        """Somebody initializes the round."""
        self._take(initialize_round(self.world, DrawnChoices(data.draw)))

    def _take(self, step: Step | None) -> None:
        if step is None:
            return
        note(self.world.describe(step))
        self.chronicle.before(step)
        self.chronicle.after(self.world.act(step))

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.world.compare(all_rounds=True)
                check_world(self.world)
        finally:
            self._chain.revert(self._mark)


class StakingMachine(ProtocolMachine):
    """Bonds, rewards, rounds."""

    area = "staking"


class PaymentsMachine(ProtocolMachine):
    """The same with gateways, tickets and fees."""

    area = "payments"


class WholeProtocolMachine(ProtocolMachine):
    """Everything: parameters, pauses, slashing, trespassers."""

    area = "whole protocol"
