"""What services ask of the chain. Kept narrow so that tests can stand in for it with a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from offchain_worker.errors import NamedError
from offchain_worker.tickets.ticket import Ticket


class ChainUnavailable(NamedError):
    """The node does not answer, or answers nonsense. Nobody is charged for it."""

    status = 503
    template = "chain node at {url} does not answer: {reason}"


class SystemPaused(NamedError):
    status = 503
    template = (
        "the protocol is paused by its Controller {controller}; no ticket is sold or redeemed meanwhile"
    )


class CurrentRoundNotInitialized(NamedError):
    status = 503
    template = (
        "round {currentRound} is not initialized, the last one is {lastInitializedRound}; "
        "call RoundsManager.initializeRound()"
    )


class ContractReverted(NamedError):
    """A call or transaction reverted with a decoded custom error."""

    status = 502
    template = "{function} reverted with {error}({arguments})"

    @property
    def contract_error(self) -> str:
        return self.details["error"]


@dataclass(frozen=True)
class ChainClock:
    """The chain's notion of now. Blocks are L1 blocks as RoundsManager counts them."""

    block: int
    current_round: int
    is_round_initialized: bool
    last_initialized_round: int
    is_paused: bool


@dataclass(frozen=True)
class SenderState:
    """A sender's escrow in the TicketBroker; `withdraw_round` is 0 while locked."""

    deposit_wei: int
    withdraw_round: int
    reserve_wei: int
    claimed_in_current_round_wei: int


@dataclass(frozen=True)
class PreparedTransaction:
    """A signed transaction: its hash is known, and can be stored, before anybody else sees it."""

    hash: bytes
    raw: bytes


@dataclass(frozen=True)
class Redemption:
    """A mined redemption as its events tell it. `paid_wei` is None if the transaction reverted."""

    transaction_hash: bytes
    paid_wei: int | None
    gas_used: int
    block: int


class ChainReader(Protocol):
    """Views that the money path needs."""

    def clock(self) -> ChainClock: ...

    def controller_address(self) -> str: ...

    def block_hash_for_round(self, round_number: int) -> bytes: ...

    def sender_state(self, sender: str) -> SenderState: ...

    def claimable_reserve_wei(self, sender: str, recipient: str) -> int: ...

    def is_active_orchestrator(self, address: str) -> bool: ...

    def service_uri(self, address: str) -> str: ...

    def gas_price_wei(self) -> int: ...

    def ticket_validity_rounds(self) -> int: ...

    def is_ticket_used(self, ticket_hash: bytes) -> bool: ...


class RedemptionChain(ChainReader, Protocol):
    """Views plus the one transaction of a redeemer, in steps that a crash may separate."""

    def simulate_redemption(self, ticket: Ticket, signature: bytes, recipient_rand: int) -> None:
        """Raises `ContractReverted` if the redemption would revert now."""

    def prepare_redemption(
        self, ticket: Ticket, signature: bytes, recipient_rand: int
    ) -> PreparedTransaction: ...

    def broadcast(self, transaction: PreparedTransaction) -> None: ...

    def wait_for_redemption(self, transaction_hash: bytes, ticket: Ticket) -> Redemption | None:
        """The mined redemption, or None if the transaction is unknown or not mined in time."""

    def find_redemption(self, ticket: Ticket) -> Redemption | None:
        """The redemption of this ticket by anyone, from the WinningTicketRedeemed event."""


def require_selling(clock: ChainClock, controller: str) -> None:
    """Raises unless new work may be sold: system running, current round initialized."""
    require_running(clock, controller)
    if not clock.is_round_initialized:
        raise CurrentRoundNotInitialized(
            currentRound=clock.current_round, lastInitializedRound=clock.last_initialized_round
        )


def require_running(clock: ChainClock, controller: str) -> None:
    if clock.is_paused:
        raise SystemPaused(controller=controller)
