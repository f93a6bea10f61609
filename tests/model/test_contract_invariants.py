"""The invariants that only contracts can show hold on a deployment, and each reports the fault planted for it alone."""

from collections.abc import Callable

import pytest

from reference_model.constants import ZERO_ADDRESS
from simulation import pushed_entries
from simulation.calls import Mine
from simulation.invariants import WORLD_INVARIANTS, InvariantBroken, check_world
from simulation.protocol import COMMIT, contract_id
from simulation.world import World

pytestmark = pytest.mark.integration

NAME = "ServiceRegistry"


def keep_a_stale_flag(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can write another contract's storage, hence what is read from it is changed."""
    monkeypatch.setattr(pushed_entries, "is_paused", lambda chain, subscriber: True)


def keep_a_stale_entry(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read = pushed_entries.other_entry
    monkeypatch.setattr(
        pushed_entries, "other_entry", lambda chain, one, id_: read(chain, one, id_)[:-1] + "0"
    )


def register(world: World, name: str, address: str) -> None:
    owner, controller = world.protocol.owner, world.protocol.controller
    controller.setContractInfo.send(contract_id(name), address, COMMIT, sender=owner)


def put_a_proxy_of_another_target_in_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    target_id = contract_id("TicketBrokerTarget")
    proxy = world.chain.deploy(
        "ManagerProxy", world.protocol.controller, target_id, sender=world.protocol.owner
    )
    register(world, NAME, proxy.address)


def move_the_minter_to_another_controller(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = world.protocol.owner
    other = world.chain.deploy("Controller", sender=owner)
    world.protocol.controller.updateController.send(contract_id("Minter"), other, sender=owner)


def send_a_wei_to_a_proxy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.chain.set_balance(world.protocol.service_registry.address, 1)


def upgrade_to_code_of_another_controller(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = world.protocol.owner
    other = world.chain.deploy("Controller", sender=owner)
    register(world, f"{NAME}Target", world.chain.deploy(NAME, other, sender=owner).address)


FAULTS: dict[Callable[[World, pytest.MonkeyPatch], None], str] = {
    keep_a_stale_flag: "AUTH-1",
    keep_a_stale_entry: "AUTH-1",
    put_a_proxy_of_another_target_in_place: "REG-5",
    move_the_minter_to_another_controller: "REG-6",
    send_a_wei_to_a_proxy: "REG-7",
    upgrade_to_code_of_another_controller: "REG-8",
}


@pytest.fixture
def world(chain) -> World:
    return World(chain, stakers=2)


def test_check_world__fresh_deployment__holds(world: World) -> None:
    world.act(Mine(1))
    check_world(world)


def test_controller__fresh__is_paused_owned_and_empty(world: World) -> None:
    deployer = world.chain.actor("a deployer")
    controller = world.chain.deploy("Controller", sender=deployer)
    assert (controller.paused(), controller.owner()) == (True, deployer)
    entries = [controller.getContractInfo(contract_id(name)) for name in world.cast.home]
    assert {tuple(entry) for entry in entries} == {(ZERO_ADDRESS, bytes(20))}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_check_world__fault_planted_for_an_id__is_reported_by_that_id_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Callable
) -> None:
    fault(world, monkeypatch)
    found = {number for number, entry in WORLD_INVARIANTS.items() if list(entry.check(world))}
    assert found == {FAULTS[fault]}
    with pytest.raises(InvariantBroken, match=f"^{FAULTS[fault]} "):
        check_world(world)


def test_faults__all_ids__have_one() -> None:
    assert set(FAULTS.values()) == set(WORLD_INVARIANTS)
