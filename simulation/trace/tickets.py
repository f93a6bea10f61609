"""Tickets of a trace in words, and signed again over the block hashes of the engine at hand."""

from typing import Any

from pydantic import ValidationError

from reference_model.constants import SIGNATURE_LENGTH
from simulation.calls import Batch
from simulation.cryptography import recover_signer
from simulation.tickets import SignedTicket, Ticket, compute_draw, encode_aux_data
from simulation.trace.accounts import Accounts
from simulation.trace.format import Address, Hexadecimal, Integer, Part, describe_error
from simulation.trace.names import Names
from simulation.trace.signatures import RAW, Signing, read_signature, sign_again
from simulation.trace.values import ValueRefused, read_bytes
from simulation.world import World

OF_THE_ROUND = "block hash of the round"


class TicketRecord(Part):
    """A ticket. `number`: in the order in which tickets first appear; `redeemed_with`: the recipient's number given."""

    number: int
    recipient: Address
    sender: Address
    face_value: Integer
    win_prob: Integer
    sender_nonce: Integer
    recipient_rand: Integer
    recipient_rand_hash: Hexadecimal | None = None
    creation_round: Integer
    block_hash: str
    """OF_THE_ROUND, or the hash where it is another."""
    aux_data: Hexadecimal | None = None
    """Where it does not follow from the two above."""
    redeemed_with: Integer
    signature: Signing
    wins: bool


class BatchRecord(Part):
    """The tickets of a batch. `missing`: signatures that are left out at the end."""

    tickets: list[TicketRecord]
    missing: int


class TicketBook:
    """Knows every ticket of a run, and names what follows from block hashes."""

    def __init__(self, world: World, accounts: Accounts, names: Names) -> None:
        self._world, self._accounts, self._names = world, accounts, names
        self._numbers: dict[SignedTicket, int] = {}

    def write(self, signed: SignedTicket) -> TicketRecord:
        """The ticket in words, as things stand before the step in which it is used."""
        ticket = signed.ticket
        number = self._number(signed)
        is_of_the_round = ticket.block_hash == self._recorded_hash(ticket.creation_round)
        return TicketRecord(
            number=number,
            recipient=ticket.recipient,
            sender=ticket.sender,
            face_value=ticket.face_value,
            win_prob=ticket.win_prob,
            sender_nonce=ticket.sender_nonce,
            recipient_rand=ticket.recipient_rand,
            recipient_rand_hash=ticket.recipient_rand_hash,
            creation_round=ticket.creation_round,
            block_hash=OF_THE_ROUND if is_of_the_round else "0x" + ticket.block_hash.hex(),
            aux_data=ticket.aux_data,
            redeemed_with=signed.recipient_rand,
            signature=read_signature(ticket, signed.signature, self._accounts.signers),
            wins=signed.draw < ticket.win_prob,
        )

    def read(self, record: TicketRecord) -> SignedTicket:
        """The ticket for the engine at hand. Raises ValueRefused."""
        is_of_the_round = record.block_hash == OF_THE_ROUND
        ticket = Ticket(
            recipient=self._accounts.here(record.recipient),
            sender=self._accounts.here(record.sender),
            face_value=record.face_value,
            creation_round=record.creation_round,
            block_hash=(
                self._recorded_hash(record.creation_round)
                if is_of_the_round
                else read_bytes(record.block_hash)
            ),
            win_prob=record.win_prob,
            sender_nonce=record.sender_nonce,
            recipient_rand=record.recipient_rand,
            recipient_rand_hash=record.recipient_rand_hash,
            aux_data=record.aux_data,
        )
        signing = record.signature
        signer = self._accounts.signers.get(signing.signer)
        if signing.form != RAW and signer is None:
            raise ValueRefused(f"signature.signer: found {signing.signer}, must be somebody who acts")
        signed = sign_again(ticket, signing, signer, recipient_rand=record.redeemed_with, wins=record.wins)
        self._number(signed)
        return signed

    def write_batch(self, batch: Batch) -> BatchRecord:
        return BatchRecord(tickets=[self.write(signed) for signed in batch.tickets], missing=batch.missing)

    def read_batch(self, record: BatchRecord) -> Batch:
        return Batch(tuple(self.read(ticket) for ticket in record.tickets), record.missing)

    def _recorded_hash(self, round_number: int) -> bytes:
        return self._world.model.rounds_manager.block_hash_for_round(round_number)

    def _number(self, signed: SignedTicket) -> int:
        """The ticket's number; what depends on the engine gets its name."""
        if signed in self._numbers:
            return self._numbers[signed]
        number = self._numbers[signed] = len(self._numbers) + 1
        ticket, names = signed.ticket, self._names
        names.add(ticket.hash, f"hash of ticket {number}")
        if ticket.aux_data is None and names.of(ticket.block_hash):
            words = f"creation round {ticket.creation_round}, {names.of(ticket.block_hash)}"
            names.add(encode_aux_data(ticket.creation_round, ticket.block_hash), words)
        for position, part in enumerate("rs" if len(signed.signature) >= 64 else ""):
            names.add(signed.signature[32 * position : 32 * position + 32], f"{part} of ticket {number}")
        if len(signed.signature) == SIGNATURE_LENGTH and signed.signature[64] in (27, 28):
            signer = recover_signer(ticket.digest, signed.signature)
            if signer is not None and self._accounts.label(signer) is None:
                names.add(signer, f"recovered signer of ticket {number}")
        names.add(compute_draw(signed.signature, signed.recipient_rand), f"draw of ticket {number}")
        return number


def read_record(kind: type[Part], value: Any) -> Any:
    """A ticket or a batch out of JSON. Raises ValueRefused."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise ValueRefused(describe_error(error)) from None
