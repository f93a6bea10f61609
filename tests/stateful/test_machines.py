"""Contracts against the reference model, step by step (quick, ci and campaign: see tests/conftest.py).

After every step all views of all accounts are equal, events and errors were, and every invariant holds.  A failure
leaves its trace in the folder traces: docs/how_to_read_a_failure.md.
"""

import pytest
from hypothesis import HealthCheck, settings

from simulation.burst import Chains, run
from simulation.choices import ByteChoices
from simulation.machine import PaymentsMachine, StakingMachine, WholeProtocolMachine
from tools.solidity import ROOT

BURSTS = 6
STEPS_PER_BURST = 150

# A step costs some hundred calls: a fraction of the examples that the profile means for single calls.
_profile = settings(
    max_examples=max(4, settings.default.max_examples // 12),
    stateful_step_count=40,
    suppress_health_check=list(HealthCheck),
    deadline=None,
)


def _test_case(machine):
    machine.traces = ROOT / "traces"
    case = machine.TestCase
    case.settings = _profile
    case.pytestmark = [pytest.mark.stateful]
    return case


TestStaking = _test_case(StakingMachine)
TestPayments = _test_case(PaymentsMachine)
TestWholeProtocol = _test_case(WholeProtocolMachine)


@pytest.fixture(scope="module")
def chains() -> Chains:
    return Chains()


@pytest.mark.stateful
@pytest.mark.parametrize("seed", range(BURSTS))
def test_burst__decoded_from_a_seed__contracts_and_model_agree(chains: Chains, seed: int) -> None:
    run(chains.next(), ByteChoices.of_seed(seed, STEPS_PER_BURST * 24), steps=STEPS_PER_BURST)
