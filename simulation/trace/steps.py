"""Calls as a trace has them, and back: arguments by name and type, tickets in words."""

from typing import Any

from simulation.calls import Batch, Call
from simulation.chain.abi import FunctionAbi
from simulation.chain.codecs import ArgumentError
from simulation.tickets import SignedTicket
from simulation.trace.accounts import Accounts
from simulation.trace.format import Argument, CallStep, TraceRefused
from simulation.trace.tickets import BatchRecord, TicketBook, TicketRecord, read_record
from simulation.trace.values import ValueRefused, from_typed, to_typed, type_of
from simulation.world import World

TICKET, TICKETS = "signed ticket", "ticket batch"


def write_arguments(world: World, accounts: Accounts, book: TicketBook, call: Call) -> list[Argument]:
    """The arguments of a call, before it is made."""
    names = _names(world, call)
    return [
        _write_argument(accounts, book, name, value)
        for name, value in zip(names, call.arguments, strict=True)
    ]


def read_call(world: World, accounts: Accounts, book: TicketBook, step: CallStep) -> Call:
    """The call for the world at hand. Raises TraceRefused."""
    where = f"steps[{step.number - 1}]"
    if step.contract not in world.contracts:
        known = ", ".join(world.contracts)
        raise TraceRefused(f"{where}.contract: found {step.contract!r}, must be one of {known}")
    if step.function not in world.contracts[step.contract].abi.functions:
        raise TraceRefused(f"{where}.function: found {step.function!r}, which {step.contract} does not have")
    arguments = []
    for position, argument in enumerate(step.arguments):
        try:
            arguments.append(_read_argument(accounts, book, argument))
        except ValueRefused as error:
            raise TraceRefused(f"{where}.arguments[{position}]: damaged: {error}") from None
    sender = accounts.here(step.sender.address)
    sender = accounts.signers.get(sender, sender)
    call = Call(sender, step.contract, step.function, tuple(arguments), step.value)
    try:
        encode_call(world, call)
    except ArgumentError as error:
        raise TraceRefused(f"{where}.arguments: damaged: {error}") from None
    return call


def has_tickets(step: CallStep) -> bool:
    """Whether the calldata depends on the block hashes of the engine."""
    return any(argument.type in (TICKET, TICKETS) for argument in step.arguments)


def encode_call(world: World, call: Call) -> bytes:
    """The calldata. Raises ArgumentError."""
    return getattr(world.contracts[call.contract], call.function).encode(*call.chain_arguments)


def _names(world: World, call: Call) -> list[str]:
    functions: list[FunctionAbi] = world.contracts[call.contract].abi.functions[call.function]
    names = functions[0].inputs.keys()
    if len(names) == len(call.arguments):
        return [name.strip("_") or name for name in names]
    return [f"argument {number}" for number in range(1, len(call.arguments) + 1)]


def _write_argument(accounts: Accounts, book: TicketBook, name: str, value: Any) -> Argument:
    if isinstance(value, SignedTicket):
        return Argument(name="ticket", type=TICKET, value=_dump(book.write(value)))
    if isinstance(value, Batch):
        return Argument(name="tickets", type=TICKETS, value=_dump(book.write_batch(value)))
    return Argument(name=name, type=type_of(value), value=to_typed(value), label=accounts.label(value))


def _dump(record: TicketRecord | BatchRecord) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True)


def _read_argument(accounts: Accounts, book: TicketBook, argument: Argument) -> Any:
    if argument.type == TICKET:
        return book.read(read_record(TicketRecord, argument.value))
    if argument.type == TICKETS:
        return book.read_batch(read_record(BatchRecord, argument.value))
    return accounts.move(from_typed(argument.type, argument.value))
