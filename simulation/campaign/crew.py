"""Workers that do items of work side by side. One that ends, or hangs, loses what it was doing and nothing else."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, field
from typing import Any, Protocol

# With one more than it works on, a worker need not wait for the next item.
QUEUED_ITEMS = 2
HANGS_AFTER_SECONDS = 600.0
# A worker that ends as often in a row without a result is not started again.
FUTILE_STARTS = 3


class Worker(Protocol):
    """One worker: a process, or an actor on Ray. Items are done in the order in which they were submitted."""

    def submit(self, item: Any) -> Future:
        """The result to come. Raises BrokenExecutor, at once or in the future, where the worker has ended."""

    def kill(self) -> None:
        """End it at once, whatever it is doing."""

    def obituary(self, error: BaseException) -> str:
        """How it ended, after a future raised `error`."""


@dataclass(frozen=True)
class Done:
    """A worker has finished an item."""

    worker: int
    item: Any
    result: Any


@dataclass(frozen=True)
class Lost:
    """The item during which a worker ended, and why it did; None where it had none."""

    worker: int
    item: Any
    reason: str


@dataclass
class _Place:
    number: int
    worker: Worker
    queue: deque[tuple[Any, Future]] = field(default_factory=deque)
    is_reserved: bool = False
    busy_since: float = 0.0
    futile_starts: int = 0
    is_closed: bool = False


class Crew:
    """`start` makes the worker of a number, counted from one."""

    def __init__(
        self,
        start: Callable[[int], Worker],
        count: int,
        *,
        hangs_after_seconds: float = HANGS_AFTER_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start, self._hangs_after_seconds, self._clock = start, hangs_after_seconds, clock
        self._places = [_Place(number, start(number)) for number in range(1, count + 1)]
        self._returned: deque[tuple[Any, bool]] = deque()

    @property
    def alive(self) -> int:
        """Workers that take work."""
        return sum(not place.is_closed for place in self._places)

    @property
    def pending(self) -> int:
        """Items that were submitted and did not come back."""
        return len(self._returned) + sum(len(place.queue) for place in self._places)

    def has_room(self) -> bool:
        """Whether some worker takes one more item now."""
        return not self._returned and self._roomiest() is not None

    def submit(self, item: Any, *, is_long: bool = False) -> None:
        """Give an item to the worker with the least to do; nothing is queued behind a long one."""
        place = self._roomiest()
        if place is None:
            raise ValueError("no worker has room for another item")
        if not place.queue:
            place.busy_since = self._clock()
        place.is_reserved = is_long
        try:
            future = place.worker.submit(item)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        place.queue.append((item, future))

    def collect(self, seconds: float) -> list[Done | Lost]:
        """What came in, waiting for it at most so long."""
        heads = [place.queue[0][1] for place in self._places if place.queue]
        if heads:
            wait(heads, timeout=seconds, return_when=FIRST_COMPLETED)
        events = [event for place in self._places for event in self._events(place)]
        while self._returned and self._roomiest() is not None:
            item, is_long = self._returned.popleft()
            self.submit(item, is_long=is_long)
        return events

    def close(self) -> None:
        """End all workers; what they were doing is lost."""
        for place in self._places:
            if not place.is_closed:
                place.is_closed = True
                place.worker.kill()

    def _roomiest(self) -> _Place | None:
        free = [p for p in self._places if not (p.is_closed or p.is_reserved) and len(p.queue) < QUEUED_ITEMS]
        return min(free, key=lambda place: len(place.queue), default=None)

    def _events(self, place: _Place) -> list[Done | Lost]:
        events: list[Done | Lost] = []
        while place.queue and place.queue[0][1].done():
            item, future = place.queue[0]
            if (error := future.exception()) is not None:
                return [*events, self._replace(place, place.worker.obituary(error))]
            place.queue.popleft()
            place.is_reserved = place.is_reserved and bool(place.queue)
            place.busy_since, place.futile_starts = self._clock(), 0
            events.append(Done(place.number, item, future.result()))
        if place.queue and self._clock() - place.busy_since > self._hangs_after_seconds:
            events.append(self._replace(place, f"no result for {self._hangs_after_seconds:.0f} s"))
        return events

    def _replace(self, place: _Place, reason: str) -> Lost:
        """Another worker in the place of one that is lost; what waited behind the lost item is done later."""
        place.worker.kill()
        lost, _ = place.queue.popleft()
        self._returned.extend((item, place.is_reserved) for item, _ in place.queue)
        place.queue.clear()
        place.is_reserved = False
        place.futile_starts += 1
        if place.futile_starts < FUTILE_STARTS:
            place.worker = self._start(place.number)
        else:
            place.is_closed = True
        return Lost(place.number, lost, reason)
