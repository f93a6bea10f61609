"""Traces come out the same wherever they are replayed, and faults come again.

given a run that succeeded                  its steps should lead to the recorded digests on both engines
given a run that a planted fault failed     it should fail at the same step for the same reason on both engines
given the sound contracts and leave         the failure should be gone
given a broken invariant, a crash           the trace should name it
"""

from dataclasses import replace

import pytest

from simulation.calls import Call, Mine
from simulation.chain.facade import ENGINES
from simulation.invariants import InvariantBroken
from simulation.trace import Replay, Trace, TraceRefused, Verdict, player, record, write
from simulation.trace.format import AS_EXPECTED, load
from simulation.trace.names import Names
from simulation.trace.pictures import Answer, Picture
from tests.helpers.traces import (
    DELEGATOR,
    FAILING_RUNS,
    LPT,
    MANAGER,
    ORCHESTRATOR,
    ORIGIN,
    PARAMETERS,
    faulty_builds,
    governing_run,
    random_run,
    ticket_run,
)

pytestmark = pytest.mark.stateful

EACH_ENGINE = pytest.mark.parametrize("engine", ENGINES)
EACH_RUN = pytest.mark.parametrize("run", FAILING_RUNS, ids=[run.fault for run in FAILING_RUNS])
RANDOM_STEPS = 40
# From proposal to execution takes longer.
GOVERNING_STEPS = 80
GOVERNING = frozenset({"propose", "castVote", "castVoteBySig", "queue", "execute"})


@pytest.fixture(scope="module")
def builds(artifacts):
    return faulty_builds(artifacts)


@pytest.fixture(scope="module")
def random_traces(artifacts) -> list[Trace]:
    return [random_run(artifacts, "pyrevm", seed, RANDOM_STEPS) for seed in (1, 2)]


@pytest.fixture(scope="module")
def governing_trace(artifacts) -> Trace:
    return governing_run(artifacts, GOVERNING_STEPS, GOVERNING)


def assert_same(trace: Trace, artifacts, engine: str) -> Replay:
    """The replay, in which nothing is other than recorded."""
    replay = Replay(trace, artifacts, engine=engine)
    steps = list(replay.run())
    assert [step.deviations for step in steps] == [()] * len(trace.steps)
    assert replay.deviations == []
    assert replay.verdict is Verdict.AGREE, replay.summary
    return replay


# ---- runs that succeeded


@EACH_ENGINE
def test_replay__successful_run__same_digests_step_by_step(random_traces, artifacts, engine):
    for trace in random_traces:
        assert trace.failure is None
        assert len(trace.steps) == RANDOM_STEPS
        assert_same(trace, artifacts, engine)


@EACH_ENGINE
def test_replay__run_with_governance__same_digests_step_by_step(governing_trace, artifacts, engine):
    assert_same(governing_trace, artifacts, engine)


@pytest.mark.parametrize(
    ("made_on", "engine"), [("pyrevm", "pyrevm"), ("pyrevm", "anvil"), ("anvil", "pyrevm")]
)
def test_replay__every_kind_of_ticket__same_digests_and_draws(artifacts, made_on, engine):
    trace = ticket_run(artifacts, made_on)
    replay = Replay(trace, artifacts, engine=engine)
    calldata = [step.played.record.calldata for step in replay.run() if isinstance(step.played.step, Call)]

    assert replay.deviations == []
    assert replay.verdict is Verdict.AGREE, replay.summary
    recorded = [step.calldata for step in trace.steps if step.action == "call"]
    # Another engine has other block hashes, so other tickets: else this would test nothing.
    assert (calldata == recorded) == (engine == made_on)
    errors = {
        step.expected.error.name for step in trace.steps if step.action == "call" and step.expected.error
    }
    assert errors == {
        "CreationRoundBlockHashMismatch",
        "CreationRoundHasNoBlockHash",
        "InvalidAuxDataLength",
        "InvalidSignatureLength",
        "InvalidTicketSignature",
        "MalleableSignature",
        "Panic",
        "RecipientRandMismatch",
        "TicketAlreadyUsed",
        "TicketDidNotWin",
        "UnrecoverableSignature",
    }


def test_digest__one_answer_of_a_view_changes__changes():
    view = ("BondingManager", "pendingStake", (str(DELEGATOR), 0))
    pictures = [Picture({view: Answer(bytes([value]).rjust(32), b"")}) for value in (1, 2)]
    assert pictures[0].digest(Names()) != pictures[1].digest(Names())


def test_digest__of_each_step__follows_the_state(random_traces):
    for trace in random_traces:
        previous = trace.start.digest
        for step in trace.steps:
            fails = step.action == "call" and step.expected.error is not None
            assert fails <= (step.digest == previous)
            previous = step.digest
        assert len({step.digest for step in trace.steps}) > RANDOM_STEPS // 3


def test_replay__stopped_early__has_run_so_many_steps(random_traces, artifacts):
    replay = Replay(random_traces[0], artifacts)
    assert len(list(replay.run(until=3))) == 3
    assert replay.verdict is Verdict.AGREE


# ---- planted faults


@EACH_ENGINE
@EACH_RUN
def test_replay__planted_fault__fails_again(builds, run, engine):
    trace = run.trace(builds[run.fault])
    assert (trace.failure.kind, trace.failure.step) == (run.kind, len(run.steps))

    replay = Replay(trace, builds[run.fault], engine=engine)
    steps = list(replay.run())
    assert replay.deviations == []
    assert (replay.verdict, replay.reproduces) == (Verdict.DIVERGE, True)
    assert steps[-1].played.failure == replay.failure == trace.failure
    assert all(step.came is None for step in trace.steps[:-1] if step.action == "call")


@EACH_RUN
def test_replay__planted_fault_mended__does_not_fail(builds, artifacts, run):
    trace = run.trace(builds[run.fault])
    with pytest.raises(
        TraceRefused, match=r"build: the trace was made with BondingManager \w+…, this build has"
    ):
        Replay(trace, artifacts)

    replay = Replay(trace, artifacts, allow_other_build=True)
    list(replay.run())
    assert replay.verdict is Verdict.AGREE
    assert f"the recorded failure (step {len(run.steps)}, {run.kind}) does not come" in replay.summary


def test_replay__fault_that_the_trace_does_not_have__diverges(builds, artifacts):
    run = FAILING_RUNS[0]
    replay = Replay(run.trace(artifacts), builds[run.fault], allow_other_build=True)
    list(replay.run())
    assert (replay.verdict, replay.reproduces) == (Verdict.DIVERGE, False)
    assert replay.summary == f"diverges: step {len(run.steps)}, state; the trace has no failure"


def test_replay__digest_that_is_not_the_recorded_one__is_told(artifacts):
    trace = record([Mine(1)], PARAMETERS, ORIGIN, artifacts=artifacts)
    other = trace.model_copy(update={"steps": [trace.steps[0].model_copy(update={"digest": "0" * 64})]})
    replay = Replay(other, artifacts)
    (step,) = replay.run()
    assert replay.verdict is Verdict.NOT_AS_RECORDED
    assert step.deviations == (f"step 1: digest: recorded {'0' * 64}, found {trace.steps[0].digest}",)


# ---- everything else that can go wrong

BOND = Call(ORCHESTRATOR, MANAGER, "bond", (LPT, ORCHESTRATOR))


def test_record__broken_invariant__is_named_by_its_id(artifacts, monkeypatch):
    def check(world):
        if world.trace:
            raise InvariantBroken("AUTH-3 a claim: a complaint")

    monkeypatch.setattr(player, "check_world", check)
    trace = record([BOND], PARAMETERS, ORIGIN, artifacts=artifacts)
    assert (trace.failure.kind, trace.failure.invariant, trace.failure.step) == ("invariant", "AUTH-3", 1)
    replay = Replay(trace, artifacts)
    list(replay.run())
    assert replay.summary == "reproduced: step 1, AUTH-3, as recorded"


def test_record__model_that_crashes__has_the_step_and_the_reason(artifacts, monkeypatch):
    def bond(self, *arguments):
        raise ZeroDivisionError("a slip in the model")

    monkeypatch.setattr("reference_model.bonding.BondingManager.bond", bond)
    trace = record([Mine(1), BOND], PARAMETERS, ORIGIN, artifacts=artifacts)
    assert (trace.failure.kind, trace.failure.step) == ("crash", 2)
    assert trace.failure.message == "ZeroDivisionError: a slip in the model"


def test_record__deployment_that_fails__has_no_steps(artifacts):
    empty = artifacts["Placeholder__Mock"].bytecode
    broken = {**artifacts, "RoundsManager": replace(artifacts["RoundsManager"], bytecode=empty)}
    trace = record([BOND], PARAMETERS, ORIGIN, artifacts=broken)
    assert (trace.failure.kind, trace.start, trace.steps) == ("deployment", None, [])
    replay = Replay(trace, broken)
    assert list(replay.run()) == []
    assert (replay.verdict, replay.reproduces) == (Verdict.DIVERGE, True)


def test_record__failure_that_does_not_come_again__is_kept_and_told(artifacts):
    failure = AssertionError("state differs\nafter:\n 1.")
    trace = record([BOND], PARAMETERS, ORIGIN, artifacts=artifacts, failure=failure)
    assert (trace.reproduced, trace.failure.message) == (False, "state differs")


def test_write__folder__names_the_file_after_the_run(artifacts, tmp_path):
    path = write(tmp_path / "traces", [BOND], PARAMETERS, ORIGIN, artifacts=artifacts)
    assert path.name == "test-staking-7.json"
    assert load(path).steps[0].came is None
    assert AS_EXPECTED in path.read_text()
    assert [other.name for other in path.parent.iterdir()] == [path.name]
