"""The LivepeerGovernor: bonded stake decides about the treasury and about its own settings (governance.md D, LIP-89).

`proposals` says what becomes of a proposal, `counting` what a vote weighs; here are set-up, votes and settings.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from reference_model.arithmetic import to_stored
from reference_model.constants import PPM_WHOLE
from reference_model.exceptions import (
    GovernorDisabledDeposit,
    GovernorInvalidQuorumFraction,
    GovernorInvalidSignature,
    GovernorInvalidVotingPeriod,
    GovernorOnlyExecutor,
    InvalidInitialization,
    InvalidQuota,
    Panic,
)
from reference_model.governance_cryptography import GovernanceCryptography
from reference_model.proposals import ProposalBook, ProposalState
from reference_model.registry import entry_point
from reference_model.state import Ledger
from reference_model.treasury import call_or_say_that_it_failed

if TYPE_CHECKING:
    from reference_model.protocol import Protocol
    from reference_model.types import Message

ROUND_BITS = 32
PANIC_EMPTY_QUEUE = 0x31


def governance_only(function: Any) -> Any:
    """An entry point for executed proposals: the treasury calls, and the call is one that a proposal makes here now."""

    @wraps(function)
    def check_and_call(governor: LivepeerGovernor, sender: str, *arguments: Any) -> None:
        if sender != governor.timelock:
            raise GovernorOnlyExecutor(sender)
        while True:
            if not governor.allowed_calls:
                raise Panic(PANIC_EMPTY_QUEUE)
            allowed, *governor.allowed_calls = governor.allowed_calls
            if (allowed.function, allowed.arguments) == (function.__name__, arguments):
                break
        function(governor, *arguments)

    return entry_point(check_and_call)


class LivepeerGovernor(ProposalBook):
    """See the module."""

    is_initialized: bool = False

    def __init__(
        self,
        protocol: Protocol,
        address: str,
        controller: str = "",
        *,
        is_proxy: bool = True,
        cryptography: GovernanceCryptography | None = None,
    ) -> None:
        super().__init__(protocol, address, controller, is_proxy=is_proxy)
        self.cryptography = cryptography
        self.nonces = Ledger(protocol.journal)
        """Ballots with a nonce used, by voter."""

    @entry_point
    def initialize(
        self,
        sender: str,
        initial_voting_delay: int,
        initial_voting_period: int,
        initial_proposal_threshold: int,
        initial_quorum: int,
        initial_quota: int,
    ) -> None:
        """Set the governor up, once; by the owner of the Controller (DEV-22).  The bare target never can be.

        Errors: InvalidInitialization, CallerNotControllerOwner, GovernorInvalidVotingPeriod, ContractNotRegistered,
        GovernorInvalidQuorumFraction, InvalidQuota.  Source: governance.md D2.
        """
        if self.is_initialized or not self.is_subscriber:
            raise InvalidInitialization()
        self._require_owner(sender)
        self._set_voting_delay(initial_voting_delay)
        self._set_voting_period(initial_voting_period)
        self._set_proposal_threshold(initial_proposal_threshold)
        self._set_timelock(self._registered("Treasury"))
        self.token = self._registered("BondingVotes")
        self._set_quorum_numerator(initial_quorum)
        if initial_quota >= PPM_WHOLE:
            raise InvalidQuota(initial_quota, PPM_WHOLE)
        self.quota = initial_quota
        self.is_initialized = True
        self._emit("Initialized", version=1)

    # ---- votes

    @entry_point
    def cast_vote(self, sender: str, proposal_id: int, support: int) -> int:
        """Vote against (0), for (1) or abstaining (2) with all votes of the snapshot; returns these.

        Errors: GovernorNonexistentProposal, GovernorUnexpectedProposalState, InvalidVoteType, VoteAlreadyCast.
        Source: governance.md D4.
        """
        return self._cast(proposal_id, sender, support)

    @entry_point
    def cast_vote_with_reason(self, sender: str, proposal_id: int, support: int, reason: str) -> int:
        """Vote and say why."""
        return self._cast(proposal_id, sender, support, reason)

    @entry_point
    def cast_vote_with_reason_and_params(
        self, sender: str, proposal_id: int, support: int, reason: str, params: bytes
    ) -> int:
        """Vote with parameters, which mean nothing."""
        return self._cast(proposal_id, sender, support, reason, params)

    @entry_point
    def cast_vote_by_sig(self, sender: str, proposal_id: int, support: int, *signature: Any) -> int:
        """The vote of who signed a ballot: v, r, s in the deployed form, or voter and signature, with a nonce."""
        if len(signature) == 3:
            voter = self.cryptography.recover_ballot(proposal_id, support, signature)
        else:
            voter, signed = signature
            nonce = self._use_nonce(voter)
            if not self.cryptography.is_ballot_of(voter, proposal_id, support, nonce, signed):
                raise GovernorInvalidSignature(voter)
        return self._cast(proposal_id, voter, support)

    @entry_point
    def cast_vote_with_reason_and_params_by_sig(
        self, sender: str, proposal_id: int, support: int, *ballot: Any
    ) -> int:
        """The same with reason and parameters: reason, params, v, r, s, or voter, reason, params, signature."""
        if len(ballot) == 5:
            reason, params, *signature = ballot
            voter = self.cryptography.recover_extended_ballot(
                proposal_id, support, reason, params, tuple(signature)
            )
        else:
            voter, reason, params, signed = ballot
            fields = (proposal_id, support, self._use_nonce(voter), reason, params)
            if not self.cryptography.is_extended_ballot_of(voter, *fields, signed):
                raise GovernorInvalidSignature(voter)
        return self._cast(proposal_id, voter, support, reason, params)

    # ---- settings, by executed proposals

    @governance_only
    def set_voting_delay(self, new_voting_delay: int) -> None:
        """Rounds between a proposal and its snapshot."""
        self._set_voting_delay(new_voting_delay)

    @governance_only
    def set_voting_period(self, new_voting_period: int) -> None:
        """Rounds in which a proposal can be voted on."""
        self._set_voting_period(new_voting_period)

    @governance_only
    def set_proposal_threshold(self, new_proposal_threshold: int) -> None:
        """LPT in votes that proposing takes."""
        self._set_proposal_threshold(new_proposal_threshold)

    @governance_only
    def update_quorum_numerator(self, new_quorum_numerator: int) -> None:
        """Share of the total active stake that has to vote, for proposals with a snapshot from this round on."""
        self._set_quorum_numerator(new_quorum_numerator)

    @governance_only
    def update_timelock(self, new_timelock: str) -> None:
        """The treasury that executes."""
        self._set_timelock(new_timelock)

    @governance_only
    def relay(self, target: str, value: int, data: Message) -> None:
        """A call by the governor itself: for what was sent to it by mistake."""
        call_or_say_that_it_failed(self.protocol, self.address, target, data, value)

    @entry_point
    def bump_governor_votes_token_address(self, sender: str) -> None:
        """Take votes from the registered BondingVotes; anybody may, and there is no event."""
        self.token = self._registered("BondingVotes")

    @entry_point
    def receive(self, sender: str, *, value: int) -> None:
        """ETH belongs into the treasury."""
        raise GovernorDisabledDeposit()

    @entry_point
    def on_erc721_received(self, sender: str, *token: Any) -> None:
        """And so do tokens of other kinds."""
        raise GovernorDisabledDeposit()

    on_erc1155_received = on_erc1155_batch_received = on_erc721_received

    # ---- small parts

    def _cast(self, proposal_id: int, voter: str, support: int, reason: str = "", params: bytes = b"") -> int:
        self._require_state(proposal_id, ProposalState.ACTIVE)
        proposal = self.proposals[proposal_id]
        proposal.tally.check(voter, support)
        round_start = proposal.vote_start + 1
        source = self._token()
        weight, delegate = source.get_votes_and_delegate_at_round_start(voter, round_start)
        if delegate == voter:
            proposal.tally.count(voter, support, weight)
        else:
            _, delegate_of_delegate = source.get_votes_and_delegate_at_round_start(delegate, round_start)
            loser = delegate if delegate_of_delegate == delegate else None
            proposal.tally.count_delegator(voter, support, weight, loser)
        cast = {"voter": voter, "proposalId": proposal_id, "support": support, "weight": weight}
        if params:
            self._emit("VoteCastWithParams", **cast, reason=reason, params=params)
        else:
            self._emit("VoteCast", **cast, reason=reason)
        return weight

    def _use_nonce(self, voter: str) -> int:
        nonce = self.nonces[voter]
        self.nonces[voter] = nonce + 1
        return nonce

    def _set_voting_delay(self, rounds: int) -> None:
        self._emit("VotingDelaySet", oldVotingDelay=self.voting_delay, newVotingDelay=rounds)
        self.voting_delay = to_stored(rounds, ROUND_BITS)

    def _set_voting_period(self, rounds: int) -> None:
        if rounds == 0:
            raise GovernorInvalidVotingPeriod(rounds)
        self._emit("VotingPeriodSet", oldVotingPeriod=self.voting_period, newVotingPeriod=rounds)
        self.voting_period = to_stored(rounds, ROUND_BITS)

    def _set_proposal_threshold(self, votes: int) -> None:
        self._emit(
            "ProposalThresholdSet", oldProposalThreshold=self.proposal_threshold, newProposalThreshold=votes
        )
        self.proposal_threshold = votes

    def _set_quorum_numerator(self, numerator: int) -> None:
        if numerator > PPM_WHOLE:
            raise GovernorInvalidQuorumFraction(numerator, PPM_WHOLE)
        previous = self.quorum_numerator()
        self.quorum_numerators[self.clock()] = numerator
        self._emit("QuorumNumeratorUpdated", oldQuorumNumerator=previous, newQuorumNumerator=numerator)

    def _set_timelock(self, timelock: str) -> None:
        self._emit("TimelockChange", oldTimelock=self.timelock, newTimelock=timelock)
        self.timelock = timelock
