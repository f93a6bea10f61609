"""Block numbers as contracts on Arbitrum see them: those of L1, shared by many transactions, with gaps."""

from collections.abc import Mapping

from simulation.chain.engine_pyrevm import PyrevmEngine
from simulation.chain.facade import Chain
from tools.artifacts import Artifact


class ArbitrumEngine(PyrevmEngine):
    """Transactions are in blocks of their own, which all bear the number of L1 until that moves on (`mine`)."""

    name = "arbitrum"

    def mine(self, blocks: int) -> None:
        """The number of L1 moves on by `blocks` at once: those between are never seen."""
        super().mine(1)
        self._state.block_number += blocks

    def _next_block(self) -> tuple[int, int]:
        number, timestamp = super()._next_block()
        return number - 1, timestamp


def open_arbitrum_chain(artifacts: Mapping[str, Artifact]) -> Chain:
    """A fresh chain from block 0; `chain.mine(n)` and `chain.mine_to(n)` move the number of L1."""
    return Chain(ArbitrumEngine(), artifacts)
