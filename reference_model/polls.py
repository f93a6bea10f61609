"""Polls about protocol changes (governance.md B, LIP-16): who said what, to be weighed off-chain at the end block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.exceptions import InsufficientStake, PollIsActive, PollIsOver
from reference_model.registry import Contract, entry_point

if TYPE_CHECKING:
    from reference_model.protocol import Protocol

QUORUM_PPM = 333_300
"""Share of the total stake that has to say yes or no: 33.33 %."""
QUOTA_PPM = 500_000
"""Share of yes and no that yes has to exceed: 50 %."""
POLL_PERIOD = 57_600
"""Blocks."""
POLL_CREATION_COST = 100 * 10**18
"""LPT that the creator must have at stake; it stays theirs."""


class Poll(Contract):
    """Takes votes up to its end block, and keeps nothing."""

    name = "Poll"

    def __init__(self, protocol: Protocol, address: str, end_block: int) -> None:
        super().__init__(protocol.journal, address)
        self.protocol, self.end_block = protocol, end_block

    @entry_point
    def vote(self, sender: str, choice_id: int) -> None:
        """Say yes (0), no (1) or anything else, which is ignored; anybody, as often as they like."""
        if self.protocol.block_number > self.end_block:
            raise PollIsOver(self.protocol.block_number, self.end_block)
        self._emit("Vote", voter=sender, choiceID=choice_id)

    @entry_point
    def destroy(self, sender: str) -> None:
        """Pay the caller what was forced upon the poll (DEV-24)."""
        if self.protocol.block_number <= self.end_block:
            raise PollIsActive(self.protocol.block_number, self.end_block)
        self.protocol.pay(self.address, sender, self.protocol.ether[self.address])


class PollCreator(Contract):
    """Opens polls."""

    name = "PollCreator"

    def __init__(self, protocol: Protocol, address: str) -> None:
        super().__init__(protocol.journal, address)
        self.protocol = protocol

    @entry_point
    def create_poll(self, sender: str, proposal: bytes, *, poll: str) -> Poll:
        """Open a poll at the address `poll`, which the chain chooses.

        Takes 100 LPT, the caller's own with earnings or all that is delegated to it; the two are not added up.
        """
        manager = self.protocol.bonding_manager
        pending_stake = manager.pending_stake(sender)
        if pending_stake < POLL_CREATION_COST:
            total_stake = manager.transcoder_total_stake(sender)
            if total_stake < POLL_CREATION_COST:
                raise InsufficientStake(sender, pending_stake, total_stake, POLL_CREATION_COST)
        opened = Poll(self.protocol, poll, self.protocol.block_number + POLL_PERIOD)
        self._emit(
            "PollCreated",
            poll=poll,
            proposal=proposal,
            endBlock=opened.end_block,
            quorum=QUORUM_PPM,
            quota=QUOTA_PPM,
        )
        return opened
