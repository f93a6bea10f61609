"""Proposals as the LivepeerGovernor has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address

from scripts._deployment.node import Node
from scripts._deployment.reader import UNREADABLE, Reader
from scripts._governance.errors import UnknownProposal, Unreadable
from scripts._governance.printable import printable

CREATED = keccak(
    text="ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)"
)
# Texts as bytes: anybody may propose with bytes that are no text.
CREATED_TYPES = [
    "uint256",
    "address",
    "address[]",
    "uint256[]",
    "bytes[]",
    "bytes[]",
    "uint256",
    "uint256",
    "bytes",
]


class State(IntEnum):
    """What `state` answers (governance.md D3)."""

    PENDING = 0
    ACTIVE = 1
    CANCELED = 2
    DEFEATED = 3
    SUCCEEDED = 4
    QUEUED = 5
    EXPIRED = 6
    EXECUTED = 7


class Support(IntEnum):
    """What a vote says."""

    against = 0
    abstain = 2
    # `for` is a word of Python's.
    in_favour = 1


@dataclass(frozen=True)
class Proposal:
    """A proposal that is on the chain."""

    position: int
    id: int
    proposer: str
    targets: tuple[str, ...]
    values: tuple[int, ...]
    calldatas: tuple[bytes, ...]
    snapshot_round: int
    deadline_round: int
    description: bytes

    @property
    def title(self) -> str:
        """The first line of the description, as far as it is text that can be shown."""
        lines = self.description.decode("utf-8", errors="replace").splitlines()
        return printable(lines[0].lstrip("# ")) if lines else ""

    @property
    def text(self) -> str:
        """The lines after the first, likewise."""
        lines = self.description.decode("utf-8", errors="replace").splitlines()[1:]
        return "\n".join(printable(line) for line in lines).strip()

    @property
    def by_hash(self) -> tuple:
        """Arguments of queue, execute and cancel."""
        return (
            list(self.targets),
            list(self.values),
            list(self.calldatas),
            "0x" + keccak(self.description).hex(),
        )


def proposal_id(
    targets: Sequence[str], values: Sequence[int], calldatas: Sequence[bytes], description: str
) -> int:
    """The id that a proposal will have (governance.md D3)."""
    content = [list(targets), list(values), list(calldatas), keccak(text=description)]
    return int.from_bytes(keccak(encode(["address[]", "uint256[]", "bytes[]", "bytes32"], content)), "big")


def list_proposals(node: Node, reader: Reader) -> list[Proposal]:
    """All proposals, the oldest first, from the governor's events."""
    entry = reader.registry.contracts["LivepeerGovernor"]
    found = []
    for data in node.event_data(entry.address, CREATED, entry.block or 0):
        number, proposer, targets, values, _, calldatas, start, end, description = decode(CREATED_TYPES, data)
        addresses = tuple(to_checksum_address(target) for target in targets)
        found.append(
            Proposal(
                len(found) + 1,
                number,
                to_checksum_address(proposer),
                addresses,
                values,
                calldatas,
                start,
                end,
                description,
            )
        )
    return found


def find_proposal(node: Node, reader: Reader, given: str) -> Proposal:
    """The proposal of that id, or of that position in the list. Raises UnknownProposal."""
    proposals = list_proposals(node, reader)
    try:
        number = int(given, 0)
    except ValueError:
        raise UnknownProposal(given, len(proposals)) from None
    for proposal in proposals:
        if number in (proposal.id, proposal.position):
            return proposal
    raise UnknownProposal(given, len(proposals))


@dataclass(frozen=True)
class Standing:
    """How a proposal stands now. Votes and quorum are LPT base units; `wait_seconds` is what is left of the treasury's
    delay, None while the proposal is not queued.
    """

    state: State
    current_round: int
    against_votes: int
    for_votes: int
    abstain_votes: int
    quorum: int | None
    quota_ppm: int
    wait_seconds: int | None = None

    @property
    def votes_cast(self) -> int:
        return self.against_votes + self.for_votes + self.abstain_votes

    def explain(self, proposal: Proposal) -> str:
        """What is next, in words."""
        left = proposal.deadline_round - self.current_round + 1
        if self.state is State.PENDING:
            return f"votes from round {proposal.snapshot_round + 1} on, now is {self.current_round}"
        if self.state is State.ACTIVE:
            return f"votes until the end of round {proposal.deadline_round}: {left} more, this one included"
        if self.state is State.SUCCEEDED:
            return f"may be queued: ape run execute {proposal.position}"
        if self.state is State.QUEUED:
            words = (
                f"in {self.wait_seconds:,} s, when the treasury's delay is over"
                if self.wait_seconds
                else "now"
            )
            return f"may be executed {words}: ape run execute {proposal.position}"
        if self.state is State.DEFEATED:
            if self.quorum is not None and self.votes_cast < self.quorum:
                return "the quorum was missed"
            return "too few votes in favour"
        return ""


def standing_of(proposal: Proposal, reader: Reader) -> Standing:
    """Reads state and tallies. Raises Unreadable while the governor does not answer."""

    def view(function: str, *arguments: int) -> Any:
        found = reader.view("LivepeerGovernor", function, *arguments)
        if found == UNREADABLE:
            raise Unreadable(f"LivepeerGovernor.{function}")
        return found

    against, in_favour, abstain = view("proposalVotes", proposal.id)
    quorum = reader.view("LivepeerGovernor", "quorum", proposal.snapshot_round)
    state = State(view("state", proposal.id))
    wait = None
    if state is State.QUEUED:
        wait = max(0, view("proposalEta", proposal.id) - reader.node.timestamp())
    return Standing(
        state,
        view("clock"),
        against,
        in_favour,
        abstain,
        # Not known until its round is over.
        quorum if isinstance(quorum, int) else None,
        view("quota"),
        wait,
    )
