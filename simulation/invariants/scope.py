"""What the catalogue speaks of: a protocol with its registry whole, on the clock of the chain, left to itself.

Runs of the registry take vital things away on purpose: an entry, the code of a proxy, a contract's Controller, the
role to mint.  Contracts and model must agree there as well, but stake may then go to a Minter that nobody knows, and
rounds may go backwards.  So the first such step ends what invariants say about a run.
"""

from reference_model.minting import L2LPTDataCache
from reference_model.protocol import PROXIED, Protocol
from reference_model.state import Event
from reference_model.token import BURNER_ROLE, MINTER_ROLE
from simulation.calls import Call, Step

# After these something may be missing.
SUSPECT_EVENTS = frozenset(["SetContractInfo", "SetController", "RoleGranted", "RoleRevoked"])
MIGRATION = "migrate_to_new_minter"
# What the broker would never ask for without a ticket that pays for it; the BondingManager trusts it.
UNPAID = frozenset(["updateTranscoderWithFees", "creditFees"])


class Scope:
    """Follows a model, and says whether its invariants still have to hold.

    `minter` is the address of the one that it began with, if that may be another by now.
    """

    def __init__(self, model: Protocol, minter: str = "") -> None:
        self._model, self._minter = model, model.contracts[minter] if minter else model.minter
        self._contracts = {
            contract.address
            for contract in (
                model.controller,
                model.token,
                model.faucet,
                model.governor,
                self._minter,
                model.rounds_manager,
                model.bonding_votes,
                model.bonding_manager,
                model.ticket_broker,
                model.service_registry,
            )
        }
        self.ended_by = ""
        """The first step after which nothing is claimed any more; empty while all is."""

    def after(self, step: Step, succeeded: bool) -> bool:
        """Whether invariants speak of the state after a step."""
        if not self.ended_by and succeeded and isinstance(step, Call) and not self._is_harmless(step):
            self.ended_by = str(step)
        return not self.ended_by

    def events(self) -> list[Event]:
        """The events of the last call, without those of code past its proxy and of spare contracts."""
        return [event for event in self._model.journal.events if event.address in self._contracts]

    def _is_harmless(self, call: Call) -> bool:
        model = self._model
        if call.sender in self._contracts and call.function in UNPAID:
            return False
        if any(function == MIGRATION for _, function in model.journal.calls):
            return False
        names = {event.name for event in model.journal.events}
        return names.isdisjoint(SUSPECT_EVENTS) or self.is_whole()

    def is_whole(self) -> bool:
        """Whether nothing vital is missing now."""
        model, token, minter = self._model, self._model.token, self._minter
        entries = model.controller.contracts
        managers = {name: entries[name] for name in (*PROXIED, "Minter")}
        minting = {account for (role, account), has in token.roles.items() if has and role == MINTER_ROLE}
        return (
            all(address in self._contracts for address in managers.values())
            and all(self._is_attached(name, address) for name, address in managers.items())
            and all(self._has_code(name) for name in PROXIED)
            and managers["Minter"] == minter.address
            and entries["JobsManager"] == entries["TicketBroker"]
            and entries["LivepeerToken"] == token.address
            and isinstance(model.contracts.get(entries["L2LPTDataCache"]), L2LPTDataCache)
            and minting == {minter.address}
            and token.has_role(BURNER_ROLE, minter.address)
        )

    def _is_attached(self, name: str, address: str) -> bool:
        manager, controller = self._model.subscriber(address), self._model.controller
        return (
            manager is not None
            and manager.name == name
            and manager.controller == controller.address
            and name in controller.registered_under[address]
        )

    def _has_code(self, name: str) -> bool:
        model = self._model
        target = model.controller.contracts[f"{name}Target"]
        code = model.targets.get(target)
        return (
            code is not None
            and code.kind == name
            and not code.is_adjustable
            and model.contracts[target].controller == model.controller.address
        )
