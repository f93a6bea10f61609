"""The Controller pushes entries and the pause flag: no order of registrations leaves anything stale.

After each transaction, for each contract that can be attached (a proxy, a Minter):
    it is attached exactly when it is registered under some id and points to this Controller
    attached, it receives exactly the ids that it asks for, and its entry for each is `getContract(id)`
    attached, its pause flag is `paused()`
    not attached, it has no entries
The orders are samples, drawn with a seed, of the permutations of all ids.
"""

import random

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import COMMIT, contract_id
from tests.helpers.registry import ALIAS, ALL_NAMES, PROXIED

pytestmark = pytest.mark.unit

SEEDS = range(12)


def shuffled(seed, names=ALL_NAMES):
    return random.Random(seed).sample(names, len(names))


def set_entry(plane, name, contract):
    plane.controller.setContractInfo.send(contract_id(name), contract, COMMIT, sender=plane.owner)


@pytest.mark.parametrize("seed", SEEDS)
def test_registration__every_id_in_any_order__pushes_each_entry_at_once(plane, registry, candidates, seed):
    for name in shuffled(seed):
        set_entry(plane, name, candidates.by_name[name][0])
        registry.assert_pushed(candidates.subscribers)

    assert all(plane.controller.isAttached(candidates.by_name[name][0]) for name in PROXIED)


@pytest.mark.parametrize("seed", SEEDS)
def test_registration__every_id_replaced_in_any_order__leaves_nothing_stale(
    plane, registry, candidates, seed
):
    for name in shuffled(seed):
        set_entry(plane, name, candidates.by_name[name][0])

    for name in shuffled(seed + 1000):
        set_entry(plane, name, candidates.by_name[name][1])
        registry.assert_pushed(candidates.subscribers)

    attached = [one for one in candidates.subscribers if plane.controller.isAttached(one)]
    assert sorted(attached, key=str) == sorted(
        (candidates.by_name[name][1] for name in (*PROXIED, "Minter")), key=str
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_registration__every_id_removed_in_any_order__leaves_nothing_behind(
    plane, registry, candidates, seed
):
    for name in shuffled(seed):
        set_entry(plane, name, candidates.by_name[name][0])

    for name in shuffled(seed + 2000):
        set_entry(plane, name, ZERO_ADDRESS)
        registry.assert_pushed(candidates.subscribers)

    assert not any(plane.controller.isAttached(one) for one in candidates.subscribers)
    assert all(plane.controller.getSubscribers(contract_id(name)) == [] for name in ALL_NAMES)


@pytest.mark.parametrize("seed", SEEDS)
def test_registration__any_sequence_with_pauses_and_attach__keeps_everything_current(
    plane, registry, candidates, seed, stranger
):
    draw = random.Random(seed + 3000)
    for _ in range(60):
        name = draw.choice(ALL_NAMES)
        action = draw.choice(["register", "register", "register", "remove", "pause", "attach"])
        if action == "register":
            set_entry(plane, name, draw.choice(candidates.by_name[name]))
        elif action == "remove":
            set_entry(plane, name, ZERO_ADDRESS)
        elif action == "pause":
            switch = plane.controller.unpause if plane.controller.paused() else plane.controller.pause
            switch.send(sender=plane.owner)
        else:
            plane.controller.attach.send(contract_id(name), sender=stranger)
        registry.assert_pushed(candidates.subscribers)


@pytest.mark.parametrize("fault", ["entry", "pause flag", "entry of one not attached"])
def test_the_check_itself__something_stale__is_noticed(plane, registry, candidates, fault):
    """A fault is planted by writing as the Controller what it has not told."""
    broker, other = candidates.by_name["TicketBroker"]
    for name in ("TicketBroker", "TicketBrokerTarget", "Minter"):
        set_entry(plane, name, candidates.by_name[name][0])
    registry.assert_pushed(candidates.subscribers)
    subject = other if fault == "entry of one not attached" else broker
    subscriber = plane.chain.at("IRegistrySubscriber", subject.address)

    if fault == "pause flag":
        subscriber.onPauseUpdate.send(False, sender=plane.controller)
    else:
        subscriber.onRegistryUpdate.send(contract_id("Minter"), broker, sender=plane.controller)

    with pytest.raises(AssertionError):
        registry.assert_pushed(candidates.subscribers)


# ---- aliases: the TicketBroker's proxy under two ids


def test_alias__removed_first__proxy_stays_attached(plane, registry, candidates):
    broker = candidates.by_name["TicketBroker"][0]
    for name in ("TicketBroker", ALIAS):
        set_entry(plane, name, broker)

    set_entry(plane, ALIAS, ZERO_ADDRESS)

    assert plane.controller.isAttached(broker)
    registry.assert_pushed(candidates.subscribers)
    set_entry(plane, "TicketBroker", ZERO_ADDRESS)
    assert not plane.controller.isAttached(broker)
    registry.assert_pushed(candidates.subscribers)


def test_alias__own_id_removed_first__proxy_stays_attached_under_the_alias(plane, registry, candidates):
    broker = candidates.by_name["TicketBroker"][0]
    for name in ("TicketBroker", ALIAS):
        set_entry(plane, name, broker)

    set_entry(plane, "TicketBroker", ZERO_ADDRESS)

    assert plane.controller.isAttached(broker)
    registry.assert_pushed(candidates.subscribers)


def test_alias__registered_again_with_the_same_address__is_counted_once(plane, registry, candidates):
    broker = candidates.by_name["TicketBroker"][0]
    for _ in range(2):
        set_entry(plane, ALIAS, broker)

    set_entry(plane, ALIAS, ZERO_ADDRESS)

    assert not plane.controller.isAttached(broker)
    registry.assert_pushed(candidates.subscribers)


def test_alias__moved_to_another_proxy__minter_reads_the_new_one(plane, registry, candidates):
    minter = candidates.by_name["Minter"][0]
    old, new = candidates.by_name["TicketBroker"]
    set_entry(plane, "Minter", minter)
    set_entry(plane, ALIAS, old)

    set_entry(plane, ALIAS, new)

    assert registry.entry(minter, contract_id(ALIAS)) == new.address
    registry.assert_pushed(candidates.subscribers)
