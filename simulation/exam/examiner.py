"""The exam: each fault is planted, and every machine sent after it.

    for name, result in examine(select("Tie*"), machines_of(["bonding"]), seed=1, workers=2):
        ...

Results come in as they are ready, in no order.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Chains
from simulation.exam.catalogue import CATALOGUE
from simulation.exam.drivers import DRIVERS, hunt
from simulation.exam.fault import Fault, with_fault, with_faults
from simulation.exam.finding import Finding
from simulation.exam.reach import can_reach
from simulation.exam.record import Caught, Result
from simulation.exam.sequences import Run, in_words, minimise, play
from simulation.exam.steps import StepUnreadable
from tools.artifacts import load_artifacts

COMPILED_AT_ONCE = 16

Machine = tuple[str, str]
"""Area and driver."""


class SoundContractsFail(Exception):
    """A machine complains about contracts without a fault: it has to be mended before it can be examined."""


def machines_of(
    areas: Sequence[str] = tuple(ACTIONS_BY_AREA), drivers: Sequence[str] = DRIVERS
) -> list[Machine]:
    """The drivers of each area."""
    return [(area, driver) for area in areas for driver in drivers]


def name_of(machine: Machine) -> str:
    """A machine for people: `staking, rules`."""
    return ", ".join(machine)


def compile_all(faults: Sequence[Fault]) -> Iterator[int]:
    """Compile what is not kept; how many are ready. In portions: what is interrupted goes on where it was."""
    artifacts = load_artifacts()
    for start in range(0, len(faults), COMPILED_AT_ONCE):
        portion = faults[start : start + COMPILED_AT_ONCE]
        with_faults(portion, artifacts)
        yield start + len(portion)


def examine(
    faults: Sequence[Fault],
    machines: Sequence[Machine],
    *,
    seed: int,
    workers: int,
    known: Mapping[str, Result] | None = None,
) -> Iterator[tuple[str, Result]]:
    """Results by fault, as they come in; shortest runs that are known stay as long as they find the fault."""
    runs = {name: result.shortest for name, result in (known or {}).items()}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = [
            pool.submit(_examine_one, one.name, tuple(machines), seed, runs.get(one.name)) for one in faults
        ]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _examine_one(name: str, machines: Sequence[Machine], seed: int, known: Run | None) -> tuple[str, Result]:
    artifacts = load_artifacts()
    sound, chains = Chains(artifacts), Chains(with_fault(CATALOGUE[name], artifacts))
    caught: dict[str, Caught | None] = {}
    runs: list[Run] = []
    for machine in machines:
        area, driver = machine
        if not can_reach(area, CATALOGUE[name]):
            continue
        catch = hunt(driver, area, chains, seed)
        caught[name_of(machine)] = catch and Caught(
            catch.run, catch.steps, round(catch.seconds, 1), catch.finding.signature
        )
        if catch:
            runs.append(in_words(chains, catch.parameters, catch.trace))
            _require_sound(sound, runs[-1], f"{name}, {name_of(machine)}")
    if known is not None and (finding := _find_again(chains, sound, known)):
        return name, Result(caught, known, finding.signature)
    if not runs:
        return name, Result(caught, None, ())
    run, finding = minimise(chains, min(runs, key=lambda run: len(run.steps)))
    _require_sound(sound, run, name)
    return name, Result(caught, run, finding.signature)


def _find_again(chains: Chains, sound: Chains, run: Run) -> Finding | None:
    """What a run of an earlier exam still finds, if it finds nothing in sound contracts."""
    try:
        return None if play(sound, run) else play(chains, run)
    except StepUnreadable:
        return None


def _require_sound(sound: Chains, run: Run, what: str) -> None:
    """A run that fails without the fault as well has not caught it."""
    if found := play(sound, run):
        raise SoundContractsFail(f"{what}: the sound contracts fail too, {found.message}")
