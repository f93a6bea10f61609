"""RESERVE: shares of reserves (payments.md 3.5 and 5)."""

from collections.abc import Iterator

from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment, Picture


def holders(moment: Moment) -> list[str]:
    """Senders with a reserve, or with claims on it in this round."""
    found = {holder for holder, n, _ in moment.now.claims if n == moment.now.round}
    found.update(account for account, record in moment.now.senders.items() if record.reserve)
    return sorted(found)


@invariant(
    "RESERVE-1",
    "Σ claims of claimants = claims of the round (5.7)",
    why="shares are worked out from the sum",
)
def claims_add_up(moment: Moment) -> Iterator[str]:
    totals: dict[tuple, int] = {}
    for (holder, number, _), amount in moment.now.claims.items():
        totals[holder, number] = totals.get((holder, number), 0) + amount
    if totals != moment.broker.round_claims:
        yield f"{totals}"


@invariant(
    "RESERVE-2",
    "nobody draws more than an equal share of what was there in the round (5.8)",
    why="a sender cannot deprive one orchestrator by paying another",
)
def shares_are_equal(moment: Moment) -> Iterator[str]:
    size = moment.now.active_set_size
    for (holder, number, claimant), drawn in moment.now.claims.items():
        if number != moment.now.round or not moment.now.is_initialized:
            continue
        remaining, claimed = moment.broker.get_reserve_info(holder)
        if drawn > (remaining + claimed) // size:
            yield f"{claimant} drew {drawn} of {remaining + claimed} among {size}"


@invariant(
    "RESERVE-3",
    "a claim never lowers what another may claim (5.9)",
    why="what is left and what was drawn add up to the same",
    on=("ReserveClaimed",),
)
def claims_leave_the_shares_of_others(moment: Moment) -> Iterator[str]:
    drawn = {(claim["reserveHolder"], claim["claimant"]) for claim in moment.events_named("ReserveClaimed")}
    for holder in {holder for holder, _ in drawn}:
        for claimant in moment.before.active:
            was = _share(moment, moment.before, holder, claimant)
            now = moment.broker.claimable_reserve(holder, claimant)
            if now < was and (holder, claimant) not in drawn:
                yield f"{claimant} from {holder}: {was} → {now}"


def _share(moment: Moment, picture: Picture, holder: str, claimant: str) -> int:
    """What an active orchestrator could claim then."""
    claims = {key: drawn for key, drawn in picture.claims.items() if key[:2] == (holder, picture.round)}
    whole = picture.senders[holder].reserve + sum(claims.values())
    return max(0, whole // picture.active_set_size - claims.get((holder, picture.round, claimant), 0))


@invariant(
    "RESERVE-4",
    "only active orchestrators draw on a reserve (V6)",
    why="P6: shares of those that merely are registered exceeded the whole",
    on=("ReserveClaimed",),
)
def only_the_active_draw(moment: Moment) -> Iterator[str]:
    for given in moment.events_named("ReserveClaimed"):
        if given["claimant"] not in moment.now.active:
            yield f"{given}"


@invariant(
    "RESERVE-5",
    "claims are what ReserveClaimed says, each in the round of its redemption",
    why="clients know by it what is left for them; claims of past rounds never change",
)
def claims_are_what_events_say(moment: Moment) -> Iterator[str]:
    if moment.client.claims != moment.now.claims:
        yield f"{moment.now.claims}, {dict(moment.client.claims)} by events"


@invariant(
    "RESERVE-6",
    "when a round begins nobody has drawn from any reserve in it (5.19)",
    why="what is left is shared anew",
)
def shares_begin_anew(moment: Moment) -> Iterator[str]:
    if moment.now.round == moment.before.round:
        return
    for holder in holders(moment):
        claimed = [moment.broker.claimed_reserve(holder, claimant) for claimant in moment.accounts]
        if any(claimed) or moment.broker.get_reserve_info(holder)[1]:
            yield f"{holder}: {claimed}"


@invariant(
    "RESERVE-7",
    "claimable = max(0, ⌊(left + drawn) / size of the set⌋ − own claims), and nothing for others (3.5, DEV-2)",
    why="recipients take tickets up to this amount",
)
def shares_follow_the_rule(moment: Moment) -> Iterator[str]:
    found_holders = holders(moment) if moment.has_turn(0, 2) else []
    if not found_holders:
        return
    holder = moment.turn_of(found_holders)
    remaining, claimed = moment.broker.get_reserve_info(holder)
    for claimant in moment.sample:
        is_active, size = moment.manager.reserve_share_state(claimant)
        share = (remaining + claimed) // size if is_active and size else 0
        expected = max(0, share - moment.now.claims.get((holder, moment.now.round, claimant), 0))
        found = moment.broker.claimable_reserve(holder, claimant)
        if found != expected:
            yield f"{claimant} from {holder}: {found}, {expected} expected"


@invariant(
    "RESERVE-8",
    "what all may still claim from a reserve is there",
    why="a claim must never fail for want of funds; the size counts at least those who are active",
)
def all_claims_can_be_paid(moment: Moment) -> Iterator[str]:
    found_holders = holders(moment) if moment.now.is_initialized and moment.has_turn(1, 2) else []
    if found_holders:
        holder = moment.turn_of(found_holders)
        claimable = sum(moment.broker.claimable_reserve(holder, claimant) for claimant in moment.now.active)
        if claimable > moment.broker.get_reserve_info(holder)[0]:
            yield f"{claimable} of {moment.broker.get_reserve_info(holder)[0]} from {holder}"
