"""Account signatures: EIP-191 over given bytes, and the one accepted byte form (offchain.md 2.1, payments.md 3.3).

Accepting a second encoding of the same authorisation would give the recipient a second draw, so length, v, s and
signer are all checked here and not left to the library.
"""

from __future__ import annotations

from typing import Protocol

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_utils import is_same_address

from offchain_worker.tickets.errors import SignatureRejected

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
SIGNATURE_BYTES = 65


class Signer(Protocol):
    """Whoever can sign for an account: a local key now, a remote signer later."""

    address: str

    def sign(self, message: bytes) -> bytes:
        """EIP-191 signature over `message`, 65 bytes r, s, v."""


class LocalSigner:
    """Signs with a key held in this process."""

    def __init__(self, private_key: bytes) -> None:
        self._account = Account.from_key(private_key)
        self.address: str = self._account.address

    def __repr__(self) -> str:
        return f"LocalSigner({self.address})"

    def sign(self, message: bytes) -> bytes:
        return bytes(self._account.sign_message(encode_defunct(primitive=message)).signature)

    def sign_transaction(self, transaction: dict) -> tuple[bytes, bytes]:
        """Signed transaction bytes and their hash."""
        signed = self._account.sign_transaction(transaction)
        return bytes(signed.raw_transaction), bytes(signed.hash)


def require_signature(address: str, message: bytes, signature: bytes) -> None:
    """Raises `SignatureRejected` unless `signature` is `address`'s over `message`, in the one accepted form."""
    if len(signature) != SIGNATURE_BYTES:
        raise SignatureRejected(field="length", found=len(signature), required=SIGNATURE_BYTES)
    if signature[64] not in (27, 28):
        raise SignatureRejected(field="v", found=signature[64], required="27 or 28")
    s = int.from_bytes(signature[32:64], "big")
    if s > SECP256K1_ORDER // 2:
        raise SignatureRejected(field="s", found=s, required="the lower half of the curve order")
    try:
        signer = Account.recover_message(encode_defunct(primitive=message), signature=signature)
    except Exception as error:  # the library raises several unrelated types for an unrecoverable point
        raise SignatureRejected(
            field="point", found=signature.hex(), required="a recoverable signature"
        ) from error
    if not is_same_address(signer, address):
        raise SignatureRejected(field="signer", found=signer, required=address)
