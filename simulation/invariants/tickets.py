"""TICKET: escrow and tickets (payments.md 2, 3 and 5)."""

from collections.abc import Iterator

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import ProtocolError
from reference_model.types import Ticket
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment

SELF_FUNDING = ("fundDeposit", "fundReserve", "fundDepositAndReserve", "fundDepositAndReserveFor")
FUNDING_EVENTS = ("DepositFunded", "ReserveFunded")


# ---- escrow


@invariant(
    "TICKET-1",
    "Σ deposits + Σ reserves = funded − paid by tickets − withdrawn (5.1)",
    why="a redemption relabels escrow as fees, wei by wei",
)
def escrow_is_what_was_funded(moment: Moment) -> Iterator[str]:
    sums = moment.sums
    held = sum(record.deposit + record.reserve for record in moment.broker.accounts.values())
    if held != sums.funded - sums.paid_by_tickets - sums.withdrawn:
        yield f"{held} held"


@invariant(
    "TICKET-2", "the broker holds no ETH (5.3)", why="all of it is forwarded to the Minter at once (P12)"
)
def broker_is_empty(moment: Moment) -> Iterator[str]:
    if moment.now.ether.get(moment.broker.address, 0):
        yield f"{moment.now.ether[moment.broker.address]}"


@invariant(
    "TICKET-8",
    "a client that knows events alone knows every deposit and reserve (3.8)",
    why="gateways and orchestrators decide by these numbers which tickets to send and to take",
)
def clients_know_every_balance(moment: Moment) -> Iterator[str]:
    deposits, reserves = moment.client.deposits, moment.client.reserves
    for account, record in moment.now.senders.items():
        if (deposits.get(account, 0), reserves.get(account, 0)) != (record.deposit, record.reserve):
            yield f"{account}: {record}, {deposits[account]} and {reserves[account]} by events"


@invariant(
    "TICKET-9",
    "funding takes the value of the call from the caller, and credits all of it, to one account (5.18)",
    why="whoever funds another cannot make it pay",
    on=FUNDING_EVENTS,
)
def funding_takes_what_it_credits(moment: Moment) -> Iterator[str]:
    payer = moment.call.sender
    paid = moment.before.ether.get(payer, 0) - moment.now.ether.get(payer, 0)
    told = [given["amount"] for name in FUNDING_EVENTS for given in moment.events_named(name)]
    accounts = {given["sender"] for given in moment.events_named("DepositFunded")}
    accounts |= {given["reserveHolder"] for given in moment.events_named("ReserveFunded")}
    if not paid == moment.call.value == sum(told) or len(accounts) != 1:
        yield f"{paid} paid, {told} credited to {sorted(accounts)}"


# ---- redemption


@invariant(
    "TICKET-3",
    "tickets take what they pay: the deposit first, the whole face value or nothing (5.4, DEV-1)",
    why="clients split payments in this order",
)
def tickets_are_paid_in_full(moment: Moment) -> Iterator[str]:
    paid: dict[str, int] = {}
    for ticket in moment.events_named("WinningTicketRedeemed"):
        paid[ticket["sender"]] = paid.get(ticket["sender"], 0) + ticket["faceValue"]
    for sender, amount in paid.items():
        was, now = moment.before.senders[sender], moment.now.senders[sender]
        if was.deposit + was.reserve - now.deposit - now.reserve != amount:
            yield f"{sender}: {was} → {now} for {amount}"
        if was.reserve != now.reserve and now.deposit != 0:
            yield f"{sender}: reserve before deposit"


@invariant(
    "TICKET-4",
    "a used ticket stays used, and only a redemption uses one (5.5, 5.6)",
    why="P10: a ticket pays once",
)
def tickets_are_used_once(moment: Moment) -> Iterator[str]:
    was, now = moment.before.used_tickets, moment.now.used_tickets
    if was == now and not moment.events_named("WinningTicketRedeemed"):
        return
    if not was <= now:
        yield "one was forgotten"
    if len(now) - len(was) != len(moment.events_named("WinningTicketRedeemed")):
        yield f"{len(now) - len(was)} used"
    for given in moment.events_named("WinningTicketRedeemed"):
        identity = ("ticket", *(value for name, value in given.items()))
        if moment.seen.setdefault(identity, moment.step) is not moment.step:
            yield "one was redeemed twice"


@invariant(
    "TICKET-10",
    "what is marked as used is the hash of the tickets that were redeemed",
    why="another hash would leave the ticket open, and spoil one that nobody redeemed",
    on=("WinningTicketRedeemed",),
)
def the_redeemed_are_marked(moment: Moment) -> Iterator[str]:
    hash_ticket = moment.model.cryptography.hash_ticket
    offered = {hash_ticket(ticket) for ticket, _, _ in _offered(moment)}
    for fresh in moment.now.used_tickets - moment.before.used_tickets:
        if fresh not in offered:
            yield fresh.hex()


@invariant(
    "TICKET-11",
    "a redeemed ticket is signed by its sender, opened by its recipient's number, and has won (2.4)",
    why="each of the three keeps one side from deciding alone (P2)",
    on=("WinningTicketRedeemed",),
)
def the_redeemed_have_won(moment: Moment) -> Iterator[str]:
    cryptography = moment.model.cryptography
    fresh = moment.now.used_tickets - moment.before.used_tickets
    for ticket, signature, number in _offered(moment):
        if cryptography.hash_ticket(ticket) not in fresh:
            continue
        try:
            cryptography.check_signature(ticket, signature)
        except ProtocolError as error:
            # Another copy in the batch may be the one that was redeemed.
            if len(_offered(moment)) == 1:
                yield f"{error.name}({error})"
            continue
        if cryptography.commit(number) != ticket.recipient_rand_hash:
            yield f"{number} does not open the ticket"
        if cryptography.draw(signature, number) >= ticket.win_prob:
            yield "it has not won"


def _offered(moment: Moment) -> list[tuple[Ticket, bytes, int]]:
    """The tickets of the call."""
    arguments = moment.step.model_arguments
    if moment.step.function == "redeemWinningTicket":
        return [arguments]
    return list(zip(*arguments, strict=False))


@invariant(
    "TICKET-12",
    "a redemption that pays reports the payment just before, of the face value; one of nothing does not",
    why="clients pair the two events",
    on=("WinningTicketRedeemed", "WinningTicketTransfer"),
)
def payments_are_told_with_tickets(moment: Moment) -> Iterator[str]:
    names = ("WinningTicketTransfer", "WinningTicketRedeemed")
    told = [event for event in moment.events if event.name in names]
    payment = None
    for event in told:
        given = event.arguments
        if event.name == names[0]:
            if payment is not None:
                yield f"{payment} of no ticket"
            payment = (given["sender"], given["recipient"], given["amount"])
            continue
        expected = (given["sender"], given["recipient"], given["faceValue"]) if given["faceValue"] else None
        if payment != expected:
            yield f"{payment} for {expected}"
        payment = None
    if payment is not None:
        yield f"{payment} of no ticket"


@invariant(
    "TICKET-7",
    "redeemed tickets carry the hash of a round still valid (5.14)",
    why="it ties a ticket to a network and dates it",
    on=("WinningTicketRedeemed",),
)
def tickets_are_recent(moment: Moment) -> Iterator[str]:
    for ticket in moment.events_named("WinningTicketRedeemed"):
        created = int.from_bytes(ticket["auxData"][:32], "big")
        recorded = moment.clock.block_hash_for_round(created)
        if not created <= moment.now.round < created + moment.broker.ticket_validity_period:
            yield f"of round {created} in {moment.now.round}"
        if ticket["auxData"][32:] != recorded or not any(recorded):
            yield f"hash of {created}"


# ---- exit


@invariant(
    "TICKET-5",
    "a withdraw round changes only by its sender: unlock, cancel, own funding (5.10)",
    why="P1: anybody could put an exit off for ever",
)
def only_the_sender_unlocks(moment: Moment) -> Iterator[str]:
    for account, record in moment.now.senders.items():
        was, now = moment.before.senders[account].withdraw_round, record.withdraw_round
        if was == now:
            continue
        call = moment.call
        if (
            call is None
            or call.sender != account
            or call.function not in ("unlock", "cancelUnlock", *SELF_FUNDING)
        ) or ((was, call.function) != (0, "unlock") and (now != 0 or call.function == "unlock")):
            yield f"{account}: {was} → {now}"


@invariant(
    "TICKET-13",
    "an unlock ends after the unlock period of now, as its event says (3.6)",
    why="recipients need that time to redeem",
    on=("Unlock",),
)
def unlocking_takes_its_time(moment: Moment) -> Iterator[str]:
    for given in moment.events_named("Unlock"):
        end = moment.now.round + moment.now.parameters["unlockPeriod"]
        found = moment.now.senders[given["sender"]].withdraw_round
        if (given["startRound"], given["endRound"]) != (moment.now.round, end) or found != end:
            yield f"{given}, {found} stored, {end} expected"


@invariant(
    "TICKET-6",
    "tickets of locked senders only; withdrawals of unlocked ones only, of everything (5.11, 5.12)",
    why="no round has both claims on a reserve and its withdrawal (P7)",
)
def locks_are_respected(moment: Moment) -> Iterator[str]:
    for ticket in moment.events_named("WinningTicketRedeemed"):
        withdraw_round = moment.before.senders[ticket["sender"]].withdraw_round
        if withdraw_round and moment.now.round >= withdraw_round:
            yield f"{ticket['sender']} was unlocked"
    for paid in moment.events_named("Withdrawal"):
        was, now = moment.before.senders[paid["sender"]], moment.now.senders[paid["sender"]]
        if (
            not 0 < was.withdraw_round <= moment.now.round
            or was[:2] != (paid["deposit"], paid["reserve"])
            or any(now[:2])
        ):
            yield f"{paid['sender']}: {was} → {now}"


@invariant(
    "TICKET-14",
    "a withdrawal pays its sender deposit and reserve in ETH (5.12)",
    why="both pots leave together",
    on=("Withdrawal",),
)
def withdrawals_are_paid(moment: Moment) -> Iterator[str]:
    for paid in moment.events_named("Withdrawal"):
        sender = paid["sender"]
        received = moment.now.ether.get(sender, 0) - moment.before.ether.get(sender, 0)
        if received != paid["deposit"] + paid["reserve"]:
            yield f"{received} of {paid}"


@invariant(
    "TICKET-15",
    "a sender whose withdraw round has come can withdraw",
    why="the ETH is there whatever happened to others; tried, one sender in turn, and undone",
)
def unlocked_senders_can_withdraw(moment: Moment) -> Iterator[str]:
    if not moment.has_turn(5, 8) or moment.now.paused:
        return
    unlocked = [
        account
        for account, record in moment.now.senders.items()
        if 0 < record.withdraw_round <= moment.now.round
        and (record.deposit or record.reserve)
        and moment.model.accepts_ether(account)
        and account != ZERO_ADDRESS
    ]
    if unlocked:
        account = moment.turn_of(unlocked)
        if refusal := moment.refusal(moment.broker.withdraw, account):
            yield f"{account}: {refusal}"
