"""AUTH and REG on contracts: proxies and registrations, which the model does not have (control-plane.md 2.4 and 5).

A `World` is contracts beside the model; they change when the registry does, and are looked at when a run ends.
"""

from collections.abc import Iterator

from simulation import pushed_entries
from simulation.chain.contracts import Contract
from simulation.invariants.catalogue import WORLD_INVARIANTS, InvariantBroken, world_invariant
from simulation.invariants.scope import Scope
from simulation.protocol import contract_id
from simulation.world import World


def check_world(world: World) -> None:
    """Check what only contracts can show; raises InvariantBroken for the first that does not hold.

    Nothing is claimed of a world from which something vital was taken (`scope`).
    """
    if not Scope(world.model, world.cast.minters[0]).is_whole():
        return
    for number, entry in WORLD_INVARIANTS.items():
        for complaint in entry.check(world):
            raise InvariantBroken(f"{number} {entry.claim}: {complaint}")


def _proxies(world: World) -> Iterator[tuple[str, Contract]]:
    for name in world.protocol.targets:
        address = world.protocol.controller.getContract(contract_id(name))
        yield name, world.chain.at("ManagerProxy", address)


def _managers(world: World) -> Iterator[tuple[str, Contract]]:
    """Contracts that read the registry."""
    yield from _proxies(world)
    yield "Minter", world.protocol.minter


@world_invariant(
    "AUTH-1",
    "for every attached subscriber and every id that it subscribes to: its entry = Controller.getContract(id), "
    "its pause flag = Controller.paused",
    why="entries are pushed (DEV-12); a stale one would obey a contract that was replaced",
)
def entries_are_pushed(world: World) -> Iterator[str]:
    chain, controller = world.chain, world.protocol.controller
    paused = controller.paused()
    for name, subscriber in _managers(world):
        if not controller.isAttached(subscriber):
            continue
        first, *others = pushed_entries.subscriptions(chain, subscriber)
        found = {first: pushed_entries.first_entry(chain, subscriber)}
        found.update((id_, pushed_entries.other_entry(chain, subscriber, id_)) for id_ in others)
        for id_, entry in found.items():
            if entry != controller.getContract(id_):
                yield f"{name} has {entry} for {id_.hex()}, registered is {controller.getContract(id_)}"
        if pushed_entries.is_paused(chain, subscriber) != paused:
            yield f"{name}: pause flag is not {paused}"


@world_invariant(
    "REG-5",
    "a proxy runs what is registered under its target id, which is that of its name and never changes (5.10)",
    why="an upgrade is one entry; users find the code by it",
)
def proxies_run_their_target(world: World) -> Iterator[str]:
    for name, proxy in _proxies(world):
        target_id = contract_id(f"{name}Target")
        if proxy.targetContractId() != target_id:
            yield f"{name}: target id {proxy.targetContractId().hex()}"
        if proxy.implementation() != world.protocol.controller.getContract(target_id):
            yield f"{name}: runs {proxy.implementation()}"


@world_invariant(
    "REG-6",
    "every registered proxy and the Minter point to the Controller, and are attached to it (deployment 6)",
    why="C6: one that follows another Controller obeys another owner",
)
def managers_follow_the_controller(world: World) -> Iterator[str]:
    controller = world.protocol.controller
    for name, manager in _managers(world):
        if world.chain.at("IManager", manager.address).controller() != controller.address:
            yield f"{name} points elsewhere"
        if not controller.isAttached(manager):
            yield f"{name} is not attached"


@world_invariant(
    "REG-7",
    "no contract but the Minter holds ETH, but for what an update left with the Governor (5.16)",
    why="a proxy has no way to send it on",
)
def only_the_minter_holds_ether(world: World) -> Iterator[str]:
    plain = (world.protocol.controller, world.protocol.token)
    for contract in (*(proxy for _, proxy in _proxies(world)), *plain):
        if wei := world.chain.balance(contract.address):
            yield f"{world.chain.label(contract.address)}: {wei}"


@world_invariant(
    "REG-8",
    "code is registered: every target answers as its own code, with the Controller it was built for (5.8)",
    why="C1 and C2: a target without code, or a proxy in its place, loses or locks what is sent to it",
)
def targets_are_code(world: World) -> Iterator[str]:
    controller = world.protocol.controller
    for name, _ in _proxies(world):
        target = controller.getContract(contract_id(f"{name}Target"))
        if not world.chain.code(target):
            yield f"{name}Target {target} has no code"
        elif world.chain.at("IManager", target).controller() != controller.address:
            yield f"{name}Target {target} was built for another Controller"
