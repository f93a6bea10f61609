"""Manager, the base of every contract that obeys the Controller (control plane 2.2; C8), through a direct manager.

setController         given the caller is not the Controller it follows: CallerNotController; else any value is
                      taken, and SetController emitted (invariant 6)
onlyController        as above
onlyControllerOwner   given the caller does not own the Controller now: CallerNotControllerOwner
whenSystemNotPaused   given the Controller is paused: SystemPaused
whenSystemPaused      given it is not: SystemNotPaused
_registered           given no entry: ContractNotRegistered
_requireCaller        given the caller is not the entry, or there is none: CallerNotRegistered
_requireEitherCaller  given the caller is neither of two entries: CallerNotEitherRegistered
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import contract_id

pytestmark = pytest.mark.unit

MINTER, TOKEN = contract_id("Minter"), contract_id("LivepeerToken")


@pytest.fixture
def manager(control_plane):
    """A direct manager, registered with a Controller that runs; it reads the entries of Minter and LivepeerToken."""
    return control_plane.deploy_registered(
        "DirectManager__Harness", control_plane.controller, name="MerkleSnapshot"
    )


@pytest.fixture
def minter(control_plane):
    """What is registered as Minter; calls are sent from its address."""
    return control_plane.deploy_registered("Placeholder__Mock", name="Minter")


@pytest.fixture
def token(control_plane):
    return control_plane.deploy_registered("Placeholder__Mock", name="LivepeerToken")


# ---- the Controller


@pytest.mark.parametrize("controller", ["account", "zero address"])
def test_constructor__any_controller__is_stored_and_not_called(chain, stranger, controller):
    address = stranger if controller == "account" else ZERO_ADDRESS

    manager = chain.deploy("DirectManager__Harness", address)

    assert manager.controller() == address


def test_set_controller__caller_is_not_the_controller__reverts(chain, control_plane, manager, owner):
    """Not even the Controller's owner may."""
    with chain.reverts("CallerNotController", caller=owner, controller=control_plane.controller.address):
        manager.setController.send(owner, sender=owner)

    assert manager.controller() == control_plane.controller


@pytest.mark.parametrize("controller", ["account", "zero address"])
def test_set_controller__by_the_controller__takes_any_value(control_plane, manager, stranger, controller):
    address = stranger if controller == "account" else ZERO_ADDRESS

    receipt = manager.setController.send(address, sender=control_plane.controller)

    receipt.assert_events([manager.Events.SetController(controller=address)])
    assert manager.controller() == address


def test_set_controller__changed__only_the_new_one_may_change_it_again(
    chain, control_plane, manager, stranger, owner
):
    manager.setController.send(stranger, sender=control_plane.controller)

    with chain.reverts("CallerNotController", caller=control_plane.controller.address, controller=stranger):
        manager.setController.send(owner, sender=control_plane.controller)
    manager.setController.send(owner, sender=stranger)
    assert manager.controller() == owner


def test_only_controller__others__revert(chain, control_plane, manager, stranger):
    manager.guardController(sender=control_plane.controller)

    with chain.reverts("CallerNotController", caller=stranger, controller=control_plane.controller.address):
        manager.guardController(sender=stranger)


# ---- the Controller's owner


def test_only_controller_owner__others__revert(chain, control_plane, manager, owner, stranger):
    manager.guardControllerOwner(sender=owner)

    for caller in (stranger, control_plane.controller.address, manager.address):
        with chain.reverts("CallerNotControllerOwner", caller=caller, owner=owner):
            manager.guardControllerOwner(sender=caller)


def test_only_controller_owner__ownership_moves__is_asked_at_each_call(
    chain, control_plane, manager, owner, stranger
):
    control_plane.controller.transferOwnership.send(stranger, sender=owner)

    manager.guardControllerOwner(sender=stranger)
    with chain.reverts("CallerNotControllerOwner", caller=owner, owner=stranger):
        manager.guardControllerOwner(sender=owner)


def test_only_controller_owner__controller_without_code__reverts_without_data(chain, stranger):
    manager = chain.deploy("DirectManager__Harness", stranger)

    with chain.reverts_raw(b""):
        manager.guardControllerOwner(sender=stranger)


# ---- the pause flag


def test_pause_guards__each_state__let_one_of_the_two_through(chain, control_plane, manager, owner):
    manager.guardRunning()
    with chain.reverts("SystemNotPaused"):
        manager.guardPaused()

    control_plane.controller.pause.send(sender=owner)

    manager.guardPaused()
    with chain.reverts("SystemPaused"):
        manager.guardRunning()


def test_on_pause_update__caller_is_not_the_controller__reverts(chain, control_plane, manager, owner):
    with chain.reverts("CallerNotController", caller=owner, controller=control_plane.controller.address):
        manager.onPauseUpdate.send(True, sender=owner)

    manager.guardRunning()


# ---- entries


def test_registered__entry_changes__is_read_at_once(chain, control_plane, manager, minter):
    assert manager.registered(MINTER) == manager.registeredOrZero(MINTER) == minter

    other = control_plane.deploy_registered("Placeholder__Mock", name="Minter")

    assert manager.registered(MINTER) == manager.registeredOrZero(MINTER) == other


@pytest.mark.parametrize("id_", [MINTER, TOKEN], ids=["main collaborator", "another"])
def test_registered__no_entry__reverts_or_is_zero(chain, manager, id_):
    assert manager.registeredOrZero(id_) == ZERO_ADDRESS
    with chain.reverts("ContractNotRegistered", id=id_):
        manager.registered(id_)


@pytest.mark.parametrize("name", ["Minter", "LivepeerToken"])
def test_registered__entry_removed__is_gone_at_once(chain, control_plane, manager, minter, token, name):
    control_plane.unregister(name)

    with chain.reverts("ContractNotRegistered", id=contract_id(name)):
        manager.registered(contract_id(name))


def test_registered__id_that_it_does_not_subscribe_to__is_never_found(chain, control_plane, manager):
    control_plane.deploy_registered("Placeholder__Mock", name="Treasury")

    with chain.reverts("ContractNotRegistered", id=contract_id("Treasury")):
        manager.registered(contract_id("Treasury"))


def test_registered__manager_itself_not_registered__has_no_entries(chain, control_plane, manager, minter):
    control_plane.unregister("MerkleSnapshot")

    with chain.reverts("ContractNotRegistered", id=MINTER):
        manager.registered(MINTER)


def test_on_registry_update__caller_is_not_the_controller__reverts(
    chain, control_plane, manager, minter, owner
):
    with chain.reverts("CallerNotController", caller=owner, controller=control_plane.controller.address):
        manager.onRegistryUpdate.send(MINTER, owner, sender=owner)

    assert manager.registered(MINTER) == minter


# ---- roles


@pytest.mark.parametrize("name", ["Minter", "LivepeerToken"])
def test_require_caller__the_entry__passes_and_others_revert(chain, manager, minter, token, stranger, name):
    entry = {"Minter": minter, "LivepeerToken": token}[name]

    manager.guardCaller(contract_id(name), sender=entry)

    with chain.reverts(
        "CallerNotRegistered", caller=stranger, requiredId=contract_id(name), required=entry.address
    ):
        manager.guardCaller(contract_id(name), sender=stranger)


def test_require_caller__id_not_registered__nobody_has_the_role(chain, manager, owner, stranger):
    """C8: an unset id disables a role; zero is no wildcard."""
    for caller in (owner, stranger, manager.address):
        with chain.reverts("CallerNotRegistered", caller=caller, requiredId=MINTER, required=ZERO_ADDRESS):
            manager.guardCaller(MINTER, sender=caller)


def test_require_either_caller__one_of_two__passes_and_others_revert(chain, manager, minter, token, stranger):
    for first, second in ((MINTER, TOKEN), (TOKEN, MINTER)):
        for caller in (minter, token):
            manager.guardEitherCaller(first, second, sender=caller)
        with chain.reverts("CallerNotEitherRegistered", caller=stranger, firstId=first, secondId=second):
            manager.guardEitherCaller(first, second, sender=stranger)


# ---- parameter events


def test_emit_parameter_update__any__emits_the_deployed_event_first(manager, stranger):
    """DEV-7."""
    receipt = manager.emitParameterUpdate.send("a parameter", 3, 2**256 - 1, sender=stranger)

    receipt.assert_events(
        [
            manager.Events.ParameterUpdate(param="a parameter"),
            manager.Events.ParameterChanged(param="a parameter", previousValue=3, newValue=2**256 - 1),
        ]
    )
