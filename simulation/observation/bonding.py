"""Views of the BondingManager."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table


class BondingTable(Table):
    """Stake, the pool, earnings, locks."""

    contract = "BondingManager"

    def totals(self, scene: Scene) -> Iterable[Row]:
        bonding = scene.model.bonding_manager
        yield "nextRoundTotalActiveStake", (), bonding.next_round_total_active_stake

    def of_system(self, scene: Scene) -> Iterable[Row]:
        bonding = scene.model.bonding_manager
        yield "unbondingPeriod", (), bonding.unbonding_period
        yield "currentRoundTotalActiveStake", (), bonding.current_round_total_active_stake
        yield "currentRoundActiveSetSize", (), bonding.current_round_active_set_size
        yield "treasuryRewardCutRate", (), bonding.treasury_reward_cut_rate
        yield "nextRoundTreasuryRewardCutRate", (), bonding.next_round_treasury_reward_cut_rate
        yield "treasuryBalanceCeiling", (), bonding.treasury_balance_ceiling
        yield "getTranscoderPoolMaxSize", (), bonding.get_transcoder_pool_max_size()
        yield "getTranscoderPoolSize", (), bonding.get_transcoder_pool_size()
        yield "getFirstTranscoderInPool", (), bonding.get_first_transcoder_in_pool()
        yield "getTotalBonded", (), bonding.get_total_bonded()

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        # Rounds after the next one have no row yet.
        account = scene.accounts[scene.model.block_number % len(scene.accounts)]
        yield from self._row(scene, account, scene.round + 2)

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        bonding, of_it = scene.model.bonding_manager, (account,)
        yield "getDelegator", of_it, bonding.get_delegator(account)
        yield "getTranscoder", of_it, bonding.get_transcoder(account)
        # These alone show from which factors the contracts will settle.
        yield "pendingStake", (account, 0), bonding.pending_stake(account)
        yield "pendingFees", (account, 0), bonding.pending_fees(account)
        yield "getNextTranscoderInPool", of_it, bonding.get_next_transcoder_in_pool(account)
        yield "transcoderToRewardCaller", of_it, bonding.transcoder_to_reward_caller(account)
        for lock_id, lock in bonding.locks[account].items():
            if lock.withdraw_round > 0:
                found = bonding.get_delegator_unbonding_lock(account, lock_id)
                yield "getDelegatorUnbondingLock", (account, lock_id), found
        if bonding.is_active_transcoder(account):
            yield from self._row(scene, account, scene.round)

    def derived_of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        bonding, of_it = scene.model.bonding_manager, (account,)
        yield "transcoderTotalStake", of_it, bonding.transcoder_total_stake(account)
        yield "transcoderStatus", of_it, bonding.transcoder_status(account)
        yield "delegatorStatus", of_it, bonding.delegator_status(account)
        yield "isActiveTranscoder", of_it, bonding.is_active_transcoder(account)
        yield "isRegisteredTranscoder", of_it, bonding.is_registered_transcoder(account)
        yield "reserveShareState", of_it, bonding.reserve_share_state(account)
        for lock_id in range(bonding.delegators[account].next_unbonding_lock_id + 1):
            is_valid = bonding.is_valid_unbonding_lock(account, lock_id)
            yield "isValidUnbondingLock", (account, lock_id), is_valid
            if not is_valid:
                yield "getDelegatorUnbondingLock", (account, lock_id), (0, 0)

    def of_account_in_round(self, scene: Scene, account: str, round_number: int) -> Iterable[Row]:
        bonding, is_current = scene.model.bonding_manager, round_number == scene.round
        # That of somebody active is among what is stored of the account.
        if not (is_current and bonding.is_active_transcoder(account)):
            yield from self._row(scene, account, round_number)
        factor = bonding.reward_factor_of_round(account, round_number)
        yield "rewardFactorOfRound", (account, round_number), factor

    def _row(self, scene: Scene, account: str, round_number: int) -> Iterable[Row]:
        # While the clock is in round 0 the contract takes "no fees yet" for fees in it, and shows the rates now set.
        if scene.round == round_number == 0:
            return
        row = scene.model.bonding_manager.get_transcoder_earnings_pool_for_round(account, round_number)
        yield "getTranscoderEarningsPoolForRound", (account, round_number), row
