"""Actors by role: an address that is a string, with the key that belongs to it."""

from functools import cache

import coincurve
from eth_utils import keccak

from simulation.chain.addresses import checksum


class Actor(str):
    """An account named by its role.

    It is its own checksummed address (a `str`), so it can be passed and compared wherever an
    address can.  The key is keccak256("livepeer:" + label): the same in every run and engine.
    """

    label: str
    key: bytes

    def __new__(cls, label: str):
        key = keccak(f"livepeer:{label}".encode())
        public = coincurve.PrivateKey(key).public_key.format(compressed=False)[1:]
        actor = super().__new__(cls, checksum(keccak(public)[12:]))
        actor.label, actor.key = label, key
        return actor

    @property
    def address(self) -> str:
        """The checksummed address as a plain string."""
        return str.__str__(self)

    def sign_digest(self, digest: bytes) -> bytes:
        """r, s, v (27 or 28) over a 32-byte digest, without a prefix."""
        signature = coincurve.PrivateKey(self.key).sign_recoverable(digest, hasher=None)
        return signature[:64] + bytes([signature[64] + 27])

    def sign_message(self, message: bytes) -> bytes:
        """r, s, v over the EIP-191 personal-message digest of `message`, as wallets sign it."""
        prefix = b"\x19Ethereum Signed Message:\n" + str(len(message)).encode()
        return self.sign_digest(keccak(prefix + message))

    def __repr__(self) -> str:
        return f"<{self.label} {self[:8]}…>"


@cache
def actor(label: str) -> Actor:
    """The actor of that role; deriving the key is done once."""
    return Actor(label)
