"""The BondingManager: parameters, and what holders of LPT do (staking.md 2.3 and 2.4, with the rules of 10).

Each function runs its checks in the order in which they fail.  Those with `_with_hint` take positions in a sorted
list, which change nothing (DEV-10); the plain ones are the same without.

All but the parameters need a system that runs and an initialized round: SystemPaused, CurrentRoundNotInitialized.
"""

from reference_model.arithmetic import to_stored, to_stored_amount
from reference_model.constants import RAY_WHOLE, STATUS_BONDED, STATUS_UNBONDED, ZERO_ADDRESS
from reference_model.exceptions import (
    BondAmountIsZero,
    DelegatorNotBonded,
    DelegatorNotUnbonded,
    FeeRecipientIsZero,
    InsufficientBond,
    InsufficientFees,
    InvalidDelegate,
    InvalidDelegateChange,
    InvalidDelegator,
    InvalidTreasuryRewardCutRate,
    PoolSizeNotIncreased,
    RegisteredTranscoderCannotMove,
    UnbondAmountIsZero,
    UnbondingPeriodIsZero,
    WithdrawRoundNotReached,
)
from reference_model.orchestrating import OrchestratorActions
from reference_model.registry import entry_point

POOL_SIZE_BITS = 16
LOCK_ROUND_BITS = 64


class BondingManager(OrchestratorActions):
    """Stake, the orchestrator pool, rewards and fees."""

    # ---- parameters: for the owner of the Controller; not stopped by a pause (staking.md 2.3)

    @entry_point
    def set_unbonding_period(self, sender: str, unbonding_period: int) -> None:
        """Set for how many rounds unbonded LPT waits; locks that exist keep their round.

        Errors: CallerNotControllerOwner, UnbondingPeriodIsZero (DEV-6).
        """
        self._require_owner(sender)
        if unbonding_period == 0:
            raise UnbondingPeriodIsZero()
        self._emit_parameter_update("unbondingPeriod", self.unbonding_period, unbonding_period)
        self.unbonding_period = unbonding_period

    @entry_point
    def set_treasury_reward_cut_rate(self, sender: str, cut_rate: int) -> None:
        """Set the treasury's share of rewards (27 decimals) from the next round on.

        Errors: CallerNotControllerOwner, InvalidTreasuryRewardCutRate.  Source: LIP-92.
        """
        self._require_owner(sender)
        if cut_rate > RAY_WHOLE:
            raise InvalidTreasuryRewardCutRate(cut_rate, RAY_WHOLE)
        self._set_next_round_treasury_reward_cut_rate(cut_rate)

    @entry_point
    def set_treasury_balance_ceiling(self, sender: str, ceiling: int) -> None:
        """Set the balance (LPT) at which the treasury takes no more; 0 for none.

        Errors: CallerNotControllerOwner.  Source: LIP-92.
        """
        self._require_owner(sender)
        self._emit_parameter_update("treasuryBalanceCeiling", self.treasury_balance_ceiling, ceiling)
        self.treasury_balance_ceiling = ceiling

    @entry_point
    def set_num_active_transcoders(self, sender: str, num_active_transcoders: int) -> None:
        """Raise the size of the pool; nobody is pulled in.

        Errors: CallerNotControllerOwner, PoolSizeNotIncreased; SafeCastOverflowedUintDowncast from 2¹⁶ on (DEV-13).
        """
        self._require_owner(sender)
        previous = self.pool.max_size
        if num_active_transcoders <= previous:
            raise PoolSizeNotIncreased(num_active_transcoders, previous)
        self.pool.max_size = to_stored(num_active_transcoders, POOL_SIZE_BITS)
        self._emit_parameter_update("numActiveTranscoders", previous, num_active_transcoders)

    # ---- bonds (staking.md 2.4)

    @entry_point
    def bond(self, sender: str, amount: int, to: str) -> None:
        """Bond LPT of the caller, and point the caller's whole bond at `to`.

        Errors: DelegateMustRewardFirst, RegisteredTranscoderCannotMove, BondAmountIsZero, PoolSizeNotSet;
        SafeCastOverflowedUintDowncast (DEV-13); those of the token.
        """
        self._bond(sender, amount, sender, to)

    @entry_point
    def bond_with_hint(self, sender: str, amount: int, to: str, *hints: str) -> None:
        """As `bond`."""
        self._bond(sender, amount, sender, to)

    @entry_point
    def bond_for_with_hint(self, sender: str, amount: int, owner: str, to: str, *hints: str) -> None:
        """Bond LPT of the caller for `owner`, and point the owner's whole bond at `to`.

        Somebody else than the owner only starts a bond that does not point at the owner, or adds to one without
        moving it.  The L2Migrator may do what the owner may.  Nobody bonds for the zero address (DEV-26).
        Bonding nothing is a move.
        Errors: IllegalClaimEarnings, InvalidDelegator, InvalidDelegate, InvalidDelegateChange; those of `bond`.
        """
        self._bond(sender, amount, owner, to)

    def _bond(self, sender: str, amount: int, owner: str, to: str) -> None:
        current_round = self._require_started_round()
        self._require_may_claim(sender, owner)
        self._settle(owner)
        delegator = self.delegators[owner]
        current_delegate, bonded_amount = delegator.delegate, delegator.bonded_amount
        is_unbonded = self.delegator_status(owner) == STATUS_UNBONDED
        self._require_rewarded_if_leaving(to)
        if sender != owner and owner == ZERO_ADDRESS:
            raise InvalidDelegator(owner)
        if sender not in (owner, self._registered_or_zero("L2Migrator")):
            if is_unbonded and to == owner:
                raise InvalidDelegate(to)
            if not is_unbonded and to != current_delegate:
                raise InvalidDelegateChange(current_delegate, to)

        moved_amount = amount
        if is_unbonded:
            delegator.start_round = current_round + 1
        elif to != current_delegate:
            if self.is_registered_transcoder(owner):
                raise RegisteredTranscoderCannotMove(owner, to)
            delegator.start_round = current_round + 1
            moved_amount += bonded_amount
            self._shrink(current_delegate, bonded_amount)
            self._checkpoint(current_delegate)
        self._seed(to)
        if moved_amount == 0:
            raise BondAmountIsZero()
        delegator.delegate = to
        delegator.bonded_amount = to_stored_amount(bonded_amount + amount)
        self._grow(to, moved_amount)
        if to != owner:
            self._checkpoint(to)
        if amount > 0:
            token, minter = self._contract("LivepeerToken"), self._registered("Minter")
            token.transfer_from(self.address, sender, minter, amount)
        self._emit(
            "Bond",
            newDelegate=to,
            oldDelegate=current_delegate,
            delegator=owner,
            additionalAmount=amount,
            bondedAmount=delegator.bonded_amount,
        )
        self._checkpoint(owner)

    @entry_point
    def unbond(self, sender: str, amount: int) -> None:
        """Take LPT out of the caller's bond, into a lock.

        Who takes out all has no bond any more, and leaves the pool.
        Errors: DelegatorNotBonded, UnbondAmountIsZero, InsufficientBond.
        """
        self._unbond_to_lock(sender, amount)

    @entry_point
    def unbond_with_hint(self, sender: str, amount: int, *hints: str) -> None:
        """As `unbond`."""
        self._unbond_to_lock(sender, amount)

    def _unbond_to_lock(self, sender: str, amount: int) -> None:
        current_round = self._require_started_round()
        self._settle(sender)
        self._unbond(sender, amount, current_round)

    def _unbond(self, sender: str, amount: int, current_round: int) -> None:
        status = self.delegator_status(sender)
        if status != STATUS_BONDED:
            raise DelegatorNotBonded(sender, status)
        if amount == 0:
            raise UnbondAmountIsZero()
        delegator = self.delegators[sender]
        if amount > delegator.bonded_amount:
            raise InsufficientBond(amount, delegator.bonded_amount)
        withdraw_round = to_stored(current_round + self.unbonding_period, LOCK_ROUND_BITS)
        lock_id = self._add_lock(sender, amount, withdraw_round)
        delegate = delegator.delegate
        delegator.bonded_amount -= amount
        if delegator.bonded_amount == 0:
            delegator.delegate = ZERO_ADDRESS
            delegator.start_round = 0
            if sender in self.pool:
                self._leave(sender)
        self._shrink(delegate, amount)
        if delegate != sender:
            self._checkpoint(delegate)
        self._emit(
            "Unbond",
            delegate=delegate,
            delegator=sender,
            unbondingLockId=lock_id,
            amount=amount,
            withdrawRound=withdraw_round,
        )
        self._checkpoint(sender)

    @entry_point
    def rebond(self, sender: str, unbonding_lock_id: int) -> None:
        """Put a lock's LPT back into the caller's bond, behind the delegate of now; matured or not.

        Errors: DelegatorNotBonded, InvalidUnbondingLock, DelegateMustRewardFirst.
        """
        self._rebond_from_lock(sender, unbonding_lock_id)

    @entry_point
    def rebond_with_hint(self, sender: str, unbonding_lock_id: int, *hints: str) -> None:
        """As `rebond`."""
        self._rebond_from_lock(sender, unbonding_lock_id)

    def _rebond_from_lock(self, sender: str, unbonding_lock_id: int) -> None:
        self._require_started_round()
        self._settle(sender)
        status = self.delegator_status(sender)
        if status == STATUS_UNBONDED:
            raise DelegatorNotBonded(sender, status)
        self._rebond(sender, unbonding_lock_id)

    @entry_point
    def rebond_from_unbonded(self, sender: str, to: str, unbonding_lock_id: int) -> None:
        """Start a new bond behind `to` with a lock's LPT.

        Errors: DelegatorNotUnbonded, InvalidUnbondingLock, DelegateMustRewardFirst, PoolSizeNotSet.
        """
        self._rebond_from_unbonded(sender, to, unbonding_lock_id)

    @entry_point
    def rebond_from_unbonded_with_hint(
        self, sender: str, to: str, unbonding_lock_id: int, *hints: str
    ) -> None:
        """As `rebond_from_unbonded`."""
        self._rebond_from_unbonded(sender, to, unbonding_lock_id)

    def _rebond_from_unbonded(self, sender: str, to: str, unbonding_lock_id: int) -> None:
        current_round = self._require_started_round()
        self._settle(sender)
        status = self.delegator_status(sender)
        if status != STATUS_UNBONDED:
            raise DelegatorNotUnbonded(sender, status)
        self._seed(to)
        self.delegators[sender].start_round = current_round + 1
        self.delegators[sender].delegate = to
        self._rebond(sender, unbonding_lock_id)

    @entry_point
    def transfer_bond(self, sender: str, receiver: str, amount: int, *hints: str) -> None:
        """Move LPT of the caller's bond to another's.

        The receiver keeps its delegate; one without gets the caller's.  On the way the amount is unbonded and
        rebonded: a lock id of each is used up.
        Errors: IllegalClaimEarnings; those of `unbond`; InvalidDelegator, DelegateMustRewardFirst.
        """
        current_round = self._require_started_round()
        self._require_may_claim(sender, receiver)
        self._settle(sender)
        sender_delegate = self.delegators[sender].delegate
        sender_lock_id = self.delegators[sender].next_unbonding_lock_id
        self._unbond(sender, amount, current_round)
        amount, withdraw_round = self._take_lock(sender, sender_lock_id)
        receiver_lock_id = self._add_lock(receiver, amount, withdraw_round)
        self._emit(
            "TransferBond",
            oldDelegator=sender,
            newDelegator=receiver,
            oldUnbondingLockId=sender_lock_id,
            newUnbondingLockId=receiver_lock_id,
            amount=amount,
        )
        self._settle(receiver)
        delegator = self.delegators[receiver]
        if delegator.delegate == ZERO_ADDRESS and delegator.bonded_amount == 0:
            if receiver in (sender_delegate, ZERO_ADDRESS):
                raise InvalidDelegator(receiver)
            delegator.delegate = sender_delegate
        if self.delegator_status(receiver) == STATUS_UNBONDED:
            delegator.start_round = current_round + 1
        self._rebond(receiver, receiver_lock_id)

    @entry_point
    def withdraw_stake(self, sender: str, unbonding_lock_id: int) -> None:
        """Pay out a lock whose round has come.  Errors: InvalidUnbondingLock, WithdrawRoundNotReached."""
        current_round = self._require_started_round()
        amount, withdraw_round = self._take_lock(sender, unbonding_lock_id)
        if withdraw_round > current_round:
            raise WithdrawRoundNotReached(withdraw_round, current_round)
        self._contract("Minter").trusted_transfer_tokens(self.address, sender, amount)
        self._emit(
            "WithdrawStake",
            delegator=sender,
            unbondingLockId=unbonding_lock_id,
            amount=amount,
            withdrawRound=withdraw_round,
        )

    @entry_point
    def withdraw_fees(self, sender: str, recipient: str, amount: int) -> None:
        """Claim, and pay fees (wei) of the caller to a recipient.

        Errors: FeeRecipientIsZero, InsufficientFees, ETHTransferFailed.
        """
        self._require_started_round()
        has_claimed = self._settle(sender)
        if recipient == ZERO_ADDRESS:
            raise FeeRecipientIsZero()
        delegator = self.delegators[sender]
        if amount > delegator.fees:
            raise InsufficientFees(amount, delegator.fees)
        delegator.fees -= amount
        self._contract("Minter").trusted_withdraw_eth(self.address, recipient, amount)
        self._emit("WithdrawFees", delegator=sender, recipient=recipient, amount=amount)
        if has_claimed:
            self._checkpoint(sender)

    @entry_point
    def claim_earnings(self, sender: str, end_round: int) -> None:
        """Fold the caller's earnings through the current round into its bond; `end_round` is ignored.

        What was not claimed leaves no checkpoint (DEV-17).
        """
        self._require_started_round()
        if self._settle(sender):
            self._checkpoint(sender)

    def _add_lock(self, account: str, amount: int, withdraw_round: int) -> int:
        delegator = self.delegators[account]
        lock_id = delegator.next_unbonding_lock_id
        delegator.next_unbonding_lock_id += 1
        lock = self.locks[account][lock_id]
        lock.amount, lock.withdraw_round = amount, withdraw_round
        return lock_id
