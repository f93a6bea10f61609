"""What happened in a run, as the invariants need it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reference_model.protocol import Protocol
from reference_model.state import Event
from simulation.calls import Call, Mine, Step


class InvariantBroken(AssertionError):
    """An invariant does not hold."""


@dataclass(frozen=True)
class Picture:
    """The state at one moment, as far as the invariants compare two of them."""

    round: int
    is_initialized: bool
    total_active_stake: int
    inflation: int
    pending_stake: dict[str, int]
    pending_fees: dict[str, int]
    delegator: dict[str, tuple]
    transcoder: dict[str, tuple]
    lpt: dict[str, int]
    sender: dict[str, tuple[int, int, int]]
    """Deposit, reserve and withdraw round."""
    open_locks: dict[tuple[str, int], tuple[int, int]]
    effective_stake: dict[str, int]
    """LPT that counts in the round, of active orchestrators."""
    used_tickets: frozenset[bytes]


@dataclass
class Sums:
    """Running totals of what events report."""

    lpt_in: int = 0
    lpt_out: int = 0
    fees_in: int = 0
    fees_out: int = 0
    funded: int = 0
    paid_by_tickets: int = 0
    withdrawn: int = 0
    minted_in_round: int = 0


class Moment:
    """One step: the state before and after, its events, the totals so far."""

    def __init__(self, model: Protocol, accounts: tuple[str, ...], step: Step, before: Picture, sums: Sums):
        self.model, self.accounts, self.step = model, accounts, step
        self.before, self.now, self.sums = before, before, sums
        self.events: list[Event] = []
        self.redeemed: Counter = Counter()
        self.seen: dict[Any, Any] = {}

    @property
    def manager(self):
        return self.model.bonding_manager

    @property
    def broker(self):
        return self.model.ticket_broker

    @property
    def call(self) -> Call | None:
        """The call that succeeded; None for blocks and for failures."""
        return self.step if isinstance(self.step, Call) and self.events else None

    def events_named(self, name: str) -> list[dict[str, Any]]:
        """Arguments of the events of that name."""
        return [event.arguments for event in self.events if event.name == name]

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever happens inside is undone."""
        events = self.model.journal.events
        try:
            with self.model.journal.transaction():
                yield
                raise _Undo
        except _Undo:
            pass
        self.model.journal.events = events


class _Undo(Exception):
    pass


Check = Callable[[Moment], Iterator[str]]
INVARIANTS: dict[str, tuple[str, Check]] = {}


def invariant(number: str, claim: str) -> Callable[[Check], Check]:
    """Register a check: a generator of what is wrong."""

    def register(check: Check) -> Check:
        if number in INVARIANTS:
            raise ValueError(f"{number} is taken")
        INVARIANTS[number] = (claim, check)
        return check

    return register


class Chronicle:
    """Follows a run and checks all invariants after each step."""

    def __init__(self, model: Protocol, accounts: Sequence[str]) -> None:
        self._model = model
        self._accounts = tuple(str.__str__(account) for account in accounts)
        self._sums = Sums()
        self._redeemed: Counter = Counter()
        self._seen: dict[Any, Any] = {}
        self._moment: Moment | None = None
        self.checked: Counter[str] = Counter()

    def before(self, step: Step) -> None:
        """Look at the state before a step."""
        picture = self._moment.now if self._moment else self.take_picture()
        self._moment = Moment(self._model, self._accounts, step, picture, self._sums)
        self._moment.redeemed, self._moment.seen = self._redeemed, self._seen

    def after(self, succeeded: bool) -> None:
        """Look at the state after it, and check everything."""
        moment = self._moment
        moment.events = (
            list(self._model.journal.events) if succeeded and isinstance(moment.step, Call) else []
        )
        moment.now = self.take_picture()
        self._add(moment)
        for number, (claim, check) in INVARIANTS.items():
            for complaint in check(moment):
                raise InvariantBroken(f"{number} {claim}: {complaint}\nafter {moment.step}")
            self.checked[number] += 1

    def take_picture(self) -> Picture:
        """The state of now."""
        model, accounts = self._model, self._accounts
        manager, broker, clock = model.bonding_manager, model.ticket_broker, model.rounds_manager
        current_round = clock.current_round()
        active = [account for account in accounts if manager.is_active_transcoder(account)]
        return Picture(
            round=current_round,
            is_initialized=clock.current_round_initialized(),
            total_active_stake=manager.current_round_total_active_stake,
            inflation=model.minter.inflation,
            pending_stake={account: manager.pending_stake(account) for account in accounts},
            pending_fees={account: manager.pending_fees(account) for account in accounts},
            delegator={account: manager.get_delegator(account) for account in accounts},
            transcoder={account: manager.get_transcoder(account) for account in accounts},
            lpt={account: model.token.balances[account] for account in accounts},
            sender={
                account: (record.deposit, record.reserve, record.withdraw_round)
                for account in accounts
                for record in [broker.accounts[account]]
            },
            open_locks={
                (account, lock_id): (lock.amount, lock.withdraw_round)
                for account in accounts
                for lock_id, lock in manager.locks[account].items()
                if lock.withdraw_round > 0
            },
            effective_stake={account: self._effective_stake(account, current_round) for account in active},
            used_tickets=frozenset(h for h, used in broker.used_ticket_hashes.items() if used),
        )

    def _effective_stake(self, account: str, current_round: int) -> int:
        manager = self._model.bonding_manager
        updated = manager.orchestrators[account].last_active_stake_update_round
        return manager.earnings[account][current_round if updated > current_round else updated].total_stake

    def _add(self, moment: Moment) -> None:
        sums, minter = self._sums, self._model.minter.address
        if isinstance(moment.step, Mine):
            return
        for event in moment.events:
            given = event.arguments
            if event.name == "NewRound":
                sums.minted_in_round = 0
            elif event.name == "Bond":
                sums.lpt_in += given["additionalAmount"]
            elif event.name == "Mint" and given["to"] == minter:
                sums.lpt_in += given["amount"]
                sums.minted_in_round += given["amount"]
            elif event.name in ("WithdrawStake", "TreasuryReward"):
                sums.lpt_out += given["amount"]
            elif event.name == "TranscoderSlashed":
                sums.lpt_out += given["penalty"]
            elif event.name == "WinningTicketTransfer":
                sums.fees_in += given["amount"]
                sums.paid_by_tickets += given["amount"]
            elif event.name == "WithdrawFees":
                sums.fees_out += given["amount"]
            elif event.name in ("DepositFunded", "ReserveFunded"):
                sums.funded += given["amount"]
            elif event.name == "Withdrawal":
                sums.withdrawn += given["deposit"] + given["reserve"]
            elif event.name == "WinningTicketRedeemed":
                identity = tuple(sorted((k, v) for k, v in given.items()))
                self._redeemed[identity] += 1
