"""EIP-712 signatures that contracts check, written from the EIPs.  Tickets: see `tickets.py`."""

from eth_utils import keccak

from simulation.chain.actors import Actor
from simulation.chain.addresses import raw_address

PERMIT_TYPE = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


def domain_separator(name: str, version: str, chain_id: int, contract: str) -> bytes:
    """The hash that ties a signature to one contract on one chain (EIP-712)."""
    words = [keccak(text=DOMAIN_TYPE), keccak(text=name), keccak(text=version), _word(chain_id)]
    return keccak(b"".join([*words, raw_address(contract).rjust(32, b"\0")]))


def permit_digest(
    separator: bytes, *, owner: str, spender: str, value: int, nonce: int, deadline: int
) -> bytes:
    """What the owner signs to let `spender` take `value` until `deadline` seconds (ERC-2612)."""
    accounts = [raw_address(account).rjust(32, b"\0") for account in (owner, spender)]
    struct = keccak(
        b"".join([keccak(text=PERMIT_TYPE), *accounts, _word(value), _word(nonce), _word(deadline)])
    )
    return keccak(b"\x19\x01" + separator + struct)


def sign_permit(owner: Actor, separator: bytes, **permit) -> tuple[int, bytes, bytes]:
    """v, r, s of the owner over a permit; the arguments are those of `permit_digest`."""
    signature = owner.sign_digest(permit_digest(separator, owner=owner, **permit))
    return signature[64], signature[:32], signature[32:64]


def _word(value: int) -> bytes:
    return value.to_bytes(32, "big")
