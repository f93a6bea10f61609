"""Takes winners from the store and redeems them on chain (offchain.md 10, design notes 4.5).

won -> sent -> redeemed, or back to won when a transaction fails, or lost, or expired. The transaction hash is durable
before the transaction is broadcast; a redeemer that is killed in between finds it again.
"""

from __future__ import annotations

from dataclasses import dataclass

from offchain_worker.chain.interface import ChainClock, ContractReverted, RedemptionChain, require_selling
from offchain_worker.tickets import errors
from offchain_worker.tickets.floats import is_redeemable
from offchain_worker.tickets.recipient_store import RecipientStore, Winner, WinnerState
from offchain_worker.tickets.ticket import compute_draw, compute_recipient_rand_hash


@dataclass(frozen=True)
class RedeemerPolicy:
    """When a redemption is worth its transaction. 0 switches a bound off."""

    redeem_gas: int = 1_200_000
    max_gas_price_wei: int = 0
    min_face_value_to_cost: int = 1
    retry_after_blocks: int = 1


@dataclass(frozen=True)
class RedemptionReport:
    """What one pass did with one winner. `reason` says why a ticket is still waiting, was lost or expired."""

    ticket_hash: bytes
    sender: str
    face_value_wei: int
    state: WinnerState
    reason: str | None = None
    transaction_hash: bytes | None = None
    paid_wei: int | None = None
    gas_used: int | None = None


class Redeemer:
    """One pass at a time over the open winners; several redeemers may share a store."""

    def __init__(self, store: RecipientStore, chain: RedemptionChain, policy: RedeemerPolicy) -> None:
        self._store = store
        self._chain = chain
        self._policy = policy

    def run_once(self) -> list[RedemptionReport]:
        """Tries every open winner once. Raises `SystemPaused` or `CurrentRoundNotInitialized` before touching any."""
        clock = self._chain.clock()
        require_selling(clock, self._chain.controller_address())
        validity_rounds = self._chain.ticket_validity_rounds()
        reports = [self._finish(winner) for winner in self._store.winners(WinnerState.SENT)]
        for winner in self._store.winners(WinnerState.WON):
            reports.append(self._attempt(winner, clock, validity_rounds))
        return reports

    def _attempt(self, winner: Winner, clock: ChainClock, validity_rounds: int) -> RedemptionReport:
        ticket = winner.ticket
        try:
            require_winner(winner)
        except errors.TicketError as refusal:
            return self._move(winner, WinnerState.LOST, str(refusal))
        if ticket.creation_round + validity_rounds <= clock.current_round:
            window = f"created in round {ticket.creation_round}, valid for {validity_rounds} rounds"
            reason = f"{window}, it is round {clock.current_round}"
            return self._move(winner, WinnerState.EXPIRED, reason)
        if self._chain.is_ticket_used(ticket.hash):
            return self._settle_used(winner)
        if (obstacle := self._obstacle(winner, clock)) is not None:
            return _report(winner, WinnerState.WON, reason=obstacle)
        try:
            self._chain.simulate_redemption(ticket, winner.signature, winner.recipient_rand)
        except ContractReverted as revert:
            return self._retry_later(winner, WinnerState.WON, str(revert), clock.block)
        transaction = self._chain.prepare_redemption(ticket, winner.signature, winner.recipient_rand)
        if not self._store.advance_winner(
            ticket.hash, WinnerState.WON, WinnerState.SENT, transaction_hash=transaction.hash
        ):
            return _report(winner, WinnerState.SENT, reason="taken by another redeemer")
        self._chain.broadcast(transaction)
        return self._finish(winner, transaction.hash)

    def _obstacle(self, winner: Winner, clock: ChainClock) -> str | None:
        """Why the ticket should wait, if it should."""
        ticket, policy = winner.ticket, self._policy
        if winner.parameters_expiration_block > clock.block:
            # Redeeming reveals the recipient rand: a sender that knows it could go on to sign only losing tickets.
            return f"parameters in use until block {winner.parameters_expiration_block}, it is block {clock.block}"
        if winner.next_attempt_block > clock.block:
            return f"next attempt at block {winner.next_attempt_block}, it is block {clock.block}"
        if not self._chain.is_active_orchestrator(ticket.recipient):
            return f"recipient {ticket.recipient} is not active in round {clock.current_round}"
        gas_price_wei = self._chain.gas_price_wei()
        if 0 < policy.max_gas_price_wei < gas_price_wei:
            return f"gas price is {gas_price_wei} wei, the limit is {policy.max_gas_price_wei} wei"
        cost_wei = policy.redeem_gas * gas_price_wei * policy.min_face_value_to_cost
        if ticket.face_value_wei <= cost_wei:
            return f"face value {ticket.face_value_wei} wei does not exceed the redemption cost of {cost_wei} wei"
        deposit_wei = self._chain.sender_state(ticket.sender).deposit_wei
        claimable_wei = self._chain.claimable_reserve_wei(ticket.sender, ticket.recipient)
        if not is_redeemable(ticket.face_value_wei, deposit_wei, claimable_wei):
            return (
                f"deposit {deposit_wei} wei and claimable reserve {claimable_wei} wei "
                f"do not cover the face value {ticket.face_value_wei} wei"
            )
        return None

    def _finish(self, winner: Winner, transaction_hash: bytes | None = None) -> RedemptionReport:
        """Confirms a sent redemption by its event; an unknown transaction puts the ticket back."""
        transaction_hash = transaction_hash or winner.transaction_hash
        redemption = self._chain.wait_for_redemption(transaction_hash, winner.ticket)
        if redemption is None or redemption.paid_wei is None:
            if self._chain.is_ticket_used(winner.ticket.hash):
                return self._settle_used(winner, WinnerState.SENT)
            reason = "transaction is not known to the chain" if redemption is None else "transaction reverted"
            block = 0 if redemption is None else redemption.block
            return self._retry_later(winner, WinnerState.SENT, reason, block)
        self._store.advance_winner(
            winner.ticket.hash, WinnerState.SENT, WinnerState.REDEEMED, paid_wei=redemption.paid_wei
        )
        return _report(
            winner,
            WinnerState.REDEEMED,
            transaction_hash=redemption.transaction_hash,
            paid_wei=redemption.paid_wei,
            gas_used=redemption.gas_used,
        )

    def _settle_used(self, winner: Winner, expected: WinnerState = WinnerState.WON) -> RedemptionReport:
        """The ticket is used on chain; redeemed if its event is found, whoever sent it."""
        redemption = self._chain.find_redemption(winner.ticket)
        if redemption is None or redemption.paid_wei is None:
            return self._move(
                winner, WinnerState.LOST, "used on chain, but no redemption event was found", expected
            )
        changes = {"paid_wei": redemption.paid_wei, "transaction_hash": redemption.transaction_hash}
        self._store.advance_winner(winner.ticket.hash, expected, WinnerState.REDEEMED, **changes)
        return _report(
            winner,
            WinnerState.REDEEMED,
            reason="was already redeemed on chain",
            gas_used=redemption.gas_used,
            **changes,
        )

    def _retry_later(
        self, winner: Winner, expected: WinnerState, reason: str, block: int
    ) -> RedemptionReport:
        next_block = block + self._policy.retry_after_blocks
        changes = {"attempts": winner.attempts + 1, "next_attempt_block": next_block, "reason": reason}
        self._store.advance_winner(winner.ticket.hash, expected, WinnerState.WON, **changes)
        return _report(winner, WinnerState.WON, reason=reason)

    def _move(
        self, winner: Winner, state: WinnerState, reason: str, expected: WinnerState = WinnerState.WON
    ) -> RedemptionReport:
        self._store.advance_winner(winner.ticket.hash, expected, state, reason=reason)
        return _report(winner, state, reason=reason)


def require_winner(winner: Winner) -> None:
    """Raises unless the ticket won with the committed recipient rand: a losing ticket costs gas for nothing."""
    ticket = winner.ticket
    rand_hash = compute_recipient_rand_hash(winner.recipient_rand)
    if rand_hash != ticket.recipient_rand_hash:
        raise errors.RecipientRandMismatch(found=rand_hash.hex(), required=ticket.recipient_rand_hash.hex())
    if not winner.has_won:
        raise errors.TicketDidNotWin(
            draw=compute_draw(winner.signature, winner.recipient_rand), winProbability=ticket.win_probability
        )


def _report(winner: Winner, state: WinnerState, **values) -> RedemptionReport:
    return RedemptionReport(
        winner.ticket.hash, winner.ticket.sender, winner.ticket.face_value_wei, state, **values
    )
