"""A protocol in which tickets are issued and redeemed: who is active, who pays, what the broker shows.

Three orchestrators share the reserve of a round; a newcomer is registered but not active before the next
round; an outsider has never bonded.  Nobody has funded the gateway.
"""

from dataclasses import dataclass, field
from itertools import count

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.chain.receipts import Receipt
from simulation.protocol import ETHER, LPT, Protocol, deploy_protocol
from simulation.tickets import SignedTicket, Ticket, batch_arguments

# Long enough for every transaction of a test to fall into the round it is meant for.
ROUND_LENGTH = 1_000
ACTIVE_ORCHESTRATORS = 3
SELF_BOND = 1_000 * LPT


@dataclass(frozen=True)
class TicketMarket:
    """The protocol with the actors of payments by role."""

    protocol: Protocol
    broker: Contract
    orchestrator: Actor
    second_orchestrator: Actor
    third_orchestrator: Actor
    newcomer: Actor
    outsider: Actor
    gateway: Actor
    redeemer: Actor
    attacker: Actor
    _nonces: count = field(default_factory=count, repr=False)

    @property
    def chain(self) -> Chain:
        return self.protocol.chain

    @property
    def round(self) -> int:
        """The current round."""
        return self.protocol.current_round

    @property
    def orchestrators(self) -> tuple[Actor, ...]:
        """The active set."""
        return (self.orchestrator, self.second_orchestrator, self.third_orchestrator)

    def fund(self, deposit: int = 0, reserve: int = 0, sender: Actor | None = None) -> Receipt:
        """Put wei into both pots of a sender, by default the gateway."""
        return self.broker.fundDepositAndReserve.send(
            deposit, reserve, sender=sender or self.gateway, value=deposit + reserve
        )

    def ticket(self, face_value: int = ETHER, **fields) -> Ticket:
        """A ticket of the current round from the gateway to the orchestrator, with a nonce of its own."""
        creation_round = fields.pop("creation_round", self.round)
        defaults = {
            "recipient": self.orchestrator,
            "sender": self.gateway,
            "creation_round": creation_round,
            "block_hash": self.protocol.rounds_manager.blockHashForRound(creation_round),
            "sender_nonce": next(self._nonces),
        }
        return Ticket(face_value=face_value, **defaults | fields)

    def issue(self, face_value: int = ETHER, *, signer: Actor | None = None, **fields) -> SignedTicket:
        """A winning ticket, signed by its sender or by `signer`."""
        ticket = self.ticket(face_value, **fields)
        return ticket.sign(signer or ticket.sender)

    def redeem(self, signed: SignedTicket, sender: Actor | None = None) -> Receipt:
        """Redeem one ticket, by default through the redeemer."""
        return self.broker.redeemWinningTicket.send(*signed.arguments, sender=sender or self.redeemer)

    def redeem_batch(self, tickets: list[SignedTicket], sender: Actor | None = None) -> Receipt:
        """Redeem several tickets in one transaction."""
        arguments = batch_arguments(tickets)
        return self.broker.batchRedeemWinningTickets.send(*arguments, sender=sender or self.redeemer)

    def redeemed_events(self, signed: SignedTicket, from_reserve: int = 0) -> list:
        """The events of one redemption in the order of the specification."""
        ticket, events = signed.ticket, self.broker.Events
        found = []
        if from_reserve:
            found.append(
                events.ReserveClaimed(
                    reserveHolder=ticket.sender, claimant=ticket.recipient, amount=from_reserve
                )
            )
        if ticket.face_value:
            found.append(
                events.WinningTicketTransfer(
                    sender=ticket.sender, recipient=ticket.recipient, amount=ticket.face_value
                )
            )
        return [
            *found,
            events.WinningTicketRedeemed(
                sender=ticket.sender,
                recipient=ticket.recipient,
                faceValue=ticket.face_value,
                winProb=ticket.win_prob,
                senderNonce=ticket.sender_nonce,
                recipientRand=signed.recipient_rand,
                auxData=ticket.as_struct["auxData"],
            ),
        ]

    def deposit(self, sender: Actor | None = None) -> int:
        return self.broker.getSenderInfo(sender or self.gateway).sender.deposit

    def reserve(self, sender: Actor | None = None) -> int:
        return self.broker.getSenderInfo(sender or self.gateway).reserve.fundsRemaining

    def withdraw_round(self, sender: Actor | None = None) -> int:
        return self.broker.getSenderInfo(sender or self.gateway).sender.withdrawRound

    def fees(self, recipient: Actor | None = None) -> int:
        """Fees that an orchestrator without delegators has earned and not withdrawn."""
        return self.protocol.bonding_manager.pendingFees(recipient or self.orchestrator, self.round)

    def become_unlocked(self, sender: Actor | None = None) -> None:
        """Unlock a funded sender and let its withdraw round come, each round initialized."""
        self.broker.unlock.send(sender=sender or self.gateway)
        self.protocol.pass_rounds(self.broker.unlockPeriod())

    def snapshot_of(self, senders: list[Actor], recipients: list[Actor], tickets: list[SignedTicket]) -> dict:
        """Everything the broker and the fee accounts show about these, for comparison."""
        pairs = [(s, r) for s in senders for r in recipients]
        return {
            "senders": {s: self.broker.getSenderInfo(s) for s in senders},
            "claimed": {p: self.broker.claimedReserve(*p) for p in pairs},
            "claimable": {p: self.broker.claimableReserve(*p) for p in pairs},
            "used": {t.ticket.hash: self.broker.usedTickets(t.ticket.hash) for t in tickets},
            "fees": {r: self.fees(r) for r in recipients},
            "broker balance": self.chain.balance(self.broker),
            "minter balance": self.chain.balance(self.protocol.minter),
        }


def open_ticket_market(chain: Chain, **parameters) -> TicketMarket:
    """Deploy the protocol and let three orchestrators become active; `parameters` as in `deploy_protocol`."""
    protocol = deploy_protocol(chain, **{"round_length": ROUND_LENGTH} | parameters)
    roles = (
        "orchestrator",
        "second_orchestrator",
        "third_orchestrator",
        "newcomer",
        "outsider",
        "gateway",
        "redeemer",
        "attacker",
    )
    actors = {role: chain.actor(role) for role in roles}
    market = TicketMarket(protocol=protocol, broker=protocol.ticket_broker, **actors)
    for orchestrator in market.orchestrators:
        register_orchestrator(protocol, orchestrator)
    protocol.start_round()
    register_orchestrator(protocol, market.newcomer)
    return market


def register_orchestrator(protocol: Protocol, orchestrator: Actor, amount: int = SELF_BOND) -> None:
    """Bond an orchestrator to itself, keeping all rewards and fees; active from the next round on."""
    protocol.give_lpt(orchestrator, amount)
    protocol.bonding_manager.bond.send(amount, orchestrator, sender=orchestrator)
    protocol.bonding_manager.transcoder.send(1_000_000, 0, sender=orchestrator)
