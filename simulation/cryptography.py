"""Hashes and signatures for the reference model, written from payments.md 3.1 to 3.3, governance.md A2 and the EIPs."""

import coincurve
from eth_utils import keccak

from reference_model.constants import SIGNATURE_LENGTH
from reference_model.exceptions import (
    ECDSAInvalidSignature,
    ECDSAInvalidSignatureS,
    InvalidSignatureLength,
    InvalidTicketSignature,
    MalleableSignature,
    UnrecoverableSignature,
)
from reference_model.types import Permit, Ticket, Update
from simulation.calls import abi_of, to_chain_update
from simulation.chain.addresses import checksum, raw_address
from simulation.chain.engine import CHAIN_ID
from simulation.signing import domain_separator, permit_digest
from simulation.tickets import CURVE_ORDER, commitment, compute_draw, uint256

TOKEN_NAME, TOKEN_VERSION = "Livepeer Token", "1"


class EthereumCryptography:
    """What `reference_model.cryptography.Cryptography` asks for, with keccak256 and secp256k1."""

    def hash_ticket(self, ticket: Ticket) -> bytes:
        return keccak(
            raw_address(ticket.recipient)
            + raw_address(ticket.sender)
            + uint256(ticket.face_value)
            + uint256(ticket.win_prob)
            + uint256(ticket.sender_nonce)
            + ticket.recipient_rand_hash
            + ticket.aux_data
        )

    def commit(self, recipient_rand: int) -> bytes:
        return commitment(recipient_rand)

    def check_signature(self, ticket: Ticket, signature: bytes) -> None:
        if len(signature) != SIGNATURE_LENGTH:
            raise InvalidSignatureLength(len(signature), SIGNATURE_LENGTH)
        r, s, v = signature[:32], signature[32:64], signature[64]
        if int.from_bytes(s, "big") > CURVE_ORDER // 2:
            raise MalleableSignature(s)
        digest = keccak(b"\x19Ethereum Signed Message:\n32" + self.hash_ticket(ticket))
        signer = recover_signer(digest, signature) if v in (27, 28) else None
        if signer is None:
            raise UnrecoverableSignature(v, r)
        if signer != ticket.sender:
            raise InvalidTicketSignature(signer, ticket.sender)

    def draw(self, signature: bytes, recipient_rand: int) -> int:
        return compute_draw(signature, recipient_rand)

    def recover_permit_signer(self, token: str, permit: Permit, v: int, r: bytes, s: bytes) -> str:
        if int.from_bytes(s, "big") > CURVE_ORDER // 2:
            raise ECDSAInvalidSignatureS(s)
        separator = domain_separator(TOKEN_NAME, TOKEN_VERSION, CHAIN_ID, token)
        digest = permit_digest(separator, **permit._asdict())
        signer = recover_signer(digest, r + s + bytes([v])) if v in (27, 28) else None
        if signer is None:
            raise ECDSAInvalidSignature()
        return signer

    def hash_update(self, update: Update) -> bytes:
        (execute,) = abi_of("Governor").functions["execute"]
        return keccak(execute.inputs.encode((to_chain_update(update),)))


def recover_signer(digest: bytes, signature: bytes) -> str | None:
    """Who made r, s, v (27 or 28) over a digest; None where nobody can have."""
    recoverable = signature[:64] + bytes([signature[64] - 27])
    try:
        public = coincurve.PublicKey.from_signature_and_message(recoverable, digest, hasher=None)
    except Exception:  # coincurve has no class of its own for this
        return None
    return checksum(keccak(public.format(compressed=False)[1:])[12:])
