"""BOND and POOL: stake, locks and the orchestrator pool (staking.md 7)."""

from collections import defaultdict
from collections.abc import Iterator

from reference_model.constants import NEVER, ZERO_ADDRESS
from simulation.invariants.chronicle import Moment, invariant

DELEGATE, DELEGATED, START, CLAIM, NEXT_LOCK = 2, 3, 4, 5, 6
LAST_REWARD, LAST_UPDATE, ACTIVATION, DEACTIVATION, LAST_FEE = 0, 3, 4, 5, 9


def delegators_of(moment: Moment) -> dict[str, list[str]]:
    """Accounts with a bond by delegate."""
    found = defaultdict(list)
    for account, record in moment.now.delegator.items():
        if record[0] > 0:
            found[record[DELEGATE]].append(account)
    return found


def delegated_in_all(picture) -> int:
    return sum(record[DELEGATED] for record in picture.delegator.values())


# ---- conservation


@invariant("BOND-1", "Σ delegated + Σ locks = LPT in − LPT out (7.1, penalties count as out)")
def delegated_and_locks_are_what_came_in(moment: Moment) -> Iterator[str]:
    held = delegated_in_all(moment.now) + sum(amount for amount, _ in moment.now.open_locks.values())
    if held != moment.sums.lpt_in - moment.sums.lpt_out:
        yield f"{held} held, {moment.sums.lpt_in - moment.sums.lpt_out} left of what came in"


@invariant("BOND-2", "Σ pending stake behind a delegate ≤ its delegated amount (7.2)")
def delegated_amount_covers_sum_of_stakes(moment: Moment) -> Iterator[str]:
    for delegate, accounts in delegators_of(moment).items():
        stake = sum(moment.now.pending_stake[account] for account in accounts)
        if stake > moment.now.delegator[delegate][DELEGATED]:
            yield f"{delegate}: {stake} pending, {moment.now.delegator[delegate][DELEGATED]} delegated"


@invariant("BOND-3", "Σ bonded behind a delegate ≤ its delegated amount (7.3)")
def no_decrease_can_underflow(moment: Moment) -> Iterator[str]:
    for delegate, accounts in delegators_of(moment).items():
        if sum(moment.now.delegator[a][0] for a in accounts) > moment.now.delegator[delegate][DELEGATED]:
            yield delegate


@invariant("BOND-4", "Σ pending stake + Σ locks + rewards of those without a bond ≤ LPT in − LPT out (7.4)")
def all_stake_can_be_paid(moment: Moment) -> Iterator[str]:
    locks = sum(amount for amount, _ in moment.now.open_locks.values())
    waiting = sum(
        moment.manager.orchestrators[account].cumulative_rewards
        for account in moment.accounts
        if moment.now.delegator[account][DELEGATE] != account
    )
    owed = sum(moment.now.pending_stake.values()) + locks + waiting
    if owed > moment.sums.lpt_in - moment.sums.lpt_out:
        yield f"{owed} owed"


@invariant("BOND-5", "LPT of the Minter = LPT in − LPT out")
def minter_holds_all_stake(moment: Moment) -> Iterator[str]:
    held = moment.model.token.balances[moment.model.minter.address]
    if held != moment.sums.lpt_in - moment.sums.lpt_out:
        yield f"{held} held, {moment.sums.lpt_in - moment.sums.lpt_out} expected"


# ---- records


@invariant("BOND-6", "claim, reward and fee rounds ≤ current round, and never fall (7.18)")
def rounds_of_records_only_grow(moment: Moment) -> Iterator[str]:
    for account in moment.accounts:
        before, now = (
            (
                picture.delegator[account][CLAIM],
                picture.transcoder[account][LAST_REWARD],
                picture.transcoder[account][LAST_FEE],
            )
            for picture in (moment.before, moment.now)
        )
        if max(now) > moment.now.round or any(n < b for n, b in zip(now, before, strict=True)):
            yield f"{account}: {before} → {now}"


@invariant("BOND-7", "without bond: no delegate, no start round; with a bond: start and claim rounds (7.19)")
def bond_and_delegate_go_together(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.delegator.items():
        if record[0] == 0 and (record[DELEGATE] != ZERO_ADDRESS or record[START] != 0):
            yield f"{account}: {record}"
        if record[0] > 0 and (record[START] == 0 or record[CLAIM] == 0):
            yield f"{account}: {record}"


@invariant("BOND-8", "start round ≤ current round + 1 (7.20)")
def bonds_count_from_the_next_round_at_the_latest(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.delegator.items():
        if record[START] > moment.now.round + 1:
            yield f"{account}: {record[START]}"


@invariant("BOND-9", "locks: amount > 0, id < next id, next id never falls, no id comes back (7.21)")
def lock_ids_are_used_once(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.delegator.items():
        if record[NEXT_LOCK] < moment.before.delegator[account][NEXT_LOCK]:
            yield f"{account}: next id fell"
    for (account, lock_id), (amount, _) in moment.now.open_locks.items():
        if amount == 0 or lock_id >= moment.now.delegator[account][NEXT_LOCK]:
            yield f"{account}: lock {lock_id}"
        was_open = (account, lock_id) in moment.before.open_locks
        if not was_open and lock_id < moment.before.delegator[account][NEXT_LOCK]:
            yield f"{account}: lock {lock_id} came back"


# ---- operations


@invariant("BOND-10", "a bond raises Σ delegated by exactly what is paid (7.26)")
def a_move_moves_stake(moment: Moment) -> Iterator[str]:
    for bond in moment.events_named("Bond"):
        grown = delegated_in_all(moment.now) - delegated_in_all(moment.before)
        if grown != bond["additionalAmount"]:
            yield f"{grown} more, {bond['additionalAmount']} paid"


@invariant("BOND-11", "a transfer moves x from the sender's to the receiver's stake, and no tokens (7.30)")
def a_transfer_moves_a_bond(moment: Moment) -> Iterator[str]:
    for transfer in moment.events_named("TransferBond"):
        sender, receiver, amount = transfer["oldDelegator"], transfer["newDelegator"], transfer["amount"]
        if moment.events_named("Transfer") or moment.now.lpt != moment.before.lpt:
            yield "tokens moved"
        if sender == receiver:
            continue
        fallen = moment.before.pending_stake[sender] - moment.now.pending_stake[sender]
        risen = moment.now.pending_stake[receiver] - moment.before.pending_stake[receiver]
        if fallen != amount or risen != amount:
            yield f"{amount} transferred, {fallen} less, {risen} more"


@invariant("BOND-12", "a withdrawal pays the lock's amount and ends the lock (7.31)")
def a_lock_pays_once(moment: Moment) -> Iterator[str]:
    for paid in moment.events_named("WithdrawStake"):
        key = (paid["delegator"], paid["unbondingLockId"])
        received = moment.now.lpt[key[0]] - moment.before.lpt[key[0]]
        if moment.before.open_locks.get(key) != (paid["amount"], paid["withdrawRound"]):
            yield f"{key}: paid {paid}, lock was {moment.before.open_locks.get(key)}"
        if key in moment.now.open_locks or received != paid["amount"]:
            yield f"{key}: {received} received"


@invariant("BOND-13", "others never move, end or shrink a bond, nor make an orchestrator of its owner (7.32)")
def others_cannot_touch_a_bond(moment: Moment) -> Iterator[str]:
    call, registry = moment.call, moment.model.controller
    if call is None or call.sender in (
        registry.get_contract("L2Migrator"),
        registry.get_contract("Verifier"),
    ):
        return
    for account in moment.accounts:
        was, now = moment.before.delegator[account], moment.now.delegator[account]
        if account == call.sender or was == now:
            continue
        if was[0] > 0 and was[DELEGATE] != now[DELEGATE]:
            yield f"{account} moved from {was[DELEGATE]} to {now[DELEGATE]}"
        if now[DELEGATE] == account != was[DELEGATE]:
            yield f"{account} was made an orchestrator"
        if now[0] < was[0]:
            yield f"{account} lost {was[0] - now[0]}"
        delegate = was[DELEGATE]
        has_claimed = now[CLAIM] == moment.now.round != was[CLAIM]
        is_waiting = (
            moment.manager.is_active_transcoder(delegate)
            and moment.before.transcoder[delegate][LAST_REWARD] != moment.now.round
        )
        if was[0] > 0 and has_claimed and is_waiting:
            yield f"{account} misses the reward of {delegate}"


@invariant("BOND-14", "every account with stake or claims has its state in its latest checkpoint (7.37)")
def checkpoints_are_up_to_date(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.delegator.items():
        checkpoints = moment.model.bonding_votes.checkpoints[account]
        state = (record[0], record[DELEGATE], record[DELEGATED], record[CLAIM])
        state += (moment.now.transcoder[account][LAST_REWARD],)
        latest = checkpoints[max(checkpoints)] if checkpoints else (0, ZERO_ADDRESS, 0, 0, 0)
        if tuple(latest) != state:
            yield f"{account}: checkpoint {latest}, state {state}"


# ---- the pool


@invariant("POOL-1", "total active stake of the next round = Σ delegated of the pool's members (7.6)")
def next_total_is_the_pool(moment: Moment) -> Iterator[str]:
    stake = sum(moment.now.delegator[account][DELEGATED] for account in moment.manager.pool.members)
    if stake != moment.manager.next_round_total_active_stake:
        yield f"{stake} in the pool, {moment.manager.next_round_total_active_stake} counted"


@invariant("POOL-2", "members of the pool are registered and have stake (7.7, 7.8)")
def members_are_orchestrators(moment: Moment) -> Iterator[str]:
    for account in moment.manager.pool.members:
        if (
            not moment.manager.is_registered_transcoder(account)
            or moment.now.delegator[account][DELEGATED] == 0
        ):
            yield account


@invariant("POOL-3", "the pool is ranked by stake and has at most its size (7.9)")
def pool_is_ranked(moment: Moment) -> Iterator[str]:
    ranking = moment.manager.pool.ranking()
    stakes = [moment.now.delegator[account][DELEGATED] for account in ranking]
    if stakes != sorted(stakes, reverse=True) or len(ranking) > moment.manager.pool.max_size:
        yield f"{stakes}"
    if len(set(ranking)) != len(ranking):
        yield "somebody is in it twice"


@invariant("POOL-4", "in the pool ⇔ never deactivated; else deactivated by the next round (7.10)")
def members_have_no_end(moment: Moment) -> Iterator[str]:
    for account in moment.accounts:
        end = moment.now.transcoder[account][DEACTIVATION]
        if (account in moment.manager.pool) != (end == NEVER):
            yield f"{account}: {end}"
        if end != NEVER and end > moment.now.round + 1:
            yield f"{account}: {end}"


@invariant("POOL-5", "activation ≤ deactivation, activation ≤ current round + 1 (7.11)")
def activity_begins_before_it_ends(moment: Moment) -> Iterator[str]:
    for account in moment.accounts:
        record = moment.now.transcoder[account]
        if record[DEACTIVATION] != 0 and record[ACTIVATION] > record[DEACTIVATION]:
            yield f"{account}: {record}"
        if record[ACTIVATION] > moment.now.round + 1:
            yield f"{account}: {record}"


@invariant(
    "POOL-6", "when a round is initialized: total = Σ delegated of the active, at most the pool's size (7.13)"
)
def totals_of_a_round_are_its_active_set(moment: Moment) -> Iterator[str]:
    active = [account for account in moment.accounts if moment.manager.is_active_transcoder(account)]
    if len(active) > moment.manager.pool.max_size:
        yield f"{len(active)} active"
    if moment.events_named("NewRound"):
        stake = sum(moment.now.delegator[account][DELEGATED] for account in active)
        if (
            stake != moment.now.total_active_stake
            or len(active) != moment.manager.current_round_active_set_size
        ):
            yield f"{stake} delegated to the active, {moment.now.total_active_stake} counted"


@invariant("POOL-7", "what counts in a round does not change in it (7.14)")
def stake_of_a_round_is_frozen(moment: Moment) -> Iterator[str]:
    if moment.before.round != moment.now.round or moment.events_named("NewRound"):
        return
    if moment.before.total_active_stake != moment.now.total_active_stake:
        yield "the total changed"
    for account, stake in moment.now.effective_stake.items():
        if moment.before.effective_stake.get(account, stake) != stake:
            yield f"{account}: {moment.before.effective_stake[account]} → {stake}"
