"""The TicketBroker: probabilistic payments (payments.md).

A sender puts ETH into a deposit and a reserve and signs lottery tickets off chain; winners are redeemed here.  What
a signature proves, and how hashes are made, is `cryptography.Cryptography`: the model only asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.arithmetic import subtract, to_stored, to_stored_amount, to_stored_round, to_word
from reference_model.constants import AUX_DATA_LENGTH, PANIC_INDEX, STORED_ROUND_BITS, ZERO_ADDRESS
from reference_model.exceptions import (
    CreationRoundBlockHashMismatch,
    CreationRoundHasNoBlockHash,
    FundingValueMismatch,
    InsufficientFundsForFaceValue,
    InvalidAuxDataLength,
    NoUnlockInProgress,
    Panic,
    ProtocolError,
    RecipientRandMismatch,
    SenderHasNoFunds,
    SenderLocked,
    SenderUnlocked,
    TicketAlreadyUsed,
    TicketDidNotWin,
    TicketExpired,
    TicketRecipientIsZero,
    TicketSenderIsZero,
    TicketValidityPeriodIsZero,
    UnlockAlreadyInitiated,
    UnlockPeriodIsZero,
)
from reference_model.managers import ProxiedManager
from reference_model.registry import entry_point
from reference_model.rounds import NO_HASH
from reference_model.state import Ledger, Table, remembered
from reference_model.types import SenderAccount, Ticket

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class TicketBroker(ProxiedManager):
    """Deposits, reserves, redemptions and exits.  Amounts in wei, periods in rounds."""

    name = "TicketBroker"
    reads = ("RoundsManager", "BondingManager", "Minter")
    unlock_period: int = 0
    ticket_validity_period: int = 0

    def __init__(
        self, protocol: Protocol, address: str, controller: str = "", *, is_proxy: bool = True
    ) -> None:
        super().__init__(protocol, address, controller, is_proxy=is_proxy)
        journal = protocol.journal
        self.accounts: Table = Table(lambda: SenderAccount(journal))
        self.claims = Ledger(journal)
        """Wei drawn from a reserve, by (holder, round, claimant)."""
        self.round_claims = Ledger(journal)
        """Wei drawn from a reserve, by (holder, round)."""
        self.used_ticket_hashes = Ledger(journal, False)

    # ---- parameters: for the owner of the Controller; not stopped by a pause (payments.md 2.2)

    @entry_point
    def set_unlock_period(self, sender: str, unlock_period: int) -> None:
        """Set the rounds between unlock and withdrawal; unlocks in progress keep their round.

        Errors: CallerNotControllerOwner, UnlockPeriodIsZero (DEV-6); SafeCastOverflowedUintDowncast (DEV-13).
        """
        self._require_owner(sender)
        if unlock_period == 0:
            raise UnlockPeriodIsZero()
        self._emit_parameter_update("unlockPeriod", self.unlock_period, unlock_period)
        self.unlock_period = to_stored(unlock_period, STORED_ROUND_BITS)

    @entry_point
    def set_ticket_validity_period(self, sender: str, ticket_validity_period: int) -> None:
        """Set in how many rounds a ticket can be redeemed, for tickets issued already too.

        Errors: CallerNotControllerOwner, TicketValidityPeriodIsZero; SafeCastOverflowedUintDowncast (DEV-13).
        """
        self._require_owner(sender)
        if ticket_validity_period == 0:
            raise TicketValidityPeriodIsZero()
        self._emit_parameter_update(
            "ticketValidityPeriod", self.ticket_validity_period, ticket_validity_period
        )
        self.ticket_validity_period = to_stored(ticket_validity_period, STORED_ROUND_BITS)

    # ---- funding (payments.md 2.3): the Minter keeps the ETH.  Errors of all: SystemPaused;
    # SafeCastOverflowedUintDowncast (DEV-13)

    @entry_point
    def fund_deposit(self, sender: str, *, value: int) -> None:
        """Add to the caller's deposit; a sender that funds itself is locked again."""
        self._require_running()
        self._add_funds(sender, value, 0)
        self._lock_again(sender)
        self._forward(sender, value)
        self._emit("DepositFunded", sender=sender, amount=value)

    @entry_point
    def fund_reserve(self, sender: str, *, value: int) -> None:
        """Add to the caller's reserve; a sender that funds itself is locked again."""
        self._require_running()
        self._add_funds(sender, 0, value)
        self._emit("ReserveFunded", reserveHolder=sender, amount=value)
        self._lock_again(sender)
        self._forward(sender, value)

    @entry_point
    def fund_deposit_and_reserve(
        self, sender: str, deposit_amount: int, reserve_amount: int, *, value: int
    ) -> None:
        """Add to both pots of the caller.  Errors: FundingValueMismatch."""
        self._fund_both(sender, sender, deposit_amount, reserve_amount, value)

    @entry_point
    def fund_deposit_and_reserve_for(
        self, sender: str, account: str, deposit_amount: int, reserve_amount: int, *, value: int
    ) -> None:
        """Add to both pots of anybody; only the account's own funding ends its unlock (payments.md 4, P1).

        Errors: FundingValueMismatch.
        """
        self._fund_both(sender, account, deposit_amount, reserve_amount, value)

    def _fund_both(
        self, sender: str, account: str, deposit_amount: int, reserve_amount: int, value: int
    ) -> None:
        self._require_running()
        required = to_word(deposit_amount + reserve_amount)
        if value != required:
            raise FundingValueMismatch(value, required)
        self._add_funds(account, deposit_amount, reserve_amount)
        if sender == account:
            self._lock_again(account)
        self._emit("ReserveFunded", reserveHolder=account, amount=reserve_amount)
        self._forward(sender, value)
        self._emit("DepositFunded", sender=account, amount=deposit_amount)

    def _add_funds(self, sender: str, deposit_amount: int, reserve_amount: int) -> None:
        account = self.accounts[sender]
        account.deposit = to_stored_amount(account.deposit + deposit_amount)
        account.reserve = to_stored_amount(account.reserve + reserve_amount)

    # ---- redemption

    @entry_point
    def redeem_winning_ticket(
        self, sender: str, ticket: Ticket, signature: bytes, recipient_rand: int
    ) -> None:
        """Pay the face value to the ticket's recipient as fees; anybody may bring it, and has nothing from it.

        First from the deposit, the rest from the recipient's share of the reserve; all or nothing (DEV-1).
        Errors, in order: SystemPaused, CurrentRoundNotInitialized; TicketRecipientIsZero, TicketSenderIsZero,
        InvalidAuxDataLength, CreationRoundHasNoBlockHash, CreationRoundBlockHashMismatch, TicketExpired,
        RecipientRandMismatch, TicketAlreadyUsed, those of `Cryptography.check_signature`, TicketDidNotWin;
        SenderUnlocked, SenderHasNoFunds, InsufficientFundsForFaceValue; TranscoderNotActive.
        Source: payments.md 2.4, 3.4 and 8.
        """
        self._require_started_round()
        self._redeem(ticket, signature, recipient_rand)

    @entry_point
    def batch_redeem_winning_tickets(
        self, sender: str, tickets: list[Ticket], signatures: list[bytes], recipient_rands: list[int]
    ) -> None:
        """Redeem one after the other; one that fails is skipped and leaves no trace.

        Errors: SystemPaused, CurrentRoundNotInitialized; a panic (0x32) at a ticket without signature or number.
        Source: payments.md 2.4.
        """
        self._require_started_round()
        for position, ticket in enumerate(tickets):
            if position >= min(len(signatures), len(recipient_rands)):
                raise Panic(PANIC_INDEX)
            try:
                with self.journal.transaction():
                    self._redeem(ticket, signatures[position], recipient_rands[position])
            except ProtocolError:
                continue

    def _redeem(self, ticket: Ticket, signature: bytes, recipient_rand: int) -> None:
        ticket_hash = self._check_ticket(ticket, signature, recipient_rand)
        account = self.accounts[ticket.sender]
        current_round = self._round()
        if not self._is_locked(account):
            raise SenderUnlocked(ticket.sender, account.withdraw_round, current_round)
        if account.deposit == 0 and account.reserve == 0:
            raise SenderHasNoFunds(ticket.sender)
        shortfall = max(0, ticket.face_value - account.deposit)
        if shortfall > 0:
            claimable = self.claimable_reserve(ticket.sender, ticket.recipient)
            if shortfall > claimable:
                raise InsufficientFundsForFaceValue(ticket.face_value, account.deposit, claimable)

        self.used_ticket_hashes[ticket_hash] = True
        account.deposit -= ticket.face_value - shortfall
        if shortfall > 0:
            self._draw_on_reserve(ticket.sender, ticket.recipient, shortfall)
        if ticket.face_value > 0:
            self._contract("BondingManager").credit_fees(
                self.address, ticket.recipient, ticket.face_value, current_round
            )
            self._emit(
                "WinningTicketTransfer",
                sender=ticket.sender,
                recipient=ticket.recipient,
                amount=ticket.face_value,
            )
        self._emit(
            "WinningTicketRedeemed",
            sender=ticket.sender,
            recipient=ticket.recipient,
            faceValue=ticket.face_value,
            winProb=ticket.win_prob,
            senderNonce=ticket.sender_nonce,
            recipientRand=recipient_rand,
            auxData=ticket.aux_data,
        )

    def _check_ticket(self, ticket: Ticket, signature: bytes, recipient_rand: int) -> bytes:
        """All that is asked of a ticket itself; its hash.

        It is valid in the rounds c … c + validity − 1, c being the round whose block hash it carries.
        """
        cryptography = self.protocol.cryptography
        if ticket.recipient == ZERO_ADDRESS:
            raise TicketRecipientIsZero()
        if ticket.sender == ZERO_ADDRESS:
            raise TicketSenderIsZero()
        if len(ticket.aux_data) != AUX_DATA_LENGTH:
            raise InvalidAuxDataLength(len(ticket.aux_data), AUX_DATA_LENGTH)
        creation_round = int.from_bytes(ticket.aux_data[:32], "big")
        block_hash = ticket.aux_data[32:]
        recorded_hash = self._contract("RoundsManager").block_hash_for_round(creation_round)
        if recorded_hash == NO_HASH:
            raise CreationRoundHasNoBlockHash(creation_round)
        if block_hash != recorded_hash:
            raise CreationRoundBlockHashMismatch(creation_round, block_hash, recorded_hash)
        if creation_round + self.ticket_validity_period <= self._round():
            raise TicketExpired(creation_round, self.ticket_validity_period, self._round())
        commitment = cryptography.commit(recipient_rand)
        if commitment != ticket.recipient_rand_hash:
            raise RecipientRandMismatch(ticket.recipient_rand_hash, commitment)
        ticket_hash = self.get_ticket_hash(ticket)
        if self.used_ticket_hashes[ticket_hash]:
            raise TicketAlreadyUsed(ticket_hash)
        cryptography.check_signature(ticket, signature)
        draw = cryptography.draw(signature, recipient_rand)
        if draw >= ticket.win_prob:
            raise TicketDidNotWin(draw, ticket.win_prob)
        return ticket_hash

    def _draw_on_reserve(self, holder: str, claimant: str, amount: int) -> None:
        account, current_round = self.accounts[holder], self._round()
        account.reserve = subtract(account.reserve, amount)
        self.claims[holder, current_round, claimant] += amount
        self.round_claims[holder, current_round] += amount
        self._emit("ReserveClaimed", reserveHolder=holder, claimant=claimant, amount=amount)

    # ---- exit (payments.md 2.5 and 3.6).  Error of all: SystemPaused

    @entry_point
    def unlock(self, sender: str) -> None:
        """Announce a withdrawal; tickets stay redeemable until it can happen.

        Errors: SenderHasNoFunds, UnlockAlreadyInitiated; SafeCastOverflowedUintDowncast (DEV-13).
        """
        self._require_running()
        account = self.accounts[sender]
        self._require_funds(sender)
        if account.withdraw_round > 0:
            raise UnlockAlreadyInitiated(sender, account.withdraw_round)
        current_round = self._round()
        account.withdraw_round = to_stored_round(current_round + self.unlock_period)
        self._emit("Unlock", sender=sender, startRound=current_round, endRound=account.withdraw_round)

    @entry_point
    def cancel_unlock(self, sender: str) -> None:
        """Lock the caller again.  Errors: NoUnlockInProgress."""
        self._require_running()
        if not self.is_unlock_in_progress(sender):
            raise NoUnlockInProgress(sender)
        self._lock_again(sender)

    @entry_point
    def withdraw(self, sender: str) -> None:
        """Pay the caller both pots; it stays unlocked.

        Errors: SenderHasNoFunds, NoUnlockInProgress, SenderLocked, ETHTransferFailed.
        """
        self._require_running()
        account = self.accounts[sender]
        self._require_funds(sender)
        if not self.is_unlock_in_progress(sender):
            raise NoUnlockInProgress(sender)
        if self._is_locked(account):
            raise SenderLocked(sender, account.withdraw_round, self._round())
        deposit, reserve = account.deposit, account.reserve
        account.deposit = account.reserve = 0
        self._contract("Minter").trusted_withdraw_eth(self.address, sender, deposit + reserve)
        self._emit("Withdrawal", sender=sender, deposit=deposit, reserve=reserve)

    # ---- views (payments.md 2.6): never paused

    def is_unlock_in_progress(self, sender: str) -> bool:
        """Whether the sender has announced to withdraw."""
        return self.accounts[sender].withdraw_round > 0

    def get_sender_info(self, sender: str) -> tuple[tuple[int, int], tuple[int, int]]:
        """(deposit, withdraw round), and the reserve."""
        account = self.accounts[sender]
        return (account.deposit, account.withdraw_round), self.get_reserve_info(sender)

    def get_reserve_info(self, reserve_holder: str) -> tuple[int, int]:
        """What is left of a reserve, and what was drawn from it in this round."""
        return self.accounts[reserve_holder].reserve, self.round_claims[reserve_holder, self._round()]

    def claimed_reserve(self, reserve_holder: str, claimant: str) -> int:
        """What somebody has drawn from a reserve in this round."""
        return self.claims[reserve_holder, self._round(), claimant]

    def claimable_reserve(self, reserve_holder: str, claimant: str) -> int:
        """What somebody may still draw from a reserve in this round (DEV-2).

        With F left, C drawn by all and c by the claimant in this round, N the size of the round's active set:

            max(0, ⌊(F + C) / N⌋ − c) for a member of the active set, else 0
        """
        is_active, active_set_size = self._contract("BondingManager").reserve_share_state(claimant)
        if not is_active or active_set_size == 0:
            return 0
        remaining, drawn = self.get_reserve_info(reserve_holder)
        return max(0, (remaining + drawn) // active_set_size - self.claimed_reserve(reserve_holder, claimant))

    def get_ticket_hash(self, ticket: Ticket) -> bytes:
        """What identifies a ticket."""
        return self.protocol.cryptography.hash_ticket(ticket)

    def used_tickets(self, ticket_hash: bytes) -> bool:
        """Whether the ticket has been redeemed."""
        return self.used_ticket_hashes[ticket_hash]

    # ---- small parts

    @remembered
    def _round(self) -> int:
        return self._contract("RoundsManager").current_round()

    def _is_locked(self, account: SenderAccount) -> bool:
        return account.withdraw_round == 0 or self._round() < account.withdraw_round

    def _require_funds(self, sender: str) -> None:
        account = self.accounts[sender]
        if account.deposit == 0 and account.reserve == 0:
            raise SenderHasNoFunds(sender)

    def _lock_again(self, sender: str) -> None:
        if self.is_unlock_in_progress(sender):
            self.accounts[sender].withdraw_round = 0
            self._emit("UnlockCancelled", sender=sender)

    def _forward(self, sender: str, value: int) -> None:
        """No ETH stays here."""
        self.protocol.pay(sender, self.address, value)
        self._contract("Minter").deposit_eth(self.address, value=value)
