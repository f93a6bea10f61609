"""`worker run`."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import click

from offchain_worker.cli import common
from offchain_worker.settings import require_token


@click.group()
def worker() -> None:
    """Do work for one orchestrator."""


@worker.command()
@common.config_option
@click.option("--orchestrator-url", help="Address of the orchestrator to work for.")
@click.option("--name", help="Name in the orchestrator's view; default is worker-<process id>.")
@click.option("--device", help="cpu or cuda.")
@common.verbose_option
@common.command_errors
def run(config: Path | None, orchestrator_url: str | None, name: str | None, device: str | None) -> None:
    """Ask the orchestrator for segments, transcode them with torch and PyAV, send renditions back, until interrupted.

    Run one worker per two cores. The shared secret is worker.worker_token (OW_WORKER__WORKER_TOKEN).
    """
    from offchain_worker.services.worker.runner import Worker, WorkerConfig

    settings = common.settings_with(
        config, worker={"orchestrator_url": orchestrator_url, "name": name, "device": device}
    )
    section = settings.worker
    settings_name = section.name if section.name != "worker" else f"worker-{os.getpid()}"
    worker_config = WorkerConfig(
        orchestrator_url=section.orchestrator_url,
        worker_token=require_token("worker", section.worker_token),
        name=settings_name,
        device=section.device,
        threads=section.threads,
        job_seconds=section.job_seconds,
        memory_bytes=section.memory_bytes,
    )

    async def work() -> None:
        stop = asyncio.Event()
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
        await Worker(worker_config).run(stop)

    asyncio.run(work())
