"""Follows a run and checks the catalogue."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from reference_model.exact import ExactLedger, Rounding
from reference_model.exceptions import ProtocolError
from reference_model.protocol import Protocol
from reference_model.state import Event
from simulation.calls import Call, Step
from simulation.invariants.catalogue import INVARIANTS, Invariant, InvariantBroken, after
from simulation.invariants.client_view import ClientView
from simulation.invariants.council import CouncilBooks, find_council
from simulation.invariants.moment import Moment, parameters_of, take_picture
from simulation.invariants.scope import Scope
from simulation.invariants.sums import Sums

# Says that views always answer.
VIEWS = "BOND-35"


class Chronicle:
    """Checks all invariants after each step, or after one in `every`; totals are kept after all of them.

    What costs much is done in turn: two accounts, or one of several trial calls, after a step; `is_thorough` does
    everything each time.  After a failing call only that it left no trace.  Nothing is checked any more after a step
    that takes something vital away (`scope.ended_by`).
    """

    def __init__(
        self, model: Protocol, accounts: Sequence[str], *, every: int = 1, is_thorough: bool = False
    ) -> None:
        if every < 1:
            raise ValueError(f"every: found {every}, must be at least 1")
        self._model, self._every, self.is_thorough = model, every, is_thorough
        self._accounts = tuple(dict.fromkeys(str.__str__(account) for account in accounts))
        self._sums, self.client, self.scope = Sums(), ClientView(model, parameters_of(model)), Scope(model)
        self.council = find_council(model)
        self.books = CouncilBooks(self.council) if self.council else None
        self.seen: dict[Any, Any] = {}
        self._steps = 0
        self.moment: Moment | None = None
        self._ledger = _follow_exactly(model)
        self._looks: Counter[frozenset[str]] = Counter()

    @property
    def checked(self) -> Counter[str]:
        """How often each invariant was checked."""
        found: Counter[str] = Counter()
        for names, times in self._looks.items():
            for number, _ in to_check(names):
                found[number] += times
        return found

    def before(self, step: Step) -> None:
        """Look at the state before a step."""
        self._step, self._steps = step, self._steps + 1
        if self._steps % self._every or self.scope.ended_by:
            self.moment = None
            return
        picture = self.moment.now if self.moment else take_picture(self._model, self._accounts)
        self.moment = Moment(
            self._model,
            self._accounts,
            step,
            picture,
            sums=self._sums,
            client=self.client,
            seen=self.seen,
            turn=self._steps // self._every,
            is_thorough=self.is_thorough,
            council=self.council,
            books=self.books,
        )

    def after(self, succeeded: bool) -> None:
        """Look at the state after it; raises InvariantBroken for the first that does not hold."""
        for number, complaint in self.complaints(succeeded):
            raise InvariantBroken(f"{number} {INVARIANTS[number].claim}: {complaint}\nafter {self._step}")

    def complaints(self, succeeded: bool) -> Iterator[tuple[str, str]]:
        """As `after`, but all that does not hold, by number."""
        if not self.scope.after(self._step, succeeded):
            return
        is_told = succeeded and isinstance(self._step, Call)
        events = self.scope.events() if is_told else []
        roundings = self._keep_books(events)
        of_council = self._council_events() if is_told else []
        moment = self.moment
        if moment is None:
            return
        try:
            now = take_picture(self._model, self._accounts)
        except ProtocolError as error:
            yield VIEWS, f"a view failed with {error.name}({error})"
            return
        moment.finish(succeeded, now, events, roundings, of_council)
        self._looks[moment.names] += 1
        for number, entry in to_check(moment.names):
            try:
                for complaint in entry.check(moment):
                    yield number, complaint
            except ProtocolError as error:
                yield number, f"a view failed with {error.name}({error})"

    def _council_events(self) -> list[Event]:
        """Those of governance; they are entered in its books."""
        if self.council is None:
            return []
        addresses, told = self.council.addresses, self._model.journal.events
        events = [event for event in told if event.address in addresses or event.contract == "Poll"]
        for event in events:
            self.books.add(event)
        return events

    def _keep_books(self, events: list[Event]) -> list[Rounding]:
        minter = self._model.minter.address
        for event in events:
            self._sums.add(event, minter)
            self.client.add(event)
        if self._ledger is None or not events:
            return []
        return self._ledger.follow(self._step.model_name, self._step.model_arguments, events)


@cache
def to_check(names: frozenset[str]) -> tuple[tuple[str, Invariant], ...]:
    """What is checked after a step with these events."""
    return tuple(after(names))


def _follow_exactly(model: Protocol) -> ExactLedger | None:
    """The exact layer, where the run is followed from before its first bond."""
    has_bonds = any(record.bonded_amount for record in model.bonding_manager.delegators.values())
    return None if has_bonds else ExactLedger(model)
