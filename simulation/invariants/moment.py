"""What invariants look at: a step, the state before and after it, its events, and what earlier ones added up to."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from reference_model.constants import STATUS_BONDED, STATUS_PENDING, STATUS_UNBONDED
from reference_model.exact import Rounding
from reference_model.exceptions import ProtocolError, SafeCastOverflowedUintDowncast
from reference_model.protocol import Protocol
from reference_model.state import Event
from simulation.calls import Call, Mine, Step
from simulation.invariants.client_view import ClientView
from simulation.invariants.council import (
    Council,
    CouncilBooks,
    CouncilPicture,
    find_council,
    take_council_picture,
)
from simulation.invariants.sums import Sums

FAILURE = "a failing call"
# The most that checks in turn are spread over.
TURNS = 8
# By contract and function: who then calls.
EXECUTORS = {
    ("Governor", "execute"): "Governor",
    ("LivepeerGovernor", "execute"): "Treasury",
    ("Treasury", "execute"): "Treasury",
    ("Treasury", "executeBatch"): "Treasury",
}
_FAILED = frozenset({FAILURE})


class Bond(NamedTuple):
    """A delegator's record, as `getDelegator` has it."""

    bonded: int
    fees: int
    delegate: str
    delegated: int
    start_round: int
    claim_round: int
    next_lock: int


class Orchestrator(NamedTuple):
    """An orchestrator's record, as `getTranscoder` has it."""

    last_reward: int
    reward_cut: int
    fee_share: int
    last_update: int
    activation: int
    deactivation: int
    active_rewards: int
    rewards: int
    fees: int
    last_fee: int


class Sender(NamedTuple):
    """A gateway's escrow."""

    deposit: int
    reserve: int
    withdraw_round: int


class Clock(NamedTuple):
    """Where a round stands."""

    start_block: int
    block: int
    anchor: tuple[int, int]
    """Round and first block of the latest change of length."""
    last_initialized: int


class Picture(NamedTuple):
    """The state at one moment, as far as the invariants compare two of them."""

    round: int
    clock: Clock
    paused: bool
    owner: str
    contracts: dict[str, str]
    parameters: dict[str, int]
    total_active_stake: int
    active_set_size: int
    treasury_rate: int
    inflation: int
    mintable: int
    supply: int
    active: frozenset[str]
    pool: dict[str, int]
    """Members with the number of their entry."""
    bonds: dict[str, Bond]
    orchestrators: dict[str, Orchestrator]
    reward_callers: dict[str, str]
    pending_stake: dict[str, int]
    pending_fees: dict[str, int]
    open_locks: dict[tuple[str, int], tuple[int, int]]
    """Amount and withdraw round."""
    effective_stake: dict[str, int]
    """LPT that counts in the round, of active orchestrators."""
    lpt: dict[str, int]
    allowances: dict[tuple[str, str], int]
    ether: dict[str, int]
    senders: dict[str, Sender]
    claims: dict[tuple[str, int, str], int]
    used_tickets: frozenset[bytes]
    staged: dict[bytes, int]
    """Updates of the Governor that wait: first block, by hash."""
    governor_owner: str
    nonces: dict[str, int]
    """Permits used, by owner."""
    next_requests: dict[str, int]
    """First second of an account's next request to the faucet."""
    whitelist: dict[str, bool]
    council: CouncilPicture | None
    """Of governance, where there is any."""

    @property
    def is_initialized(self) -> bool:
        """Whether somebody has initialized the current round."""
        return self.clock.last_initialized == self.round

    def status(self, account: str) -> int:
        """Pending, bonded or unbonded."""
        bond = self.bonds[account]
        if bond.bonded == 0:
            return STATUS_UNBONDED
        return STATUS_PENDING if bond.start_round > self.round else STATUS_BONDED

    def is_registered(self, account: str) -> bool:
        """Whether the account has a bond that points at itself."""
        bond = self.bonds[account]
        return bond.bonded > 0 and bond.delegate == account


class Moment:
    """One step."""

    def __init__(
        self,
        model: Protocol,
        accounts: tuple[str, ...],
        step: Step,
        before: Picture,
        *,
        sums: Sums,
        client: ClientView,
        seen: dict[Any, Any],
        turn: int,
        is_thorough: bool,
        council: Council | None = None,
        books: CouncilBooks | None = None,
    ) -> None:
        self.model, self.accounts, self.step = model, accounts, step
        self.manager, self.broker, self.clock = (
            model.bonding_manager,
            model.ticket_broker,
            model.rounds_manager,
        )
        self.before, self.now, self.sums, self.client, self.seen = before, before, sums, client, seen
        self.council, self.books = council, books
        """Governance, and what its events have said; its own events are apart from the others."""
        self.succeeded = False
        self.events: list[Event] = []
        self.council_events: list[Event] = []
        self.roundings: list[Rounding] = []
        self._turn, self._is_thorough = turn, is_thorough
        self.names: frozenset[str] = frozenset()
        """Names of the events; FAILURE after a failing call."""
        self._by_name: dict[str, list[dict[str, Any]]] = {}
        self._sample: tuple[str, ...] = ()

    def finish(
        self,
        succeeded: bool,
        now: Picture,
        events: list[Event],
        roundings: list[Rounding],
        council_events: Iterable[Event] = (),
    ) -> None:
        """Take in how the step ended."""
        self.succeeded, self.now, self.events, self.roundings = succeeded, now, events, roundings
        self.council_events = list(council_events)
        for event in self.events:
            self._by_name.setdefault(event.name, []).append(event.arguments)
        told = frozenset(event.name for event in self.council_events)
        self.names = told.union(self._by_name) if succeeded else _FAILED

    # ---- the step

    @property
    def call(self) -> Call | None:
        """The call that succeeded; None for blocks and for failures."""
        return self.step if self.succeeded and isinstance(self.step, Call) else None

    @property
    def is_mine(self) -> bool:
        """Whether the step was only blocks."""
        return isinstance(self.step, Mine)

    def events_named(self, name: str) -> list[dict[str, Any]]:
        """Arguments of the events of that name."""
        return self._by_name.get(name, [])

    def told(self, *names: str) -> list[dict[str, Any]]:
        """Arguments of the events of governance of these names, in their order."""
        return [event.arguments for event in self.council_events if event.name in names]

    def event_of(self, name: str, field: str, account: str) -> dict[str, Any] | None:
        """The first event of that name about an account."""
        return next((given for given in self.events_named(name) if given[field] == account), None)

    def sum_of(self, name: str, amount: str, field: str, account: str) -> int:
        """Σ of an amount over the events of that name about an account."""
        return sum(given[amount] for given in self.events_named(name) if given[field] == account)

    # ---- whom to look at, where looking at everybody after each step would cost too much

    @property
    def sample(self) -> tuple[str, ...]:
        """Accounts that events name, their delegates, and two others in turn."""
        if not self._sample:
            accounts = self.accounts
            named = {
                value
                for event in self.events
                for value in event.arguments.values()
                if isinstance(value, str) and value in self.now.bonds
            }
            named.update(self.now.bonds[account].delegate for account in list(named))
            count = len(accounts) if self._is_thorough else 2
            named.update(accounts[(self._turn + offset) % len(accounts)] for offset in range(count))
            self._sample = tuple(account for account in accounts if account in named)
        return self._sample

    def has_turn(self, number: int, among: int) -> bool:
        """Whether one of several costly checks comes after this step."""
        return self._is_thorough or self._turn % among == number

    def turn_of(self, items: list[Any]) -> Any:
        """One of several, another after each step."""
        # Not in step with `has_turn`, else an even number of items would never come through.
        turn = self._turn if self._is_thorough else self._turn // TURNS
        return items[turn % len(items)]

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever happens inside is undone."""
        journal = self.model.journal
        events, calls = journal.events, journal.calls
        try:
            with journal.transaction():
                yield
                raise _Undo
        except _Undo:
            pass
        finally:
            journal.events, journal.calls = events, calls

    @property
    def is_by_owner(self) -> bool:
        """Whether the Controller's owner has called, or something was executed by it."""
        return self.call is not None and self.actor == self.before.owner

    @property
    def actor(self) -> str:
        """Whose calls the step makes: of who sent it, or of the Governor or the treasury that executes something."""
        executor = EXECUTORS.get((self.call.contract, self.call.function))
        if executor is None:
            return self.call.sender
        return next(one.address for one in self.model.contracts.values() if one.name == executor)

    def refusal(self, call: Any, *arguments: Any) -> str:
        """Why a call would fail now; empty when it would not, or for amounts beyond what is kept (DEV-13)."""
        try:
            with self.trial():
                call(*arguments)
        except SafeCastOverflowedUintDowncast:
            return ""
        except ProtocolError as error:
            return f"{error.name}({error})"
        return ""


class _Undo(Exception):
    pass


# ---- taking pictures


def take_picture(model: Protocol, accounts: tuple[str, ...]) -> Picture:
    """The state of now."""
    manager, broker, rounds = model.bonding_manager, model.ticket_broker, model.rounds_manager
    token, minter = model.token, model.minter
    current_round = rounds.current_round()
    orchestrators = {account: Orchestrator._make(manager.get_transcoder(account)) for account in accounts}
    active = [
        account
        for account, record in orchestrators.items()
        if record.activation <= current_round < record.deactivation
    ]
    bonds = {account: Bond._make(manager.get_delegator(account)) for account in accounts}
    pending_stake, pending_fees = {}, {}
    for account, bond in bonds.items():
        if bond.bonded == 0 or (bond.claim_round == current_round and bond.delegate != account):
            # EARN-15 looks at what the views say to these.
            pending_stake[account], pending_fees[account] = bond.bonded, bond.fees
        else:
            pending_stake[account] = manager.pending_stake(account)
            pending_fees[account] = manager.pending_fees(account)
    return Picture(
        round=current_round,
        clock=Clock(
            rounds.current_round_start_block(),
            model.block_number,
            (rounds.last_round_length_update_round, rounds.last_round_length_update_start_block),
            rounds.last_initialized_round,
        ),
        paused=model.controller.paused,
        owner=model.controller.owner,
        contracts=dict(model.controller.contracts),
        parameters=parameters_of(model),
        total_active_stake=manager.current_round_total_active_stake,
        active_set_size=manager.current_round_active_set_size,
        treasury_rate=manager.treasury_reward_cut_rate,
        inflation=minter.inflation,
        mintable=minter.current_mintable_tokens,
        supply=token.total_supply,
        active=frozenset(active),
        pool={account: entry for account, entry in manager.pool.entries.items() if entry is not None},
        bonds=bonds,
        orchestrators=orchestrators,
        reward_callers=dict(manager.reward_callers),
        pending_stake=pending_stake,
        pending_fees=pending_fees,
        open_locks={
            (account, lock_id): (lock.amount, lock.withdraw_round)
            for account in accounts
            for lock_id, lock in manager.locks[account].items()
            if lock.withdraw_round > 0
        },
        effective_stake={account: _effective_stake(model, account, current_round) for account in active},
        lpt=dict(token.balances),
        allowances=dict(token.allowances),
        ether=dict(model.ether),
        senders={
            account: Sender(record.deposit, record.reserve, record.withdraw_round)
            for account in accounts
            for record in [broker.accounts[account]]
        },
        claims=dict(broker.claims),
        used_tickets=frozenset(h for h, used in broker.used_ticket_hashes.items() if used),
        staged={update: block for update, block in model.governor.updates.items() if block},
        governor_owner=model.governor.owner,
        nonces=dict(token.nonces),
        next_requests=dict(model.faucet.next_valid_request),
        whitelist=dict(model.faucet.whitelist),
        council=take_council_picture(council) if (council := find_council(model)) else None,
    )


def parameters_of(model: Protocol) -> dict[str, int]:
    """What owners set, by the name in events."""
    manager, minter, rounds = model.bonding_manager, model.minter, model.rounds_manager
    return {
        "unbondingPeriod": manager.unbonding_period,
        "treasuryRewardCutRate": manager.treasury_reward_cut_rate,
        "nextRoundTreasuryRewardCutRate": manager.next_round_treasury_reward_cut_rate,
        "treasuryBalanceCeiling": manager.treasury_balance_ceiling,
        "numActiveTranscoders": manager.pool.max_size,
        "targetBondingRate": minter.target_bonding_rate,
        "inflationChange": minter.inflation_change,
        "roundLength": rounds.round_length,
        "roundLockAmount": rounds.round_lock_amount,
        "unlockPeriod": model.ticket_broker.unlock_period,
        "ticketValidityPeriod": model.ticket_broker.ticket_validity_period,
    }


def _effective_stake(model: Protocol, account: str, current_round: int) -> int:
    manager = model.bonding_manager
    updated = manager.orchestrators[account].last_active_stake_update_round
    return manager.earnings[account][current_round if updated > current_round else updated].total_stake
