"""The Treasury: holds LPT and ETH, and makes calls that were scheduled before (governance.md E, LIP-90).

A timelock: proposers schedule, executors execute when the delay is over, cancellers drop.  One role administers all,
itself included; in a network that has been handed over the treasury alone has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import (
    AccessControlBadConfirmation,
    AccessControlUnauthorizedAccount,
    CallerNotDeployer,
    FailedCall,
    InvalidInitialization,
    RevertedWithoutData,
    TimelockInsufficientDelay,
    TimelockInvalidOperationLength,
    TimelockUnauthorizedCaller,
    TimelockUnexecutedPredecessor,
    TimelockUnexpectedOperationState,
)
from reference_model.governance_cryptography import Calls, GovernanceCryptography, bitmap
from reference_model.registry import Contract, entry_point
from reference_model.state import Ledger
from reference_model.token import ADMIN_ROLE

if TYPE_CHECKING:
    from reference_model.protocol import Protocol
    from reference_model.types import Message

TIMELOCK_ADMIN_ROLE = "TIMELOCK_ADMIN_ROLE"
PROPOSER_ROLE = "PROPOSER_ROLE"
EXECUTOR_ROLE = "EXECUTOR_ROLE"
CANCELLER_ROLE = "CANCELLER_ROLE"
ADMINISTERED_ROLES = (TIMELOCK_ADMIN_ROLE, PROPOSER_ROLE, EXECUTOR_ROLE, CANCELLER_ROLE)

UNSET, WAITING, READY, DONE = range(4)
DONE_TIMESTAMP = 1
"""What an executed operation has in place of a time."""
NO_PREDECESSOR = bytes(32)
NO_SALT = bytes(32)


class Treasury(Contract):
    """Times of operations by id: 0 unknown, 1 done, else when it is ready, in seconds."""

    name = "Treasury"
    min_delay: int = 0
    """Seconds between scheduling and executing, at least."""
    is_initialized: bool = False

    def __init__(
        self, protocol: Protocol, address: str, deployer: str, cryptography: GovernanceCryptography
    ) -> None:
        super().__init__(protocol.journal, address)
        self.protocol, self.cryptography, self.deployer = protocol, cryptography, deployer
        self.roles = Ledger(protocol.journal, False)
        self.role_admins = Ledger(protocol.journal, ADMIN_ROLE)
        self.timestamps = Ledger(protocol.journal)

    @entry_point
    def initialize(
        self, sender: str, min_delay: int, proposers: Sequence[str], executors: Sequence[str], admin: str
    ) -> None:
        """Set the treasury up, once; `admin` may be the zero address.

        Errors: InvalidInitialization, CallerNotDeployer (DEV-22).  Source: governance.md E.
        """
        if self.is_initialized:
            raise InvalidInitialization()
        if sender != self.deployer:
            raise CallerNotDeployer(sender, self.deployer)
        for role in ADMINISTERED_ROLES:
            self._emit(
                "RoleAdminChanged",
                role=role,
                previousAdminRole=self.role_admins[role],
                newAdminRole=TIMELOCK_ADMIN_ROLE,
            )
            self.role_admins[role] = TIMELOCK_ADMIN_ROLE
        self._grant(sender, TIMELOCK_ADMIN_ROLE, self.address)
        if admin != ZERO_ADDRESS:
            self._grant(sender, TIMELOCK_ADMIN_ROLE, admin)
        for proposer in proposers:
            self._grant(sender, PROPOSER_ROLE, proposer)
            self._grant(sender, CANCELLER_ROLE, proposer)
        for executor in executors:
            self._grant(sender, EXECUTOR_ROLE, executor)
        self.update_delay(self.address, min_delay)
        self.is_initialized = True
        self._emit("Initialized", version=1)

    # ---- roles

    @entry_point
    def grant_role(self, sender: str, role: str, account: str) -> None:
        """Give an account a role."""
        self._require_role(self.role_admins[role], sender)
        self._grant(sender, role, account)

    @entry_point
    def revoke_role(self, sender: str, role: str, account: str) -> None:
        """Take a role away."""
        self._require_role(self.role_admins[role], sender)
        self._revoke(sender, role, account)

    @entry_point
    def renounce_role(self, sender: str, role: str, caller_confirmation: str) -> None:
        """Give a role of one's own up."""
        if caller_confirmation != sender:
            raise AccessControlBadConfirmation()
        self._revoke(sender, role, sender)

    def has_role(self, role: str, account: str) -> bool:
        """Whether the account has the role."""
        return self.roles[role, account]

    def get_role_admin(self, role: str) -> str:
        """The role that gives and takes the role."""
        return self.role_admins[role]

    # ---- operations

    @entry_point
    def schedule(
        self,
        sender: str,
        target: str,
        value: int,
        data: Message,
        predecessor: bytes,
        salt: bytes,
        delay: int,
    ) -> None:
        """Let a call be made after the delay.

        Errors: AccessControlUnauthorizedAccount, TimelockUnexpectedOperationState, TimelockInsufficientDelay.
        Source: governance.md E.
        """
        self._require_role(PROPOSER_ROLE, sender)
        calls = Calls([target], [value], [data])
        operation_id = self.cryptography.hash_operation(calls, predecessor, salt)
        self._schedule(operation_id, calls, predecessor, salt, delay)

    @entry_point
    def schedule_batch(
        self,
        sender: str,
        targets: Sequence[str],
        values: Sequence[int],
        payloads: Sequence[Message],
        predecessor: bytes,
        salt: bytes,
        delay: int,
    ) -> None:
        """Let several calls be made, together, after the delay.

        Errors: AccessControlUnauthorizedAccount, TimelockInvalidOperationLength; those of `schedule`.
        """
        self._require_role(PROPOSER_ROLE, sender)
        calls = self._require_lengths(targets, values, payloads)
        operation_id = self.cryptography.hash_operation_batch(calls, predecessor, salt)
        self._schedule(operation_id, calls, predecessor, salt, delay)

    @entry_point
    def execute(
        self,
        sender: str,
        target: str,
        amount: int,
        payload: Message,
        predecessor: bytes,
        salt: bytes,
        *,
        value: int = 0,
    ) -> None:
        """Make a call that is ready, with ETH of the treasury and of this transaction.

        `amount` is what the call is sent, `value` what comes with the transaction, both in wei.
        Errors: AccessControlUnauthorizedAccount, TimelockUnexpectedOperationState, TimelockUnexecutedPredecessor; what
        the call fails with, FailedCall if with nothing.  Source: governance.md E.
        """
        self._require_executor(sender)
        self.protocol.pay(sender, self.address, value)
        calls = Calls([target], [amount], [payload])
        self._execute(self.cryptography.hash_operation(calls, predecessor, salt), calls, predecessor)

    @entry_point
    def execute_batch(
        self,
        sender: str,
        targets: Sequence[str],
        values: Sequence[int],
        payloads: Sequence[Message],
        predecessor: bytes,
        salt: bytes,
        *,
        value: int = 0,
    ) -> None:
        """Make several calls that are ready, all or none.

        Errors: AccessControlUnauthorizedAccount, TimelockInvalidOperationLength; those of `execute`.
        """
        self._require_executor(sender)
        self.protocol.pay(sender, self.address, value)
        calls = self._require_lengths(targets, values, payloads)
        self._execute(self.cryptography.hash_operation_batch(calls, predecessor, salt), calls, predecessor)

    @entry_point
    def cancel(self, sender: str, operation_id: bytes) -> None:
        """Drop an operation that waits or is ready.

        Errors: AccessControlUnauthorizedAccount, TimelockUnexpectedOperationState.  Source: governance.md E.
        """
        self._require_role(CANCELLER_ROLE, sender)
        self._require_state(operation_id, WAITING, READY)
        self.timestamps[operation_id] = 0
        self._emit("Cancelled", id=operation_id)

    @entry_point
    def receive(self, sender: str, *, value: int) -> None:
        """Take ETH, from anybody."""
        self.protocol.pay(sender, self.address, value)

    @entry_point
    def on_erc721_received(self, sender: str, operator: str, source: str, number: int, data: bytes) -> None:
        """Take a token that is one of its kind, from anybody."""

    @entry_point
    def on_erc1155_received(
        self, sender: str, operator: str, source: str, number: int, amount: int, data: bytes
    ) -> None:
        """Take tokens of one of many kinds."""

    @entry_point
    def on_erc1155_batch_received(
        self,
        sender: str,
        operator: str,
        source: str,
        numbers: Sequence[int],
        amounts: Sequence[int],
        data: bytes,
    ) -> None:
        """Take tokens of several of many kinds."""

    @entry_point
    def update_delay(self, sender: str, new_delay: int) -> None:
        """Set the least delay of later operations; by a call of the treasury to itself."""
        if sender != self.address:
            raise TimelockUnauthorizedCaller(sender)
        self._emit("MinDelayChange", oldDuration=self.min_delay, newDuration=new_delay)
        self.min_delay = new_delay

    # ---- views

    def get_min_delay(self) -> int:
        """Seconds."""
        return self.min_delay

    def get_timestamp(self, operation_id: bytes) -> int:
        """When the operation is ready; 0 unknown, 1 done."""
        return self.timestamps[operation_id]

    def get_operation_state(self, operation_id: bytes) -> int:
        """Unset, waiting, ready or done."""
        timestamp = self.timestamps[operation_id]
        if timestamp == 0:
            return UNSET
        if timestamp == DONE_TIMESTAMP:
            return DONE
        return WAITING if timestamp > self.protocol.timestamp else READY

    # ---- small parts

    def _schedule(
        self, operation_id: bytes, calls: Calls, predecessor: bytes, salt: bytes, delay: int
    ) -> None:
        self._require_state(operation_id, UNSET)
        if delay < self.min_delay:
            raise TimelockInsufficientDelay(delay, self.min_delay)
        self.timestamps[operation_id] = self.protocol.timestamp + delay
        for index, (target, value, message) in enumerate(zip(*calls, strict=True)):
            self._emit(
                "CallScheduled",
                id=operation_id,
                index=index,
                target=target,
                value=value,
                data=message.calldata,
                predecessor=predecessor,
                delay=delay,
            )
        if salt != NO_SALT:
            self._emit("CallSalt", id=operation_id, salt=salt)

    def _execute(self, operation_id: bytes, calls: Calls, predecessor: bytes) -> None:
        self._require_state(operation_id, READY)
        if predecessor != NO_PREDECESSOR and self.get_operation_state(predecessor) != DONE:
            raise TimelockUnexecutedPredecessor(predecessor)
        for index, (target, value, message) in enumerate(zip(*calls, strict=True)):
            call_or_say_that_it_failed(self.protocol, self.address, target, message, value)
            self._emit(
                "CallExecuted",
                id=operation_id,
                index=index,
                target=target,
                value=value,
                data=message.calldata,
            )
        # A call may have come back here and executed the same.
        self._require_state(operation_id, READY)
        self.timestamps[operation_id] = DONE_TIMESTAMP

    def _require_state(self, operation_id: bytes, *states: int) -> None:
        if self.get_operation_state(operation_id) not in states:
            raise TimelockUnexpectedOperationState(operation_id, bitmap(*states))

    def _require_lengths(
        self, targets: Sequence[str], values: Sequence[int], payloads: Sequence[Message]
    ) -> Calls:
        if not len(targets) == len(values) == len(payloads):
            raise TimelockInvalidOperationLength(len(targets), len(payloads), len(values))
        return Calls(targets, values, payloads)

    def _require_executor(self, sender: str) -> None:
        """The role is everybody's where the zero address has it."""
        if not self.roles[EXECUTOR_ROLE, ZERO_ADDRESS]:
            self._require_role(EXECUTOR_ROLE, sender)

    def _require_role(self, role: str, account: str) -> None:
        if not self.roles[role, account]:
            raise AccessControlUnauthorizedAccount(account, role)

    def _grant(self, sender: str, role: str, account: str) -> None:
        if not self.roles[role, account]:
            self.roles[role, account] = True
            self._emit("RoleGranted", role=role, account=account, sender=sender)

    def _revoke(self, sender: str, role: str, account: str) -> None:
        if self.roles[role, account]:
            self.roles[role, account] = False
            self._emit("RoleRevoked", role=role, account=account, sender=sender)


def call_or_say_that_it_failed(protocol: Protocol, sender: str, to: str, message: Message, wei: int) -> None:
    """Make a call; FailedCall where it fails with nothing."""
    try:
        protocol.send(sender, to, message, wei)
    except RevertedWithoutData:
        raise FailedCall() from None
