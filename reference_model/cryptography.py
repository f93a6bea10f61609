"""Hashes and signatures.  The model does not spell them out: it asks."""

from typing import Protocol as Interface

from reference_model.types import Permit, Ticket, Update


class Cryptography(Interface):
    """Who signed what, and what identifies what."""

    def hash_ticket(self, ticket: Ticket) -> bytes:
        """What identifies a ticket, and what its sender signs (payments.md 3.1)."""

    def commit(self, recipient_rand: int) -> bytes:
        """The recipient's commitment to its secret number (payments.md 3.2)."""

    def check_signature(self, ticket: Ticket, signature: bytes) -> None:
        """Raise InvalidSignatureLength, MalleableSignature, UnrecoverableSignature or InvalidTicketSignature unless
        the signature is the ticket's sender's (payments.md 3.3)."""

    def draw(self, signature: bytes, recipient_rand: int) -> int:
        """The number below 2²⁵⁶ that neither side could choose (payments.md 3.2)."""

    def recover_permit_signer(self, token: str, permit: Permit, v: int, r: bytes, s: bytes) -> str:
        """Who signed a permit for the token at an address (EIP-712); raises ECDSAInvalidSignature or
        ECDSAInvalidSignatureS."""

    def hash_update(self, update: Update) -> bytes:
        """What identifies an update (governance.md A2)."""
