"""EARN: rewards and fees (staking.md 7)."""

from collections.abc import Iterator
from random import Random

from reference_model.constants import RAY_WHOLE, ZERO_ADDRESS
from reference_model.earnings import get_latest_fee_factor, get_latest_reward_factor
from simulation.calls import Mine
from simulation.invariants.bonding import CLAIM, DELEGATE, DELEGATED, LAST_REWARD, LAST_UPDATE
from simulation.invariants.chronicle import Moment, invariant


@invariant("EARN-1", "Σ pending fees + fees of those without a bond ≤ fees in − fees out (7.5)")
def all_fees_can_be_paid(moment: Moment) -> Iterator[str]:
    waiting = sum(
        moment.manager.orchestrators[account].cumulative_fees
        for account in moment.accounts
        if moment.now.delegator[account][DELEGATE] != account
    )
    owed = sum(moment.now.pending_fees.values()) + waiting
    if owed > moment.sums.fees_in - moment.sums.fees_out:
        yield f"{owed} owed, {moment.sums.fees_in - moment.sums.fees_out} there"


@invariant("EARN-2", "a member's row of its last update holds its delegated amount (7.12)")
def rows_of_members_are_up_to_date(moment: Moment) -> Iterator[str]:
    for account in moment.manager.pool.members:
        updated = moment.now.transcoder[account][LAST_UPDATE]
        stake = moment.manager.earnings[account][updated].total_stake
        if updated > moment.now.round + 1 or stake != moment.now.delegator[account][DELEGATED]:
            yield f"{account}: row {updated} has {stake}"


@invariant("EARN-3", "the latest reward factor is at least 1 once set, and never falls (7.15, 7.17)")
def reward_factors_only_grow(moment: Moment) -> Iterator[str]:
    yield from _factors_only_grow(moment, "reward", get_latest_reward_factor, RAY_WHOLE)
    for account in moment.accounts:
        last_reward = moment.now.transcoder[account][LAST_REWARD]
        row = moment.manager.earnings[account][last_reward]
        if last_reward > 0 and row.cumulative_reward_factor_ray < RAY_WHOLE:
            yield f"{account}: no factor in the round of its last reward"


@invariant("EARN-4", "the latest fee factor never falls (7.16)")
def fee_factors_only_grow(moment: Moment) -> Iterator[str]:
    yield from _factors_only_grow(moment, "fee", get_latest_fee_factor, 0)


def _factors_only_grow(moment: Moment, kind: str, get_latest, least: int) -> Iterator[str]:
    for account in moment.accounts:
        orchestrator, rows = moment.manager.orchestrators[account], moment.manager.earnings[account]
        factor = get_latest(orchestrator, rows, moment.now.round)
        if factor and factor < least:
            yield f"{account}: {factor}"
        if factor < moment.seen.get((kind, account), 0):
            yield f"{account}: fell to {factor}"
        moment.seen[kind, account] = factor


@invariant("EARN-5", "pending stake ≥ bonded amount, pending fees ≥ claimed fees (7.24)")
def nobody_earns_less_than_nothing(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.delegator.items():
        if moment.now.pending_stake[account] < record[0] or moment.now.pending_fees[account] < record[1]:
            yield account


@invariant("EARN-6", "a claim changes nobody's pending stake or fees (7.22, 7.23)")
def claims_are_neutral(moment: Moment) -> Iterator[str]:
    if not moment.now.is_initialized or moment.model.controller.paused:
        return
    # Who claims depends on the block alone, so that a run can be repeated.
    account = Random(moment.model.block_number).choice(moment.accounts)
    with moment.trial():
        moment.manager.claim_earnings(account, 0)
        stake = {a: moment.manager.pending_stake(a) for a in moment.accounts}
        fees = {a: moment.manager.pending_fees(a) for a in moment.accounts}
    if stake != moment.now.pending_stake or fees != moment.now.pending_fees:
        yield account


@invariant("EARN-7", "blocks alone change nobody's pending stake or fees (7.34)")
def time_is_neutral(moment: Moment) -> Iterator[str]:
    if isinstance(moment.step, Mine) and (
        moment.now.pending_stake != moment.before.pending_stake
        or moment.now.pending_fees != moment.before.pending_fees
    ):
        yield f"{moment.step}"


def rounding(moment: Moment) -> int:
    """Most by which pending amounts may grow too much in one step.

    A pending amount is rounded down as a whole, so that a step can bring what earlier ones left over: less than 1
    by the last rounding, and less than bonded / 10²⁷ by that of the ratio, for each delegator.
    """
    return sum(1 + record[0] // RAY_WHOLE + 1 for record in moment.now.delegator.values() if record[0] > 0)


@invariant(
    "EARN-8", "a reward raises Σ pending stake by at most what is minted for it, and earlier roundings (7.27)"
)
def rewards_are_split_not_multiplied(moment: Moment) -> Iterator[str]:
    for reward in moment.events_named("Reward"):
        grown = sum(moment.now.pending_stake.values()) - sum(moment.before.pending_stake.values())
        if not 0 <= grown <= reward["amount"] + rounding(moment):
            yield f"{grown} more for {reward['amount']}"
        minted = sum(mint["amount"] for mint in moment.events_named("Mint"))
        treasury = sum(part["amount"] for part in moment.events_named("TreasuryReward"))
        if reward["amount"] + treasury != minted:
            yield f"{minted} minted, {treasury} for the treasury, {reward['amount']} for the others"


@invariant("EARN-9", "tickets raise Σ pending fees by at most what they pay, and earlier roundings (7.28)")
def fees_are_split_not_multiplied(moment: Moment) -> Iterator[str]:
    paid = sum(ticket["amount"] for ticket in moment.events_named("WinningTicketTransfer"))
    if not paid:
        return
    grown = sum(moment.now.pending_fees.values()) - sum(moment.before.pending_fees.values())
    if not 0 <= grown <= paid + rounding(moment):
        yield f"{grown} more for {paid}"


@invariant(
    "EARN-10",
    "own rewards of an orchestrator ≤ its stake; at a reward, ≤ the stake of its row (7.29)",
)
def own_rewards_are_part_of_the_stake(moment: Moment) -> Iterator[str]:
    for account in moment.accounts:
        orchestrator = moment.manager.orchestrators[account]
        registered = moment.manager.is_registered_transcoder(account)
        if registered and orchestrator.cumulative_rewards > moment.now.delegator[account][DELEGATED]:
            yield f"{account}: {orchestrator.cumulative_rewards}"
    for reward in moment.events_named("Reward"):
        account = reward["transcoder"]
        stake = moment.manager.earnings[account][moment.now.round].total_stake
        if moment.manager.orchestrators[account].active_cumulative_rewards > stake:
            yield f"{account}: row has {stake}"


@invariant(
    "EARN-11", "Σ stake that counts of the active ≤ total active stake, in an initialized round (7.29)"
)
def shares_of_a_round_add_up(moment: Moment) -> Iterator[str]:
    stake = sum(moment.now.effective_stake.values())
    if moment.now.is_initialized and stake > moment.now.total_active_stake:
        yield f"{stake} of {moment.now.total_active_stake}"


@invariant(
    "EARN-12", "the start factor of a bond is its delegate's factor at the end of the claim round (7.33)"
)
def bonds_start_from_present_factors(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.delegator.items():
        delegate, claim = record[DELEGATE], record[CLAIM]
        if record[0] == 0 or delegate == ZERO_ADDRESS:
            continue
        rows = moment.manager.earnings[delegate]
        rewarded = [n for n in moment.manager.reward_rounds[delegate] if n <= claim]
        expected = rows[max(rewarded)].cumulative_reward_factor_ray if rewarded else 0
        if rows[claim].cumulative_reward_factor_ray != expected:
            yield f"{account} behind {delegate} since {claim}"


@invariant("EARN-13", "a row's factors are those that the view of past rounds shows (DEV-11)")
def the_view_keeps_every_factor(moment: Moment) -> Iterator[str]:
    for account in moment.accounts:
        for n in range(max(0, moment.now.round - 2), moment.now.round + 1):
            row = moment.manager.get_earnings_row(account, n)
            shown = moment.manager.get_transcoder_earnings_pool_for_round(account, n)
            if row.cumulative_reward_factor_ray not in (0, shown[3]):
                yield f"{account} in {n}: reward factor"
            if row.cumulative_fee_factor_ray not in (0, shown[4]):
                yield f"{account} in {n}: fee factor"
