"""Who signs the transactions of a deployment."""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class SignedTransaction:
    """Ready to be sent, and known by its hash before it is."""

    hash: str
    raw: str


class Signer(Protocol):
    """An account that can sign."""

    address: str

    def sign(self, transaction: dict[str, Any]) -> SignedTransaction:
        """Signs an EIP-1559 transaction, given with the field names of JSON-RPC."""


class ApeSigner:
    """An account of Ape: a keyfile, a test account, a hardware wallet."""

    def __init__(self, account) -> None:
        self._account = account
        self.address = str(account.address)

    def sign(self, transaction: dict[str, Any]) -> SignedTransaction:
        from ape import networks

        from scripts._deployment.errors import NotSigned

        unsigned = networks.provider.network.ecosystem.create_transaction(type=2, **transaction)
        signed = self._account.sign_transaction(unsigned)
        if signed is None:
            raise NotSigned(self.address)
        raw = signed.serialize_transaction()
        return SignedTransaction(_keccak_hex(raw), "0x" + bytes(raw).hex())


class LocalSigner:
    """A key in memory: tests, and accounts of a development chain."""

    def __init__(self, private_key: str) -> None:
        from eth_account import Account

        self._account = Account.from_key(private_key)
        self.address = self._account.address

    def sign(self, transaction: dict[str, Any]) -> SignedTransaction:
        fields = {name: value for name, value in transaction.items() if name != "from"}
        raw = self._account.sign_transaction(fields | {"type": 2}).raw_transaction
        return SignedTransaction(_keccak_hex(raw), "0x" + bytes(raw).hex())


def _keccak_hex(raw: bytes) -> str:
    from eth_utils import keccak

    return "0x" + keccak(bytes(raw)).hex()
