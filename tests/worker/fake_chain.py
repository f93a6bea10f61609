"""The protocol in memory, as far as the worker's narrow interface shows it. Settlement follows DEV-1."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eth_utils import keccak

from offchain_worker.chain.interface import (
    ChainClock,
    ContractReverted,
    PreparedTransaction,
    Redemption,
    SenderState,
)
from offchain_worker.tickets.signatures import require_signature
from offchain_worker.tickets.ticket import Ticket, compute_recipient_rand_hash, is_winning

ETHER = 10**18


@dataclass
class FakeChain:
    """Every field may be set by a test. `active_orchestrators` share a reserve in equal parts."""

    block: int = 100
    current_round: int = 10
    is_round_initialized: bool = True
    is_paused: bool = False
    validity_rounds: int = 2
    gas_price: int = 1
    active_orchestrators: set[str] = field(default_factory=set)
    senders: dict[str, SenderState] = field(default_factory=dict)
    service_uris: dict[str, str] = field(default_factory=dict)
    used: set[bytes] = field(default_factory=set)
    mined: dict[bytes, Redemption] = field(default_factory=dict)
    by_ticket: dict[bytes, Redemption] = field(default_factory=dict)
    pending: dict[bytes, tuple[Ticket, bytes, int]] = field(default_factory=dict)
    broadcasts: list[bytes] = field(default_factory=list)

    def fund(self, sender: str, deposit_wei: int = ETHER, reserve_wei: int = ETHER) -> None:
        self.senders[sender] = SenderState(deposit_wei, 0, reserve_wei, 0)

    def set_sender(self, sender: str, **changes: int) -> None:
        self.senders[sender] = replace(self.sender_state(sender), **changes)

    def clock(self) -> ChainClock:
        last = self.current_round if self.is_round_initialized else self.current_round - 1
        return ChainClock(self.block, self.current_round, self.is_round_initialized, last, self.is_paused)

    def controller_address(self) -> str:
        return "0x" + "c0" * 20

    def block_hash_for_round(self, round_number: int) -> bytes:
        return keccak(text=f"round {round_number}")

    def sender_state(self, sender: str) -> SenderState:
        return self.senders.get(sender, SenderState(0, 0, 0, 0))

    def claimable_reserve_wei(self, sender: str, recipient: str) -> int:
        if recipient not in self.active_orchestrators:
            return 0
        return self.sender_state(sender).reserve_wei // len(self.active_orchestrators)

    def is_active_orchestrator(self, address: str) -> bool:
        return address in self.active_orchestrators

    def service_uri(self, address: str) -> str:
        return self.service_uris.get(address, "")

    def gas_price_wei(self) -> int:
        return self.gas_price

    def ticket_validity_rounds(self) -> int:
        return self.validity_rounds

    def is_ticket_used(self, ticket_hash: bytes) -> bool:
        return ticket_hash in self.used

    def simulate_redemption(self, ticket: Ticket, signature: bytes, recipient_rand: int) -> None:
        self._require_redeemable(ticket, signature, recipient_rand)

    def prepare_redemption(
        self, ticket: Ticket, signature: bytes, recipient_rand: int
    ) -> PreparedTransaction:
        transaction_hash = keccak(ticket.hash + len(self.pending).to_bytes(4, "big"))
        self.pending[transaction_hash] = (ticket, signature, recipient_rand)
        return PreparedTransaction(transaction_hash, b"")

    def broadcast(self, transaction: PreparedTransaction) -> None:
        self.broadcasts.append(transaction.hash)
        ticket, signature, recipient_rand = self.pending[transaction.hash]
        try:
            self._require_redeemable(ticket, signature, recipient_rand)
        except ContractReverted:
            self.mined[transaction.hash] = Redemption(transaction.hash, None, 50_000, self.block)
            return
        state = self.sender_state(ticket.sender)
        from_deposit = min(state.deposit_wei, ticket.face_value_wei)
        self.set_sender(
            ticket.sender,
            deposit_wei=state.deposit_wei - from_deposit,
            reserve_wei=state.reserve_wei - (ticket.face_value_wei - from_deposit),
        )
        self.used.add(ticket.hash)
        redemption = Redemption(transaction.hash, ticket.face_value_wei, 150_000, self.block)
        self.mined[transaction.hash] = self.by_ticket[ticket.hash] = redemption

    def wait_for_redemption(self, transaction_hash: bytes, ticket: Ticket) -> Redemption | None:
        return self.mined.get(transaction_hash)

    def find_redemption(self, ticket: Ticket) -> Redemption | None:
        return self.by_ticket.get(ticket.hash)

    def _require_redeemable(self, ticket: Ticket, signature: bytes, recipient_rand: int) -> None:
        def revert(name: str, **arguments: object) -> None:
            text = ", ".join(f"{key}={value}" for key, value in arguments.items())
            raise ContractReverted(function="redeemWinningTicket", error=name, arguments=text)

        if compute_recipient_rand_hash(recipient_rand) != ticket.recipient_rand_hash:
            revert("RecipientRandMismatch")
        if ticket.hash in self.used:
            revert("TicketAlreadyUsed", ticketHash=ticket.hash.hex())
        require_signature(ticket.sender, ticket.hash, signature)
        if not is_winning(signature, recipient_rand, ticket.win_probability):
            revert("TicketDidNotWin")
        covered = self.sender_state(ticket.sender).deposit_wei
        covered += self.claimable_reserve_wei(ticket.sender, ticket.recipient)
        if covered < ticket.face_value_wei:
            revert("InsufficientEscrow", available=covered, required=ticket.face_value_wei)
