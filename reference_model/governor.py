"""The Governor: owner of the Controller, and thereby of every parameter (governance.md A).

It is owned in turn by a multisig, which stages batches of calls.  A batch waits for the delay that it was staged with,
and can then be executed by anybody, as a whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.arithmetic import to_word
from reference_model.constants import PANIC_INDEX, ZERO_ADDRESS
from reference_model.exceptions import (
    CallerNotGovernor,
    CallerNotOwner,
    NewOwnerIsZero,
    Panic,
    UpdateAlreadyStaged,
    UpdateDelayNotExpired,
    UpdateNotStaged,
)
from reference_model.registry import Contract, entry_point
from reference_model.state import Ledger
from reference_model.types import Update

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class Governor(Contract):
    """Staged updates by their hash."""

    name = "Governor"
    owner: str = ZERO_ADDRESS

    def __init__(self, protocol: Protocol, address: str, owner: str) -> None:
        super().__init__(protocol.journal, address)
        self.protocol = protocol
        self.owner = owner
        self.updates = Ledger(protocol.journal)
        """First block at which an update can be executed, by hash; zero while it does not wait."""

    @entry_point
    def stage(self, sender: str, update: Update, delay: int) -> None:
        """Let an update be executed `delay` blocks later at the earliest; 0 is at once.

        Errors: CallerNotOwner, UpdateAlreadyStaged; a panic above 2²⁵⁶ − 1.  Source: governance.md A2.
        """
        self._require_owner(sender)
        update_hash = self.protocol.cryptography.hash_update(update)
        if self.updates[update_hash] != 0:
            raise UpdateAlreadyStaged(update_hash, self.updates[update_hash])
        self.updates[update_hash] = to_word(self.protocol.block_number + delay)
        self._emit("UpdateStaged", update=update, delay=delay)

    @entry_point
    def execute(self, sender: str, update: Update, *, value: int) -> None:
        """Make the calls of an update, with the ETH that comes and what is here; anybody may.

        The update is forgotten before the first call, and stays staged if one fails.  Calls to accounts without code
        succeed.  Errors: UpdateNotStaged, UpdateDelayNotExpired; a panic (0x32) at a call without value or data; what
        a call fails with.  Source: governance.md A2 and A3.
        """
        self.protocol.pay(sender, self.address, value)
        update_hash = self._require_staged(update)
        executable_from_block = self.updates[update_hash]
        if self.protocol.block_number < executable_from_block:
            raise UpdateDelayNotExpired(update_hash, self.protocol.block_number, executable_from_block)
        self.updates[update_hash] = 0
        for position, target in enumerate(update.target):
            if position >= min(len(update.value), len(update.data)):
                raise Panic(PANIC_INDEX)
            self.protocol.send(self.address, target, update.data[position], update.value[position])
        self._emit("UpdateExecuted", update=update)

    @entry_point
    def cancel(self, sender: str, update: Update) -> None:
        """Drop an update.  Errors: CallerNotOwner, UpdateNotStaged.  Source: governance.md A2."""
        self._require_owner(sender)
        self.updates[self._require_staged(update)] = 0
        self._emit("UpdateCancelled", update=update)

    @entry_point
    def transfer_ownership(self, sender: str, new_owner: str) -> None:
        """Make another account the owner; only an executed update does that.

        Errors: CallerNotGovernor, NewOwnerIsZero.  Source: governance.md A2.
        """
        if sender != self.address:
            raise CallerNotGovernor(sender, self.address)
        if new_owner == ZERO_ADDRESS:
            raise NewOwnerIsZero()
        self._emit("OwnershipTransferred", previousOwner=self.owner, newOwner=new_owner)
        self.owner = new_owner

    def _require_owner(self, sender: str) -> None:
        if sender != self.owner:
            raise CallerNotOwner(sender, self.owner)

    def _require_staged(self, update: Update) -> bytes:
        update_hash = self.protocol.cryptography.hash_update(update)
        if self.updates[update_hash] == 0:
            raise UpdateNotStaged(update_hash)
        return update_hash
