"""Follows a model in fractions, and reports each amount credited with what it would be without rounding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from reference_model.constants import PPB_WHOLE, PPM_WHOLE, RAY_WHOLE, ZERO_ADDRESS
from reference_model.earnings import (
    estimate_previous_reward_factor,
    factor_or_whole,
    get_latest_fee_factor,
    get_latest_reward_factor,
    get_reward_factor_before,
)
from reference_model.exact import operations as op
from reference_model.exact.history import Amount, ExactBond, ExactOrchestrator, Stretch, round_up
from reference_model.exact.operations import Rounding, estimate_bound, ratio_bound

if TYPE_CHECKING:
    from reference_model.protocol import Protocol
    from reference_model.state import Event


Arguments = Mapping[str, Any]


class _Credited(NamedTuple):
    """An orchestrator's amounts as the model had them before the call."""

    rewards: int = 0
    fees: int = 0
    fee_factor: int = 0
    last_reward_round: int = 0


class ExactLedger:
    """See the package.  Takes a model without bonds, and is told of each call that succeeds."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol, self.manager = protocol, protocol.bonding_manager
        if any(delegator.bonded_amount for delegator in self.manager.delegators.values()):
            raise ValueError("the exact ledger has to follow a model from before its first bond")
        self.orchestrators: dict[str, ExactOrchestrator] = defaultdict(ExactOrchestrator)
        self.bonds: dict[str, ExactBond] = defaultdict(ExactBond)
        self._was: dict[str, _Credited] = defaultdict(_Credited)
        self._found: list[Rounding] = []
        self._minted = self._treasury = 0
        self._slash_shares: Sequence[int] = (0, 0)

    # ---- following

    def follow(
        self, function: str, arguments: Sequence[Any], events: Sequence[Event] | None = None
    ) -> list[Rounding]:
        """Take over the last call, from its events; `function` in snake case, `arguments` without the caller.

        `events` are those of the contracts followed, where others have emitted some, too.
        """
        self._found, self._minted, self._treasury = [], 0, 0
        if function == "slash_transcoder":
            self._slash_shares = arguments[2:4]
        tickets: dict[str, list[int]] = defaultdict(list)
        accounts = set()
        for event in self.protocol.journal.events if events is None else events:
            given = event.arguments
            if event.name == "WinningTicketTransfer":
                tickets[given["recipient"]].append(given["amount"])
            elif handler := self._HANDLERS.get(event.name):
                handler(self, given)
            else:
                continue
            accounts.update(given[name] for name in ("recipient", "transcoder", "delegate") if name in given)
        for recipient, amounts in tickets.items():
            self._share_fees(recipient, amounts)
        for account in accounts:
            self._was[account] = self._look_at(account)
        return self._found

    def pending(self, account: str) -> list[Rounding]:
        """Stake and fees of an account as a claim would credit them now."""
        claimed, delegate = self._claimed(account)
        stake, fees = self.manager.pending_stake(account), self.manager.pending_fees(account)
        if delegate == account:
            own = self.orchestrators[account]
            for amount, added in ((claimed.stake, own.rewards), (claimed.fees, own.fees)):
                amount.add(added.exact, added.bound)
        return [
            _compare(op.BOND_STAKE, claimed.stake, stake),
            _compare(op.BOND_FEES, claimed.fees, fees),
        ]

    def _claimed(self, account: str) -> tuple[ExactBond, str]:
        """The account's bond with all that its delegate has brought it, as a copy; its delegate."""
        bond, record = self.bonds[account], self.manager.delegators[account]
        copy = ExactBond(
            Amount(bond.stake.exact, bond.stake.bound),
            Amount(bond.fees.exact, bond.fees.bound),
            bond.credited_stake,
            bond.credited_fees,
        )
        if bond.credited_stake and record.last_claim_round < self._round():
            copy.claim(self.orchestrators[record.delegate].since(record.last_claim_round))
        return copy, record.delegate

    def _look_at(self, account: str) -> _Credited:
        record, rows = self.manager.orchestrators[account], self.manager.earnings[account]
        return _Credited(
            record.cumulative_rewards,
            record.cumulative_fees,
            get_latest_fee_factor(record, rows, self._round()),
            record.last_reward_round,
        )

    def _round(self) -> int:
        return self.protocol.rounds_manager.current_round()

    def _note(self, operation: str, exact: Fraction, credited: int, bound: Fraction | int = 1) -> None:
        self._found.append(Rounding(operation, exact, credited, Fraction(bound)))

    # ---- bonds

    def _on_claim(self, event: Arguments) -> None:
        delegate, delegator, rewards, fees = (
            event[name] for name in ("delegate", "delegator", "rewards", "fees")
        )
        bond, own, claim_round = self.bonds[delegator], self._was[delegate], event["startRound"] - 1
        bonded = bond.credited_stake
        own_rewards, own_fees = (own.rewards, own.fees) if delegate == delegator else (0, 0)
        if bonded:
            record, rows = self.manager.orchestrators[delegate], self.manager.earnings[delegate]
            start = rows[claim_round]
            start_factor = factor_or_whole(start.cumulative_reward_factor_ray)
            end_factor = factor_or_whole(get_latest_reward_factor(record, rows, self._round()))
            earned = get_latest_fee_factor(record, rows, self._round()) - start.cumulative_fee_factor_ray
            grown, bound = Fraction(bonded * end_factor, start_factor), ratio_bound(bonded)
            self._note(op.CLAIMED_STAKE, grown, bonded + rewards - own_rewards, bound)
            self._note(op.CLAIMED_FEES, Fraction(bonded * earned, start_factor), fees - own_fees, bound)
            bond.claim(self.orchestrators[delegate].since(claim_round))
        if delegate == delegator:
            orchestrator = self.orchestrators[delegate]
            for amount, added in ((bond.stake, orchestrator.rewards), (bond.fees, orchestrator.fees)):
                taken = added.take_all()
                amount.add(taken.exact, taken.bound)
        bond.credited_stake += rewards
        bond.credited_fees += fees
        if bond.credited_stake:
            self._found.append(_compare(op.BOND_STAKE, bond.stake, bond.credited_stake))
            self._found.append(_compare(op.BOND_FEES, bond.fees, bond.credited_fees))

    def _on_bond(self, event: Arguments) -> None:
        self.bonds[event["delegator"]].move(event["additionalAmount"])

    def _on_rebond(self, event: Arguments) -> None:
        self.bonds[event["delegator"]].move(event["amount"])

    def _on_unbond(self, event: Arguments) -> None:
        self._take_stake(event["delegator"], event["amount"])

    def _take_stake(self, account: str, amount: int) -> None:
        bond = self.bonds[account]
        was_bonded = bond.credited_stake > 0
        bond.move(-amount)
        if was_bonded and bond.credited_stake == 0:
            self._found.append(_compare(op.DUST, bond.stake.take_all(), 0))

    def _on_withdraw_fees(self, event: Arguments) -> None:
        bond = self.bonds[event["delegator"]]
        bond.fees.add(-event["amount"])
        bond.credited_fees -= event["amount"]

    def _on_slash(self, event: Arguments) -> None:
        slash_amount, finder_fee = self._slash_shares
        account, penalty = event["transcoder"], event["penalty"]
        bonded = self.bonds[account].credited_stake
        self._note(op.PENALTY, Fraction(bonded * slash_amount, PPM_WHOLE), penalty)
        if event["finder"] != ZERO_ADDRESS:
            self._note(op.FINDER, Fraction(penalty * finder_fee, PPM_WHOLE), event["finderReward"])
        self._take_stake(account, penalty)

    # ---- issuance and rewards

    def _on_mint(self, event: Arguments) -> None:
        self._minted += event["amount"]

    def _on_treasury(self, event: Arguments) -> None:
        self._treasury += event["amount"]

    def _on_reward_tokens(self, event: Arguments) -> None:
        minter = self.protocol.minter
        exact = Fraction(minter.get_global_total_supply() * minter.inflation, PPB_WHOLE)
        self._note(op.MINTABLE, exact, event["currentMintableTokens"])

    def _on_reward(self, event: Arguments) -> None:
        transcoder, amount = event["transcoder"], event["amount"]
        manager, round_number, was = self.manager, self._round(), self._was[transcoder]
        row, record = manager.earnings[transcoder][round_number], manager.orchestrators[transcoder]
        mintable, stake = self.protocol.minter.current_mintable_tokens, row.total_stake
        share = Fraction(stake, manager.current_round_total_active_stake)
        self._note(op.MINTED, mintable * share, self._minted, ratio_bound(mintable, PPB_WHOLE))
        cut = Fraction(self._minted * manager.treasury_reward_cut_rate, RAY_WHOLE)
        self._note(op.TREASURY, cut, self._treasury)
        commission = amount * row.reward_cut_ppm // PPM_WHOLE
        rewards = amount - commission
        self._note(op.COMMISSION, Fraction(amount * row.reward_cut_ppm, PPM_WHOLE), commission)
        own = record.cumulative_rewards - was.rewards - commission
        self._note(op.OWN_REWARDS, Fraction(rewards * was.rewards, stake), own, ratio_bound(rewards))
        last = manager.earnings[transcoder][was.last_reward_round].cumulative_reward_factor_ray
        base, factor = factor_or_whole(last), row.cumulative_reward_factor_ray
        self._note(op.REWARD_FACTOR, Fraction(base * rewards, stake), factor - base, ratio_bound(base))

        orchestrator = self.orchestrators[transcoder]
        orchestrator.add_reward(round_number, rewards, commission, stake)
        whole = orchestrator.so_far()
        if whole.rewards:
            self._note(
                op.WHOLE_REWARD_FACTOR, whole.growth * RAY_WHOLE, factor, 2 * whole.rewards * whole.growth
            )
        self._found.append(_compare(op.WHOLE_REWARDS, orchestrator.rewards, record.cumulative_rewards))

    # ---- fees

    def _share_fees(self, recipient: str, amounts: list[int]) -> None:
        """The tickets of a call for one recipient; what they share is the same for all of them."""
        manager, round_number, was = self.manager, self._round(), self._was[recipient]
        rows, record = manager.earnings[recipient], manager.orchestrators[recipient]
        row = rows[round_number]
        stake, share = row.total_stake, row.fee_share_ppm
        factor, estimated = self._factor_for_fees(recipient, round_number)
        has_rewarded = record.last_reward_round == round_number
        active_rewards = record.active_cumulative_rewards if has_rewarded else record.cumulative_rewards
        shared = [amount * share // PPM_WHOLE for amount in amounts]
        kept, fees = sum(amounts) - sum(shared), sum(shared)
        self._note(op.FEE_SHARE, Fraction(sum(amounts) * share, PPM_WHOLE), fees, len(amounts))
        own, own_bound = record.cumulative_fees - was.fees - kept, sum(map(ratio_bound, shared))
        self._note(op.OWN_FEES, Fraction(fees * active_rewards, stake), own, own_bound)
        latest = get_latest_fee_factor(record, rows, round_number)
        grown, bound = Fraction(factor * fees, stake), len(amounts) * ratio_bound(factor)
        self._note(op.FEE_FACTOR, grown, latest - was.fee_factor, bound)

        orchestrator = self.orchestrators[recipient]
        for amount, part in zip(amounts, shared, strict=True):
            orchestrator.add_fees(round_number, part, amount - part, stake, estimated)
        whole: Stretch = orchestrator.so_far()
        self._note(
            op.WHOLE_FEE_FACTOR,
            whole.fees * RAY_WHOLE,
            latest,
            round_up(whole.fee_units + whole.estimated * RAY_WHOLE),
        )
        self._found.append(_compare(op.WHOLE_FEES, orchestrator.fees, record.cumulative_fees))

    def _factor_for_fees(self, recipient: str, round_number: int) -> tuple[int, Fraction]:
        """The factor before r that tickets of r count with, and by which share of itself it may be too small."""
        manager, mintable = self.manager, self.protocol.minter.current_mintable_tokens
        rows, record = manager.earnings[recipient], manager.orchestrators[recipient]
        previous = get_latest_reward_factor(record, rows, round_number - 1)
        if previous or record.last_reward_round != round_number:
            return factor_or_whole(previous), Fraction(0)
        row, true_factor = rows[round_number], get_reward_factor_before(rows, round_number)
        estimate = estimate_previous_reward_factor(
            row, mintable, manager.current_round_total_active_stake, manager.treasury_reward_cut_rate
        )
        growth = self.orchestrators[recipient].earned[-1].growth
        rewards = (growth - 1) * row.total_stake
        bound = estimate_bound(
            true_factor, row.cumulative_reward_factor_ray, mintable, row.total_stake, int(rewards)
        )
        # An estimate that rounds to nothing reads as 1, like any factor.
        used = factor_or_whole(min(estimate, true_factor))
        self._note(op.ESTIMATE, Fraction(true_factor), used, bound)
        return used, round_up(bound / true_factor * RAY_WHOLE) / RAY_WHOLE

    # ---- reserves

    def _on_reserve_claim(self, event: Arguments) -> None:
        holder, claimant, broker = event["reserveHolder"], event["claimant"], self.protocol.ticket_broker
        remaining, drawn = broker.get_reserve_info(holder)
        share = Fraction(remaining + drawn, self.manager.current_round_active_set_size)
        credited = broker.claimable_reserve(holder, claimant) + broker.claimed_reserve(holder, claimant)
        self._note(op.RESERVE_SHARE, share, credited)

    _HANDLERS = {  # noqa: RUF012
        "EarningsClaimed": _on_claim,
        "Bond": _on_bond,
        "Unbond": _on_unbond,
        "Rebond": _on_rebond,
        "WithdrawFees": _on_withdraw_fees,
        "TranscoderSlashed": _on_slash,
        "Mint": _on_mint,
        "TreasuryReward": _on_treasury,
        "SetCurrentRewardTokens": _on_reward_tokens,
        "Reward": _on_reward,
        "ReserveClaimed": _on_reserve_claim,
    }


def _compare(operation: str, amount: Amount, credited: int) -> Rounding:
    return Rounding(operation, amount.exact, credited, amount.bound)
