"""Contracts against the reference model, step by step (quick, ci and campaign: see tests/conftest.py).

After every step all views of all accounts are equal, events and errors were, and every invariant holds.  A failure
leaves its trace in the folder traces: docs/how_to_read_a_failure.md.
"""

import pytest
from hypothesis import HealthCheck, settings

from simulation.actions import ACTIONS_BY_AREA
from simulation.budgets import BYTES, RULES
from simulation.burst import BYTES_PER_STEP, Chains, run
from simulation.choices import ByteChoices
from simulation.machine import (
    BondingMachine,
    GovernanceMachine,
    RegistryMachine,
    RoundsMachine,
    TicketsMachine,
    VotesMachine,
    WholeProtocolMachine,
)
from tools.solidity import ROOT

IS_QUICK = settings.get_current_profile_name() == "quick"
BURSTS = [("whole protocol", seed) for seed in range(6)]
if not IS_QUICK:
    BURSTS = [(area, seed) for area in ACTIONS_BY_AREA for seed in range(BYTES.runs)]

# A step costs some hundred calls: a fraction of the examples that the profile means for single calls.
_profile = settings(
    max_examples=4 if IS_QUICK else max(RULES.runs, settings.default.max_examples // 12),
    stateful_step_count=RULES.steps,
    suppress_health_check=list(HealthCheck),
    deadline=None,
)


def _test_case(machine):
    machine.traces = ROOT / "traces"
    case = machine.TestCase
    case.settings = _profile
    case.pytestmark = [pytest.mark.stateful]
    return case


TestBonding = _test_case(BondingMachine)
TestRounds = _test_case(RoundsMachine)
TestTickets = _test_case(TicketsMachine)
TestVotes = _test_case(VotesMachine)
TestRegistry = _test_case(RegistryMachine)
TestGovernance = _test_case(GovernanceMachine)
TestWholeProtocol = _test_case(WholeProtocolMachine)


@pytest.fixture(scope="module")
def chains() -> Chains:
    return Chains()


@pytest.mark.stateful
@pytest.mark.parametrize(("area", "seed"), BURSTS)
def test_burst__decoded_from_a_seed__contracts_and_model_agree(chains: Chains, area: str, seed: int) -> None:
    choices = ByteChoices.of_seed(seed, BYTES.steps * BYTES_PER_STEP)
    run(chains.next(), choices, steps=BYTES.steps, area=area)
