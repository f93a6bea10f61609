"""Gateways, orchestrators and workers in one event loop: real services over HTTP, without sockets or processes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from offchain_worker.pipelines.base import PipelineResult
from offchain_worker.services.gateway.client import OrchestratorAddress
from offchain_worker.services.gateway.payer import PurchaseLimits
from offchain_worker.services.gateway.transcode import Gateway, TranscodeOrder
from offchain_worker.services.orchestrator.assembly import build_app
from offchain_worker.services.worker.runner import Failure, Worker, WorkerConfig, prepare_child
from offchain_worker.settings import load_settings
from offchain_worker.tickets.database import open_database
from offchain_worker.tickets.sender import SenderLimits
from offchain_worker.tickets.signatures import LocalSigner
from tests.worker.fake_chain import FakeChain

WORKER_TOKEN = "a secret shared by one operator"
PROFILES = ("P144p30fps16x9", "P240p30fps16x9")
PRICE_WEI = 10**9
EXPECTED_VALUE_WEI = 10**9
FACE_VALUE_WEI = 2 * EXPECTED_VALUE_WEI
"""Twice the expected value: every second ticket wins."""


class Loopback(httpx.AsyncBaseTransport):
    """Delivers requests to applications by host name. `before` sees each request first and may raise."""

    def __init__(self) -> None:
        self._applications: dict[str, httpx.ASGITransport] = {}
        self.before: Callable[[httpx.Request], None] = lambda request: None
        self.after: Callable[[httpx.Request, httpx.Response], httpx.Response] = lambda request, response: (
            response
        )

    def add(self, host: str, application) -> None:
        self._applications[host] = httpx.ASGITransport(application)

    def remove(self, host: str) -> None:
        self._applications.pop(host, None)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.before(request)
        if request.url.host not in self._applications:
            raise httpx.ConnectError("refused", request=request)
        response = await self._applications[request.url.host].handle_async_request(request)
        return self.after(request, response)


Cheat = Callable[[dict, bytes, PipelineResult], "PipelineResult | Failure"]


class InlineWorker(Worker):
    """The worker's loop with the work in a thread; `cheat` may change each result."""

    def __init__(self, config: WorkerConfig, transport: Loopback, cheat: Cheat | None = None) -> None:
        super().__init__(config, transport)
        self._cheat = cheat

    async def _start_child(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        await asyncio.get_running_loop().run_in_executor(
            self._pool, prepare_child, ("transcode",), "cpu", 1, 0
        )

    def _stop_child(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    async def _work(self, head: dict, data: bytes):
        result = await super()._work(head, data)
        return (
            result if self._cheat is None or isinstance(result, Failure) else self._cheat(head, data, result)
        )


@dataclass
class Network:
    """One chain, one gateway, any number of orchestrators called `first`, `second`, …"""

    folder: Path
    chain: FakeChain = field(default_factory=FakeChain)
    transport: Loopback = field(default_factory=Loopback)
    orchestrators: dict[str, LocalSigner] = field(default_factory=dict)
    apps: dict[str, object] = field(default_factory=dict)
    gateway_signer: LocalSigner = field(default_factory=lambda: LocalSigner(b"\x11" * 32))

    def __post_init__(self) -> None:
        self.chain.fund(self.gateway_signer.address)

    def add_orchestrator(
        self, host: str, price_wei: int = PRICE_WEI, now: Callable[[], float] = time.time, **tickets: int
    ) -> str:
        """Starts an orchestrator and returns its URL; its database stays if it is added again."""
        signer = self.orchestrators.setdefault(
            host, LocalSigner(bytes([len(self.orchestrators) + 0x20]) * 32)
        )
        self.chain.active_orchestrators.add(signer.address)
        section = {
            "service_url": f"http://{host}",
            "database": self.database_url(host),
            "worker_token": WORKER_TOKEN,
            "price_wei_per_million_pixels": price_wei,
        }
        economics = {"expected_value_wei": EXPECTED_VALUE_WEI, "max_face_value_wei": FACE_VALUE_WEI} | tickets
        settings = load_settings(overrides={"orchestrator": section, "tickets": economics})
        self.apps[host] = build_app(settings, signer, self.chain, now)
        self.transport.add(host, self.apps[host])
        return f"http://{host}"

    def database_url(self, host: str) -> str:
        return f"sqlite:///{self.folder}/{host}.db"

    @contextlib.asynccontextmanager
    async def worker(self, host: str, cheat: Cheat | None = None) -> AsyncIterator[None]:
        """A worker for `host`, ready to take jobs."""
        config = WorkerConfig(f"http://{host}", WORKER_TOKEN, f"worker of {host}")
        stop = asyncio.Event()
        running = asyncio.create_task(InlineWorker(config, self.transport, cheat).run(stop))
        async with httpx.AsyncClient(transport=self.transport) as http:
            while (await http.get(f"http://{host}/healthz")).json()["workers"]["transcode"] == 0:
                await asyncio.sleep(0.01)
        try:
            yield
        finally:
            stop.set()
            await running

    def gateway(self, **limits: int) -> Gateway:
        purchase = {"max_price_wei": 10 * PRICE_WEI, "budget_wei": 10**18} | limits
        return Gateway(
            signer=self.gateway_signer,
            chain=self.chain,
            engine=open_database(f"sqlite:///{self.folder}/gateway.db"),
            purchase_limits=PurchaseLimits(**purchase),
            sender_limits=SenderLimits(10**18, 10**18),
            transport=self.transport,
        )

    def order(self, source: Path, *hosts: str, **changes) -> TranscodeOrder:
        addresses = tuple(OrchestratorAddress(f"http://{host}") for host in hosts)
        return TranscodeOrder(
            source=source,
            output_directory=self.folder / "renditions",
            orchestrators=addresses,
            **({"profiles": PROFILES, "segment_seconds": 1} | changes),
        )
