"""What gateways do, and whoever redeems their tickets."""

from dataclasses import replace

from reference_model.constants import ZERO_ADDRESS
from simulation.actions.who import (
    anybody,
    orchestrator,
    staker,
)
from simulation.amounts import face_value
from simulation.calls import Batch, Call, Step
from simulation.cast import Stage
from simulation.choices import Choices, one_in
from simulation.tickets import SignedTicket, Ticket, compact, twin

BROKER = "TicketBroker"
# Of the tickets that were presented last, some are used and have not expired yet.
RECENT = 6


def fund(world: Stage, choices: Choices) -> Call:
    sender = choices.pick(world.cast.gateways)
    amount, other = (choices.integer(0, 4) * 10 ** choices.integer(0, 22) for _ in range(2))
    kind = choices.integer(0, 5)
    if kind <= 1:
        return Call(sender, BROKER, "fundDepositAndReserve", (amount, other), amount + other)
    if kind == 2:
        return Call(sender, BROKER, "fundReserve", (), amount)
    if kind == 3:
        return Call(sender, BROKER, "fundDeposit", (), amount)
    account = choices.pick((*world.cast.gateways, ZERO_ADDRESS))
    surplus = int(one_in(choices, 6))
    arguments = (account, amount, other)
    return Call(
        staker(world, choices), BROKER, "fundDepositAndReserveFor", arguments, amount + other + surplus
    )


def redeem(world: Stage, choices: Choices) -> Call:
    return Call(anybody(world, choices), BROKER, "redeemWinningTicket", (make_ticket(world, choices),))


def redeem_batch(world: Stage, choices: Choices) -> Call:
    tickets = [make_ticket(world, choices) for _ in range(choices.integer(0, 3))]
    if tickets and one_in(choices, 4):
        tickets.append(tickets[0])
    missing = int(bool(tickets) and one_in(choices, 10))
    sender = anybody(world, choices)
    return Call(sender, BROKER, "batchRedeemWinningTickets", (Batch(tuple(tickets), missing),))


def make_ticket(world: Stage, choices: Choices) -> SignedTicket:
    """A winning ticket of the round mostly, with at most one thing wrong with it, or an earlier one."""
    earlier = [step.arguments[0] for step in world.trace if _is_redemption(step)]
    if earlier and one_in(choices, 15):
        return choices.pick(earlier[-RECENT:])
    gateway = choices.pick(world.cast.gateways)
    recipient = orchestrator(world, choices)
    broker, rounds = world.model.ticket_broker, world.model.rounds_manager
    (deposit, _), _ = broker.get_sender_info(gateway)
    available = deposit + broker.claimable_reserve(gateway, recipient)
    creation_round = rounds.current_round() - (choices.integer(1, 3) if one_in(choices, 5) else 0)
    ticket = Ticket(
        recipient=recipient,
        sender=gateway,
        face_value=face_value(choices, available),
        creation_round=max(0, creation_round),
        block_hash=rounds.block_hash_for_round(max(0, creation_round)),
        sender_nonce=choices.integer(0, 255) if one_in(choices, 6) else len(world.trace),
    )
    if not one_in(choices, 5):
        return ticket.sign(gateway)
    kind = choices.integer(0, 9)
    if kind == 0:
        return replace(ticket, recipient=ZERO_ADDRESS).sign(gateway)
    if kind == 1:
        return replace(ticket, sender=ZERO_ADDRESS).sign(gateway)
    if kind == 2:
        return replace(ticket, aux_data=bytes(choices.integer(0, 65))).sign(gateway)
    if kind == 3:
        return replace(ticket, block_hash=bytes([1]) * 32).sign(gateway)
    if kind == 4:
        return replace(ticket, win_prob=choices.pick((0, 2**255))).sign(gateway)
    if kind == 5:
        return ticket.sign(world.cast.attacker)
    signed = ticket.sign(gateway)
    if kind == 6:
        return signed.with_signature(compact(signed.signature))
    if kind == 7:
        return signed.with_signature(twin(signed.signature))
    if kind == 8:
        return signed.with_signature(signed.signature[:64] + bytes([choices.integer(0, 3)]))
    return replace(signed, recipient_rand=6)


def _is_redemption(step: Step) -> bool:
    return isinstance(step, Call) and step.function == "redeemWinningTicket"


def leave(world: Stage, choices: Choices) -> Call:
    """The next step of a sender on its way out mostly; while nothing moves, the way back."""
    accounts = world.model.ticket_broker.accounts
    unlocking = [sender for sender in world.cast.gateways if accounts[sender].withdraw_round > 0]
    if unlocking and world.model.controller.paused:
        return Call(choices.pick(unlocking), BROKER, "cancelUnlock")
    sender = choices.pick((*world.cast.gateways, *world.cast.gateways, world.cast.stakers[0]))
    withdraw_round = accounts[sender].withdraw_round
    if one_in(choices, 4):
        return Call(sender, BROKER, choices.pick(("unlock", "cancelUnlock", "withdraw")))
    if withdraw_round == 0:
        return Call(sender, BROKER, "unlock")
    return Call(sender, BROKER, choices.pick(("withdraw", "withdraw", "cancelUnlock")))
