"""A protocol in the middle of its life, which perturbations break."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any, NamedTuple

from reference_model.exceptions import SystemPaused
from reference_model.state import Event
from reference_model.types import StakeCheckpoint
from simulation.calls import Call, Mine, Step
from simulation.invariants import Chronicle
from simulation.invariants.client_view import ClientView
from simulation.invariants.votes import CHECKPOINT_EVENTS
from simulation.model_stage import LPT, ModelWorld
from simulation.tickets import Ticket

ETHER = 10**18
MANAGER, BROKER = "BondingManager", "TicketBroker"
ROUND_LENGTH, UNBONDING_PERIOD = 40, 2

Perturbation = Callable[["LiveStage"], None]


class Entry(NamedTuple):
    """A fault with the id that it must trip; `also` trips with it, for the reason given."""

    number: str
    perturbation: Perturbation
    also: frozenset[str]
    because: str


PERTURBATIONS: list[Entry] = []


def trips(
    number: str, *, also: tuple[str, ...] = (), because: str = ""
) -> Callable[[Perturbation], Perturbation]:
    """Register a perturbation."""

    def register(perturbation: Perturbation) -> Perturbation:
        PERTURBATIONS.append(Entry(number, perturbation, frozenset(also), because))
        return perturbation

    return register


def _set(target: Any, name: str, value: Any) -> None:
    # Records note what is written to them, which must not happen to functions.
    (setattr if isinstance(target, (type, ModuleType)) else object.__setattr__)(target, name, value)


class LiveStage:
    """Two orchestrators in a full pool, one outside, delegators, locks, escrow, tickets; all found healthy so far.

    The round is initialized.  `first` has rewarded in it, `second` has not; `behind_first` has claimed in it, the
    other delegators have not.  `leaver` has no bond, a lock that is due and one that is not.  `loose` is bonded to
    somebody who is no orchestrator.  `gateway` is locked and has paid both orchestrators, out of its reserve too;
    `leaving_gateway` can withdraw.
    """

    def __init__(self) -> None:
        self.world = ModelWorld(
            stakers=9,
            round_length=ROUND_LENGTH,
            num_active_transcoders=2,
            unbonding_period=UNBONDING_PERIOD,
            treasury_reward_cut_rate=10**26,
            governance=True,
            voting_delay=0,
            voting_period=1,
            proposal_threshold=LPT,
        )
        self.model = self.world.model
        self.manager, self.broker, self.token, self.minter, self.clock, self.votes, self.controller = (
            self.model.bonding_manager,
            self.model.ticket_broker,
            self.model.token,
            self.model.minter,
            self.model.rounds_manager,
            self.model.bonding_votes,
            self.model.controller,
        )
        cast = self.world.cast
        (
            self.first,
            self.second,
            self.third,
            self.behind_first,
            self.also_behind_first,
            self.behind_second,
            self.leaver,
            self.loose,
            self.newcomer,
        ) = cast.stakers
        self.gateway, self.leaving_gateway = cast.gateways
        self.owner, self.attacker, self.verifier = cast.owner, cast.attacker, cast.verifier
        self.chronicle = Chronicle(self.model, cast.watched)
        self.found: dict[str, str] = {}
        self._patched: list[tuple[Any, str, bool, Any]] = []
        self._nonce = 0
        self._live()
        self.chronicle.is_thorough = True
        assert self.found == {}

    # ---- acting

    def take(self, step: Step, then: Callable[[], Any] | None = None) -> None:
        """Run a step, break something, and let all invariants look."""
        self.chronicle.before(step)
        succeeded = self.world.act(step)
        assert succeeded, f"{step} is not possible on this stage"
        self._look(succeeded, then)

    def fail(self, step: Step, then: Callable[[], Any]) -> None:
        """The same for a call that fails."""
        self.chronicle.before(step)
        succeeded = self.world.act(step)
        assert not succeeded, f"{step} is possible on this stage"
        self._look(succeeded, then)

    def wait(self, then: Callable[[], Any] | None = None) -> None:
        """A step in which nothing happens."""
        self.take(Mine(1), then)

    def next_round(self, then: Callable[[], Any] | None = None, *, skipped: int = 0) -> None:
        """Blocks up to a later round."""
        first_block = self.clock.current_round_start_block() + (1 + skipped) * self.clock.round_length
        self.take(Mine(first_block - self.model.block_number), then)

    def call(self, sender: str, contract: str, function: str, *arguments: Any, value: int = 0) -> Call:
        """A call as a step."""
        return Call(sender, contract, function, arguments, value)

    def initialize(self, then: Callable[[], Any] | None = None) -> None:
        """Start the round."""
        self.take(self.call(self.attacker, "RoundsManager", "initializeRound"), then)

    def reward(self, account: str, then: Callable[[], Any] | None = None) -> None:
        """Let an orchestrator reward."""
        self.take(self.call(account, MANAGER, "reward"), then)

    def fund(self, wei: int) -> None:
        """Fill the gateway's deposit, which is empty."""
        self.take(self.call(self.gateway, BROKER, "fundDeposit", value=wei))

    def ticket(
        self, recipient: str, wei: int, gateway: Any = None, *, age: int = 0, signer: Any = None
    ) -> Call:
        """A winning ticket, to be redeemed."""
        self._nonce += 1
        sender, created = gateway or self.gateway, self.clock.current_round() - age
        ticket = Ticket(
            recipient=recipient,
            sender=sender,
            face_value=wei,
            creation_round=created,
            block_hash=self.clock.block_hash_for_round(created),
            sender_nonce=self._nonce,
        )
        return self.call(self.attacker, BROKER, "redeemWinningTicket", ticket.sign(signer or sender))

    def _look(self, succeeded: bool, then: Callable[[], Any] | None) -> None:
        if then:
            then()
        for number, complaint in self.chronicle.complaints(succeeded):
            self.found.setdefault(number, complaint)

    # ---- breaking

    def unseen(self, change: Callable[[], Any]) -> None:
        """Change the state while nobody looks: only what is wrong with the state itself can be found."""
        change()
        self.chronicle.moment = None
        self.wait()

    def past(self, **fields: Any) -> None:
        """Change what was seen before the next step."""
        moment = self.chronicle.moment
        moment.now = moment.now._replace(**fields)

    def as_if_sent_by(self, sender: str) -> None:
        """Let somebody else have sent the last call."""
        moment = self.chronicle.moment
        moment.step = replace(moment.step, sender=sender)

    def patch(self, target: Any, name: str, replacement: Callable[..., Any]) -> None:
        """Put another function in place of one; its first argument is the original."""
        original = getattr(target, name)
        self._patched.append((target, name, name in vars(target), original))
        _set(target, name, lambda *given, **options: replacement(original, *given, **options))

    def refuse(self, target: Any, name: str) -> None:
        """Let a call fail."""

        def fail(*given: Any, **options: Any) -> None:
            raise SystemPaused()

        self.patch(target, name, fail)

    def unpatch(self) -> None:
        """Take patches back."""
        while self._patched:
            target, name, was_own, original = self._patched.pop()
            if was_own:
                _set(target, name, original)
            else:
                object.__delattr__(target, name)

    @contextmanager
    def patched(self):
        """Patches made inside are taken back."""
        try:
            yield self
        finally:
            self.unpatch()

    def add(self, record: Any, field: str, amount: int) -> None:
        """Change a field behind everybody's back."""
        setattr(record, field, getattr(record, field) + amount)

    @property
    def books(self) -> ClientView:
        """What clients believe."""
        return self.chronicle.client

    # ---- events of the last call

    @property
    def events(self) -> list[Event]:
        """They can be changed."""
        return self.model.journal.events

    def event(self, name: str, number: int = 0) -> dict[str, Any]:
        """Arguments of one; they can be changed."""
        return [event for event in self.events if event.name == name][number].arguments

    def drop_event(self, name: str) -> None:
        """Leave out those of a name."""
        self.events[:] = [event for event in self.events if event.name != name]

    def emit(self, name: str, **arguments: Any) -> None:
        """Add one."""
        self.events.append(Event(MANAGER, name, arguments, self.manager.address))

    def name(self, *accounts: str) -> None:
        """Let an event that means nothing name accounts."""
        for account in accounts:
            self.emit("Note", account=account)

    def also(self, call: Callable[[], Any]) -> None:
        """Do something else in the same call; accounts are reported once, as they are at the end."""
        earlier = list(self.events)
        call()
        later = list(self.events)
        reported = {self._report(event) for event in later} - {None}
        self.model.journal.events = [e for e in earlier if self._report(e) not in reported] + later

    @staticmethod
    def _report(event: Event) -> tuple[str, str] | None:
        fields = dict(zip(CHECKPOINT_EVENTS, ("delegator", "delegate", "delegate"), strict=True))
        return (event.name, event.arguments[fields[event.name]]) if event.name in fields else None

    # ---- changes that agree with each other

    def move_lpt(self, source: str, to: str, amount: int) -> None:
        """A transfer within the last call."""
        self.token.balances[source] -= amount
        self.token.balances[to] += amount
        self.emit("Transfer", **{"from": source, "to": to, "value": amount})

    def checkpoint(self, account: str) -> None:
        """Bring an account's latest checkpoint in line with its state, without events."""
        record, checkpoints = self.manager.delegators[account], self.votes.checkpoints[account]
        checkpoints[self.clock.current_round() + 1] = StakeCheckpoint(
            record.bonded_amount,
            record.delegate,
            record.delegated_amount,
            record.last_claim_round,
            self.manager.orchestrators[account].last_reward_round,
        )

    def add_delegated(self, account: str, amount: int) -> None:
        """More delegated to an account, in all places where that stands."""
        record = self.manager.delegators[account]
        record.delegated_amount += amount
        self.checkpoint(account)
        if self.manager.is_registered_transcoder(account):
            self.books.votes[account] += amount
        if account in self.manager.pool:
            self.manager.next_round_total_active_stake += amount
            updated = self.manager.orchestrators[account].last_active_stake_update_round
            self.manager.earnings[account][updated].total_stake += amount

    def row(self, account: str, ahead: int = 0) -> Any:
        """An orchestrator's row of this round or another."""
        return self.manager.earnings[account][self.clock.current_round() + ahead]

    # ---- its life so far

    def _live(self) -> None:
        self.next_round()
        self.initialize()
        bonds = (
            (self.first, 100, self.first),
            (self.second, 90, self.second),
            (self.third, 50, self.third),
            (self.behind_first, 40, self.first),
            (self.also_behind_first, 30, self.first),
            (self.behind_second, 20, self.second),
            (self.leaver, 10, self.first),
            (self.loose, 5, self.attacker),
        )
        for account, amount, to in bonds:
            self.take(self.call(account, MANAGER, "bond", amount * LPT, to))
        self.take(self.call(self.first, MANAGER, "transcoder", 100_000, 400_000))
        self.take(self.call(self.second, MANAGER, "transcoder", 50_000, 700_000))
        self._start()
        self.reward(self.first)
        self.reward(self.second)
        for gateway in (self.gateway, self.leaving_gateway):
            funds = (10 * ETHER, 20 * ETHER)
            self.take(
                self.call(gateway, BROKER, "fundDepositAndReserve", *funds, value=sum(funds)),
            )
        self.take(self.call(self.leaving_gateway, BROKER, "unlock"))
        self.take(self.call(self.leaver, MANAGER, "unbond", 4 * LPT))
        self.take(self.ticket(self.first, 2 * ETHER))
        self._start()
        self.take(self.call(self.leaver, MANAGER, "unbond", self.manager.pending_stake(self.leaver)))
        self.reward(self.first)
        self.reward(self.second)
        self.take(self.ticket(self.first, 9 * ETHER))
        self._start()
        self.reward(self.first)
        self.take(self.ticket(self.second, 3 * ETHER))
        self.take(self.ticket(self.first, 1 * ETHER))
        self.take(self.call(self.behind_first, MANAGER, "claimEarnings", 0))
        self.take(self.call(self.second, MANAGER, "setRewardCaller", self.behind_second))
        self.take(self.call(self.owner, "Controller", "pause"))
        self.take(self.call(self.owner, "Controller", "unpause"))

    def _start(self) -> None:
        self.next_round()
        self.initialize()
