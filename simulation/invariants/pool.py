"""POOL: the orchestrator pool, the active set, and rates (staking.md 3 and 7)."""

from collections.abc import Iterator

from reference_model.constants import NEVER, PPM_WHOLE
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment

# ---- membership


@invariant(
    "POOL-1",
    "total active stake of the next round = Σ delegated of the pool's members (7.6)",
    why="it becomes the denominator of all rewards of the round",
)
def next_total_is_the_pool(moment: Moment) -> Iterator[str]:
    stake = sum(moment.now.bonds[account].delegated for account in moment.now.pool)
    if stake != moment.manager.next_round_total_active_stake:
        yield f"{stake} in the pool, {moment.manager.next_round_total_active_stake} counted"


@invariant(
    "POOL-2",
    "members of the pool are registered and have stake (7.7, 7.8)",
    why="who takes out its bond leaves at once",
)
def members_are_orchestrators(moment: Moment) -> Iterator[str]:
    for account in moment.now.pool:
        if not moment.now.is_registered(account) or moment.now.bonds[account].delegated == 0:
            yield account


@invariant(
    "POOL-3",
    "the pool is ranked by stake, equals by entry, and has at most its size (7.9, DEV-10)",
    why="the last is who a newcomer replaces",
)
def pool_is_ranked(moment: Moment) -> Iterator[str]:
    entries, pool = moment.now.pool, moment.manager.pool
    if len(entries) > pool.max_size:
        yield f"{len(entries)} of {pool.max_size}"
    ranking = pool.ranking()
    expected = sorted(entries, key=lambda account: (-moment.now.bonds[account].delegated, entries[account]))
    if ranking != expected:
        yield f"{ranking}, {expected} expected"


@invariant(
    "POOL-4",
    "in the pool ⇔ never deactivated; else deactivated by the next round (7.10)",
    why="activity of later rounds is read from these rounds alone",
)
def members_have_no_end(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.orchestrators.items():
        end = record.deactivation
        if (account in moment.now.pool) != (end == NEVER):
            yield f"{account}: {end}"
        if end != NEVER and end > moment.now.round + 1:
            yield f"{account}: {end}"


@invariant(
    "POOL-5",
    "activation ≤ deactivation, activation ≤ current round + 1 (7.11)",
    why="membership begins to count in the next round",
)
def activity_begins_before_it_ends(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.orchestrators.items():
        if record.deactivation != 0 and record.activation > record.deactivation:
            yield f"{account}: {record}"
        if record.activation > moment.now.round + 1:
            yield f"{account}: {record}"


@invariant(
    "POOL-8",
    "who enters or leaves the pool is named by TranscoderActivated or TranscoderDeactivated, from the next round on",
    why="clients keep the pool by these events",
)
def the_pool_is_told(moment: Moment) -> Iterator[str]:
    before, now, next_round = moment.before.pool, moment.now.pool, moment.now.round + 1
    if before == now and not moment.names & {"TranscoderActivated", "TranscoderDeactivated"}:
        return
    entered = {given["transcoder"] for given in moment.events_named("TranscoderActivated")}
    left = {given["transcoder"] for given in moment.events_named("TranscoderDeactivated")}
    entries = {account for account in now if before.get(account) != now[account]}
    exits = {account for account in before if now.get(account) != before[account]}
    if entered != entries or left != exits:
        yield f"entered {sorted(entries)}, told {sorted(entered)}; left {sorted(exits)}, told {sorted(left)}"
    for name, field in (
        ("TranscoderActivated", "activationRound"),
        ("TranscoderDeactivated", "deactivationRound"),
    ):
        for given in moment.events_named(name):
            if given[field] != next_round:
                yield f"{name}: {given}"


@invariant(
    "POOL-9",
    "only the last of a full pool is evicted, by somebody with more stake",
    why="ties never evict; anything else would let a caller choose the victim",
    on=("TranscoderDeactivated",),
)
def only_the_last_is_evicted(moment: Moment) -> Iterator[str]:
    entered = [given["transcoder"] for given in moment.events_named("TranscoderActivated")]
    for given in moment.events_named("TranscoderDeactivated"):
        evicted = given["transcoder"]
        if not entered or not moment.now.is_registered(evicted) or moment.events_named("TranscoderSlashed"):
            continue
        stakes = {account: moment.before.bonds[account].delegated for account in moment.before.pool}
        if len(moment.before.pool) < moment.manager.pool.max_size:
            yield f"{evicted} was evicted from a pool with room"
        # A member that loses stake in this call may have become the last by that.
        stakes = {
            account: min(stake, moment.now.bonds[account].delegated) for account, stake in stakes.items()
        }
        if stakes[evicted] > min(stakes.values()):
            yield f"{evicted} was not the last of {stakes}"
        if moment.now.bonds[entered[0]].delegated <= stakes[evicted]:
            yield f"{entered[0]} has no more than {evicted}"


@invariant(
    "POOL-10",
    "nobody leaves the pool but by taking out its bond, by a slash, or evicted",
    why="membership is worth a round's reward",
)
def members_stay(moment: Moment) -> Iterator[str]:
    for account in moment.before.pool.keys() - moment.now.pool.keys():
        is_slashed = moment.event_of("TranscoderSlashed", "transcoder", account) is not None
        is_evicted = bool(moment.events_named("TranscoderActivated"))
        if moment.now.bonds[account].bonded > 0 and not is_slashed and not is_evicted:
            yield account


@invariant("POOL-11", "the size of the pool never falls", why="members would have to be put out")
def the_pool_never_shrinks(moment: Moment) -> Iterator[str]:
    was, now = (picture.parameters["numActiveTranscoders"] for picture in (moment.before, moment.now))
    if now < was:
        yield f"{was} → {now}"


# ---- what counts in a round


@invariant(
    "POOL-6",
    "when a round is initialized: total = Σ delegated of the active, at most the pool's size (7.13)",
    why="pool and totals of the next round become those of this one",
)
def totals_of_a_round_are_its_active_set(moment: Moment) -> Iterator[str]:
    active = moment.now.active
    if len(active) > moment.manager.pool.max_size:
        yield f"{len(active)} active"
    if moment.events_named("NewRound"):
        stake = sum(moment.now.bonds[account].delegated for account in active)
        if stake != moment.now.total_active_stake or len(active) != moment.now.active_set_size:
            yield f"{stake} delegated to the active, {moment.now.total_active_stake} counted"


@invariant(
    "POOL-7",
    "what counts in a round does not change in it (7.14)",
    why="numerator and denominator of rewards stand still",
)
def stake_of_a_round_is_frozen(moment: Moment) -> Iterator[str]:
    if moment.before.round != moment.now.round or moment.events_named("NewRound"):
        return
    if moment.before.total_active_stake != moment.now.total_active_stake:
        yield "the total changed"
    for account, stake in moment.now.effective_stake.items():
        if moment.before.effective_stake.get(account, stake) != stake:
            yield f"{account}: {moment.before.effective_stake[account]} → {stake}"


@invariant(
    "POOL-12",
    "nobody becomes active within a round, and who ceases to be has left and joined the pool again",
    why="entitlements of a round are those of its start (V6); rejoining costs the rest of the round (3.2)",
)
def the_active_set_stands(moment: Moment) -> Iterator[str]:
    if moment.before.round != moment.now.round or moment.before.active == moment.now.active:
        return
    if more := moment.now.active - moment.before.active:
        yield f"{sorted(more)} became active"
    for account in moment.before.active - moment.now.active:
        if moment.event_of("TranscoderActivated", "transcoder", account) is None:
            yield f"{account} is not active any more"


@invariant(
    "POOL-13",
    "the size of the active set changes only when a round is initialized",
    why="reserves are divided by it (DEV-2)",
)
def the_size_of_the_set_stands(moment: Moment) -> Iterator[str]:
    was, now = moment.before.active_set_size, moment.now.active_set_size
    if was != now and not moment.events_named("NewRound"):
        yield f"{was} → {now}"


@invariant(
    "POOL-14",
    "the row of the last update of an active orchestrator holds its delegated amount, be it leaving or not (10.2)",
    why="V20: stake of one that leaves was not tracked, and fees were divided by what it had been",
)
def leaving_stake_is_tracked(moment: Moment) -> Iterator[str]:
    for account in moment.now.active - moment.now.pool.keys():
        updated = moment.now.orchestrators[account].last_update
        stake = moment.manager.earnings[account][updated].total_stake
        if stake != moment.now.bonds[account].delegated:
            yield f"{account}: row {updated} has {stake}"


@invariant(
    "POOL-15",
    "stake behind an orchestrator that leaves at the end of the round grows only after its reward (10.4)",
    why="V21: growing, it would rejoin, be inactive at once, and lose the reward",
)
def no_new_stake_behind_leaving(moment: Moment) -> Iterator[str]:
    for account in moment.before.active - moment.before.pool.keys():
        was, now = moment.before.bonds[account].delegated, moment.now.bonds[account].delegated
        if now > was and moment.now.orchestrators[account].last_reward != moment.now.round:
            yield f"{account}: {was} → {now}"


# ---- rates


@invariant(
    "POOL-16",
    "rates are at most 100 %, and change only by the orchestrator's own TranscoderUpdate",
    why="they divide what delegators earn",
)
def rates_are_the_orchestrators_own(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.orchestrators.items():
        was = moment.before.orchestrators[account]
        if (record.reward_cut, record.fee_share) == (was.reward_cut, was.fee_share):
            continue
        told = moment.event_of("TranscoderUpdate", "transcoder", account)
        is_own = moment.call is not None and moment.call.sender == account
        if (
            told is None
            or not is_own
            or (told["rewardCut"], told["feeShare"]) != (record.reward_cut, record.fee_share)
        ):
            yield f"{account}: {was} → {record}, told {told}"
        if max(record.reward_cut, record.fee_share) > PPM_WHOLE:
            yield f"{account}: {record}"


@invariant(
    "POOL-17",
    "rates change before the lock at the end of the round, and for an active orchestrator after its reward",
    why="delegators can react before new rates count, and nobody changes the rates of the running round",
    on=("TranscoderUpdate",),
)
def rates_change_in_time(moment: Moment) -> Iterator[str]:
    for told in moment.events_named("TranscoderUpdate"):
        account = told["transcoder"]
        if moment.clock.current_round_locked():
            yield f"{account} in the lock"
        has_rewarded = moment.now.orchestrators[account].last_reward == moment.now.round
        if account in moment.before.active and not has_rewarded:
            yield f"{account} before its reward"


@invariant(
    "POOL-18",
    "the rates by which something was shared in a round stand for the rest of it",
    why="reward and fees of a round are shared alike, whenever they come",
)
def rates_of_a_round_stand(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        record = moment.now.orchestrators[account]
        if moment.now.round not in (record.last_reward, record.last_fee):
            continue
        row = moment.manager.earnings[account][moment.now.round]
        rates = (row.reward_cut_ppm, row.fee_share_ppm)
        if moment.seen.setdefault(("rates", account, moment.now.round), rates) != rates:
            yield f"{account}: {moment.seen['rates', account, moment.now.round]} → {rates}"
