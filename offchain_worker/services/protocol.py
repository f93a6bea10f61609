"""Messages between the services (design notes, section 9), their schemas and the bytes that are signed.

Signed is keccak256(domain ‖ canonical JSON), where canonical JSON has sorted keys, no blanks, and 256-bit numbers as
decimal strings. Every message that moves money names both parties.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from eth_utils import is_address, keccak, to_checksum_address
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from offchain_worker.errors import NamedError
from offchain_worker.tickets.parameters import TicketParameters
from offchain_worker.tickets.recipient import Payment, SignedNonce
from offchain_worker.tickets.signatures import Signer, require_signature

DOMAIN = b"livepeer-offchain/1/"


class RequestInvalid(NamedError):
    """A message does not have the shape of its schema. Nothing of it was used."""

    status = 422
    template = "{message} field {field} is {found}: {required}"


def _unsigned(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 78:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**256:
        raise ValueError("must be an unsigned 256-bit number as decimal text")
    return value


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str) or not value.startswith("0x") or len(value) > 1024:
        raise ValueError("must be 0x and at most 1022 hexadecimal digits")
    return bytes.fromhex(value[2:])


def _address(value: Any) -> str:
    if not isinstance(value, str) or not is_address(value):
        raise ValueError("must be an address, 0x and 40 hexadecimal digits")
    return to_checksum_address(value)


_hex = PlainSerializer(lambda value: "0x" + value.hex(), return_type=str)
Uint256 = Annotated[int, BeforeValidator(_unsigned), PlainSerializer(str, return_type=str)]
HexBytes = Annotated[bytes, BeforeValidator(_bytes), _hex]
Bytes32 = Annotated[bytes, BeforeValidator(_bytes), Field(min_length=32, max_length=32), _hex]
Address = Annotated[str, BeforeValidator(_address)]
Text = Annotated[str, Field(max_length=256)]
Count = Annotated[int, Field(ge=0, lt=2**53)]


class Message(BaseModel):
    """Base of all messages: unknown fields are refused, so that nothing unsigned rides along."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def digest(self) -> bytes:
        """The 32 bytes that a signature of this message covers."""
        body = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True
        )
        return keccak(DOMAIN + type(self).__name__.encode() + b"\x00" + body.encode())


class OfferRequest(Message):
    """A gateway asks `orchestrator_url` for an offer, or for fresh ticket parameters of a session that it has."""

    sender: Address
    orchestrator_url: Text
    pipeline: Text
    session_id: Text = ""
    nonce: Bytes32
    time: Count


class TicketParametersMessage(Message):
    recipient: Address
    face_value_wei: Uint256
    win_probability: Uint256
    recipient_rand_hash: Bytes32
    seed: Uint256
    expiration_block: Count
    creation_round: Count
    creation_round_block_hash: Bytes32

    @classmethod
    def of(cls, parameters: TicketParameters) -> TicketParametersMessage:
        return cls(**parameters.__dict__)

    def parameters(self) -> TicketParameters:
        return TicketParameters(**dict(self))


class Offer(Message):
    """What the orchestrator sells, at which price, for which tickets. Signed by `orchestrator`."""

    orchestrator: Address
    sender: Address
    session_id: Text
    token: HexBytes
    pipeline: Text
    price_wei_per_million_units: Uint256
    ticket_parameters: TicketParametersMessage
    issued_at: Count
    expires_at: Count


class Job(Message):
    """One segment's work. Signed by the gateway, so that neither source nor settings can be exchanged (W5)."""

    session_id: Text
    sequence: Count
    pipeline: Text
    parameters: dict[str, Any]
    source_sha256: Bytes32
    time: Count


class TicketMessage(Message):
    sender_nonce: Annotated[int, Field(ge=0, lt=2**32)]
    signature: HexBytes


class PaymentMessage(Message):
    """Tickets for one segment; session and sequence keep the message from being used for another."""

    session_id: Text
    sequence: Count
    sender: Address
    price_wei_per_million_units: Uint256
    ticket_parameters: TicketParametersMessage
    tickets: Annotated[tuple[TicketMessage, ...], Field(max_length=600)]

    def payment(self) -> Payment:
        return Payment(
            digest=self.digest(),
            sender=self.sender,
            price_wei=self.price_wei_per_million_units,
            parameters=self.ticket_parameters.parameters(),
            tickets=tuple(SignedNonce(ticket.sender_nonce, ticket.signature) for ticket in self.tickets),
        )


class Receipt(Message):
    """What was delivered and charged. Signed by the orchestrator; the gateway keeps it."""

    orchestrator: Address
    sender: Address
    session_id: Text
    sequence: Count
    source_sha256: Bytes32
    result_digest: Bytes32
    units: Uint256
    price_wei_per_million_units: Uint256


class Signed(Message):
    """A message as it travels: its body and a signature over the body's digest."""

    body: dict[str, Any]
    signature: HexBytes


M = TypeVar("M", bound=Message)


def parse(model: type[M], value: Any) -> M:
    """`value` as a message; raises `RequestInvalid` that names the first wrong field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "(whole)"
        raise RequestInvalid(
            message=model.__name__, field=field, found=repr(first["input"])[:80], required=first["msg"]
        ) from None


def sign(message: Message, signer: Signer) -> dict[str, Any]:
    """The signed form of `message`, ready for JSON."""
    return Signed(body=message.model_dump(mode="json"), signature=signer.sign(message.digest())).model_dump(
        mode="json"
    )


def open_signed(model: type[M], value: Any) -> tuple[M, bytes]:
    """Body and signature of a signed message; the signature still has to be checked against an address."""
    signed = parse(Signed, value)
    return parse(model, signed.body), signed.signature


def require_signed_by(address: str, message: Message, signature: bytes) -> None:
    """Raises `SignatureRejected` unless `address` signed `message`."""
    require_signature(address, message.digest(), signature)


def compute_result_digest(outputs: Sequence[bytes]) -> bytes:
    """keccak256 over the concatenated keccak256 of the outputs, in the order asked for (offchain.md 2.1)."""
    return keccak(b"".join(keccak(output) for output in outputs))


def compute_session_token(key: bytes, session_id: str, expires_at: int) -> bytes:
    """HMAC that lets its maker recognise a session and its end (offchain.md 2.3)."""
    shortest = expires_at.to_bytes((expires_at.bit_length() + 7) // 8, "big")
    return hmac.new(key, session_id.encode() + shortest, hashlib.sha256).digest()
