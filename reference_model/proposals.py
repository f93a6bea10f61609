"""Proposals: what they are, from proposal to execution (governance.md D3).

Proposed in round r, with snapshot t = r + voting delay and deadline e = t + voting period:

    pending      round ≤ t
    active       t < round ≤ e: votes of the end of round t count
    succeeded    round > e, Σ votes ≥ quorum, for · 10⁶ > (for + against) · quota; else defeated

Then anybody queues it in the treasury and executes it there.  Votes, delegations, totals and the round come from one
source, the token (DEV-21), and nothing goes on while that cannot tell the round (DEV-20).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from reference_model.arithmetic import part_ppm_down, subtract
from reference_model.constants import PPM_WHOLE, ZERO_ADDRESS
from reference_model.counting import ABSTAIN, AGAINST, FOR, Tally
from reference_model.exceptions import (
    GovernorInsufficientProposerVotes,
    GovernorInvalidProposalLength,
    GovernorNonexistentProposal,
    GovernorRestrictedProposer,
    GovernorUnableToCancel,
    GovernorUnexpectedProposalState,
)
from reference_model.governance_cryptography import Calls, GovernanceCryptography, bitmap
from reference_model.managers import ProxiedManager
from reference_model.registry import entry_point
from reference_model.state import Journal, Ledger, Record, Table
from reference_model.treasury import DONE, NO_PREDECESSOR, UNSET, Treasury

if TYPE_CHECKING:
    from reference_model.protocol import Protocol
    from reference_model.types import Message
    from reference_model.voting import BondingVotes

RESERVED_FOR = re.compile(rb"#proposer=(0x[0-9a-fA-F]{40})\Z")
"""A description that ends so can be proposed by that address only; others could cancel what they copied (G4)."""


class ProposalState(IntEnum):
    """What becomes of a proposal."""

    PENDING = 0
    ACTIVE = 1
    CANCELED = 2
    DEFEATED = 3
    SUCCEEDED = 4
    QUEUED = 5
    EXPIRED = 6
    """Never."""
    EXECUTED = 7


class Proposal(Record):
    """What is kept of a proposal; the calls themselves are only hashed."""

    proposer: str = ZERO_ADDRESS
    vote_start: int = 0
    """The snapshot, a round; zero stands for no proposal."""
    vote_duration: int = 0
    """Rounds."""
    is_executed: bool = False
    is_canceled: bool = False
    operation_id: bytes = b""
    """Of the treasury, while it is queued."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        # As the record itself it is there from the first look on, even if the call that looks fails.
        object.__setattr__(self, "tally", Tally(journal))


class ProposalBook(ProxiedManager):
    """All proposals by id, and the settings that decide what becomes of them."""

    name = "LivepeerGovernor"
    reads = ("BondingVotes", "Treasury")
    voting_delay: int = 0
    """Rounds."""
    voting_period: int = 0
    """Rounds."""
    proposal_threshold: int = 0
    """LPT in votes that proposing takes."""
    quota: int = 0
    """Share of the votes for and against, in parts per million, that those for have to exceed."""
    token: str = ZERO_ADDRESS
    timelock: str = ZERO_ADDRESS
    allowed_calls: Sequence[Message] = ()
    """What the proposal that is being executed calls here, and has not called yet (G6)."""
    cryptography: GovernanceCryptography

    def __init__(
        self, protocol: Protocol, address: str, controller: str = "", *, is_proxy: bool = True
    ) -> None:
        super().__init__(protocol, address, controller, is_proxy=is_proxy)
        self.proposals: Table = Table(lambda: Proposal(protocol.journal))
        self.quorum_numerators = Ledger(protocol.journal)
        """Parts per million, by the round from which on they hold."""

    # ---- proposals

    @entry_point
    def propose(
        self,
        sender: str,
        targets: Sequence[str],
        values: Sequence[int],
        calldatas: Sequence[Message],
        description: str,
    ) -> int:
        """Put calls of the treasury to the vote; returns the id.

        Errors: GovernorRestrictedProposer, GovernorInsufficientProposerVotes, GovernorInvalidProposalLength,
        GovernorUnexpectedProposalState; a panic in round 0.  Source: governance.md D3.
        """
        reserved = RESERVED_FOR.search(description.encode())
        if reserved and reserved[1].decode().lower() != sender.lower():
            raise GovernorRestrictedProposer(sender)
        if self.proposal_threshold > 0:
            votes = self.get_votes(sender, subtract(self.clock(), 1))
            if votes < self.proposal_threshold:
                raise GovernorInsufficientProposerVotes(sender, votes, self.proposal_threshold)
        proposal_id = self._identify(
            targets, values, calldatas, self.cryptography.hash_description(description)
        )
        if not len(targets) == len(values) == len(calldatas) or not targets:
            raise GovernorInvalidProposalLength(len(targets), len(calldatas), len(values))
        proposal = self.proposals[proposal_id]
        if proposal.vote_start:
            raise GovernorUnexpectedProposalState(proposal_id, self.state(proposal_id), bitmap())
        proposal.proposer = sender
        proposal.vote_start = self.clock() + self.voting_delay
        proposal.vote_duration = self.voting_period
        self._emit(
            "ProposalCreated",
            proposalId=proposal_id,
            proposer=sender,
            targets=list(targets),
            values=list(values),
            signatures=[""] * len(targets),
            calldatas=[message.calldata for message in calldatas],
            voteStart=proposal.vote_start,
            voteEnd=proposal.vote_start + proposal.vote_duration,
            description=description,
        )
        return proposal_id

    @entry_point
    def cancel(
        self,
        sender: str,
        targets: Sequence[str],
        values: Sequence[int],
        calldatas: Sequence[Message],
        description_hash: bytes,
    ) -> int:
        """Withdraw a proposal before the vote; its proposer alone.

        Errors: GovernorNonexistentProposal, GovernorUnableToCancel.  Source: governance.md D3.
        """
        proposal_id = self._identify(targets, values, calldatas, description_hash)
        is_pending = self.state(proposal_id) is ProposalState.PENDING
        if not is_pending or sender != self.proposals[proposal_id].proposer:
            raise GovernorUnableToCancel(proposal_id, sender)
        self.proposals[proposal_id].is_canceled = True
        self._emit("ProposalCanceled", proposalId=proposal_id)
        return proposal_id

    @entry_point
    def queue(
        self,
        sender: str,
        targets: Sequence[str],
        values: Sequence[int],
        calldatas: Sequence[Message],
        description_hash: bytes,
    ) -> int:
        """Schedule a proposal that has succeeded, without predecessor, salted with the hash of its description.

        Errors: GovernorNonexistentProposal, GovernorUnexpectedProposalState; those of `Treasury.schedule_batch`.
        Source: governance.md D3.
        """
        proposal_id = self._identify(targets, values, calldatas, description_hash)
        self._require_state(proposal_id, ProposalState.SUCCEEDED)
        treasury, calls = self._treasury(), Calls(targets, values, calldatas)
        delay = treasury.min_delay
        operation_id = self.cryptography.hash_operation_batch(calls, NO_PREDECESSOR, description_hash)
        self.proposals[proposal_id].operation_id = operation_id
        treasury.schedule_batch(self.address, *calls, NO_PREDECESSOR, description_hash, delay)
        self._emit("ProposalQueued", proposalId=proposal_id, etaSeconds=self.protocol.timestamp + delay)
        return proposal_id

    @entry_point
    def execute(
        self,
        sender: str,
        targets: Sequence[str],
        values: Sequence[int],
        calldatas: Sequence[Message],
        description_hash: bytes,
        *,
        value: int = 0,
    ) -> int:
        """Let the treasury make the calls of a queued proposal, with ETH of this transaction and its own.

        Errors: GovernorNonexistentProposal, GovernorUnexpectedProposalState; those of `Treasury.execute_batch`.
        Source: governance.md D3.
        """
        proposal_id = self._identify(targets, values, calldatas, description_hash)
        self._require_state(proposal_id, ProposalState.QUEUED)
        self.protocol.pay(sender, self.address, value)
        proposal, treasury = self.proposals[proposal_id], self._treasury()
        proposal.is_executed, proposal.operation_id = True, b""
        own_calls = [m for target, m in zip(targets, calldatas, strict=True) if target == self.address]
        self.allowed_calls = [*self.allowed_calls, *own_calls]
        treasury.execute_batch(
            self.address,
            targets,
            values,
            calldatas,
            NO_PREDECESSOR,
            description_hash,
            value=value,
        )
        self.allowed_calls = ()
        self._emit("ProposalExecuted", proposalId=proposal_id)
        return proposal_id

    def state(self, proposal_id: int) -> ProposalState:
        """What has become of a proposal; once queued, what has become of its operation (DEV-23)."""
        proposal = self.proposals[proposal_id]
        if proposal.operation_id:
            operation = self._treasury().get_operation_state(proposal.operation_id)
            others = {DONE: ProposalState.EXECUTED, UNSET: ProposalState.CANCELED}
            return others.get(operation, ProposalState.QUEUED)
        if proposal.is_executed:
            return ProposalState.EXECUTED
        if proposal.is_canceled:
            return ProposalState.CANCELED
        if proposal.vote_start == 0:
            raise GovernorNonexistentProposal(proposal_id)
        current_round = self.clock()
        if current_round <= proposal.vote_start:
            return ProposalState.PENDING
        if current_round <= proposal.vote_start + proposal.vote_duration:
            return ProposalState.ACTIVE
        return ProposalState.SUCCEEDED if self._passes(proposal) else ProposalState.DEFEATED

    # ---- views

    def clock(self) -> int:
        """The current round."""
        return self._token().clock()

    def votes(self) -> str:
        """The registered BondingVotes; zero for none."""
        return self._registered_or_zero("BondingVotes")

    def get_votes(self, account: str, timepoint: int) -> int:
        """Votes at the end of a past round."""
        return self._token().get_past_votes(account, timepoint)

    def has_voted(self, proposal_id: int, account: str) -> bool:
        """Whether the account has voted on the proposal."""
        return self.proposals[proposal_id].tally.voters[account].has_voted

    def proposal_votes(self, proposal_id: int) -> tuple[int, int, int]:
        """Votes against, for and abstaining, without what delegators have overridden."""
        votes = self.proposals[proposal_id].tally.votes
        return votes[AGAINST], votes[FOR], votes[ABSTAIN]

    def proposal_snapshot(self, proposal_id: int) -> int:
        """The round at whose end votes count."""
        return self.proposals[proposal_id].vote_start

    def proposal_deadline(self, proposal_id: int) -> int:
        """The last round in which the proposal can be voted on."""
        proposal = self.proposals[proposal_id]
        return proposal.vote_start + proposal.vote_duration

    def proposal_proposer(self, proposal_id: int) -> str:
        """Who proposed it."""
        return self.proposals[proposal_id].proposer

    def proposal_eta(self, proposal_id: int) -> int:
        """When a queued proposal can be executed, in seconds; zero for any other."""
        operation_id = self.proposals[proposal_id].operation_id
        if not operation_id or self._treasury().get_operation_state(operation_id) == DONE:
            return 0
        return self._treasury().get_timestamp(operation_id)

    def quorum_numerator(self, timepoint: int | None = None) -> int:
        """The share in parts per million, as of now or as it was in a round (G5)."""
        set_in = [r for r in self.quorum_numerators if timepoint is None or r <= timepoint]
        return self.quorum_numerators[max(set_in)] if set_in else 0

    def quorum(self, timepoint: int) -> int:
        """Votes that have to be cast: ⌊total active stake at the end of the round · numerator of the round / 10⁶⌋."""
        return part_ppm_down(self._token().get_past_total_supply(timepoint), self.quorum_numerator(timepoint))

    # ---- small parts

    def _passes(self, proposal: Proposal) -> bool:
        """Quorum and success; abstentions count for the quorum alone, and a tie fails (DEV-18)."""
        against, in_favour, abstaining = (proposal.tally.votes[s] for s in (AGAINST, FOR, ABSTAIN))
        is_quorum_reached = against + in_favour + abstaining >= self.quorum(proposal.vote_start)
        return is_quorum_reached and in_favour * PPM_WHOLE > (against + in_favour) * self.quota

    def _identify(
        self,
        targets: Sequence[str],
        values: Sequence[int],
        calldatas: Sequence[Message],
        description_hash: bytes,
    ) -> int:
        return self.cryptography.hash_proposal(Calls(targets, values, calldatas), description_hash)

    def _require_state(self, proposal_id: int, expected: ProposalState) -> None:
        current = self.state(proposal_id)
        if current is not expected:
            raise GovernorUnexpectedProposalState(proposal_id, current, bitmap(expected))

    def _treasury(self) -> Treasury:
        return self.protocol.at(self.timelock)

    def _token(self) -> BondingVotes:
        return self.protocol.at(self.token)
