"""pause, unpause (control plane 2.1, invariant 4): the one switch, told to every attached contract.

given the caller is not the owner       it should revert with CallerNotOwner, whatever the state
given the system is in that state       pause should revert with SystemPaused, unpause with SystemNotPaused
else                                    it should flip `paused()` and the flag of each attached contract, and emit
"""

import pytest

from tests.helpers.registry import ALL_NAMES

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("function", ["pause", "unpause"])
@pytest.mark.parametrize("running", [False, True], ids=["paused", "running"])
def test_pause__caller_is_not_the_owner__reverts_before_the_state_is_looked_at(
    plane, controller, stranger, function, running
):
    if running:
        controller.unpause.send(sender=plane.owner)

    with plane.chain.reverts("CallerNotOwner", caller=stranger, owner=plane.owner):
        getattr(controller, function).send(sender=stranger)

    assert controller.paused() is not running


def test_pause__paused__reverts(plane, controller):
    with plane.chain.reverts("SystemPaused"):
        controller.pause.send(sender=plane.owner)


def test_unpause__running__reverts(plane, controller):
    controller.unpause.send(sender=plane.owner)

    with plane.chain.reverts("SystemNotPaused"):
        controller.unpause.send(sender=plane.owner)


def test_pause__alternately__flips_and_emits(plane, controller):
    for _ in range(2):
        receipt = controller.unpause.send(sender=plane.owner)
        receipt.assert_events([controller.Events.Unpause()])
        assert controller.paused() is False

        receipt = controller.pause.send(sender=plane.owner)
        receipt.assert_events([controller.Events.Pause()])
        assert controller.paused() is True


def test_pause__everything_attached__each_flag_flips(plane, controller, registry, candidates):
    for name in ALL_NAMES:
        plane.register(name, candidates.by_name[name][0])

    for switch in (controller.unpause, controller.pause, controller.unpause):
        switch.send(sender=plane.owner)
        registry.assert_pushed(candidates.subscribers)


@pytest.mark.parametrize("running", [False, True], ids=["paused", "running"])
def test_pause__contract_attached_later__gets_the_flag_of_now(
    plane, controller, registry, candidates, running
):
    minter = candidates.by_name["Minter"][0]
    if running:
        controller.unpause.send(sender=plane.owner)
    plane.register("Minter", minter)
    # Away, and back after the state has changed.
    plane.unregister("Minter")
    (controller.pause if running else controller.unpause).send(sender=plane.owner)

    plane.register("Minter", minter)

    registry.assert_pushed(candidates.subscribers)


def test_pause__no_event_of_others__is_emitted(plane, controller, candidates):
    """The switch is the only trace."""
    for name in ALL_NAMES:
        plane.register(name, candidates.by_name[name][0])

    controller.unpause.send(sender=plane.owner).assert_events([controller.Events.Unpause()])
