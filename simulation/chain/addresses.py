"""Addresses as the tests see them: checksummed strings, compared without regard to case."""

from eth_utils import keccak

ZERO_ADDRESS = "0x" + "00" * 20

_CHECKSUMMED: dict[bytes, str] = {}
_PARSED: dict[str, bytes] = {}


def checksum(raw: bytes) -> str:
    """The EIP-55 spelling of 20 raw bytes."""
    text = _CHECKSUMMED.get(raw)
    if text is None:
        digits = raw.hex()
        digest = keccak(digits.encode()).hex()
        text = "0x" + "".join(d.upper() if h >= "8" else d for d, h in zip(digits, digest, strict=False))
        _CHECKSUMMED[bytes(raw)] = text
    return text


def raw_address(value) -> bytes:
    """The 20 bytes of an address, an actor, or anything with an `address`; raises ValueError."""
    if isinstance(value, str):
        raw = _PARSED.get(value)
        if raw is None:
            raw = _PARSED[str(value)] = _parse(value)
        return raw
    inner = getattr(value, "address", None)
    if isinstance(inner, str):
        return raw_address(inner)
    if isinstance(value, bytes) and len(value) == 20:
        return value
    raise ValueError(f"found {value!r}, must be an address, an actor or a contract")


def _parse(text: str) -> bytes:
    if len(text) == 42 and text.startswith("0x"):
        try:
            return bytes.fromhex(text[2:])
        except ValueError:
            pass
    raise ValueError(f"found {str(text)!r}, must be 0x and 40 hexadecimal digits")


def to_address(value) -> str:
    """The checksummed address of an address in any spelling, an actor or a contract."""
    return checksum(raw_address(value))
