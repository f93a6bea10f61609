"""TICKET and RESERVE: escrow and tickets (payments.md 5)."""

from collections.abc import Iterator

from simulation.invariants.chronicle import Moment, invariant

SELF_FUNDING = ("fundDeposit", "fundReserve", "fundDepositAndReserve", "fundDepositAndReserveFor")


@invariant("TICKET-1", "Σ deposits + Σ reserves = funded − paid by tickets − withdrawn (5.1)")
def escrow_is_what_was_funded(moment: Moment) -> Iterator[str]:
    sums = moment.sums
    held = sum(record.deposit + record.reserve for record in moment.broker.accounts.values())
    if held != sums.funded - sums.paid_by_tickets - sums.withdrawn:
        yield f"{held} held"


@invariant("TICKET-2", "the broker holds no ETH (5.3)")
def broker_is_empty(moment: Moment) -> Iterator[str]:
    if moment.model.ether[moment.broker.address]:
        yield f"{moment.model.ether[moment.broker.address]}"


@invariant(
    "TICKET-3", "tickets take what they pay: the deposit first, the whole face value or nothing (5.4, DEV-1)"
)
def tickets_are_paid_in_full(moment: Moment) -> Iterator[str]:
    paid: dict[str, int] = {}
    for ticket in moment.events_named("WinningTicketRedeemed"):
        paid[ticket["sender"]] = paid.get(ticket["sender"], 0) + ticket["faceValue"]
    for sender, amount in paid.items():
        was, now = moment.before.sender[sender], moment.now.sender[sender]
        if was[0] + was[1] - now[0] - now[1] != amount:
            yield f"{sender}: {was} → {now} for {amount}"
        if was[1] != now[1] and now[0] != 0:
            yield f"{sender}: reserve before deposit"


@invariant("TICKET-4", "a used ticket stays used, and only a redemption uses one (5.5, 5.6)")
def tickets_are_used_once(moment: Moment) -> Iterator[str]:
    if not moment.before.used_tickets <= moment.now.used_tickets:
        yield "one was forgotten"
    fresh = len(moment.now.used_tickets) - len(moment.before.used_tickets)
    if fresh != len(moment.events_named("WinningTicketRedeemed")):
        yield f"{fresh} used"
    if moment.redeemed and max(moment.redeemed.values()) > 1:
        yield "one was redeemed twice"


@invariant("TICKET-5", "a withdraw round changes only by its sender: unlock, cancel, own funding (5.10)")
def only_the_sender_unlocks(moment: Moment) -> Iterator[str]:
    for account in moment.accounts:
        was, now = moment.before.sender[account][2], moment.now.sender[account][2]
        if was == now:
            continue
        call = moment.call
        if (
            call is None
            or call.sender != account
            or call.function not in ("unlock", "cancelUnlock", *SELF_FUNDING)
        ):
            yield f"{account}: {was} → {now}"
        if (was, call.function) != (0, "unlock") and (now != 0 or call.function == "unlock"):
            yield f"{account}: {was} → {now}"


@invariant(
    "TICKET-6",
    "tickets of locked senders only; withdrawals of unlocked ones only, of everything (5.11, 5.12)",
)
def locks_are_respected(moment: Moment) -> Iterator[str]:
    for ticket in moment.events_named("WinningTicketRedeemed"):
        withdraw_round = moment.before.sender[ticket["sender"]][2]
        if withdraw_round and moment.now.round >= withdraw_round:
            yield f"{ticket['sender']} was unlocked"
    for paid in moment.events_named("Withdrawal"):
        was, now = moment.before.sender[paid["sender"]], moment.now.sender[paid["sender"]]
        if (
            not 0 < was[2] <= moment.now.round
            or was[:2] != (paid["deposit"], paid["reserve"])
            or any(now[:2])
        ):
            yield f"{paid['sender']}: {was} → {now}"


@invariant("TICKET-7", "redeemed tickets carry the hash of a round still valid (5.14)")
def tickets_are_recent(moment: Moment) -> Iterator[str]:
    for ticket in moment.events_named("WinningTicketRedeemed"):
        created = int.from_bytes(ticket["auxData"][:32], "big")
        recorded = moment.model.rounds_manager.block_hash_for_round(created)
        if not created <= moment.now.round < created + moment.broker.ticket_validity_period:
            yield f"of round {created} in {moment.now.round}"
        if ticket["auxData"][32:] != recorded or not any(recorded):
            yield f"hash of {created}"


@invariant("RESERVE-1", "Σ claims of claimants = claims of the round (5.7)")
def claims_add_up(moment: Moment) -> Iterator[str]:
    totals: dict[tuple, int] = {}
    for (holder, number, _), amount in moment.broker.claims.items():
        totals[holder, number] = totals.get((holder, number), 0) + amount
    if totals != dict(moment.broker.round_claims):
        yield f"{totals}"


@invariant("RESERVE-2", "nobody draws more than an equal share of what was there in the round (5.8)")
def shares_are_equal(moment: Moment) -> Iterator[str]:
    size = moment.manager.current_round_active_set_size
    for (holder, number, claimant), drawn in moment.broker.claims.items():
        if number != moment.now.round or not moment.now.is_initialized:
            continue
        remaining, claimed = moment.broker.get_reserve_info(holder)
        if drawn > (remaining + claimed) // size:
            yield f"{claimant} drew {drawn} of {remaining + claimed} among {size}"


@invariant("RESERVE-3", "a claim never lowers what another may claim (5.9)")
def claims_leave_the_shares_of_others(moment: Moment) -> Iterator[str]:
    shares = {
        (holder, claimant): moment.broker.claimable_reserve(holder, claimant)
        for holder in moment.accounts
        if any(moment.now.sender[holder])
        for claimant in moment.now.effective_stake
    }
    drawn = {(claim["reserveHolder"], claim["claimant"]) for claim in moment.events_named("ReserveClaimed")}
    if drawn:
        for (holder, claimant), share in shares.items():
            was = moment.seen.get("shares", {}).get((holder, claimant), 0)
            if share < was and (holder, claimant) not in drawn:
                yield f"{claimant} from {holder}: {was} → {share}"
    moment.seen["shares"] = shares
