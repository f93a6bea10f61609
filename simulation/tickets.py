"""Tickets for tests, written from the specification alone (payments.md 3.1 to 3.3).

    ticket = Ticket(recipient=orchestrator, sender=gateway, face_value=5, creation_round=r, block_hash=h)
    signed = ticket.sign(gateway)                              # an Actor's key
    broker.redeemWinningTicket.send(*signed.arguments, sender=redeemer)

`Ticket.sign` does not check anything: bad tickets are made by giving bad fields, another signer's key, or
`dataclasses.replace` on what it returns.
"""

from dataclasses import dataclass, replace

from eth_utils import keccak

from simulation.chain.actors import Actor
from simulation.chain.addresses import raw_address

# Every draw but one is below it.
ALWAYS_WINS = 2**256 - 1
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def uint256(value: int) -> bytes:
    """32 bytes, big-endian."""
    return value.to_bytes(32, "big")


def commitment(recipient_rand: int) -> bytes:
    """What a recipient publishes of its secret number."""
    return keccak(uint256(recipient_rand))


def encode_aux_data(creation_round: int, block_hash: bytes) -> bytes:
    """Creation round and its recorded block hash, 64 bytes."""
    return uint256(creation_round) + block_hash


@dataclass(frozen=True)
class Ticket:
    """One lottery ticket; amounts in wei.

    The commitment and the auxiliary data follow from `recipient_rand`, `creation_round` and `block_hash`
    unless `recipient_rand_hash` or `aux_data` overrule them.
    """

    recipient: str
    sender: str
    face_value: int
    creation_round: int = 0
    block_hash: bytes = bytes(32)
    win_prob: int = ALWAYS_WINS
    sender_nonce: int = 0
    recipient_rand: int = 5
    recipient_rand_hash: bytes | None = None
    aux_data: bytes | None = None

    @property
    def as_struct(self) -> dict:
        """The ticket as the ABI's tuple, by component name."""
        return {
            "recipient": self.recipient,
            "sender": self.sender,
            "faceValue": self.face_value,
            "winProb": self.win_prob,
            "senderNonce": self.sender_nonce,
            "recipientRandHash": self.recipient_rand_hash or commitment(self.recipient_rand),
            "auxData": self._aux_data,
        }

    @property
    def _aux_data(self) -> bytes:
        return (
            encode_aux_data(self.creation_round, self.block_hash) if self.aux_data is None else self.aux_data
        )

    @property
    def hash(self) -> bytes:
        """keccak256 of the tightly packed fields."""
        fields = self.as_struct
        return keccak(
            raw_address(self.recipient)
            + raw_address(self.sender)
            + uint256(self.face_value)
            + uint256(self.win_prob)
            + uint256(self.sender_nonce)
            + fields["recipientRandHash"]
            + fields["auxData"]
        )

    @property
    def digest(self) -> bytes:
        """What the key signs: the hash as a personal message (EIP-191)."""
        return keccak(b"\x19Ethereum Signed Message:\n32" + self.hash)

    def sign(self, signer: Actor) -> "SignedTicket":
        """The ticket with a signature of `signer` and the recipient's number."""
        return SignedTicket(self, signer.sign_message(self.hash), self.recipient_rand)


@dataclass(frozen=True)
class SignedTicket:
    """All that a redemption needs."""

    ticket: Ticket
    signature: bytes
    recipient_rand: int

    @property
    def arguments(self) -> tuple[dict, bytes, int]:
        """The arguments of `redeemWinningTicket`."""
        return self.ticket.as_struct, self.signature, self.recipient_rand

    @property
    def draw(self) -> int:
        """The number that decides: the ticket wins if it is below its win probability."""
        return compute_draw(self.signature, self.recipient_rand)

    def with_signature(self, signature: bytes) -> "SignedTicket":
        return replace(self, signature=signature)


def compute_draw(signature: bytes, recipient_rand: int) -> int:
    """keccak256 of the raw signature and the number, as an integer."""
    return int.from_bytes(keccak(signature + uint256(recipient_rand)), "big")


def batch_arguments(signed_tickets: list[SignedTicket]) -> tuple[list[dict], list[bytes], list[int]]:
    """The arguments of `batchRedeemWinningTickets`."""
    return (
        [signed.ticket.as_struct for signed in signed_tickets],
        [signed.signature for signed in signed_tickets],
        [signed.recipient_rand for signed in signed_tickets],
    )


def compact(signature: bytes) -> bytes:
    """The same signature in 64 bytes (ERC-2098): v in the top bit of s."""
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    return r + uint256(s | (v - 27) << 255)


def twin(signature: bytes) -> bytes:
    """The other signature by the same key: n - s, and the other v."""
    s = int.from_bytes(signature[32:64], "big")
    return signature[:32] + uint256(CURVE_ORDER - s) + bytes([55 - signature[64]])
