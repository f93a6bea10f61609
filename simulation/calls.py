"""Calls as data: one value acts on the contracts and on the model, is printed, and is kept as a regression."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from eth_utils import keccak

from reference_model.protocol import PROXIED
from reference_model.token import ADMIN_ROLE
from reference_model.types import Message, StakeCheckpoint
from reference_model.types import Ticket as ModelTicket
from reference_model.types import Update as ModelUpdate
from simulation.chain.abi import ContractAbi
from simulation.governance import Proposal
from simulation.tickets import SignedTicket
from tools.artifacts import load_artifacts

# Arguments that the model names in words where the chain has a hash.
HASHED_NAMES = frozenset(
    [
        "id",
        "requiredId",
        "firstId",
        "secondId",
        "targetContractId",
        "role",
        "neededRole",
        "previousAdminRole",
        "newAdminRole",
    ]
)
# Functions whose first argument is such a name.
HASHING_FUNCTIONS = frozenset(
    ["setContractInfo", "updateController", "attach", "grantRole", "revokeRole", "renounceRole"]
)
# Functions of the Governor: their first argument is an update.
UPDATE_FUNCTIONS = frozenset(["stage", "execute", "cancel"])
# Contracts whose functions take a draft in place of what it consists of, or of its hash.
DRAFT_READERS = frozenset(["LivepeerGovernor", "LivepeerGovernorTarget", "Treasury"])
PAYABLE_FUNCTIONS = frozenset(
    [
        "fundDeposit",
        "fundReserve",
        "fundDepositAndReserve",
        "fundDepositAndReserveFor",
        "depositETH",
        "execute",
        "executeBatch",
    ]
)
# Polls that steps can name, in the order in which they are opened.
POLLS = ("Poll 1", "Poll 2", "Poll 3")
# Contracts that steps name by their part in the run, with what they are.
CONTRACT_TYPES = {
    "AdjustableClock": "AdjustableRoundsManager",
    "L2LPTDataCache": "L2LPTDataCache__Mock",
    "SecondController": "Controller",
    "SecondMinter": "Minter",
    "ForeignMinter": "Minter",
    **{f"{name}Target": name for name in PROXIED},
    **{f"{name}Proxy": "ManagerProxy" for name in PROXIED},
    "LivepeerGovernorTarget": "LivepeerGovernor",
    "LivepeerGovernorProxy": "ManagerProxy",
    **dict.fromkeys(POLLS, "Poll"),
}


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
        if self._has_draft:
            return _spell_out(self, for_model=True)
        if self.function == "relay":
            target, wei, data = self.arguments
            return (target, wei, Message(data, ""))
        if self._has_update:
            update, *rest = self.arguments
            return (to_model_update(update), *rest)
        if self.function == "checkpointStake":
            account, start_round, checkpoint = self.arguments
            return (account, start_round, StakeCheckpoint(*checkpoint))
        return tuple(part for argument in self.arguments for part in _for_model(argument))

    @property
    def chain_arguments(self) -> tuple:
        """Arguments for the contract."""
        if self.function in HASHING_FUNCTIONS:
            name, *rest = self.arguments
            return (hash_name(name), *rest)
        if self._has_draft:
            return _spell_out(self, for_model=False)
        if self._has_update:
            update, *rest = self.arguments
            return (to_chain_update(to_model_update(update)), *rest)
        if self.function == "checkpointStake":
            account, start_round, checkpoint = self.arguments
            return (account, start_round, _to_chain_checkpoint(StakeCheckpoint(*checkpoint)))
        return tuple(part for argument in self.arguments for part in _for_chain(argument))

    @property
    def calldata(self) -> bytes:
        """The call as the contract receives it; a call without function is a plain payment."""
        if not self.function:
            return b""
        (function,) = abi_of(self.contract).functions[self.function]
        return function.encode(self.chain_arguments)

    @property
    def _has_update(self) -> bool:
        return self.contract == "Governor" and self.function in UPDATE_FUNCTIONS

    @property
    def _has_draft(self) -> bool:
        """Steps that were read from a file have plain tuples."""
        return (
            self.contract in DRAFT_READERS and bool(self.arguments) and isinstance(self.arguments[0], tuple)
        )


Step = Call | Mine


@dataclass(frozen=True)
class Batch:
    """The three arrays of `batchRedeemWinningTickets`; `missing` signatures are left out at the end."""

    tickets: tuple[SignedTicket, ...]
    missing: int = 0


class UpdateCall(NamedTuple):
    """One call of an update or of a proposal; the sender is the Governor, or the treasury."""

    target: str
    """The address that is called."""
    contract: str
    """What the call is meant for: its ABI."""
    function: str
    """Empty for a plain payment."""
    arguments: tuple = ()
    value: int = 0

    @property
    def call(self) -> Call:
        """The call without its sender."""
        return Call("", self.contract, self.function, self.arguments, self.value)


class Update(NamedTuple):
    """A batch for the Governor; calldata of the last `missing` calls are left out, and their values with them."""

    calls: tuple[UpdateCall, ...]
    nonce: int
    missing: int = 0


class Draft(NamedTuple):
    """A proposal for the LivepeerGovernor; calldata of the last `missing` calls are left out.

    Steps have the draft wherever the contracts take what it consists of, its id, or the id of its operation:

    | step | arguments of the contract |
    |---|---|
    | propose (draft) | targets, values, calldatas, description |
    | queue, execute, cancel (draft) | targets, values, calldatas, hash of the description |
    | castVote… (draft, …) | id, … |
    | Treasury.schedule (draft, predecessor, delay) | the first call, predecessor, salt, delay; `execute` likewise |
    | Treasury.scheduleBatch (draft, predecessor, delay) | all calls, …; `executeBatch` likewise |
    | Treasury.cancel (draft) | id of the operation of all calls |
    """

    calls: tuple[UpdateCall, ...]
    description: str
    missing: int = 0


class DraftParts(NamedTuple):
    """What a draft consists of; `salt` is the hash of the description."""

    targets: list[str]
    values: list[int]
    messages: list[Message]
    salt: bytes
    proposal_id: int
    operation_id: bytes

    @property
    def calldatas(self) -> list[bytes]:
        return [message.calldata for message in self.messages]


@lru_cache(maxsize=1 << 12)
def parts_of(draft: tuple) -> DraftParts:
    """The parts of a draft, which may be a plain tuple."""
    calls, description, missing = Draft(*draft)
    entries = [UpdateCall(*entry) for entry in calls]
    messages = [_to_message(entry.call) for entry in entries[: len(entries) - missing]]
    raw = [message.calldata for message in messages]
    proposal = Proposal(
        [entry.target for entry in entries], [entry.value for entry in entries], raw, description
    )
    return DraftParts(
        proposal.targets,
        proposal.values,
        messages,
        proposal.description_hash,
        proposal.id,
        proposal.operation_id,
    )


def _to_message(call: Call) -> Message:
    return Message(call.calldata, call.model_name, call.model_arguments)


def _spell_out(call: Call, *, for_model: bool) -> tuple:
    """The arguments of a call that is made with a draft: see `Draft`."""
    draft, *rest = call.arguments
    parts = parts_of(draft)
    payloads = parts.messages if for_model else parts.calldatas
    lists = (parts.targets, parts.values, payloads)
    if call.contract == "Treasury":
        if call.function == "cancel":
            return (parts.operation_id,)
        predecessor, *delay = rest
        is_batch = call.function.endswith("Batch")
        return (*(lists if is_batch else [part[0] for part in lists]), predecessor, parts.salt, *delay)
    if call.function == "propose":
        return (*lists, draft[1])
    if call.function in ("queue", "execute", "cancel"):
        return (*lists, parts.salt)
    return (parts.proposal_id, *rest)


def to_model_update(update: tuple) -> ModelUpdate:
    """The batch as the model has it; steps that were read from a file have plain tuples."""
    calls, nonce, missing = update
    entries = [UpdateCall(*entry) for entry in calls]
    made = [entry.call for entry in entries[: len(entries) - missing]]
    return ModelUpdate(
        target=tuple(entry.target for entry in entries),
        value=tuple(call.value for call in made),
        data=tuple(_to_message(call) for call in made),
        nonce=nonce,
    )


@cache
def abi_of(contract: str) -> ContractAbi:
    """The ABI of a contract that steps name."""
    name = CONTRACT_TYPES.get(contract, contract)
    return ContractAbi(name, load_artifacts()[name].abi)


@cache
def snake_case(name: str) -> str:
    """bondForWithHint → bond_for_with_hint, trustedWithdrawETH → trusted_withdraw_eth"""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def is_payable(function: str) -> bool:
    """Whether the function takes ETH."""
    return function in PAYABLE_FUNCTIONS


@cache
def hash_name(name: str) -> bytes:
    """What the chain has for a registry id or a role."""
    return bytes(32) if name == ADMIN_ROLE else keccak(text=name)


def to_chain_values(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments of an event or error of the model, as the chain has them."""
    return {name: _to_chain_value(name, value) for name, value in arguments.items()}


def to_chain_update(update: ModelUpdate) -> dict[str, Any]:
    """The batch of the model as the chain has it."""
    raw = [message.calldata for message in update.data]
    return {"target": list(update.target), "value": list(update.value), "data": raw, "nonce": update.nonce}


def _to_chain_value(name: str, value: Any) -> Any:
    if name in HASHED_NAMES and isinstance(value, str):
        return hash_name(value)
    if isinstance(value, ModelUpdate):
        return tuple(to_chain_update(value).values())
    return value


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


def _to_chain_checkpoint(checkpoint: StakeCheckpoint) -> dict[str, Any]:
    return {
        "delegate": checkpoint.delegate,
        "lastClaimRound": checkpoint.last_claim_round,
        "lastRewardRound": checkpoint.last_reward_round,
        "bondedAmount": checkpoint.bonded_amount,
        "delegatedAmount": checkpoint.delegated_amount,
    }


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
