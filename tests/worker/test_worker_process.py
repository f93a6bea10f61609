"""The worker's real child process: does a job, survives its child, reports its failures.

| condition | outcome |
|---|---|
| good segment | the same bytes as in this process |
| source at fault | Failure with the media error's name, the source's fault |
| child killed in the middle | WorkerCrashed, not the source's fault; the next job is done by a new child |
| package import, registry | no torch until a pipeline runs |
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import httpx
import pytest

from offchain_worker.media.profiles import get_profile
from offchain_worker.media.transcode import transcode_segment
from offchain_worker.pipelines.transcode import ProfileParameters, TranscodeParameters
from offchain_worker.services.worker.runner import Failure, Worker, WorkerConfig

pytestmark = pytest.mark.worker

PROFILE = get_profile("P144p30fps16x9")


class _Nowhere(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(204)


def _head(frames: int = 30) -> dict:
    parameters = TranscodeParameters(
        source_width=480,
        source_height=270,
        source_frames=frames,
        profiles=(ProfileParameters.of(PROFILE, frames),),
    )
    return {
        "task": "t",
        "pipeline": "transcode",
        "sequence": 0,
        "parameters": parameters.model_dump(mode="json"),
    }


def test_work__good_bad_and_killed__reports_each_and_goes_on(segments):
    async def scenario():
        worker = Worker(WorkerConfig("http://nowhere", "x" * 16, "worker"), _Nowhere())
        await worker._start_child()
        try:
            good = await worker._work(_head(), segments[0].data)
            bad = await worker._work(_head(29), segments[0].data)
            killed = asyncio.create_task(worker._work(_head(), segments[1].data))
            await asyncio.sleep(0.05)
            for process in list(worker._pool._processes.values()):
                os.kill(process.pid, 9)
            crashed = await killed
            after = await worker._work(_head(), segments[0].data)
        finally:
            worker._stop_child()
        return good, bad, crashed, after

    good, bad, crashed, after = asyncio.run(scenario())
    here = transcode_segment(segments[0].data, (PROFILE,), (480, 270), 30, (30,)).renditions[0]
    assert good.outputs[0].data == here.data == after.outputs[0].data
    assert good.units == 30 * 256 * 144
    assert (bad.error, bad.is_source_fault) == ("SourceNotAsDeclared", True)
    assert isinstance(crashed, Failure)
    assert (crashed.error, crashed.is_source_fault) == ("WorkerCrashed", False)


def test_import__everything_but_a_running_pipeline__needs_no_torch():
    modules = "pipelines.transcode", "services.orchestrator.assembly", "services.gateway.assembly", "cli.main"
    imports = "; ".join(f"import offchain_worker.{module}" for module in modules)
    check = f"import sys; {imports}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], timeout=60).returncode == 0
