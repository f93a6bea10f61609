"""The orchestrator's queue: every job ends, whatever its workers do.

| condition | outcome |
|---|---|
| worker silent past its lease | the job goes to the next worker; a late result of the first is TaskUnknown |
| heartbeats | the lease is kept |
| silent as often as allowed | WorkFailed |
| no worker left while it waits | NoWorkerAvailable |
| worker gone between request and answer | given back, not an attempt |
| queue full, no worker | Busy, NoWorkerAvailable before anything is queued |
| caller gone | the job is forgotten |
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from offchain_worker.services.orchestrator import errors
from offchain_worker.services.orchestrator.scheduler import Scheduler, SchedulerLimits, Task

pytestmark = pytest.mark.worker

LIMITS = SchedulerLimits(max_waiting=2, max_attempts=2, lease_seconds=10, worker_seconds=15)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Hall:
    """A scheduler and its clock."""

    clock: Clock
    scheduler: Scheduler

    async def take(self, worker: str) -> Task | None:
        return await self.scheduler.take(["transcode"], worker, 0)

    async def submit(self) -> asyncio.Task:
        running = asyncio.create_task(self.scheduler.run("transcode", {}, b"", 0))
        await asyncio.sleep(0)
        return running

    async def pass_seconds(self, seconds: float) -> None:
        self.clock.now += seconds
        await self.scheduler.reap()


def run(scenario) -> None:
    async def inside() -> None:
        clock = Clock()
        await scenario(Hall(clock, Scheduler(LIMITS, clock)))

    asyncio.run(asyncio.wait_for(inside(), 5))


def test_reap__worker_silent_past_its_lease__gives_the_job_to_the_next():
    async def scenario(hall: Hall):
        running = await hall.submit()
        task = await hall.take("silent")
        await hall.pass_seconds(10.1)
        again = await hall.take("second")
        assert (again.id, again.attempts) == (task.id, 2)
        hall.scheduler.complete(task.id, (), 1.0, {})
        assert (await running).seconds == 1.0
        with pytest.raises(errors.TaskUnknown):
            hall.scheduler.complete(task.id, (), 1.0, {})

    run(scenario)


def test_keep__heartbeats__hold_the_lease():
    async def scenario(hall: Hall):
        running = await hall.submit()
        task = await hall.take("slow")
        for _ in range(5):
            await hall.pass_seconds(8)
            hall.scheduler.keep(task.id, ["transcode"], "slow")
        assert await hall.take("other") is None
        hall.scheduler.complete(task.id, (), 40.0, {})
        assert (await running).seconds == 40.0

    run(scenario)


def test_reap__silent_as_often_as_allowed__fails_the_job():
    async def scenario(hall: Hall):
        running = await hall.submit()
        for worker in ("first", "second"):
            await hall.take(worker)
            await hall.pass_seconds(10.1)
        with pytest.raises(errors.WorkFailed):
            await running
        assert (hall.scheduler.waiting, hall.scheduler.running) == (0, 0)

    run(scenario)


def test_reap__no_worker_left_while_it_waits__fails_the_job_by_name():
    async def scenario(hall: Hall):
        assert await hall.take("leaving") is None
        running = await hall.submit()
        await hall.pass_seconds(15.1)
        with pytest.raises(errors.NoWorkerAvailable):
            await running

    run(scenario)


def test_give_back__worker_gone_before_the_answer__is_not_an_attempt():
    async def scenario(hall: Hall):
        running = await hall.submit()
        task = await hall.take("gone")
        await hall.scheduler.give_back(task)
        again = await hall.take("there")
        assert (again.id, again.attempts) == (task.id, 1)
        running.cancel()

    run(scenario)


def test_require_capacity__no_worker_or_full_queue__raises_by_name():
    async def scenario(hall: Hall):
        with pytest.raises(errors.NoWorkerAvailable):
            hall.scheduler.require_capacity("transcode")
        assert await hall.take("worker") is None
        hall.scheduler.require_capacity("transcode")
        waiting = [await hall.submit() for _ in range(2)]
        with pytest.raises(errors.Busy):
            hall.scheduler.require_capacity("transcode")
        for running in waiting:
            running.cancel()

    run(scenario)


def test_run__caller_gone__forgets_the_job():
    async def scenario(hall: Hall):
        running = await hall.submit()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert hall.scheduler.waiting == 0
        assert await hall.take("worker") is None

    run(scenario)
