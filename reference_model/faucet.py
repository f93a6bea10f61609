"""The faucet of test networks: LPT for whoever asks, now and then (rounds-and-issuance.md 4.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.arithmetic import to_word
from reference_model.constants import SECONDS_PER_HOUR
from reference_model.exceptions import RequestTooEarly
from reference_model.registry import Ownable, entry_point
from reference_model.state import Ledger

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class LivepeerTokenFaucet(Ownable):
    """`request_amount` in LPT base units; `request_wait` in hours."""

    name = "LivepeerTokenFaucet"

    def __init__(self, protocol: Protocol, address: str, owner: str) -> None:
        super().__init__(protocol.journal, address)
        self.protocol = protocol
        self.owner = owner
        self.token = protocol.token
        self.request_amount = protocol.parameters.faucet_request_amount
        self.request_wait = protocol.parameters.faucet_request_wait
        self.next_valid_request = Ledger(protocol.journal)
        """Seconds, by account; whitelisted ones leave it as it is."""
        self.whitelist = Ledger(protocol.journal, False)

    @entry_point
    def add_to_whitelist(self, sender: str, account: str) -> None:
        """Let an account request without waiting.  Errors: CallerNotOwner."""
        self._require_owner(sender)
        self.whitelist[account] = True

    @entry_point
    def remove_from_whitelist(self, sender: str, account: str) -> None:
        """Let an account wait like others.  Errors: CallerNotOwner."""
        self._require_owner(sender)
        self.whitelist[account] = False

    @entry_point
    def request(self, sender: str) -> None:
        """Give the caller LPT; the next time in `request_wait` hours.  Errors: RequestTooEarly; those of `transfer`."""
        if not self.whitelist[sender]:
            now = self.protocol.timestamp
            if now < self.next_valid_request[sender]:
                raise RequestTooEarly(sender, now, self.next_valid_request[sender])
            self.next_valid_request[sender] = to_word(now + self.request_wait * SECONDS_PER_HOUR)
        self.token.transfer(self.address, sender, self.request_amount)
        self._emit("Request", to=sender, amount=self.request_amount)

    def is_whitelisted(self, account: str) -> bool:
        """Whether an account need not wait."""
        return self.whitelist[account]
