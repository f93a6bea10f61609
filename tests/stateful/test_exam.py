"""The exam of the state machines (docs/exam.md): the shortest run for each planted fault still finds it.

In the profile campaign all faults, else those of SAMPLE: to compile them all takes longer than all else here. The
runs are in simulation/exam/record.json; `ape run exam --faults NAME --update` makes one anew, also for a fault that is
new in the catalogue.
"""

import json

import pytest
from hypothesis import settings

from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import BYTES_PER_STEP, Chains, Weighted, draw_parameters
from simulation.choices import ByteChoices
from simulation.exam import record, report
from simulation.exam.catalogue import CATALOGUE, select
from simulation.exam.fault import with_faults
from simulation.exam.record import Result
from simulation.exam.rehearsal import AT_THE_END
from simulation.exam.sequences import Run, play
from simulation.exam.steps import read, write
from simulation.world import World
from tools.artifacts import Artifact

pytestmark = pytest.mark.stateful

# One of each kind, out of those that tests/mutants compiles anyway.
SAMPLE = (
    "AnybodyMovesBonds",
    "BondWithoutStartFactor",
    "ClaimRoundUntold",
    "LivePoolSize",
    "NewBondKeepsStartRound",
    "RebondMissesTotal",
    "TargetWithoutCode",
    "UnbondNamesNobody",
)
CONTRACTS = {
    "BondingManager",
    "BondingVotes",
    "Controller",
    "Governor",
    "LivepeerToken",
    "ManagerProxy",
    "Minter",
    "RoundsManager",
    "ServiceRegistry",
    "TicketBroker",
}
FEWEST_FAULTS = 40
STEPS_IN_WORDS = 100

EXAMINES_ALL = settings.get_current_profile_name() == "campaign"
EACH_FAULT = pytest.mark.parametrize("fault", tuple(CATALOGUE) if EXAMINES_ALL else SAMPLE)


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    return record.load()


@pytest.fixture(scope="module")
def faulty_builds(artifacts) -> dict[str, dict[str, Artifact]]:
    """The build with each fault."""
    return with_faults([CATALOGUE[name] for name in (CATALOGUE if EXAMINES_ALL else SAMPLE)], artifacts)


@pytest.fixture(scope="module")
def sound_chains(artifacts) -> Chains:
    return Chains(artifacts)


def shortest_run(results: dict[str, Result], fault: str) -> Run:
    result = results.get(fault)
    assert result and result.shortest, f"no machine has caught it: ape run exam --faults {fault} --update"
    return result.shortest


@EACH_FAULT
def test_planted_fault__shortest_run__is_found(results, faulty_builds, fault):
    found = play(Chains(faulty_builds[fault]), shortest_run(results, fault))

    assert found, f"the run finds nothing any more: ape run exam --faults {fault} --update"


@EACH_FAULT
def test_sound_contracts__shortest_run_of_a_fault__agree_with_the_model(results, sound_chains, fault):
    found = play(sound_chains, shortest_run(results, fault))

    assert found is None, found.message


@pytest.mark.parametrize("area", ACTIONS_BY_AREA)
def test_step__put_in_words__is_read_as_the_same(sound_chains, area):
    choices = ByteChoices.of_seed(5, STEPS_IN_WORDS * BYTES_PER_STEP)
    weighted, chain = Weighted(ACTIONS_BY_AREA[area]), sound_chains.next()
    with chain.isolate():
        world = World(chain, compare_every=AT_THE_END, **draw_parameters(choices))
        while len(world.trace) < STEPS_IN_WORDS:
            if step := weighted.next_step(world, choices):
                assert read(world, json.loads(json.dumps(write(world, step)))) == step
                world.act(step)


def test_record__of_the_exam__has_every_fault_and_no_other(results):
    assert set(results) == set(CATALOGUE), "ape run exam --update"
    assert all(result.catchers for result in results.values())


def test_catalogue__of_the_exam__has_faults_in_all_contracts():
    assert {contract for fault in CATALOGUE.values() for contract in fault.contracts} >= CONTRACTS
    assert len(CATALOGUE) >= FEWEST_FAULTS


def test_document__of_the_exam__is_that_of_the_record(results):
    assert report.DOCUMENT.read_text("utf-8") == report.render(results), "ape run exam --update"


def test_record__written_again__is_the_same(results, tmp_path):
    record.save(results, tmp_path / "record.json")

    assert record.load(tmp_path / "record.json") == results
    assert json.loads((tmp_path / "record.json").read_text()) == json.loads(record.RECORD.read_text())


@pytest.mark.parametrize("pattern", ["TieEv*", "BondingManager", "BondingLedger"])
def test_select__by_name_contract_or_source__finds_the_fault(pattern):
    selected = select(pattern)
    assert CATALOGUE["TieEvicts"] in selected
    assert CATALOGUE["AnybodyMints"] not in selected
