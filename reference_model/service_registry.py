"""The ServiceRegistry: where orchestrators say how they are reached (control-plane.md 2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.managers import ProxiedManager
from reference_model.registry import entry_point
from reference_model.state import Ledger

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class ServiceRegistry(ProxiedManager):
    """A text for each address.  It looks nothing up, so it works without proxy and registration, too."""

    name = "ServiceRegistry"

    def __init__(
        self, protocol: Protocol, address: str, controller: str = "", *, is_proxy: bool = True
    ) -> None:
        super().__init__(protocol, address, controller, is_proxy=is_proxy)
        self.service_uris = Ledger(protocol.journal, "")

    @entry_point
    def set_service_uri(self, sender: str, service_uri: str) -> None:
        """Set the caller's text; an empty one takes it back.  Not stopped by a pause."""
        self.service_uris[sender] = service_uri
        self._emit("ServiceURIUpdate", addr=sender, serviceURI=service_uri)

    def get_service_uri(self, account: str) -> str:
        """The text of an account; empty for none."""
        return self.service_uris[account]
