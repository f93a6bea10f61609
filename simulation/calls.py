"""Calls as data: one value acts on the contracts and on the model, is printed, and is kept as a regression."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_utils import keccak

from reference_model.token import ADMIN_ROLE
from reference_model.types import Ticket as ModelTicket
from simulation.tickets import SignedTicket

# Arguments that the model names in words where the chain has a hash.
HASHED_NAMES = frozenset(["id", "requiredId", "firstId", "secondId", "role", "neededRole"])


@dataclass(frozen=True)
class Mine:
    """Blocks without transactions."""

    blocks: int

    def __str__(self) -> str:
        return f"Mine({self.blocks})"


@dataclass(frozen=True)
class Call:
    """One transaction: Solidity names, arguments as the model takes them."""

    sender: str
    contract: str
    function: str
    arguments: tuple = ()
    value: int = 0

    @property
    def model_name(self) -> str:
        """The function in snake case."""
        return snake_case(self.function)

    @property
    def model_arguments(self) -> tuple:
        """Arguments for the model."""
        return tuple(part for argument in self.arguments for part in _for_model(argument))

    @property
    def chain_arguments(self) -> tuple:
        """Arguments for the contract."""
        if self.function == "setContractInfo":
            contract_id, *rest = self.arguments
            return (keccak(text=contract_id), *rest)
        if self.function in ("grantRole", "revokeRole"):
            role, account = self.arguments
            return (hash_name(role), account)
        return tuple(part for argument in self.arguments for part in _for_chain(argument))


Step = Call | Mine


@dataclass(frozen=True)
class Batch:
    """The three arrays of `batchRedeemWinningTickets`; `missing` signatures are left out at the end."""

    tickets: tuple[SignedTicket, ...]
    missing: int = 0


@cache
def snake_case(name: str) -> str:
    """bondForWithHint → bond_for_with_hint, trustedWithdrawETH → trusted_withdraw_eth"""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def is_payable(function: str) -> bool:
    """Whether the function takes ETH."""
    return function.startswith("fund") or function == "depositETH"


@cache
def hash_name(name: str) -> bytes:
    """What the chain has for a registry id or a role."""
    return bytes(32) if name == ADMIN_ROLE else keccak(text=name)


def to_chain_values(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments of an event or error of the model, as the chain has them."""
    return {
        name: hash_name(value) if name in HASHED_NAMES and isinstance(value, str) else value
        for name, value in arguments.items()
    }


def to_model_ticket(signed: SignedTicket) -> ModelTicket:
    """The ticket as the model has it."""
    fields = signed.ticket.as_struct
    return ModelTicket(
        recipient=fields["recipient"],
        sender=fields["sender"],
        face_value=fields["faceValue"],
        win_prob=fields["winProb"],
        sender_nonce=fields["senderNonce"],
        recipient_rand_hash=fields["recipientRandHash"],
        aux_data=fields["auxData"],
    )


def _for_model(argument: Any) -> tuple:
    if isinstance(argument, SignedTicket):
        return (to_model_ticket(argument), argument.signature, argument.recipient_rand)
    if isinstance(argument, Batch):
        complete = len(argument.tickets) - argument.missing
        return (
            [to_model_ticket(signed) for signed in argument.tickets],
            [signed.signature for signed in argument.tickets[:complete]],
            [signed.recipient_rand for signed in argument.tickets],
        )
    return (argument,)


def _for_chain(argument: Any) -> tuple:
    if isinstance(argument, SignedTicket):
        return argument.arguments
    if isinstance(argument, Batch):
        complete = len(argument.tickets) - argument.missing
        return (
            [signed.ticket.as_struct for signed in argument.tickets],
            [signed.signature for signed in argument.tickets[:complete]],
            [signed.recipient_rand for signed in argument.tickets],
        )
    return (argument,)
