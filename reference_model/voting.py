"""BondingVotes: voting power of bonded stake at past rounds (staking.md 5, LIP-89).

A checkpoint written in round r holds from the start of r + 1.  Functions in the shape of ERC-5805 answer for the end
of a round, hence ask for the start of the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from reference_model.arithmetic import fraction_ray_down, to_stored_amount, to_stored_round
from reference_model.earnings import factor_or_whole
from reference_model.exceptions import (
    DecreasingValues,
    FutureLastClaimRound,
    FutureLookup,
    InvalidCaller,
    InvalidStartRound,
    InvalidTotalStakeCheckpointRound,
    MissingEarningsPool,
    MustCallBondingManager,
)
from reference_model.managers import ProxiedManager
from reference_model.registry import entry_point
from reference_model.state import Ledger, remembered
from reference_model.types import StakeCheckpoint

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class BondingVotes(ProxiedManager):
    """Checkpoints per account and start round, and total active stake per initialized round.  Never paused."""

    name = "BondingVotes"
    reads = ("RoundsManager", "BondingManager")

    def __init__(
        self, protocol: Protocol, address: str, controller: str = "", *, is_proxy: bool = True
    ) -> None:
        super().__init__(protocol, address, controller, is_proxy=is_proxy)
        self.checkpoints: dict[str, Ledger] = defaultdict(lambda: Ledger(protocol.journal))
        self.total_active_stakes = Ledger(protocol.journal)

    # ---- for the BondingManager (staking.md 2.8 and 5.1)

    @entry_point
    def checkpoint_bonding_state(
        self,
        sender: str,
        account: str,
        start_round: int,
        bonded_amount: int,
        delegate: str,
        delegated_amount: int,
        last_claim_round: int,
        last_reward_round: int,
    ) -> None:
        """Take over an account's state from the next round on, and report what changes by it (staking.md 5.4).

        Errors: InvalidCaller, InvalidStartRound, FutureLastClaimRound; DecreasingValues if the clock went back.
        """
        self._require_bonding_manager(sender)
        if start_round != self.clock() + 1:
            raise InvalidStartRound(start_round, self.clock() + 1)
        if last_claim_round >= start_round:
            raise FutureLastClaimRound(last_claim_round, start_round - 1)
        self._write(
            account,
            start_round,
            StakeCheckpoint(
                to_stored_amount(bonded_amount),
                delegate,
                to_stored_amount(delegated_amount),
                to_stored_round(last_claim_round),
                to_stored_round(last_reward_round),
            ),
        )

    @entry_point
    def checkpoint_stake(
        self, sender: str, account: str, start_round: int, checkpoint: StakeCheckpoint
    ) -> None:
        """As `checkpoint_bonding_state`, of a BondingManager that knows the round.

        Errors: InvalidCaller; DecreasingValues if the clock went back.
        """
        self._require_bonding_manager(sender)
        self._write(account, start_round, checkpoint)

    @entry_point
    def checkpoint_total_active_stake(self, sender: str, total_stake: int, round_number: int) -> None:
        """Take over the total of the round that is being initialized (staking.md 2.8).

        Errors: InvalidCaller, InvalidTotalStakeCheckpointRound; DecreasingValues if the clock went back.
        """
        self._require_bonding_manager(sender)
        if round_number != self.clock():
            raise InvalidTotalStakeCheckpointRound(round_number, self.clock())
        self._write_total(round_number, total_stake)

    @entry_point
    def checkpoint_total(self, sender: str, total_stake: int, round_number: int) -> None:
        """As `checkpoint_total_active_stake`, of a BondingManager that knows the round.

        Errors: InvalidCaller; DecreasingValues if the clock went back.
        """
        self._require_bonding_manager(sender)
        self._write_total(round_number, total_stake)

    # ---- ERC-5805: at the end of a round (staking.md 2.8)

    @remembered
    def clock(self) -> int:
        """The current round."""
        return self._contract("RoundsManager").current_round()

    def get_votes(self, account: str) -> int:
        """Votes at the end of the current round, as things stand."""
        return self.get_votes_and_delegate_at_round_start(account, self.clock() + 1)[0]

    def get_past_votes(self, account: str, round_number: int) -> int:
        """Votes at the end of a past round.  Errors: FutureLookup."""
        self._require_past(round_number)
        return self.get_votes_and_delegate_at_round_start(account, round_number + 1)[0]

    def total_supply(self) -> int:
        """Total active stake at the end of the current round, as things stand."""
        return self.get_total_active_stake_at(self.clock() + 1)

    def get_past_total_supply(self, round_number: int) -> int:
        """Total active stake at the end of a past round.  Errors: FutureLookup."""
        self._require_past(round_number)
        return self.get_total_active_stake_at(round_number + 1)

    def delegates(self, account: str) -> str:
        """Delegate at the end of the current round, as things stand."""
        return self._get_checkpoint_at(account, self.clock() + 1).delegate

    def delegated_at(self, account: str, round_number: int) -> str:
        """Delegate at the end of a past round.  Errors: FutureLookup."""
        self._require_past(round_number)
        return self._get_checkpoint_at(account, round_number + 1).delegate

    def delegate(self, delegatee: str) -> None:
        """Votes follow bonds: always fails with MustCallBondingManager."""
        raise MustCallBondingManager("bond")

    def delegate_by_sig(self, *arguments: object) -> None:
        """Votes follow bonds: always fails with MustCallBondingManager."""
        raise MustCallBondingManager("bondFor")

    # ---- at the start of a round

    def has_checkpoint(self, account: str) -> bool:
        """Whether the account ever had a checkpoint."""
        return bool(self.checkpoints[account])

    def stake_history_at(self, account: str, round_number: int) -> tuple[int, int, bool]:
        """What was delegated to an account at the start of a round, its last reward round at the end, and whether the
        round was initialized.  For the view of past rounds (DEV-11)."""
        return (
            self._get_checkpoint_at(account, round_number).delegated_amount,
            self._get_checkpoint_at(account, round_number + 1).last_reward_round,
            round_number in self.total_active_stakes,
        )

    def get_total_active_stake_at(self, round_number: int) -> int:
        """Total active stake at the start of a round.

        Stake stands still while rounds are skipped: a round that was not initialized has the total of the next one
        that was, or, when there is none yet, what the next one will have.  Before the first there was none.
        Errors: FutureLookup.  Source: staking.md 5.2.
        """
        self._require_not_after_next(round_number)
        totals = self.total_active_stakes
        if not totals or round_number < min(totals):
            return 0
        following = [initialized for initialized in totals if initialized >= round_number]
        if following:
            return totals[min(following)]
        return self._contract("BondingManager").next_round_total_active_stake

    def get_votes_and_delegate_at_round_start(self, account: str, round_number: int) -> tuple[int, str]:
        """Votes and delegate of an account at the start of a round.

        An orchestrator has all stake delegated to it.  A delegator has its bond and what the rewards of its delegate
        have added since its last claim: frac(bonded, CRF(last reward), CRF(last claim)).  Behind somebody who is no
        orchestrator there are no votes.  Errors: FutureLookup; MissingEarningsPool, which no reachable state raises.
        Source: staking.md 5.3, LIP-89.
        """
        self._require_not_after_next(round_number)
        own = self._get_checkpoint_at(account, round_number)
        if own.bonded_amount == 0:
            return 0, own.delegate
        if own.delegate == account:
            return own.delegated_amount, own.delegate
        of_delegate = self._get_checkpoint_at(own.delegate, round_number)
        end_factor = self._get_reward_factor(own.delegate, of_delegate.last_reward_round)
        if of_delegate.last_reward_round > 0 and end_factor == 0:
            raise MissingEarningsPool(own.delegate, of_delegate.last_reward_round)
        if not self._has_votes(own.delegate, of_delegate):
            return 0, own.delegate
        if of_delegate.last_reward_round < own.last_claim_round:
            return own.bonded_amount, own.delegate
        start_factor = self._get_reward_factor(own.delegate, own.last_claim_round)
        votes = fraction_ray_down(
            own.bonded_amount, factor_or_whole(end_factor), factor_or_whole(start_factor)
        )
        return votes, own.delegate

    # ---- small parts

    def _write(self, account: str, start_round: int, current: StakeCheckpoint) -> None:
        checkpoints = self.checkpoints[account]
        for part in (StakeCheckpoint.bond, StakeCheckpoint.delegation):
            changed = self._get_last_change(checkpoints, part)
            if changed > start_round:
                raise DecreasingValues(start_round, changed)
        previous = self._get_checkpoint_at(account, start_round)
        # One that says what the last one says is left out (DEV-17).
        if not checkpoints or current != previous:
            checkpoints[start_round] = current
            self._emit_changes(account, previous, current)

    def _write_total(self, round_number: int, total_stake: int) -> None:
        latest = max(self.total_active_stakes, default=0)
        if latest > round_number:
            raise DecreasingValues(round_number, latest)
        self.total_active_stakes[round_number] = to_stored_amount(total_stake)

    @staticmethod
    def _get_last_change(checkpoints: Ledger, part: Callable[[StakeCheckpoint], tuple]) -> int:
        """The start round since which a part of an account's checkpoints is what it is; 0 if there is none."""
        since, latest = 0, None
        for start_round in sorted(checkpoints, reverse=True):
            latest = checkpoints[start_round] if latest is None else latest
            if part(checkpoints[start_round]) != part(latest):
                break
            since = start_round
        return since

    def _emit_changes(self, account: str, previous: StakeCheckpoint, current: StakeCheckpoint) -> None:
        if previous.delegate != current.delegate:
            self._emit(
                "DelegateChanged",
                delegator=account,
                fromDelegate=previous.delegate,
                toDelegate=current.delegate,
            )
        previous_votes = previous.delegated_amount if self._has_votes(account, previous) else 0
        current_votes = current.delegated_amount if self._has_votes(account, current) else 0
        if previous_votes != current_votes:
            self._emit(
                "DelegateVotesChanged",
                delegate=account,
                previousBalance=previous_votes,
                newBalance=current_votes,
            )
        was, has = (
            (checkpoint.bonded_amount, checkpoint.last_claim_round) for checkpoint in (previous, current)
        )
        if was != has:
            self._emit(
                "DelegatorBondedAmountChanged",
                delegate=account,
                previousBondedAmount=was[0],
                previousLastClaimRound=was[1],
                newBondedAmount=has[0],
                newLastClaimRound=has[1],
            )

    def _has_votes(self, account: str, checkpoint: StakeCheckpoint) -> bool:
        return checkpoint.delegate == account and checkpoint.bonded_amount > 0

    def _get_checkpoint_at(self, account: str, round_number: int) -> StakeCheckpoint:
        """The latest checkpoint that holds in a round; an empty one if there is none."""
        checkpoints = self.checkpoints[account]
        start_rounds = [start_round for start_round in checkpoints if start_round <= round_number]
        return checkpoints[max(start_rounds)] if start_rounds else StakeCheckpoint()

    def _get_reward_factor(self, orchestrator: str, round_number: int) -> int:
        row = self._contract("BondingManager").get_earnings_row(orchestrator, round_number)
        return row.cumulative_reward_factor_ray

    def _require_past(self, round_number: int) -> None:
        if round_number >= self.clock():
            raise FutureLookup(round_number, max(0, self.clock() - 1))

    def _require_not_after_next(self, round_number: int) -> None:
        if round_number > self.clock() + 1:
            raise FutureLookup(round_number, self.clock() + 1)

    def _require_bonding_manager(self, sender: str) -> None:
        registered = self._registered_or_zero("BondingManager")
        if sender != registered:
            raise InvalidCaller(sender, registered)
