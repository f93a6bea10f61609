"""A chain on Anvil that also tells what each call inside a transaction cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulation.chain.addresses import checksum, raw_address
from simulation.chain.engine import BLOCK_GAS_LIMIT
from simulation.chain.engine_anvil import AnvilEngine
from simulation.chain.facade import Chain


@dataclass(frozen=True)
class CallFrame:
    """One call of a transaction, with the calls that it made."""

    kind: str
    to: str
    gas_used: int
    calls: list[CallFrame]

    def find(self, kind: str, to: str) -> Iterator[CallFrame]:
        """The calls below this one of that kind to that address."""
        for frame in self.calls:
            if frame.kind == kind and frame.to == to:
                yield frame
            yield from frame.find(kind, to)


class _TracingEngine(AnvilEngine):
    def trace(self) -> dict:
        block = self._rpc("eth_getBlockByNumber", "latest", False)
        return self._rpc("debug_traceTransaction", block["transactions"][0], {"tracer": "callTracer"})


class TracingChain(Chain):
    """A `Chain` on a node of its own, whatever engine the other tests run on."""

    def __init__(self, artifacts):
        super().__init__(_TracingEngine(), artifacts)

    def trace(self) -> CallFrame:
        """The calls of the latest transaction."""
        return _frame(self._engine.trace())

    def creation_gas(self, code: bytes, sender: str) -> int:
        """Gas of a transaction that creates a contract."""
        return self._engine.create(sender, code, 0, BLOCK_GAS_LIMIT).gas_used


def _frame(raw: dict) -> CallFrame:
    calls = [_frame(call) for call in raw.get("calls", ())]
    return CallFrame(raw["type"], checksum(raw_address(raw["to"])), int(raw["gasUsed"], 16), calls)
