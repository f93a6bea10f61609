"""Campaigns: workers as processes.

given a worker ends, hangs, or does not start     what it was doing is reported lost; all else is done by others
given a worker that never starts                  it is given up
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from simulation.campaign.crew import FUTILE_STARTS, Crew, Done, Lost
from simulation.campaign.processes import ProcessWorker


def make_work() -> Callable[[Any], Any]:
    """In a worker: doubles numbers, and does what it is told otherwise."""
    return _do


def _do(item: Any) -> Any:
    if item == "abort":
        os.abort()
    if item == "exit":
        os._exit(7)
    if item == "raise":
        raise ValueError("no such item")
    if item == "hang":
        threading.Event().wait()
    return 2 * item


def fail_to_start() -> Callable[[Any], Any]:
    raise RuntimeError("nothing to work with")


def make_crew(make: Callable, logs: Path, count: int = 2, **options) -> Crew:
    return Crew(lambda number: ProcessWorker(make, logs / f"worker-{number}.log"), count, **options)


def do_all(crew: Crew, items: list) -> list[Done | Lost]:
    """What becomes of the items; the crew is closed afterwards."""
    return list(_events(crew, items))


def _events(crew: Crew, items: list) -> Iterator[Done | Lost]:
    waiting = list(items)
    try:
        while waiting or crew.pending:
            while waiting and crew.has_room():
                crew.submit(waiting.pop(0))
            yield from crew.collect(0.05)
            if not crew.alive:
                return
    finally:
        crew.close()


def test_crew__workers_end__others_results_are_there_and_the_loss_is_named(tmp_path):
    items = [1, "abort", 2, 3, "exit", 4, "raise", 5]

    events = do_all(make_crew(make_work, tmp_path), items)

    assert {event.item: event.result for event in events if isinstance(event, Done)} == {
        1: 2,
        2: 4,
        3: 6,
        4: 8,
        5: 10,
    }
    reasons = {event.item: event.reason for event in events if isinstance(event, Lost)}
    assert reasons["abort"].startswith("the process ended by SIGABRT, see worker-")
    assert reasons["exit"].startswith("the process ended with exit code 7")
    assert reasons["raise"] == "ValueError: no such item"
    assert len(events) == len(items)


def test_crew__process_aborts__its_last_words_are_kept(tmp_path):
    do_all(make_crew(make_work, tmp_path, count=1), ["abort"])

    assert "Fatal Python error: Aborted" in (tmp_path / "worker-1.log").read_text()


def test_crew__nothing_went_wrong__leaves_no_files(tmp_path):
    do_all(make_crew(make_work, tmp_path), [1, 2])

    assert list(tmp_path.iterdir()) == []


def test_crew__worker_hangs__is_replaced(tmp_path):
    # A clock that stands still until the worker is known to be at work, and then is far ahead.
    now = [0.0]
    crew = make_crew(make_work, tmp_path, count=1, hangs_after_seconds=60, clock=lambda: now[0])
    crew.submit("hang")
    crew.submit(4)
    assert crew.collect(0) == []

    now[0] = 61.0
    (lost,) = crew.collect(0)

    assert (lost.item, lost.reason) == ("hang", "no result for 60 s")
    assert [event.result for event in do_all(crew, [])] == [8]


def test_crew__worker_cannot_start__is_given_up(tmp_path):
    events = do_all(make_crew(fail_to_start, tmp_path, count=1), [1, 2, 3, 4, 5])

    assert [event.reason for event in events] == ["RuntimeError: nothing to work with"] * FUTILE_STARTS


def test_crew__what_makes_the_work_is_large_and_refused__does_not_block(tmp_path):
    # More than a pipe holds: who starts a process must not wait for it to read all of that.
    make = partial(_refuse, bytes(1_000_000))

    events = do_all(make_crew(make, tmp_path, count=1), [1])

    assert "NotThere" in events[0].reason


def _refuse(_: bytes) -> Callable[[Any], Any]:
    raise ImportError("NotThere")


def test_crew__long_item__nothing_is_queued_behind_it(tmp_path):
    crew = make_crew(make_work, tmp_path, count=1)
    crew.submit("hang", is_long=True)

    assert not crew.has_room()
    crew.close()


def test_crew__closed__no_process_is_left(tmp_path):
    crew = make_crew(make_work, tmp_path, count=1)
    crew.submit("hang")
    (process,) = [place.worker._process for place in crew._places]

    crew.close()

    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("count", [1, 3])
def test_crew__some_workers__takes_two_items_for_each(count, tmp_path):
    crew = make_crew(make_work, tmp_path, count=count)
    taken = 0
    while crew.has_room():
        crew.submit(1)
        taken += 1

    assert taken == 2 * count
    assert crew.pending == taken
    crew.close()
