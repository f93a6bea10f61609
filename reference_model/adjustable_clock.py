"""The clock of test networks, which anybody sets (rounds-and-issuance.md 2.5)."""

from __future__ import annotations

from reference_model.arithmetic import subtract, to_word
from reference_model.constants import BLOCK_HASHES_KEPT
from reference_model.exceptions import BlockHashNotAvailable, RevertedWithoutData
from reference_model.registry import entry_point
from reference_model.rounds import NO_HASH, RoundsManager
from reference_model.state import remembered


class AdjustableRoundsManager(RoundsManager):
    """A RoundsManager behind whose proxy the code of the test networks may run, and which is plain while it does not.

    The number and the hash that were set stay when the code changes.
    """

    number: int = 0
    hash: bytes = NO_HASH

    @entry_point
    def set_block_num(self, sender: str, number: int) -> None:
        """Set the block; it may also go back."""
        self._require_adjustable()
        self.number = number

    @entry_point
    def mine_blocks(self, sender: str, blocks: int) -> None:
        """Go on by so many blocks."""
        self._require_adjustable()
        self.number = to_word(self.number + blocks)

    @entry_point
    def set_block_hash(self, sender: str, block_hash: bytes) -> None:
        """Set the hash of every block."""
        self._require_adjustable()
        self.hash = block_hash

    def block_num(self) -> int:
        """The block that was set."""
        return self.number if self.is_adjustable else super().block_num()

    def block_hash(self, block: int) -> bytes:
        """The hash that was set, of the last 256 blocks and all to come.  Errors: BlockHashNotAvailable; a panic
        (0x11) before block 256."""
        if not self.is_adjustable:
            return super().block_hash(block)
        oldest = subtract(self.number, BLOCK_HASHES_KEPT)
        if block < oldest:
            raise BlockHashNotAvailable(block, oldest)
        return self.hash

    @property
    @remembered
    def is_adjustable(self) -> bool:
        """Whether that code runs."""
        code = self.protocol.targets.get(self.target)
        return code is not None and code.is_adjustable

    def _require_adjustable(self) -> None:
        if not self.is_adjustable:
            raise RevertedWithoutData()
