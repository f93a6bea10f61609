"""BOND: conservation of stake, and the records of delegators (staking.md 7)."""

from collections import defaultdict
from collections.abc import Iterator

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import ProtocolError
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment, Picture

STRANGER = "0x" + "5" * 40


def bonded_behind(picture: Picture) -> dict[str, int]:
    """Σ bonded by delegate."""
    found: dict[str, int] = defaultdict(int)
    for bond in picture.bonds.values():
        if bond.bonded > 0:
            found[bond.delegate] += bond.bonded
    return found


def delegated_in_all(picture: Picture) -> int:
    """Σ delegated."""
    return sum(bond.delegated for bond in picture.bonds.values())


# ---- conservation


@invariant(
    "BOND-1",
    "Σ delegated + Σ locks = LPT in − LPT out (7.1, penalties count as out)",
    why="every operation moves whole units, and rewards are added to what is delegated when they are minted",
)
def delegated_and_locks_are_what_came_in(moment: Moment) -> Iterator[str]:
    held = delegated_in_all(moment.now) + sum(amount for amount, _ in moment.now.open_locks.values())
    if held != moment.sums.lpt_in - moment.sums.lpt_out:
        yield f"{held} held, {moment.sums.lpt_in - moment.sums.lpt_out} left of what came in"


@invariant(
    "BOND-2",
    "Σ pending stake behind a delegate ≤ its delegated amount (7.2)",
    why="shares of rewards round down; the rest, and shares of who claimed before the reward, stay delegated",
)
def delegated_amount_covers_sum_of_stakes(moment: Moment) -> Iterator[str]:
    pending: dict[str, int] = defaultdict(int)
    for account, bond in moment.now.bonds.items():
        if bond.bonded > 0:
            pending[bond.delegate] += moment.now.pending_stake[account]
    for delegate, stake in pending.items():
        if stake > moment.now.bonds[delegate].delegated:
            yield f"{delegate}: {stake} pending, {moment.now.bonds[delegate].delegated} delegated"


@invariant(
    "BOND-3",
    "Σ bonded behind a delegate ≤ its delegated amount (7.3)",
    why="whoever leaves takes its bond out of the delegated amount, which must not underflow (V14)",
)
def no_decrease_can_underflow(moment: Moment) -> Iterator[str]:
    for delegate, bonded in bonded_behind(moment.now).items():
        if bonded > moment.now.bonds[delegate].delegated:
            yield f"{delegate}: {bonded} bonded, {moment.now.bonds[delegate].delegated} delegated"


@invariant(
    "BOND-4",
    "Σ pending stake + Σ locks + rewards of those without a bond ≤ LPT in − LPT out (7.4)",
    why="all roundings favour the Minter, so that it can pay everybody",
)
def all_stake_can_be_paid(moment: Moment) -> Iterator[str]:
    locks = sum(amount for amount, _ in moment.now.open_locks.values())
    waiting = sum(
        record.rewards
        for account, record in moment.now.orchestrators.items()
        if record.rewards and moment.now.bonds[account].delegate != account
    )
    owed = sum(moment.now.pending_stake.values()) + locks + waiting
    if owed > moment.sums.lpt_in - moment.sums.lpt_out:
        yield f"{owed} owed, {moment.sums.lpt_in - moment.sums.lpt_out} there"


@invariant(
    "BOND-5",
    "LPT of the Minter = LPT in − LPT out",
    why="bonds are paid to it, rewards minted to it, and nothing else moves its tokens",
)
def minter_holds_all_stake(moment: Moment) -> Iterator[str]:
    held = moment.now.lpt.get(moment.model.minter.address, 0)
    if held != moment.sums.lpt_in - moment.sums.lpt_out:
        yield f"{held} held, {moment.sums.lpt_in - moment.sums.lpt_out} expected"


@invariant(
    "BOND-15",
    "delegated − Σ bonded of a delegate grows by the rewards minted for it, falls by those that its delegators claim",
    why="both fall and rise together otherwise; unlike BOND-1 this holds for each delegate alone",
)
def each_delegate_keeps_its_own_book(moment: Moment) -> Iterator[str]:
    if moment.call is None:
        return
    was_bonded, bonded = bonded_behind(moment.before), bonded_behind(moment.now)
    expected: dict[str, int] = defaultdict(int)
    for reward in moment.events_named("Reward"):
        expected[reward["transcoder"]] += reward["amount"]
    for claim in moment.events_named("EarningsClaimed"):
        expected[claim["delegate"]] -= claim["rewards"]
    for account, bond in moment.now.bonds.items():
        was = moment.before.bonds[account].delegated - was_bonded.get(account, 0)
        now = bond.delegated - bonded.get(account, 0)
        if now - was != expected.get(account, 0):
            yield f"{account}: {was} → {now}, {expected[account]} more by rewards and claims"


# ---- records


@invariant(
    "BOND-6",
    "claim, reward and fee rounds ≤ current round, and never fall (7.18)",
    why="all three are set to the current round, which never falls",
)
def rounds_of_records_only_grow(moment: Moment) -> Iterator[str]:
    current_round = moment.now.round
    for account, bond in moment.now.bonds.items():
        record = moment.now.orchestrators[account]
        was_bond, was = moment.before.bonds[account], moment.before.orchestrators[account]
        if not was_bond.claim_round <= bond.claim_round <= current_round:
            yield f"{account}: claim round {was_bond.claim_round} → {bond.claim_round}"
        if not was.last_reward <= record.last_reward <= current_round:
            yield f"{account}: reward round {was.last_reward} → {record.last_reward}"
        if not was.last_fee <= record.last_fee <= current_round:
            yield f"{account}: fee round {was.last_fee} → {record.last_fee}"


@invariant(
    "BOND-7",
    "without bond: no delegate, no start round; with a bond: start and claim rounds (7.19)",
    why="whoever takes out the last unit is cleared; status and votes are read from these fields",
)
def bond_and_delegate_go_together(moment: Moment) -> Iterator[str]:
    for account, bond in moment.now.bonds.items():
        if bond.bonded == 0 and (bond.delegate != ZERO_ADDRESS or bond.start_round != 0):
            yield f"{account}: {bond}"
        if bond.bonded > 0 and (bond.start_round == 0 or bond.claim_round == 0):
            yield f"{account}: {bond}"


@invariant(
    "BOND-8",
    "start round ≤ current round + 1 (7.20)",
    why="a bond counts from the next round at the latest",
)
def bonds_count_from_the_next_round_at_the_latest(moment: Moment) -> Iterator[str]:
    for account, bond in moment.now.bonds.items():
        if bond.start_round > moment.now.round + 1:
            yield f"{account}: {bond.start_round}"


@invariant(
    "BOND-9",
    "locks: amount > 0, id < next id, next id never falls, no id comes back (7.21)",
    why="an id that came back would overwrite a lock (V12)",
)
def lock_ids_are_used_once(moment: Moment) -> Iterator[str]:
    for account, bond in moment.now.bonds.items():
        if bond.next_lock < moment.before.bonds[account].next_lock:
            yield f"{account}: next id fell"
    for (account, lock_id), (amount, _) in moment.now.open_locks.items():
        if amount == 0 or lock_id >= moment.now.bonds[account].next_lock:
            yield f"{account}: lock {lock_id}"
        was_open = (account, lock_id) in moment.before.open_locks
        if not was_open and lock_id < moment.before.bonds[account].next_lock:
            yield f"{account}: lock {lock_id} came back"


@invariant(
    "BOND-16",
    "an open lock keeps its amount and its withdraw round",
    why="a change of the unbonding period, a slash or a claim must not reach stake on its way out",
)
def locks_stand(moment: Moment) -> Iterator[str]:
    if moment.now.open_locks == moment.before.open_locks:
        return
    for key, lock in moment.now.open_locks.items():
        if moment.before.open_locks.get(key, lock) != lock:
            yield f"{key}: {moment.before.open_locks[key]} → {lock}"


@invariant(
    "BOND-14",
    "every account with stake or claims has its state in its latest checkpoint (7.37)",
    why="votes are read from checkpoints alone; one left out gives wrong votes later (V16)",
)
def checkpoints_are_up_to_date(moment: Moment) -> Iterator[str]:
    votes = moment.model.bonding_votes
    for account in moment.sample:
        bond, checkpoints = moment.now.bonds[account], votes.checkpoints[account]
        state = (bond.bonded, bond.delegate, bond.delegated, bond.claim_round)
        state += (moment.now.orchestrators[account].last_reward,)
        # They are written in the order of their rounds.
        latest = checkpoints[next(reversed(checkpoints))] if checkpoints else (0, ZERO_ADDRESS, 0, 0, 0)
        if tuple(latest) != state:
            yield f"{account}: checkpoint {latest}, state {state}"


@invariant(
    "BOND-17",
    "a step changes the bonds only of accounts that its events name, and of the delegate of a slashed one",
    why="explorers and nodes follow stake by events",
)
def nobody_changes_unnamed(moment: Moment) -> Iterator[str]:
    if moment.now.bonds == moment.before.bonds:
        return
    changed = [account for account, bond in moment.now.bonds.items() if bond != moment.before.bonds[account]]
    named = {value for event in moment.events for value in event.arguments.values() if isinstance(value, str)}
    for slashed in moment.events_named("TranscoderSlashed"):
        named.add(moment.before.bonds[slashed["transcoder"]].delegate)
    for account in changed:
        if account not in named:
            yield f"{account}: {moment.before.bonds[account]} → {moment.now.bonds[account]}"


@invariant(
    "BOND-18",
    "a bonded amount is what events say: claimed rewards, bonds and rebonds in, unbonds and penalties out",
    why="a client that keeps this book must never be off by a unit",
)
def bonds_are_what_events_say(moment: Moment) -> Iterator[str]:
    for account, bond in moment.now.bonds.items():
        if moment.client.bonded.get(account, 0) != bond.bonded:
            yield f"{account}: {bond.bonded}, {moment.client.bonded[account]} by events"


@invariant(
    "BOND-19",
    "a fee balance is what events say: claimed fees in, withdrawn fees out",
    why="as BOND-18",
)
def fees_are_what_events_say(moment: Moment) -> Iterator[str]:
    for account, bond in moment.now.bonds.items():
        if moment.client.fees.get(account, 0) != bond.fees:
            yield f"{account}: {bond.fees}, {moment.client.fees[account]} by events"


@invariant(
    "BOND-20",
    "a claim round changes only with EarningsClaimed, which goes from the round after the last claim to the current",
    why="rounds claimed twice would pay twice, rounds left out would be lost",
)
def claims_go_through_every_round(moment: Moment) -> Iterator[str]:
    claims = {told["delegator"]: told for told in moment.events_named("EarningsClaimed")}
    for account, bond in moment.now.bonds.items():
        was, claim = moment.before.bonds[account], claims.get(account)
        expected = was.claim_round if claim is None else moment.now.round
        if bond.claim_round != expected:
            yield f"{account}: {was.claim_round} → {bond.claim_round}"
        if claim and (claim["startRound"], claim["endRound"]) != (was.claim_round + 1, moment.now.round):
            yield f"{account}: {claim}"


@invariant(
    "BOND-21",
    "a start round changes only when a bond begins, moves or ends: to the next round, or to none",
    why="it is how long an account waits before it can unbond; adding to a bond does not start it anew (V2)",
)
def waits_begin_with_the_bond(moment: Moment) -> Iterator[str]:
    if moment.call is None and moment.now.bonds == moment.before.bonds:
        return
    for account, bond in moment.now.bonds.items():
        was = moment.before.bonds[account]
        if bond.start_round == was.start_round:
            continue
        # A bond that ends and begins again within a call: all of it transferred to its owner.
        begins = was.bonded == 0 or bond.delegate != was.delegate or moment.events_named("TransferBond")
        ends = bond.bonded == 0 and bond.start_round == 0
        if not ends and not (begins and bond.start_round == moment.now.round + 1):
            yield f"{account}: {was} → {bond}"


@invariant(
    "BOND-35",
    "views of stake and earnings answer for anybody, now and for any round (7.36)",
    why="clients ask them for whomever they meet; one that fails also blocks claims",
)
def views_always_answer(moment: Moment) -> Iterator[str]:
    if not moment.has_turn(7, 8):
        return
    manager, n = moment.manager, moment.turn_of(range(moment.now.round + 2))
    for account in (moment.turn_of(moment.accounts), STRANGER):
        for view, arguments in (
            (manager.pending_stake, (account, n)),
            (manager.pending_fees, (account, n)),
            (manager.delegator_status, (account,)),
            (manager.is_active_transcoder, (account,)),
            (manager.get_next_transcoder_in_pool, (account,)),
            (manager.get_transcoder_earnings_pool_for_round, (account, n)),
            (moment.broker.claimable_reserve, (account, account)),
        ):
            try:
                view(*arguments)
            except ProtocolError as error:
                yield f"{view.__name__}{arguments}: {error.name}({error})"
