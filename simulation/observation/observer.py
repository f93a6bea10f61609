"""What is looked at, and when."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Any

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import ProtocolError
from simulation.calls import POLLS
from simulation.chain.reverts import Reverted
from simulation.observation.requests import Reader, Request, View
from simulation.observation.table import Row, Scene, Table
from simulation.observation.tables import tables_of
from simulation.observation.wary import has_gone_back, is_whole, make_wary

if TYPE_CHECKING:
    from simulation.world import World


# A call of these changes neither the registry nor code nor clock.
NEVER_REWIRING = frozenset(["BondingManager", "BondingVotes", "LivepeerToken", "TicketBroker"])

# Contracts of governance that could be sent ETH or LPT, beside the treasury.
GOVERNANCE_HOLDERS = ("LivepeerGovernor", *POLLS)
METHODS = (
    "totals",
    "in_turn",
    "of_system",
    "of_entries",
    "of_account",
    "derived_of_account",
    "of_holder",
    "of_round",
    "of_account_in_round",
)


class Depth(Enum):
    """How much state is compared after a step that succeeds."""

    NOTHING = "nothing"
    """None: outcome, events and return value only."""
    CHANGES = "changes"
    """Totals, and what is new: of the system, and of what is stored of the accounts that the step names.

    Of the system that is the contracts which the step names, and of the others one after the other.
    """
    STATE = "state"
    """Totals, what is new of the system, what is stored of everybody; all views of the accounts that the step names."""
    EVERYTHING = "everything"
    """All views as things stand."""


class Past(Enum):
    """Which earlier rounds a look at everything includes: what they say stands still."""

    NONE = "none"
    ONE = "one"
    """One after the other, from block to block."""
    ALL = "all"
    """All of them, and the one after the next, which must be empty."""


class Observer:
    """Compares views of the contracts with the model's."""

    def __init__(self, world: "World") -> None:
        cast, protocol = world.cast, world.protocol
        self._scene = Scene(
            world.model,
            contracts=world.model_contracts,
            accounts=(*cast.accounts, ZERO_ADDRESS),
            holders=(
                *cast.accounts,
                cast.owner,
                cast.verifier,
                *cast.minters,
                protocol.treasury.address,
                protocol.governor.address,
                protocol.faucet.address,
                protocol.bonding_manager.address,
                protocol.ticket_broker.address,
                *(cast.addresses[name] for name in GOVERNANCE_HOLDERS if name in cast.addresses),
            ),
            spender=protocol.bonding_manager.address,
        )
        self._wary_scene = make_wary(self._scene)
        self._is_whole = True
        self._reader = Reader(world)
        tables = tables_of(self._scene)
        self._sources = {method: list(_tables_with(tables, method)) for method in METHODS}
        self._turn = 0
        self.refused: Counter[tuple[str, str]] = Counter()
        """Views that failed on both sides, as Contract.function, with their error."""

    def differences(self, past: Past = Past.ONE) -> list[str]:
        """What differs in all views, in words."""
        self._look_around()
        return self._complaints(self._everything(past))

    def differences_after(
        self, accounts: Collection[str], contracts: Collection[str], depth: Depth
    ) -> list[str]:
        """What differs after a step that names these accounts and contracts, in words."""
        if depth is Depth.NOTHING:
            return []
        if depth is Depth.EVERYTHING:
            return self.differences()
        if not NEVER_REWIRING.issuperset(contracts):
            self._look_around()
        return self._complaints(self._after(accounts, contracts, depth))

    def read(self, *, all_rounds: bool = False) -> Iterator[tuple[View, bytes | Reverted, bytes]]:
        """All views, each with what the contract says and what the model does, in raw words; for traces.

        The same views for the same state, whatever was looked at before.
        """
        self._look_around()
        everything = self._everything(Past.ALL if all_rounds else Past.NONE, in_turn=False)
        requests = [request for request in everything if request.is_plain]
        # One by one only where something differs.
        agree = self._reader.is_as_expected(requests)
        for request in requests:
            yield request.view, request.words if agree else self._reader.read(request), request.words

    def forget(self, contract: str) -> None:
        """Read a contract at its new address from now on."""
        self._reader.forget(contract)

    # ---- what to ask

    def _look_around(self) -> None:
        """Find out whether something is missing."""
        self._is_whole = is_whole(self._scene.model)

    def _complaints(self, requests: list[Request]) -> list[str]:
        # Rounds to come have no meaning: nobody asks what has been earned in them.
        if has_gone_back(self._scene.model):
            return []
        if self._is_whole and self._reader.is_as_expected(requests):
            self.refused.update(_refused(requests))
            return []
        complaints = {
            request: complaint
            for request in requests
            if (complaint := self._reader.complaint(request, is_whole=self._is_whole))
        }
        for request in complaints:
            request.forget_expected()
        return list(complaints.values())

    def _rounds(self, past: Past) -> Iterable[int]:
        current_round = self._scene.round
        earlier = range(current_round)
        if past is Past.ALL:
            return range(current_round + 3)
        if past is Past.NONE:
            return self._now()
        turn = self._scene.model.block_number % max(1, current_round)
        return (*earlier[turn : turn + 1], *self._now())

    def _now(self) -> tuple[int, int]:
        """The current round, and the next, for which stake counts already."""
        current_round = self._scene.round
        return current_round, current_round + 1

    def _everything(self, past: Past, *, in_turn: bool = True) -> list[Request]:
        scene, chosen = self._scene, []
        for method in ("totals", "of_system", "of_entries", *(("in_turn",) if in_turn else ())):
            self._choose(chosen, method)
        for account in scene.accounts:
            self._choose(chosen, "of_account", account)
            self._choose(chosen, "derived_of_account", account)
        for holder in scene.holders:
            self._choose(chosen, "of_holder", holder)
        for n in self._rounds(past):
            self._choose(chosen, "of_round", n)
            for account in scene.accounts:
                self._choose(chosen, "of_account_in_round", account, n)
        return chosen

    def _after(self, accounts: Collection[str], contracts: Collection[str], depth: Depth) -> list[Request]:
        scene, only_new, chosen = self._scene, depth is Depth.CHANGES, []
        named, holders = (
            [account for account in everybody if account in accounts]
            for everybody in (scene.accounts, scene.holders)
        )
        self._choose(chosen, "totals")
        for table in self._systems(contracts, depth):
            self._choose_of(table, chosen, "of_system", only_new=True)
        for account in named if only_new else scene.accounts:
            self._choose(chosen, "of_account", account, only_new=only_new)
        for holder in holders if only_new else scene.holders:
            self._choose(chosen, "of_holder", holder, only_new=only_new)
        for account in () if only_new else named:
            self._choose(chosen, "derived_of_account", account)
            for n in self._now():
                self._choose(chosen, "of_account_in_round", account, n)
        return chosen

    def _systems(self, contracts: Collection[str], depth: Depth) -> list[Table]:
        """Tables whose views of the system are looked at after a step that names these contracts."""
        tables = self._sources["of_system"]
        if depth is not Depth.CHANGES:
            return tables
        self._turn += 1
        in_turn = tables[self._turn % len(tables)]
        return [table for table in tables if table is in_turn or table.contract in contracts]

    def _choose(self, chosen: list[Request], method: str, *subject: Any, only_new: bool = False) -> None:
        """Add requests for the rows of all tables; with `only_new` where the model says something new."""
        for table in self._sources[method]:
            self._choose_of(table, chosen, method, *subject, only_new=only_new)

    def _choose_of(
        self, table: Table, chosen: list[Request], method: str, *subject: Any, only_new: bool
    ) -> None:
        known = self._reader.of_contract(table.contract)
        for function, arguments, expected in self._rows(table, method, *subject):
            request = known.get((function, arguments))
            if request is None:
                request = self._reader.prepare(table.contract, function, arguments)
            if request.expected != expected:
                request.expect(expected)
            elif only_new:
                continue
            chosen.append(request)

    def _rows(self, table: Table, method: str, *subject: Any) -> tuple[Row, ...]:
        """The rows of a table; those that the model cannot answer with the error that it raises."""
        make_rows = getattr(table, method)
        if self._is_whole:
            # Views that fail are rare: only where there is one is each asked with care.
            with suppress(ProtocolError):
                return tuple(make_rows(self._scene, *subject))
        return tuple(make_rows(self._wary_scene, *subject))


def _refused(requests: Iterable[Request]) -> Iterator[tuple[str, str]]:
    for request in requests:
        if isinstance(request.expected, ProtocolError):
            contract, function, _ = request.view
            yield f"{contract}.{function}", request.expected.name


def _tables_with(tables: Iterable[Table], method: str) -> Iterator[Table]:
    """The tables that have rows of that kind."""
    return (table for table in tables if getattr(type(table), method) is not getattr(Table, method))
