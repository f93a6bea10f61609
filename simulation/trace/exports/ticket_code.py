"""Tickets of a trace as statements of a pytest file."""

from collections.abc import Callable

from simulation.tickets import ALWAYS_WINS, Ticket
from simulation.trace.exports.literals import python_bytes, python_integer
from simulation.trace.signatures import COMPACT, RAW, RECOVERY, TWIN
from simulation.trace.tickets import OF_THE_ROUND, TicketRecord
from simulation.trace.values import read_bytes

# A ticket's round is told by how many rounds it lies back, up to so many; an older one by its number.
NEAR = 3
BYTES_PER_LINE = 32


class TicketCode:
    """Defines each ticket once, where it is first used, as `ticket_1`."""

    def __init__(self, use: Callable[[str, str], str], address: Callable[[str], str]) -> None:
        self._use, self._address = use, address
        self._defined: set[int] = set()
        self.needs_replace = False

    def preamble(self) -> list[str]:
        """What the definitions need."""
        return ["rounds = world.model.rounds_manager"] if self._defined else []

    def name(self, record: TicketRecord) -> str:
        return f"ticket_{record.number}"

    def define(self, record: TicketRecord, current_round: int) -> list[str]:
        """The statements; none where the ticket is known."""
        if record.number in self._defined:
            return []
        self._defined.add(record.number)
        back = current_round - record.creation_round
        creation_round = str(record.creation_round)
        if 0 <= back <= NEAR:
            creation_round = f"rounds.current_round() - {back}" if back else "rounds.current_round()"
        given = {
            "recipient": self._address(record.recipient),
            "sender": self._address(record.sender),
            "face_value": python_integer(record.face_value),
            "creation_round": creation_round,
            "block_hash": self._block_hash(record, creation_round),
            "win_prob": python_integer(record.win_prob),
            "sender_nonce": str(record.sender_nonce),
            "recipient_rand": str(record.recipient_rand),
        }
        defaults = {"win_prob": ALWAYS_WINS, "sender_nonce": 0, "recipient_rand": Ticket.recipient_rand}
        for field, default in defaults.items():
            if getattr(record, field) == default:
                del given[field]
        for field in ("recipient_rand_hash", "aux_data"):
            if (value := getattr(record, field)) is not None:
                given[field] = python_bytes(value)
        arguments = [f"    {field}={value}," for field, value in given.items()]
        return self._signed(record, f"{self._use('simulation.tickets', 'Ticket')}(", arguments)

    def _block_hash(self, record: TicketRecord, creation_round: str) -> str:
        if record.block_hash == OF_THE_ROUND:
            return f"rounds.block_hash_for_round({creation_round})"
        return python_bytes(read_bytes(record.block_hash))

    def _signed(self, record: TicketRecord, ticket: str, arguments: list[str]) -> list[str]:
        name, signing = self.name(record), record.signature
        lines = [f"{name} = {ticket}", *arguments]
        if signing.form == RAW:
            made = f"{name} = {self._use('simulation.tickets', 'SignedTicket')}("
            lines += [
                ")",
                made,
                f"    {name},",
                *_hexadecimal(signing.raw),
                f"    {record.recipient_rand},",
                ")",
            ]
        elif record.win_prob in (0, ALWAYS_WINS):
            lines.append(f").sign({self._address(signing.signer)})")
        else:
            draw = self._use("simulation.trace.signatures", "sign_for_draw")
            signer = self._address(signing.signer)
            lines += [")", f"{name} = {draw}({name}, {signer}, wins={record.wins})"]
        form = {
            COMPACT: lambda: f"{self._use('simulation.tickets', 'compact')}({name}.signature)",
            TWIN: lambda: f"{self._use('simulation.tickets', 'twin')}({name}.signature)",
            RECOVERY: lambda: f"{name}.signature[:64] + bytes([{signing.recovery}])",
        }.get(signing.form)
        if form is not None:
            lines.append(f"{name} = {name}.with_signature({form()})")
        if record.redeemed_with != record.recipient_rand:
            self.needs_replace = True
            lines.append(f"{name} = replace({name}, recipient_rand={record.redeemed_with})")
        return lines


def _hexadecimal(value: bytes) -> list[str]:
    """Bytes as an argument, in lines of 32."""
    if len(value) <= BYTES_PER_LINE:
        return [f"    {python_bytes(value)},"]
    parts = [value[start : start + BYTES_PER_LINE] for start in range(0, len(value), BYTES_PER_LINE)]
    return ["    bytes.fromhex(", *(f'        "{part.hex()}"' for part in parts), "    ),"]
