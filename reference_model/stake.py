"""Stake and who it counts for: the procedures that all operations on bonds are made of (staking.md 2.2).

A change of stake in round r counts from r + 1 on.  What counts in a round stands in the row of that round: when
stake that is tracked changes in r, the row of r + 1 gets the new amount, and the row of r the old one, if nothing
has changed in r before.  Stake is tracked while the orchestrator is in the pool or active (DEV-3).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from reference_model.arithmetic import subtract, to_stored_amount
from reference_model.constants import NEVER, STATUS_BONDED, STATUS_PENDING, STATUS_UNBONDED, ZERO_ADDRESS
from reference_model.earnings import get_pending_stake_and_fees, seed_factors
from reference_model.exceptions import (
    DelegateMustRewardFirst,
    IllegalClaimEarnings,
    InvalidUnbondingLock,
    PoolSizeNotSet,
)
from reference_model.managers import ProxiedManager
from reference_model.pool import OrchestratorPool
from reference_model.state import Ledger, Table, remembered
from reference_model.types import Delegator, EarningsRow, Orchestrator, StakeCheckpoint, UnbondingLock

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class StakeBook(ProxiedManager):
    """The records of the BondingManager, and how they change together."""

    name = "BondingManager"
    reads = (
        "RoundsManager",
        "BondingVotes",
        "Minter",
        "LivepeerToken",
        "TicketBroker",
        "Treasury",
        "L2Migrator",
        "Verifier",
    )
    unbonding_period: int = 0
    current_round_total_active_stake: int = 0
    current_round_active_set_size: int = 0
    next_round_total_active_stake: int = 0
    treasury_reward_cut_rate: int = 0
    next_round_treasury_reward_cut_rate: int = 0
    treasury_balance_ceiling: int = 0

    def __init__(
        self, protocol: Protocol, address: str, controller: str = "", *, is_proxy: bool = True
    ) -> None:
        super().__init__(protocol, address, controller, is_proxy=is_proxy)
        journal = protocol.journal
        self.delegators: Table = Table(lambda: Delegator(journal))
        self.orchestrators: Table = Table(lambda: Orchestrator(journal))
        self.earnings: Table = Table(lambda: Table(lambda: EarningsRow(journal)))
        self.locks: Table = Table(lambda: Table(lambda: UnbondingLock(journal)))
        self.reward_callers = Ledger(journal, ZERO_ADDRESS)
        self.pool = OrchestratorPool(journal, lambda account: self.delegators[account].delegated_amount)
        # Only for the view of past rounds (DEV-11): LPT delegated to an account from a round on, rounds with rewards.
        self.stake_history: dict[str, Ledger] = defaultdict(lambda: Ledger(journal))
        self.reward_rounds: dict[str, Ledger] = defaultdict(lambda: Ledger(journal))

    # ---- who is what

    def delegator_status(self, account: str) -> int:
        """0 pending, 1 bonded, 2 unbonded."""
        delegator = self.delegators[account]
        if delegator.bonded_amount == 0:
            return STATUS_UNBONDED
        return STATUS_PENDING if delegator.start_round > self._round() else STATUS_BONDED

    def is_registered_transcoder(self, account: str) -> bool:
        """Whether the account has a bond that points at itself."""
        delegator = self.delegators[account]
        return delegator.delegate == account and delegator.bonded_amount > 0

    def is_active_transcoder(self, account: str) -> bool:
        """Whether the account is in the active set of the current round."""
        return self._is_active_in(account, self._round())

    def _is_active_in(self, account: str, round_number: int) -> bool:
        orchestrator = self.orchestrators[account]
        return orchestrator.activation_round <= round_number < orchestrator.deactivation_round

    @remembered
    def _round(self) -> int:
        return self._contract("RoundsManager").current_round()

    # ---- claiming

    def _require_may_claim(self, caller: str, owner: str) -> None:
        """AUTH: others cause a claim only where that cannot cost the owner the reward of this round."""
        delegator = self.delegators[owner]
        if caller in (owner, self._registered_or_zero("L2Migrator")):
            return
        if self.delegator_status(owner) == STATUS_UNBONDED or not self.is_active_transcoder(
            delegator.delegate
        ):
            return
        has_rewarded = self.orchestrators[delegator.delegate].last_reward_round == self._round()
        if not has_rewarded and delegator.last_claim_round != self._round():
            raise IllegalClaimEarnings(caller, owner, delegator.delegate)

    def _seed(self, delegate: str) -> None:
        """SEED: whoever is pointed at `delegate` from now on starts with its present factors."""
        seed_factors(self.orchestrators[delegate], self.earnings[delegate], self._round())

    def _pending(self, account: str) -> tuple[int, int]:
        delegator = self.delegators[account]
        return get_pending_stake_and_fees(
            delegator,
            self.orchestrators[delegator.delegate],
            self.earnings[delegator.delegate],
            self._round(),
            is_own_delegate=delegator.delegate == account,
        )

    def _settle(self, account: str) -> bool:
        """SETTLE: fold earnings through r into the bond and the fee balance; once per round, else nothing changes."""
        delegator = self.delegators[account]
        current_round = self._round()
        if delegator.last_claim_round >= current_round:
            return False
        stake, fees = delegator.bonded_amount, delegator.fees
        if delegator.delegate != ZERO_ADDRESS:
            stake, fees = self._pending(account)
            self._seed(delegator.delegate)
            if delegator.delegate == account:
                self.orchestrators[account].cumulative_rewards = 0
                self.orchestrators[account].cumulative_fees = 0
        self._emit(
            "EarningsClaimed",
            delegate=delegator.delegate,
            delegator=account,
            rewards=stake - delegator.bonded_amount,
            fees=fees - delegator.fees,
            startRound=delegator.last_claim_round + 1,
            endRound=current_round,
        )
        delegator.last_claim_round = current_round
        delegator.bonded_amount = to_stored_amount(stake)
        delegator.fees = fees
        return True

    # ---- pointing stake at somebody

    def _require_rewarded_if_leaving(self, delegate: str) -> None:
        """No stake behind an orchestrator that leaves after r and has not rewarded in r (staking.md 10.4).

        It would rejoin, be inactive from now on, and lose its reward.
        """
        orchestrator = self.orchestrators[delegate]
        is_leaving = self.is_active_transcoder(delegate) and orchestrator.deactivation_round != NEVER
        if is_leaving and orchestrator.last_reward_round != self._round():
            raise DelegateMustRewardFirst(delegate, self._round())

    def _grow(self, account: str, amount: int) -> None:
        """GROW: point `amount` more at `account`; one that is registered and not in the pool tries to join."""
        previous = self.delegators[account].delegated_amount
        stake = to_stored_amount(previous + amount)
        is_tracked = account in self.pool or self.is_active_transcoder(account)
        if account in self.pool:
            self.next_round_total_active_stake += amount
        elif self.is_registered_transcoder(account):
            self._join(account, stake)
        if is_tracked:
            self._track(account, previous, stake)
        self._set_delegated_amount(account, stake)

    def _shrink(self, account: str, amount: int) -> None:
        """SHRINK: point `amount` less at `account`; a member of the pool without stake leaves it."""
        previous = self.delegators[account].delegated_amount
        stake = subtract(previous, amount)
        is_tracked = account in self.pool or self.is_active_transcoder(account)
        if account in self.pool:
            self.next_round_total_active_stake -= amount
            if stake == 0:
                self.pool.remove(account)
        if is_tracked:
            self._track(account, previous, stake)
        self._set_delegated_amount(account, stake)

    def _track(self, account: str, previous: int, stake: int) -> None:
        """Keep in the row of r what counts in r, and in the row of r + 1 what will count then."""
        orchestrator, rows, current_round = self.orchestrators[account], self.earnings[account], self._round()
        if orchestrator.last_active_stake_update_round < current_round:
            rows[current_round].total_stake = previous
        rows[current_round + 1].total_stake = stake
        orchestrator.last_active_stake_update_round = current_round + 1

    def _set_delegated_amount(self, account: str, stake: int) -> None:
        self.delegators[account].delegated_amount = stake
        self.stake_history[account][self._round() + 1] = stake

    # ---- the pool

    def _join(self, account: str, stake: int) -> None:
        """JOIN: enter the pool; if it is full, in place of the last, which must have less."""
        next_round = self._round() + 1
        if self.pool.is_full:
            if self.pool.max_size == 0:
                raise PoolSizeNotSet()
            last = self.pool.last()
            if stake <= self.delegators[last].delegated_amount:
                return
            self._leave(last)
        self.pool.insert(account)
        self.next_round_total_active_stake += stake
        orchestrator = self.orchestrators[account]
        orchestrator.last_active_stake_update_round = next_round
        orchestrator.activation_round = next_round
        orchestrator.deactivation_round = NEVER
        self.earnings[account][next_round].total_stake = stake
        self._emit("TranscoderActivated", transcoder=account, activationRound=next_round)

    def _leave(self, account: str) -> None:
        """RESIGN: leave the pool with the stake of now; the rest of r stays active."""
        self.pool.remove(account)
        self.next_round_total_active_stake -= self.delegators[account].delegated_amount
        self.orchestrators[account].deactivation_round = self._round() + 1
        self._emit("TranscoderDeactivated", transcoder=account, deactivationRound=self._round() + 1)

    # ---- locks

    def _take_lock(self, account: str, lock_id: int) -> tuple[int, int]:
        """Delete a lock; its amount and withdraw round."""
        lock = self.locks[account][lock_id]
        if lock.withdraw_round == 0:
            raise InvalidUnbondingLock(account, lock_id)
        amount, withdraw_round = lock.amount, lock.withdraw_round
        lock.amount = lock.withdraw_round = 0
        return amount, withdraw_round

    def _rebond(self, account: str, lock_id: int) -> None:
        """REBOND: put the amount of a lock back into the bond, matured or not."""
        delegator = self.delegators[account]
        amount, _ = self._take_lock(account, lock_id)
        delegator.bonded_amount = to_stored_amount(delegator.bonded_amount + amount)
        self._require_rewarded_if_leaving(delegator.delegate)
        self._grow(delegator.delegate, amount)
        if delegator.delegate != account:
            self._checkpoint(delegator.delegate)
        self._emit(
            "Rebond", delegate=delegator.delegate, delegator=account, unbondingLockId=lock_id, amount=amount
        )
        self._checkpoint(account)

    # ---- votes

    def _checkpoint(self, account: str) -> None:
        """SNAP: let the account's present state count from the next round on."""
        delegator, next_round = self.delegators[account], self._round() + 1
        checkpoint = StakeCheckpoint(
            delegator.bonded_amount,
            delegator.delegate,
            delegator.delegated_amount,
            delegator.last_claim_round,
            self.orchestrators[account].last_reward_round,
        )
        self._contract("BondingVotes").checkpoint_stake(self.address, account, next_round, checkpoint)
