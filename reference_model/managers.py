"""Contracts that take their orders from a Controller (control-plane.md 2.2 to 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import (
    CallerNotController,
    CallerNotControllerOwner,
    CallerNotEitherRegistered,
    CallerNotRegistered,
    ContractNotRegistered,
    CurrentRoundNotInitialized,
    InvalidTarget,
    RevertedWithoutData,
    SystemPaused,
    TargetIsProxy,
    TargetNotRegistered,
)
from reference_model.registry import Contract, Controller, proxy_entry_point

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class Manager(Contract):
    """A contract that finds its collaborators, its owner and the pause through the Controller that it follows.

    Owner is whoever owns that Controller at the time of the call; collaborators and pause are known only while the
    contract is attached.
    """

    reads: tuple[str, ...] = ()
    """Ids of the collaborators."""
    is_subscriber = True
    """Whether it can be attached; the bare code of a proxied contract cannot."""

    def __init__(self, protocol: Protocol, address: str, controller: str = "") -> None:
        super().__init__(protocol.journal, address)
        self.protocol = protocol
        self.controller = controller or protocol.controller.address

    @proxy_entry_point
    def set_controller(self, sender: str, controller: str) -> None:
        """Follow another Controller; only the present one says so (`Controller.update_controller`).

        A proxy answers this itself, whatever runs behind it.  Errors: CallerNotController.
        """
        self._require_controller(sender)
        self.controller = controller
        self._emit("SetController", controller=controller)

    @proxy_entry_point
    def on_registry_update(self, sender: str, contract_id: str, address: str) -> None:
        """Be told who has an id from now on (DEV-12).  The model needs not keep that: it looks the id up.

        Errors: CallerNotController.
        """
        self._require_controller(sender)

    @proxy_entry_point
    def on_pause_update(self, sender: str, is_paused: bool) -> None:
        """Be told of a pause or its end (DEV-12), likewise.  Errors: CallerNotController."""
        self._require_controller(sender)

    def registry_subscriptions(self) -> tuple[str, ...]:
        """The ids whose entries the contract is told."""
        return self.reads

    # ---- who is who

    def _registry(self) -> Controller | None:
        """The Controller to which the contract is attached."""
        controller = self.protocol.contracts.get(self.controller)
        if isinstance(controller, Controller) and controller.registered_under[self.address]:
            return controller
        return None

    def _registered_or_zero(self, contract_id: str) -> str:
        """Who is registered under an id; zero for nobody: then nobody has that role."""
        registry = self._registry()
        return ZERO_ADDRESS if registry is None else registry.contracts[contract_id]

    def _registered(self, contract_id: str) -> str:
        """Who is registered under an id; somebody must be."""
        address = self._registered_or_zero(contract_id)
        if address == ZERO_ADDRESS:
            raise ContractNotRegistered(contract_id)
        return address

    def _contract(self, contract_id: str) -> Any:
        """The collaborator of an id, to be called."""
        return self.protocol.at(self._registered(contract_id))

    # ---- who may call, and when

    def _require_controller(self, sender: str) -> None:
        if sender != self.controller:
            raise CallerNotController(sender, self.controller)

    def _require_owner(self, sender: str) -> None:
        owner = self.protocol.at(self.controller).owner
        if sender != owner:
            raise CallerNotControllerOwner(sender, owner)

    def _require_running(self) -> None:
        registry = self._registry()
        if registry is not None and registry.paused:
            raise SystemPaused()

    def _require_started_round(self) -> int:
        """The current round, in which the system runs and which somebody has initialized."""
        self._require_running()
        current_round, is_initialized, _ = self._contract("RoundsManager").current_round_state()
        if not is_initialized:
            raise CurrentRoundNotInitialized(current_round)
        return current_round

    def _require_caller(self, sender: str, contract_id: str) -> None:
        registered = self._registered_or_zero(contract_id)
        if sender != registered:
            raise CallerNotRegistered(sender, contract_id, registered)

    def _require_either_caller(self, sender: str, first_id: str, second_id: str) -> None:
        if sender not in (self._registered_or_zero(first_id), self._registered_or_zero(second_id)):
            raise CallerNotEitherRegistered(sender, first_id, second_id)

    def _emit_parameter_update(self, parameter: str, previous: int, value: int) -> None:
        """The deployed event, and beside it one that carries the numbers (DEV-7)."""
        self._emit("ParameterUpdate", param=parameter)
        self._emit("ParameterChanged", param=parameter, previousValue=previous, newValue=value)


class ProxiedManager(Manager):
    """A contract whose state lies in a ManagerProxy and whose code in a target, so that the code can change.

    The proxy forwards every call, but for those about itself, to whatever is registered under `target_id` at that
    moment; an upgrade is one `set_contract_info` (control-plane.md 2.4).  State stays.

    A target can be called past its proxy, too: it then works on its own empty state and, attached to nothing, finds
    no collaborator (`is_subscriber` is false).
    """

    def __init__(
        self, protocol: Protocol, address: str, controller: str = "", *, is_proxy: bool = True
    ) -> None:
        super().__init__(protocol, address, controller)
        self.is_subscriber = is_proxy
        self.target_id = f"{self.name}Target" if is_proxy else ""

    @property
    def outer_name(self) -> str:
        """The proxy, if the contract has one."""
        return "ManagerProxy" if self.is_subscriber else self.name

    @property
    def target(self) -> str:
        """The code that the proxy runs; zero for none."""
        return self._registered_or_zero(self.target_id)

    def require_code(self) -> None:
        """What a call meets first.  Errors: TargetNotRegistered; RevertedWithoutData of code of another kind."""
        if not self.is_subscriber:
            return
        target = self.target
        if target == ZERO_ADDRESS:
            raise TargetNotRegistered(self.target_id)
        if self.protocol.targets[target].kind != self.name:
            raise RevertedWithoutData()

    @proxy_entry_point
    def on_registry_update(self, sender: str, contract_id: str, address: str) -> None:
        """Be told who has an id from now on; a new target must be code that was built to run behind a proxy (DEV-8).

        Errors: CallerNotController; TargetIsProxy of this one, InvalidTarget of anything else.
        """
        self._require_controller(sender)
        if contract_id != self.target_id:
            return
        if address == self.address:
            raise TargetIsProxy(self.target_id)
        if address != ZERO_ADDRESS and address not in self.protocol.targets:
            raise InvalidTarget(self.target_id, address)

    def registry_subscriptions(self) -> tuple[str, ...]:
        """The id of the target, and what the present target reads."""
        code = self.protocol.targets.get(self.target)
        return (self.target_id, *(code.reads if code is not None else ()))
