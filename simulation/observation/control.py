"""Views of the Controllers, of what obeys them, and of the Governor."""

from collections.abc import Iterable

from reference_model.protocol import PROXIED
from simulation.calls import hash_name
from simulation.observation.table import Row, Scene, Table, Unordered

PROXY_TYPE = 2
"""Upgradeable (ERC-897)."""


class ControllerTable(Table):
    """Who owns it, whether the system runs, who is registered, and who is told."""

    def __init__(self, contract: str) -> None:
        self.contract = contract

    def of_system(self, scene: Scene) -> Iterable[Row]:
        controller = scene.contracts[self.contract]
        yield "owner", (), controller.owner
        yield "paused", (), controller.paused

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        controller = scene.contracts[self.contract]
        for name, address in controller.contracts.items():
            yield "getContract", (hash_name(name),), address
            yield "getContractInfo", (hash_name(name),), (address, controller.commits[name])
        for address in scene.model.contracts:
            yield "isAttached", (address,), controller.is_attached(address)

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        controller = scene.contracts[self.contract]
        names = list(controller.contracts)
        if names:
            name = names[scene.model.block_number % len(names)]
            subscribers = controller.get_subscribers(name)
            yield "getSubscribers", (hash_name(name),), Unordered(subscribers)


class ProxyTable(Table):
    """What a proxy answers itself."""

    def __init__(self, name: str) -> None:
        self.contract = f"{name}Proxy"

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        manager = scene.contracts[self.contract]
        yield "controller", (), manager.controller
        yield "targetContractId", (), hash_name(manager.target_id)
        yield "implementation", (), manager.target
        yield "proxyType", (), PROXY_TYPE
        yield "registrySubscriptions", (), [hash_name(name) for name in manager.registry_subscriptions()]


class TargetTable(Table):
    """What code says when it is asked past its proxy."""

    def __init__(self, name: str) -> None:
        self.contract = f"{name}Target"

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        code = scene.contracts[self.contract]
        yield "controller", (), code.controller
        yield "targetContractId", (), bytes(32)
        yield "contractDependencies", (), [hash_name(name) for name in code.reads]


class ServiceTable(Table):
    """Views of the ServiceRegistry."""

    contract = "ServiceRegistry"

    def derived_of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        yield "getServiceURI", (account,), scene.model.service_registry.get_service_uri(account)


class GovernorTable(Table):
    """Views of the Governor."""

    contract = "Governor"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        yield "owner", (), scene.model.governor.owner

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        for update_hash, executable_from_block in scene.model.governor.updates.items():
            yield "updates", (update_hash,), executable_from_block


CONTROLLERS = (ControllerTable("Controller"), ControllerTable("SecondController"))
PROXIES = tuple(ProxyTable(name) for name in PROXIED)
TARGETS = tuple(TargetTable(name) for name in PROXIED)
