"""EARN: rows, factors and pending amounts (staking.md 4 and 7)."""

from collections.abc import Iterator

from reference_model.constants import RAY_WHOLE, ZERO_ADDRESS
from reference_model.earnings import get_latest_fee_factor, get_latest_reward_factor
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment

# ---- what can be paid


@invariant(
    "EARN-1",
    "Σ pending fees + fees of those without a bond ≤ fees in − fees out (7.5)",
    why="all roundings favour the Minter (V20 and V22 broke this)",
)
def all_fees_can_be_paid(moment: Moment) -> Iterator[str]:
    waiting = sum(
        record.fees
        for account, record in moment.now.orchestrators.items()
        if record.fees and moment.now.bonds[account].delegate != account
    )
    owed = sum(moment.now.pending_fees.values()) + waiting
    if owed > moment.sums.fees_in - moment.sums.fees_out:
        yield f"{owed} owed, {moment.sums.fees_in - moment.sums.fees_out} there"


# ---- rows and factors


@invariant(
    "EARN-2",
    "a member's row of its last update holds its delegated amount (7.12)",
    why="it is what rewards and fees of the next round divide by",
)
def rows_of_members_are_up_to_date(moment: Moment) -> Iterator[str]:
    for account in moment.now.pool:
        updated = moment.now.orchestrators[account].last_update
        stake = moment.manager.earnings[account][updated].total_stake
        if updated > moment.now.round + 1 or stake != moment.now.bonds[account].delegated:
            yield f"{account}: row {updated} has {stake}"


@invariant(
    "EARN-3",
    "the latest reward factor is at least 1 once set, and never falls (7.15, 7.17)",
    why="a factor that fell would take stake away; votes need the one of the last reward",
)
def reward_factors_only_grow(moment: Moment) -> Iterator[str]:
    yield from _factors_only_grow(moment, "reward", get_latest_reward_factor, RAY_WHOLE)
    for account in moment.sample:
        last_reward = moment.now.orchestrators[account].last_reward
        row = moment.manager.earnings[account][last_reward]
        if last_reward > 0 and row.cumulative_reward_factor_ray < RAY_WHOLE:
            yield f"{account}: no factor in the round of its last reward"


@invariant(
    "EARN-4",
    "the latest fee factor never falls (7.16)",
    why="differences of it are shares of fees",
)
def fee_factors_only_grow(moment: Moment) -> Iterator[str]:
    yield from _factors_only_grow(moment, "fee", get_latest_fee_factor, 0)


def _factors_only_grow(moment: Moment, kind: str, get_latest, least: int) -> Iterator[str]:
    for account in moment.sample:
        orchestrator, rows = moment.manager.orchestrators[account], moment.manager.earnings[account]
        factor = get_latest(orchestrator, rows, moment.now.round)
        if factor and factor < least:
            yield f"{account}: {factor}"
        if factor < moment.seen.get((kind, account), 0):
            yield f"{account}: fell to {factor}"
        moment.seen[kind, account] = factor


@invariant(
    "EARN-12",
    "the start factor of a bond is its delegate's factor at the end of the claim round (7.33)",
    why="V8 and V18: a start factor that was never set reads as 1, and a newcomer earns all there ever was",
)
def bonds_start_from_present_factors(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        bond = moment.now.bonds[account]
        delegate, claim = bond.delegate, bond.claim_round
        if bond.bonded == 0 or delegate == ZERO_ADDRESS:
            continue
        rows = moment.manager.earnings[delegate]
        rewarded = [n for n in moment.manager.reward_rounds[delegate] if n <= claim]
        expected = rows[max(rewarded)].cumulative_reward_factor_ray if rewarded else 0
        if rows[claim].cumulative_reward_factor_ray != expected:
            yield f"{account} behind {delegate} since {claim}"


@invariant(
    "EARN-13",
    "a row's factors are those that the view of past rounds shows (DEV-11)",
    why="clients read factors of any round; the contracts do not write all of them",
)
def the_view_keeps_every_factor(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        for n in range(max(0, moment.now.round - 1), moment.now.round + 1):
            row = moment.manager.get_earnings_row(account, n)
            if not row.cumulative_reward_factor_ray and not row.cumulative_fee_factor_ray:
                continue
            shown = moment.manager.get_transcoder_earnings_pool_for_round(account, n)
            if row.cumulative_reward_factor_ray not in (0, shown[3]):
                yield f"{account} in {n}: reward factor"
            if row.cumulative_fee_factor_ray not in (0, shown[4]):
                yield f"{account} in {n}: fee factor"


@invariant(
    "EARN-14",
    "rows of rounds that have passed stand",
    why="claims of the past are worked out from them at any later time (V9)",
)
def past_rows_stand(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        rows = moment.manager.earnings[account]
        last = moment.now.orchestrators[account]
        for n in {
            moment.now.round - 1,
            last.last_reward,
            last.last_fee,
            moment.now.bonds[account].claim_round,
        }:
            if not 0 < n < moment.now.round or n not in rows:
                continue
            row = rows[n]
            found = (row.total_stake, row.cumulative_reward_factor_ray, row.cumulative_fee_factor_ray)
            if moment.seen.setdefault(("row", account, n), found) != found:
                yield f"{account} in {n}: {moment.seen['row', account, n]} → {found}"


# ---- pending amounts


@invariant(
    "EARN-5",
    "pending stake ≥ bonded amount, pending fees ≥ claimed fees (7.24)",
    why="factors never fall, so that a claim never takes",
)
def nobody_earns_less_than_nothing(moment: Moment) -> Iterator[str]:
    for account, bond in moment.now.bonds.items():
        if moment.now.pending_stake[account] < bond.bonded or moment.now.pending_fees[account] < bond.fees:
            yield account


@invariant(
    "EARN-6",
    "a claim changes nobody's pending stake or fees (7.22, 7.23)",
    why="V3: what one earns must not depend on when others claim; one claim in turn is tried, and undone",
)
def claims_are_neutral(moment: Moment) -> Iterator[str]:
    if not moment.has_turn(2, 8) or not moment.now.is_initialized or moment.now.paused:
        return
    waiting = [
        account
        for account, bond in moment.now.bonds.items()
        if bond.bonded > 0 and bond.claim_round < moment.now.round
    ]
    if not waiting:
        return
    account = moment.turn_of(waiting)
    with moment.trial():
        moment.manager.claim_earnings(account, 0)
        delegate = moment.now.bonds[account].delegate
        others = [a for a in waiting if moment.now.bonds[a].delegate == delegate]
        stake = {a: moment.manager.pending_stake(a) for a in others}
        fees = {a: moment.manager.pending_fees(a) for a in others}
    for a in others:
        if (stake[a], fees[a]) != (moment.now.pending_stake[a], moment.now.pending_fees[a]):
            yield f"{a} by a claim of {account}"


@invariant(
    "EARN-7",
    "blocks alone change nobody's pending stake or fees (7.34)",
    why="earnings come from rewards and tickets alone; rounds without them add nothing",
)
def time_is_neutral(moment: Moment) -> Iterator[str]:
    if moment.is_mine and (
        moment.now.pending_stake != moment.before.pending_stake
        or moment.now.pending_fees != moment.before.pending_fees
    ):
        yield f"{moment.step}"


@invariant(
    "EARN-15",
    "who has claimed in the round, or has no bond, has pending what it has, and what it earned as orchestrator",
    why="a claim goes through the current round, which is over for the claimant (3.1)",
)
def claimants_have_what_they_have(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        bond, record = moment.now.bonds[account], moment.now.orchestrators[account]
        if bond.claim_round != moment.now.round and bond.bonded > 0:
            continue
        rewards, fees = (record.rewards, record.fees) if bond.delegate == account else (0, 0)
        stake = moment.manager.pending_stake(account)
        if stake != bond.bonded + rewards:
            yield f"{account}: {stake} pending of {bond.bonded}"
        if moment.manager.pending_fees(account) != bond.fees + fees:
            yield f"{account}: {moment.manager.pending_fees(account)} fees pending of {bond.fees}"


@invariant(
    "EARN-16",
    "an orchestrator's own rewards and fees never fall, but to nothing by its own claim",
    why="they are part of the stake that its delegators share it with",
)
def own_earnings_fall_only_by_claims(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.orchestrators.items():
        was = moment.before.orchestrators[account]
        if record.rewards >= was.rewards and record.fees >= was.fees:
            continue
        claim = moment.event_of("EarningsClaimed", "delegator", account)
        if claim is None or claim["delegate"] != account or record.rewards or record.fees:
            yield f"{account}: {was.rewards}, {was.fees} → {record.rewards}, {record.fees}"


@invariant(
    "EARN-10",
    "own rewards of an orchestrator ≤ its stake; at a reward, ≤ the stake of its row (7.29)",
    why="V20: own rewards above the stake took more than all fees",
)
def own_rewards_are_part_of_the_stake(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.orchestrators.items():
        if record.rewards > moment.now.bonds[account].delegated and moment.now.is_registered(account):
            yield f"{account}: {record.rewards}"
    for reward in moment.events_named("Reward"):
        account = reward["transcoder"]
        stake = moment.manager.earnings[account][moment.now.round].total_stake
        if moment.now.orchestrators[account].active_rewards > stake:
            yield f"{account}: row has {stake}"


@invariant(
    "EARN-11",
    "Σ stake that counts of the active ≤ total active stake, in an initialized round (7.29)",
    why="shares of the round's issuance add up to no more than all of it",
)
def shares_of_a_round_add_up(moment: Moment) -> Iterator[str]:
    stake = sum(moment.now.effective_stake.values())
    if moment.now.is_initialized and stake > moment.now.total_active_stake:
        yield f"{stake} of {moment.now.total_active_stake}"
