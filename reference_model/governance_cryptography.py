"""Hashes and signatures of governance.  The model does not spell them out: it asks."""

from collections.abc import Sequence
from typing import NamedTuple
from typing import Protocol as Interface

from reference_model.types import Message


class Calls(NamedTuple):
    """What a proposal or an operation does; the three go together, as many as there are calls."""

    targets: Sequence[str]
    values: Sequence[int]
    """Wei."""
    payloads: Sequence[Message]

    @property
    def raw_payloads(self) -> list[bytes]:
        """The calldata, as events have it."""
        return [message.calldata for message in self.payloads]


class GovernanceCryptography(Interface):
    """What identifies what, and who signed a ballot (EIP-712, in the name of the governor)."""

    def hash_description(self, description: str) -> bytes:
        """The hash of the text alone."""

    def hash_proposal(self, calls: Calls, description_hash: bytes) -> int:
        """What identifies a proposal (governance.md D3)."""

    def hash_operation(self, calls: Calls, predecessor: bytes, salt: bytes) -> bytes:
        """What identifies an operation of the one call that is given."""

    def hash_operation_batch(self, calls: Calls, predecessor: bytes, salt: bytes) -> bytes:
        """What identifies an operation of several calls."""

    def recover_ballot(self, proposal_id: int, support: int, signature: tuple) -> str:
        """Who signed a ballot in the deployed form; v, r, s.  Raises ECDSAInvalidSignature, ECDSAInvalidSignatureS."""

    def recover_extended_ballot(
        self, proposal_id: int, support: int, reason: str, params: bytes, signature: tuple
    ) -> str:
        """The same of a ballot with reason and parameters."""

    def is_ballot_of(self, voter: str, proposal_id: int, support: int, nonce: int, signature: bytes) -> bool:
        """Whether the voter signed a ballot that names it, and its nonce."""

    def is_extended_ballot_of(
        self,
        voter: str,
        proposal_id: int,
        support: int,
        nonce: int,
        reason: str,
        params: bytes,
        signature: bytes,
    ) -> bool:
        """The same of a ballot with reason and parameters."""


def bitmap(*states: int) -> bytes:
    """States as the bits of a word, as errors list them."""
    return sum(1 << state for state in states).to_bytes(32, "big")
