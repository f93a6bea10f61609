"""What orchestrators do, and what other contracts of the protocol do to them (staking.md 2.4, 4 and 10)."""

from reference_model.arithmetic import part_ppm_down, part_ray_down, to_stored_round
from reference_model.bonding_views import BondingViews
from reference_model.constants import PPM_WHOLE, ZERO_ADDRESS
from reference_model.earnings import freeze_commission_and_stake, share_fees, share_reward
from reference_model.exceptions import (
    CallerNotRewardCaller,
    CurrentRoundNotInitialized,
    InvalidFeeShare,
    InvalidRewardCut,
    InvalidSlashShare,
    RewardAlreadyCalled,
    RewardNotCalled,
    RoundLocked,
    TranscoderNotActive,
    TranscoderNotRegistered,
)
from reference_model.registry import entry_point


class OrchestratorActions(BondingViews):
    """The part of the BondingManager that is about orchestrators."""

    # ---- orchestrators (staking.md 2.4)

    @entry_point
    def transcoder(self, sender: str, reward_cut: int, fee_share: int) -> None:
        """Set the caller's rates (ppm), and try to enter the pool.

        An active orchestrator cannot change what the current round is shared by: it has to reward first.
        Errors: SystemPaused, CurrentRoundNotInitialized, RoundLocked, InvalidRewardCut, InvalidFeeShare,
        TranscoderNotRegistered, RewardNotCalled.
        """
        self._set_rates(sender, reward_cut, fee_share)

    @entry_point
    def transcoder_with_hint(self, sender: str, reward_cut: int, fee_share: int, *hints: str) -> None:
        """As `transcoder`."""
        self._set_rates(sender, reward_cut, fee_share)

    def _set_rates(self, sender: str, reward_cut: int, fee_share: int) -> None:
        self._require_running()
        current_round, is_initialized, is_locked = self._contract("RoundsManager").current_round_state()
        if not is_initialized:
            raise CurrentRoundNotInitialized(current_round)
        if is_locked:
            raise RoundLocked(current_round)
        if reward_cut > PPM_WHOLE:
            raise InvalidRewardCut(reward_cut, PPM_WHOLE)
        if fee_share > PPM_WHOLE:
            raise InvalidFeeShare(fee_share, PPM_WHOLE)
        if not self.is_registered_transcoder(sender):
            raise TranscoderNotRegistered(sender)
        orchestrator = self.orchestrators[sender]
        if self.is_active_transcoder(sender) and orchestrator.last_reward_round != current_round:
            raise RewardNotCalled(sender, orchestrator.last_reward_round, current_round)
        orchestrator.reward_cut_ppm = reward_cut
        orchestrator.fee_share_ppm = fee_share
        if sender not in self.pool:
            self._join(sender, self.delegators[sender].delegated_amount)
        self._emit("TranscoderUpdate", transcoder=sender, rewardCut=reward_cut, feeShare=fee_share)

    @entry_point
    def reward(self, sender: str) -> None:
        """Mint the caller's part of the round's issuance, and share it; once per round.

            M = what the Minter mints for S of the total active stake        tr = ⌊M · treasury cut / 10²⁷⌋
            R = M − tr, shared by `earnings.share_reward`

        Who has left the pool in this round may still reward, and may come back by it.
        Errors: SystemPaused, CurrentRoundNotInitialized, TranscoderNotActive, RewardAlreadyCalled; those of
        `Minter.create_reward`; SafeCastOverflowedUintDowncast for a factor of 2¹⁹² or more (DEV-13).
        """
        self._reward(sender)

    @entry_point
    def reward_with_hint(self, sender: str, *hints: str) -> None:
        """As `reward`."""
        self._reward(sender)

    @entry_point
    def set_reward_caller(self, sender: str, reward_caller: str) -> None:
        """Let somebody reward for the caller; zero ends that.  Errors: SystemPaused.  Source: LIP-118, DEV-4."""
        self._require_running()
        self.reward_callers[sender] = reward_caller
        self._emit("RewardCallerSet", transcoder=sender, rewardCaller=reward_caller)

    @entry_point
    def reward_for_transcoder(self, sender: str, transcoder: str) -> None:
        """As `reward`, by the one whom the orchestrator has chosen for it.

        Errors: CallerNotRewardCaller; those of `reward`.  Source: LIP-118, DEV-4.
        """
        self._reward_for(sender, transcoder)

    @entry_point
    def reward_for_transcoder_with_hint(self, sender: str, transcoder: str, *hints: str) -> None:
        """As `reward_for_transcoder`."""
        self._reward_for(sender, transcoder)

    def _reward_for(self, sender: str, transcoder: str) -> None:
        if sender != self.reward_callers[transcoder]:
            raise CallerNotRewardCaller(sender, transcoder, self.reward_callers[transcoder])
        self._reward(transcoder)

    def _reward(self, account: str) -> None:
        current_round = self._require_started_round()
        orchestrator, rows = self.orchestrators[account], self.earnings[account]
        if not self.is_active_transcoder(account):
            raise TranscoderNotActive(account, current_round)
        if orchestrator.last_reward_round == current_round:
            raise RewardAlreadyCalled(account, current_round)
        freeze_commission_and_stake(orchestrator, rows, current_round)
        reward = self._mint_reward(account, rows[current_round].total_stake)
        share_reward(orchestrator, rows, current_round, reward)
        self._grow(account, reward)
        orchestrator.last_reward_round = current_round
        self.reward_rounds[account][current_round] = reward
        self._emit("Reward", transcoder=account, amount=reward)
        self._checkpoint(account)

    def _mint_reward(self, account: str, stake: int) -> int:
        """Mint, and give the treasury its part.

        A treasury that is full takes nothing from the next round on (staking.md 4.5, LIP-92); in this round it still
        does.
        """
        if self.treasury_balance_ceiling > 0 and self.next_round_treasury_reward_cut_rate > 0:
            treasury = self._registered_or_zero("Treasury")
            if self._contract("LivepeerToken").balance_of(treasury) >= self.treasury_balance_ceiling:
                self._set_next_round_treasury_reward_cut_rate(0)
        minter = self._contract("Minter")
        minted = minter.create_reward(self.address, stake, self.current_round_total_active_stake)
        treasury_reward = part_ray_down(minted, self.treasury_reward_cut_rate)
        if treasury_reward > 0:
            treasury = self._registered("Treasury")
            minter.trusted_transfer_tokens(self.address, treasury, treasury_reward)
            self._emit("TreasuryReward", transcoder=account, treasury=treasury, amount=treasury_reward)
        return minted - treasury_reward

    # ---- other contracts

    @entry_point
    def update_transcoder_with_fees(self, sender: str, transcoder: str, fees: int, round_number: int) -> None:
        """Share fees (wei) that a ticket has brought, by `earnings.share_fees`; `round_number` is ignored.

        They count for the current round, and only an active orchestrator takes any (staking.md 10.1).
        Errors: SystemPaused, CallerNotRegistered, TranscoderNotActive.
        """
        self._require_running()
        self._require_caller(sender, "TicketBroker")
        self._share_fees(transcoder, fees, self._round())

    @entry_point
    def credit_fees(self, sender: str, transcoder: str, fees: int, round_number: int) -> None:
        """As `update_transcoder_with_fees`, of a broker that knows the round."""
        self._require_running()
        self._require_caller(sender, "TicketBroker")
        self._share_fees(transcoder, fees, to_stored_round(round_number))

    def _share_fees(self, transcoder: str, fees: int, current_round: int) -> None:
        if not self._is_active_in(transcoder, current_round):
            raise TranscoderNotActive(transcoder, current_round)
        share_fees(
            self.orchestrators[transcoder],
            self.earnings[transcoder],
            current_round,
            fees,
            get_mintable_tokens=lambda: self._contract("Minter").current_mintable_tokens,
            total_active_stake=self.current_round_total_active_stake,
            treasury_cut_ray=self.treasury_reward_cut_rate,
        )

    @entry_point
    def slash_transcoder(
        self, sender: str, transcoder: str, finder: str, slash_amount: int, finder_fee: int
    ) -> None:
        """Take a part (ppm) of a bond, give a part of that to the finder, burn the rest.

            penalty = ⌊bonded · slash amount / 10⁶⌋        finder's reward = ⌊penalty · finder fee / 10⁶⌋

        An orchestrator leaves the pool with its full stake before the penalty falls on it.  Wherever the bond
        points, the stake there falls by the penalty; who loses everything has no bond left.  Locks are not slashed.
        Errors: SystemPaused, CallerNotRegistered, InvalidSlashShare, CurrentRoundNotInitialized; those of the token,
        which on Arbitrum refuses to burn.  Source: staking.md 2.4 and 4.6, DEV-5.
        """
        self._require_running()
        self._require_caller(sender, "Verifier")
        for share in (slash_amount, finder_fee):
            if share > PPM_WHOLE:
                raise InvalidSlashShare(share, PPM_WHOLE)
        # Before the round is initialized, one that leaves would be missing in its totals and still be active in it.
        self._require_started_round()
        self._settle(transcoder)
        delegator = self.delegators[transcoder]
        delegate = delegator.delegate
        penalty = part_ppm_down(delegator.bonded_amount, slash_amount)
        if delegator.bonded_amount > 0:
            if transcoder in self.pool:
                self._leave(transcoder)
            delegator.bonded_amount -= penalty
            if delegator.bonded_amount == 0:
                delegator.delegate = ZERO_ADDRESS
                delegator.start_round = 0
            self._shrink(delegate, penalty)
            if delegate != transcoder:
                self._checkpoint(delegate)
        finder_reward = 0 if finder == ZERO_ADDRESS else part_ppm_down(penalty, finder_fee)
        if finder_reward > 0:
            self._contract("Minter").trusted_transfer_tokens(self.address, finder, finder_reward)
        if penalty > 0:
            self._contract("Minter").trusted_burn_tokens(self.address, penalty - finder_reward)
        self._emit(
            "TranscoderSlashed",
            transcoder=transcoder,
            finder=finder,
            penalty=penalty,
            finderReward=finder_reward,
        )
        self._checkpoint(transcoder)

    @entry_point
    def set_current_round_total_active_stake(self, sender: str) -> None:
        """Take over pool and treasury cut for the round that starts.  Errors: CallerNotRegistered.

        Source: staking.md 2.4 and 4.5; the size of the set is kept for reserves (DEV-2).
        """
        self._require_caller(sender, "RoundsManager")
        self.current_round_total_active_stake = self.next_round_total_active_stake
        self.current_round_active_set_size = self.pool.size
        if self.treasury_reward_cut_rate != self.next_round_treasury_reward_cut_rate:
            self._emit_parameter_update(
                "treasuryRewardCutRate",
                self.treasury_reward_cut_rate,
                self.next_round_treasury_reward_cut_rate,
            )
            self.treasury_reward_cut_rate = self.next_round_treasury_reward_cut_rate
        votes = self._contract("BondingVotes")
        votes.checkpoint_total(self.address, self.current_round_total_active_stake, self._round())

    @entry_point
    def checkpoint_bonding_state(self, sender: str, account: str) -> None:
        """Let an account's present state count for votes from the next round on; anybody, at any time."""
        self._checkpoint(account)

    def _set_next_round_treasury_reward_cut_rate(self, cut_rate: int) -> None:
        self._emit_parameter_update(
            "nextRoundTreasuryRewardCutRate", self.next_round_treasury_reward_cut_rate, cut_rate
        )
        self.next_round_treasury_reward_cut_rate = cut_rate
