"""The arithmetic of rewards and fees (staking.md 4, LIP-36).

Each orchestrator has, per round n, two factors: CRF(n), by which a unit of stake has grown through its rewards, and
CFF(n), the fees per unit of first stake.  What a delegator has earned between two rounds follows from the factors at
both ends, however many rounds lie between.  A CRF of zero is read as 1.

`rows` are the orchestrator's rows by round; r is the current round.
"""

from collections.abc import Callable, Mapping

from reference_model.arithmetic import (
    fraction_ray_down,
    part_ppm_down,
    part_ray_down,
    subtract,
    to_stored,
    to_stored_amount,
    to_word,
)
from reference_model.constants import PANIC_ASSERT, PANIC_OVERFLOW, RAY_WHOLE
from reference_model.exceptions import Panic
from reference_model.types import Delegator, EarningsRow, Orchestrator

Rows = Mapping[int, EarningsRow]

REWARD_FACTOR_BITS = 192


def factor_or_whole(factor_ray: int) -> int:
    """A reward factor that was never set is 1."""
    return factor_ray or RAY_WHOLE


def get_latest_reward_factor(orchestrator: Orchestrator, rows: Rows, round_number: int) -> int:
    """CRF(n), else that of the last reward if it was before n, else 0."""
    factor = rows[round_number].cumulative_reward_factor_ray
    if factor == 0 and orchestrator.last_reward_round < round_number:
        factor = rows[orchestrator.last_reward_round].cumulative_reward_factor_ray
    return factor


def get_latest_fee_factor(orchestrator: Orchestrator, rows: Rows, round_number: int) -> int:
    """CFF(n), else that of the last fees if they came before n, else 0."""
    factor = rows[round_number].cumulative_fee_factor_ray
    if factor == 0 and orchestrator.last_fee_round < round_number:
        factor = rows[orchestrator.last_fee_round].cumulative_fee_factor_ray
    return factor


def seed_factors(orchestrator: Orchestrator, rows: Rows, round_number: int) -> None:
    """Give round n the factors of earlier rounds, from which somebody's earnings will start.

    Without this the start factors of n would later read as 1 and 0, and the newcomer would earn all that was
    earned before it came (staking.md 6, V8 and V18).  Later rounds are never copied (V9).
    """
    row = rows[round_number]
    row.cumulative_reward_factor_ray = get_latest_reward_factor(orchestrator, rows, round_number)
    row.cumulative_fee_factor_ray = get_latest_fee_factor(orchestrator, rows, round_number)


def check_active_rewards(active_rewards: int, stake: int) -> None:
    """An orchestrator's own rewards are part of its stake (staking.md 10.2)."""
    if active_rewards > stake:
        raise Panic(PANIC_ASSERT)


def share_reward(orchestrator: Orchestrator, rows: Rows, round_number: int, reward: int) -> None:
    """Share `reward` (R, without the treasury's part) between an orchestrator and its delegators.

    S and the commission are those of the row of round r:

        acr' = cumR
        com  = ⌊R · cut / 10⁶⌋          dr = R − com
        own  = frac(dr, acr', S)
        cumR' = cumR + own + com
        CRF(r) = base + frac(base, dr, S)     base = CRF(last reward), or 1

    Source: staking.md 4.2, LIP-36.
    """
    row = rows[round_number]
    base = factor_or_whole(rows[orchestrator.last_reward_round].cumulative_reward_factor_ray)
    active_rewards = orchestrator.cumulative_rewards
    orchestrator.active_cumulative_rewards = active_rewards
    check_active_rewards(active_rewards, row.total_stake)
    commission = part_ppm_down(reward, row.reward_cut_ppm)
    delegator_rewards = reward - commission
    own_rewards = fraction_ray_down(delegator_rewards, active_rewards, row.total_stake)
    orchestrator.cumulative_rewards = to_stored_amount(active_rewards + own_rewards + commission)
    growth = fraction_ray_down(base, delegator_rewards, row.total_stake)
    row.cumulative_reward_factor_ray = to_stored(base + growth, REWARD_FACTOR_BITS)


def estimate_previous_reward_factor(
    row: EarningsRow, mintable_tokens: int, total_active_stake: int, treasury_cut_ray: int
) -> int:
    """CRF(r − 1), worked backwards from a reward in r (staking.md 4.3 with 10.3).

        q = frac(mintable, S, total)    q' = q − ⌊q · treasury cut / 10²⁷⌋    dr = q' − ⌊q' · cut / 10⁶⌋
        CRF(r − 1) ≈ frac(CRF(r), S, dr + S)

    All roundings together make it at most the true factor.
    """
    stake = row.total_stake
    reward = fraction_ray_down(mintable_tokens, stake, total_active_stake)
    reward -= part_ray_down(reward, treasury_cut_ray)
    delegator_rewards = reward - part_ppm_down(reward, row.reward_cut_ppm)
    return fraction_ray_down(row.cumulative_reward_factor_ray, stake, delegator_rewards + stake)


def get_reward_factor_before(rows: Rows, round_number: int) -> int:
    """The true factor before r, which the estimate may not exceed (DEV-14): that of the last row that has one."""
    known = [n for n, row in rows.items() if n < round_number and row.cumulative_reward_factor_ray]
    return factor_or_whole(rows[max(known)].cumulative_reward_factor_ray if known else 0)


def share_fees(
    orchestrator: Orchestrator,
    rows: Rows,
    round_number: int,
    fees: int,
    *,
    get_mintable_tokens: Callable[[], int],
    total_active_stake: int,
    treasury_cut_ray: int,
) -> None:
    """Share `fees` (F) of round r between an orchestrator and its delegators.

    Fees count on the stake before the reward of the round: reward and fees of one round do not compound.

        pCRF, pCFF = factors of round r − 1, estimated where a reward in r hides an unknown CRF(r − 1)
        acr' = acr if it has rewarded in r, else cumR
        df  = ⌊F · share / 10⁶⌋         cf = F − df
        trf = frac(df, acr', S)
        cumF' = cumF + trf + cf
        CFF(r) = (CFF(r), or pCFF) + frac(pCRF, df, S)

    Source: staking.md 4.3, LIP-36.  What the Minter may mint is only asked for where CRF(r − 1) is estimated.
    """
    if round_number == 0:
        raise Panic(PANIC_OVERFLOW)
    previous_reward_factor = get_latest_reward_factor(orchestrator, rows, round_number - 1)
    previous_fee_factor = get_latest_fee_factor(orchestrator, rows, round_number - 1)
    row = rows[round_number]
    active_rewards = orchestrator.active_cumulative_rewards
    if round_number > orchestrator.last_reward_round:
        freeze_commission_and_stake(orchestrator, rows, round_number)
        active_rewards = orchestrator.cumulative_rewards
    if previous_reward_factor == 0 and orchestrator.last_reward_round == round_number:
        previous_reward_factor = min(
            estimate_previous_reward_factor(row, get_mintable_tokens(), total_active_stake, treasury_cut_ray),
            get_reward_factor_before(rows, round_number),
        )
    check_active_rewards(active_rewards, row.total_stake)

    delegator_fees = part_ppm_down(fees, row.fee_share_ppm)
    commission = fees - delegator_fees
    own_fees = fraction_ray_down(delegator_fees, active_rewards, row.total_stake)
    orchestrator.cumulative_fees = to_stored_amount(orchestrator.cumulative_fees + own_fees + commission)
    start = row.cumulative_fee_factor_ray or previous_fee_factor
    growth = fraction_ray_down(factor_or_whole(previous_reward_factor), delegator_fees, row.total_stake)
    row.cumulative_fee_factor_ray = to_word(start + growth)
    orchestrator.last_fee_round = round_number


def freeze_commission_and_stake(orchestrator: Orchestrator, rows: Rows, round_number: int) -> None:
    """Write into the row of r what counts in it: the rates now set, and the stake of the last change before r."""
    row = rows[round_number]
    row.reward_cut_ppm = orchestrator.reward_cut_ppm
    row.fee_share_ppm = orchestrator.fee_share_ppm
    if orchestrator.last_active_stake_update_round < round_number:
        row.total_stake = rows[orchestrator.last_active_stake_update_round].total_stake


def get_pending_stake_and_fees(
    delegator: Delegator, delegate: Orchestrator, rows: Rows, round_number: int, *, is_own_delegate: bool
) -> tuple[int, int]:
    """LPT and wei that belong to a delegator, claimed or not.

    With c its last claim round, before r:

        stake = frac(bonded, latest CRF(r), CRF(c))
        fees  = fees claimed + frac(bonded, latest CFF(r) − CFF(c), CRF(c))

    An orchestrator has its cumulative rewards and fees on top.  Source: staking.md 4.4, LIP-36.
    """
    stake, fees = delegator.bonded_amount, delegator.fees
    if delegator.last_claim_round < round_number:
        start = rows[delegator.last_claim_round]
        start_factor = factor_or_whole(start.cumulative_reward_factor_ray)
        end_factor = factor_or_whole(get_latest_reward_factor(delegate, rows, round_number))
        earned = subtract(
            get_latest_fee_factor(delegate, rows, round_number), start.cumulative_fee_factor_ray
        )
        fees += fraction_ray_down(stake, earned, start_factor)
        stake = fraction_ray_down(stake, end_factor, start_factor)
    if is_own_delegate:
        stake += delegate.cumulative_rewards
        fees += delegate.cumulative_fees
    return stake, fees
