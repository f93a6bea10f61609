"""What the BondingManager answers (staking.md 2.5)."""

from reference_model.stake import StakeBook
from reference_model.types import EarningsRow


class BondingViews(StakeBook):
    """Views: never paused, never failing."""

    def pending_stake(self, delegator: str, end_round: int = 0) -> int:
        """The bond with all its earnings; `end_round` is ignored."""
        return self._pending(delegator)[0]

    def pending_fees(self, delegator: str, end_round: int = 0) -> int:
        """Fees, claimed or not; `end_round` is ignored."""
        return self._pending(delegator)[1]

    def transcoder_total_stake(self, transcoder: str) -> int:
        """LPT pointed at an address."""
        return self.delegators[transcoder].delegated_amount

    def transcoder_status(self, transcoder: str) -> int:
        """0 not registered, 1 registered."""
        return int(self.is_registered_transcoder(transcoder))

    def get_total_bonded(self) -> int:
        """LPT that counts in the current round."""
        return self.current_round_total_active_stake

    def transcoder_to_reward_caller(self, transcoder: str) -> str:
        """Who may reward for an orchestrator."""
        return self.reward_callers[transcoder]

    def get_transcoder(self, transcoder: str) -> tuple[int, ...]:
        """The orchestrator's record, in the order of the ABI."""
        record = self.orchestrators[transcoder]
        return (
            record.last_reward_round,
            record.reward_cut_ppm,
            record.fee_share_ppm,
            record.last_active_stake_update_round,
            record.activation_round,
            record.deactivation_round,
            record.active_cumulative_rewards,
            record.cumulative_rewards,
            record.cumulative_fees,
            record.last_fee_round,
        )

    def get_delegator(self, delegator: str) -> tuple[int, int, str, int, int, int, int]:
        """The delegator's record as of its last claim, in the order of the ABI."""
        record = self.delegators[delegator]
        return (
            record.bonded_amount,
            record.fees,
            record.delegate,
            record.delegated_amount,
            record.start_round,
            record.last_claim_round,
            record.next_unbonding_lock_id,
        )

    def get_delegator_unbonding_lock(self, delegator: str, unbonding_lock_id: int) -> tuple[int, int]:
        """Amount and withdraw round of a lock; zeros when there is none."""
        lock = self.locks[delegator][unbonding_lock_id]
        return lock.amount, lock.withdraw_round

    def is_valid_unbonding_lock(self, delegator: str, unbonding_lock_id: int) -> bool:
        """Whether there is such a lock."""
        return self.locks[delegator][unbonding_lock_id].withdraw_round > 0

    def get_transcoder_pool_max_size(self) -> int:
        """Most orchestrators that the pool takes."""
        return self.pool.max_size

    def get_transcoder_pool_size(self) -> int:
        """Orchestrators in the pool."""
        return self.pool.size

    def get_first_transcoder_in_pool(self) -> str:
        """The first of the ranking; zero when the pool is empty."""
        return self.pool.first()

    def get_next_transcoder_in_pool(self, transcoder: str) -> str:
        """The next of the ranking; zero after the last and for somebody who is not in it."""
        return self.pool.next_after(transcoder)

    def reserve_share_state(self, recipient: str) -> tuple[bool, int]:
        """Whether somebody may draw on reserves, and among how many these are divided (DEV-2)."""
        return self.is_active_transcoder(recipient), self.current_round_active_set_size

    # ---- rows

    def get_earnings_row(self, transcoder: str, round_number: int) -> EarningsRow:
        """The row as the procedures of staking.md write it; zeros where nothing was written."""
        return self.earnings[transcoder][round_number]

    def get_transcoder_earnings_pool_for_round(
        self, transcoder: str, round_number: int
    ) -> tuple[int, int, int, int, int]:
        """The row as the contracts show it (DEV-11), which do not write rows of rounds without earnings.

        - stake: what was delegated to the address when the round began; 0 for rounds after the next;
        - rates: of rounds with a reward; of the current round also when there have been fees;
        - factors: those of the row, or, where an initialized round has none, the latest of earlier rounds.

        Whatever the written row has as a factor, this is the same.
        """
        current_round = self._round()
        if round_number > current_round + 1:
            return (0, 0, 0, 0, 0)
        row = self.earnings[transcoder][round_number]
        has_rates = self._has_rewarded_in(transcoder, round_number) or (
            round_number == current_round and self._has_fees_in(transcoder, round_number)
        )
        reward_factor, fee_factor = row.cumulative_reward_factor_ray, row.cumulative_fee_factor_ray
        if self._contract("RoundsManager").is_initialized(round_number):
            earlier = [self.earnings[transcoder][n] for n in self._rounds_through(transcoder, round_number)]
            reward_factor = max(past.cumulative_reward_factor_ray for past in earlier)
            fee_factor = max(past.cumulative_fee_factor_ray for past in earlier)
        return (
            self.get_stake_at_round_start(transcoder, round_number),
            row.reward_cut_ppm if has_rates else 0,
            row.fee_share_ppm if has_rates else 0,
            reward_factor,
            fee_factor,
        )

    def reward_factor_of_round(self, transcoder: str, round_number: int) -> int:
        """The reward factor that was written for a round; zero if the orchestrator did not reward in it."""
        if not self._has_rewarded_in(transcoder, round_number):
            return 0
        return self.earnings[transcoder][round_number].cumulative_reward_factor_ray

    def get_stake_at_round_start(self, transcoder: str, round_number: int) -> int:
        """LPT delegated to an address when a round began, or will begin."""
        history = self.stake_history[transcoder]
        return history[max((n for n in history if n <= round_number), default=0)]

    def _rounds_through(self, transcoder: str, round_number: int) -> list[int]:
        return [n for n in self.earnings[transcoder] if n <= round_number]

    def _has_rewarded_in(self, transcoder: str, round_number: int) -> bool:
        return round_number in self.reward_rounds[transcoder]

    def _has_fees_in(self, transcoder: str, round_number: int) -> bool:
        return 0 < round_number == self.orchestrators[transcoder].last_fee_round
