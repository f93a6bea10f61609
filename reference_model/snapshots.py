"""Merkle snapshots: what was true elsewhere, provable here (governance.md C)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reference_model.managers import Manager
from reference_model.registry import entry_point
from reference_model.state import Ledger

if TYPE_CHECKING:
    from reference_model.protocol import Protocol

NO_ROOT = bytes(32)


class MerkleSnapshot(Manager):
    """Roots by id.  What is hashed to a leaf must not be 64 bytes long, or an inner node could pass for one (G14)."""

    name = "MerkleSnapshot"
    is_subscriber = False
    """It asks the Controller itself, and nobody else."""

    def __init__(self, protocol: Protocol, address: str, keccak: Callable[[bytes], bytes]) -> None:
        super().__init__(protocol, address)
        self.keccak = keccak
        self.roots = Ledger(protocol.journal, NO_ROOT)

    @entry_point
    def set_snapshot(self, sender: str, snapshot_id: bytes, root: bytes) -> None:
        """Set a root, in place of what was there."""
        self._require_owner(sender)
        self._emit("SnapshotSet", id=snapshot_id, previousRoot=self.roots[snapshot_id], newRoot=root)
        self.roots[snapshot_id] = root

    def snapshot(self, snapshot_id: bytes) -> bytes:
        """The root; zero for none."""
        return self.roots[snapshot_id]

    def verify(self, snapshot_id: bytes, proof: Sequence[bytes], leaf: bytes) -> bool:
        """Whether the leaf, hashed with each neighbour in ascending order, gives the root."""
        node = leaf
        for neighbour in proof:
            node = self.keccak(min(node, neighbour) + max(node, neighbour))
        return node == self.roots[snapshot_id]
