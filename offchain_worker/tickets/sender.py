"""The sender's side: checks offered parameters, signs tickets, never uses a nonce twice (offchain.md 7)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Engine, insert, select, update

from offchain_worker.chain.interface import ChainClock, ChainReader
from offchain_worker.tickets import database as db
from offchain_worker.tickets import errors
from offchain_worker.tickets.parameters import TicketParameters
from offchain_worker.tickets.recipient import SignedNonce
from offchain_worker.tickets.signatures import Signer
from offchain_worker.tickets.ticket import compute_expected_value_wei


@dataclass(frozen=True)
class SenderLimits:
    """What a gateway accepts of an orchestrator's parameters. Defaults: offchain.md 22."""

    max_ticket_expected_value_wei: int = 3 * 10**12
    max_total_expected_value_wei: int = 2 * 10**13
    deposit_multiplier: int = 1
    min_remaining_blocks: int = 1
    max_tickets_per_payment: int = 600


class TicketSender:
    """Signs tickets for one account; the last nonce of every commitment survives a restart (weakness W19)."""

    def __init__(self, signer: Signer, engine: Engine, chain: ChainReader, limits: SenderLimits) -> None:
        self.address = signer.address
        self._signer = signer
        self._engine = engine
        self._chain = chain
        self._limits = limits

    def require_acceptable(self, parameters: TicketParameters, ticket_count: int, clock: ChainClock) -> None:
        """Raises the first violated rule of offchain.md 7.2 for a payment of `ticket_count` tickets."""
        limits = self._limits
        if parameters.expiration_block - clock.block <= limits.min_remaining_blocks:
            raise errors.TicketParametersExpired(
                expirationBlock=parameters.expiration_block, lastBlock=clock.block
            )
        expected_value_wei = compute_expected_value_wei(parameters.face_value_wei, parameters.win_probability)
        if expected_value_wei <= 0:
            return
        if expected_value_wei > parameters.face_value_wei:
            raise errors.ExpectedValueRefused(
                found=_decimal(expected_value_wei),
                required=f"at most the face value {parameters.face_value_wei}",
            )
        if expected_value_wei > limits.max_ticket_expected_value_wei:
            required = f"at most {limits.max_ticket_expected_value_wei} per ticket (gateway limit)"
            raise errors.ExpectedValueRefused(found=_decimal(expected_value_wei), required=required)
        state = self._chain.sender_state(self.address)
        last_safe_round = clock.last_initialized_round + 1
        if 0 < state.withdraw_round <= last_safe_round:
            raise errors.SenderUnlocking(
                sender=self.address, withdrawRound=state.withdraw_round, lastSafeRound=last_safe_round
            )
        if state.reserve_wei == 0 or state.deposit_wei == 0:
            raise errors.SenderNotFunded(
                sender=self.address, depositWei=state.deposit_wei, reserveWei=state.reserve_wei
            )
        total_wei = ticket_count * expected_value_wei
        if total_wei > limits.max_total_expected_value_wei:
            requested_wei = _decimal(total_wei)
            raise errors.BudgetExhausted(
                scope="payment",
                requestedWei=requested_wei,
                spentWei=0,
                limitWei=limits.max_total_expected_value_wei,
            )
        if ticket_count > limits.max_tickets_per_payment:
            raise errors.TooManyNonces(
                found=ticket_count,
                required=limits.max_tickets_per_payment,
                recipientRandHash=parameters.recipient_rand_hash.hex(),
            )
        spendable_wei = state.deposit_wei // limits.deposit_multiplier
        if parameters.face_value_wei > spendable_wei:
            raise errors.FaceValueTooLarge(faceValueWei=parameters.face_value_wei, requiredWei=spendable_wei)

    def sign_tickets(self, parameters: TicketParameters, ticket_count: int) -> tuple[SignedNonce, ...]:
        """`ticket_count` signed tickets with fresh nonces; the nonces are durable before anything is signed."""
        last_nonce = self._reserve_nonces(parameters.recipient_rand_hash, ticket_count)
        nonces = range(last_nonce - ticket_count + 1, last_nonce + 1)
        return tuple(
            SignedNonce(nonce, self._signer.sign(parameters.ticket(self.address, nonce).hash))
            for nonce in nonces
        )

    def _reserve_nonces(self, recipient_rand_hash: bytes, count: int) -> int:
        table = db.sender_nonces
        with db.writing(self._engine) as connection:
            last_nonce = connection.scalar(
                select(table.c.last_nonce).where(table.c.recipient_rand_hash == recipient_rand_hash)
            )
            if last_nonce is None:
                connection.execute(
                    insert(table).values(recipient_rand_hash=recipient_rand_hash, last_nonce=count)
                )
                return count
            connection.execute(
                update(table)
                .where(table.c.recipient_rand_hash == recipient_rand_hash)
                .values(last_nonce=last_nonce + count)
            )
            return last_nonce + count


def _decimal(value: Fraction) -> str:
    """A fraction of wei for people: whole wei, rounded up."""
    return str(-(-value.numerator // value.denominator))
