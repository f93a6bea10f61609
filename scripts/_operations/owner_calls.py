"""Calls that only an owner may make, by the way that is open: the owner itself, the Governor, or a vote."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eth_abi import encode
from eth_utils import keccak

from scripts._deployment.errors import NodeRefused
from scripts._deployment.reader import Reader
from scripts._deployment.reverts import describe_revert
from scripts._governance.actions import encode_call
from scripts._operations.errors import OperationError

STAGED = keccak(text="UpdateStaged((address[],uint256[],bytes[],uint256),uint256)")


class Way(StrEnum):
    """How a call can be made."""

    OWNER = "owner"  # one transaction of the account
    GOVERNOR = "governor"  # the account stages an update in the Governor, which anybody may then execute
    VOTES = "votes"  # a proposal
    SOMEBODY_ELSE = "somebody else"  # another account owns it


@dataclass(frozen=True)
class OwnerCall:
    """A function that an owner calls; `by_votes` if the owner is the treasury itself, not the Controller's."""

    contract: str
    function: str
    arguments: tuple = ()
    by_votes: bool = False

    @property
    def words(self) -> str:
        return f"{self.contract}.{self.function}({', '.join(map(str, self.arguments))})"

    def action(self) -> dict:
        """The same in a proposal file."""
        call = {"contract": self.contract, "function": self.function, "arguments": list(self.arguments)}
        return {"call" if self.by_votes else "as_owner": call}


@dataclass(frozen=True)
class Transaction:
    """Something to be sent by `sender`; by anybody if that is None."""

    to: str
    data: bytes
    what: str
    sender: str | None

    def to_json(self) -> dict:
        return {"from": self.sender, "to": self.to, "data": "0x" + self.data.hex(), "what": self.what}


@dataclass(frozen=True)
class Update:
    """A call as the Governor stages it. `ready_block` is None while it is not staged."""

    arguments: tuple
    nonce: int
    ready_block: int | None


@dataclass(frozen=True)
class Path:
    """The way of one call, and the transactions that it takes, in their order."""

    way: Way
    call: OwnerCall
    owner: str
    transactions: Sequence[Transaction]
    update: Update | None = None

    def describe(self) -> str:
        """For people."""
        if self.way is Way.OWNER:
            return f"the account {self.owner} owns the Controller: one transaction"
        if self.way is Way.GOVERNOR:
            return f"the account {self.owner} owns the Governor, which owns the Controller: staged, then executed there"
        if self.way is Way.VOTES:
            return "the votes of stake decide: a proposal"
        return f"only {self.owner} may do this"


def find_path(
    reader: Reader, call: OwnerCall, account: str | None, *, delay_blocks: int, nonce: int | None
) -> Path:
    """The way that is open to `account`; what it is not allowed to do is composed for whoever is.

    Raises OperationError with the contract's own error if the call would fail from its owner.
    """
    data = encode_call(reader, call.contract, call.function, list(call.arguments))
    target = reader.address(call.contract)
    treasury, governor = reader.address("Treasury"), reader.address("Governor")
    controller_owner = reader.view("Controller", "owner")
    if call.by_votes:
        # The LivepeerGovernor takes calls only while it executes them; `ape run propose` rehearses that.
        if call.contract != "LivepeerGovernor":
            _require_success(reader, call, target, data, treasury)
        return Path(Way.VOTES, call, treasury, ())
    _require_success(reader, call, target, data, controller_owner)
    if controller_owner != governor:
        way = Way.OWNER if controller_owner == account else Way.SOMEBODY_ELSE
        direct = Transaction(target, data, call.words, controller_owner)
        return Path(way, call, controller_owner, (direct,))
    owner = reader.view("Governor", "owner")
    if owner == treasury:
        return Path(Way.VOTES, call, treasury, ())
    update = _update(reader, target, data, nonce)
    stage = encode_call(reader, "Governor", "stage", [update.arguments, delay_blocks])
    execute = encode_call(reader, "Governor", "execute", [update.arguments])
    transactions = (
        Transaction(governor, stage, f"stage {call.words}", owner),
        Transaction(governor, execute, f"execute {call.words}", None),
    )
    way = Way.GOVERNOR if owner == account or update.ready_block is not None else Way.SOMEBODY_ELSE
    return Path(way, call, owner, transactions, update)


def _require_success(reader: Reader, call: OwnerCall, target: str, data: bytes, owner: str) -> None:
    try:
        reader.node.call({"from": owner, "to": target, "data": "0x" + data.hex()})
    except NodeRefused as error:
        reason = describe_revert(error, reader.artifacts)
        raise OperationError(f"{call.words} would fail: {reason}") from error


def _update(reader: Reader, target: str, data: bytes, nonce: int | None) -> Update:
    """With `nonce` None a fresh one: as many updates as have been staged, or the next that is free."""
    if nonce is not None:
        arguments = ([target], [0], [data], nonce)
        update = Update(arguments, nonce, None)
        return replace(update, ready_block=ready_block(reader, update))
    entry = reader.registry.contracts["Governor"]
    fresh = len(reader.node.event_data(entry.address, STAGED, entry.block or 0))
    while True:
        update = Update(([target], [0], [data], fresh), fresh, None)
        if ready_block(reader, update) is None:
            return update
        fresh += 1


def ready_block(reader: Reader, update: Update) -> int | None:
    """From which block on the Governor lets an update be executed; None if it is not staged."""
    encoded = encode(["(address[],uint256[],bytes[],uint256)"], [update.arguments])
    return reader.view("Governor", "updates", keccak(encoded)) or None
