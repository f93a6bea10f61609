"""Gateway, orchestrator and worker together: a paid video from end to end.

| condition | outcome |
|---|---|
| all honest | every segment delivered, renditions join to one stream, ledger exact |
"""

from __future__ import annotations

import asyncio

import av
import pytest

from tests.worker.network import EXPECTED_VALUE_WEI, PRICE_WEI, Network

pytestmark = pytest.mark.worker


def test_transcode__honest_orchestrator__delivers_joined_renditions(network: Network, video):
    network.add_orchestrator("first")

    async def scenario():
        async with network.worker("first"):
            return await network.gateway().transcode(network.order(video, "first"))

    report = asyncio.run(scenario())
    assert report.error is None
    print(report.to_json())
