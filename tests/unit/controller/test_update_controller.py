"""updateController and attach: contracts follow another Controller, one by one.

updateController(id, controller), checks in order:
    the caller is the owner; else CallerNotOwner
    what is registered under the id has code; else ContractHasNoCode
    its setController succeeds; else what that throws

given these hold: the contract is detached here, its entries cleared, points there, and is attached there if it is
registered there under that id already; else when it will be
attach(id): anybody, brings about what registration does for a contract that points here
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.governance import deploy_governance
from simulation.protocol import LPT, contract_id, deploy_control_plane, deploy_protocol
from tests.helpers.registry import ALIAS, ALL_NAMES, PROXIED, Registry

pytestmark = pytest.mark.unit

MINTER = contract_id("Minter")
GAS_TO_DETACH_ALONE = 100_000


@pytest.fixture
def second(chain):
    """Another Controller of the same owner, running and empty."""
    return deploy_control_plane(chain)


@pytest.fixture
def there(chain, second):
    return Registry(chain, second.controller)


# ---- refusals


@pytest.mark.parametrize("id_", [MINTER, bytes(32)])
def test_update_controller__caller_is_not_the_owner__reverts_before_the_id_is_looked_at(
    plane, controller, second, stranger, id_
):
    with plane.chain.reverts("CallerNotOwner", caller=stranger, owner=plane.owner):
        controller.updateController.send(id_, second.controller, sender=stranger)


def test_update_controller__unknown_id__reverts(plane, controller, second):
    with plane.chain.reverts("ContractHasNoCode", id=MINTER, contractAddress=ZERO_ADDRESS):
        controller.updateController.send(MINTER, second.controller, sender=plane.owner)


def test_update_controller__contract_that_is_no_manager__reverts_with_its_answer(plane, controller, second):
    plane.deploy_registered("Placeholder__Mock", name="Treasury")

    with plane.chain.reverts_raw(b""):
        controller.updateController.send(contract_id("Treasury"), second.controller, sender=plane.owner)


def test_update_controller__contract_of_another_controller__reverts_with_its_error(plane, controller, second):
    foreign = plane.chain.deploy("Minter", second.controller, 0, 0, 0)
    plane.register("Minter", foreign)

    with plane.chain.reverts(
        "CallerNotController", caller=controller.address, controller=second.controller.address
    ):
        controller.updateController.send(MINTER, controller, sender=plane.owner)


# ---- effects


def test_update_controller__minter__points_there_and_has_no_entries(
    plane, controller, registry, second, candidates
):
    minter = candidates.by_name["Minter"][0]
    for name in ALL_NAMES:
        plane.register(name, candidates.by_name[name][0])

    receipt = controller.updateController.send(MINTER, second.controller, sender=plane.owner)

    receipt.assert_events([minter.Events.SetController(controller=second.controller.address)])
    assert minter.controller() == second.controller
    # It stays in the registry here; only what it reads is gone.
    assert controller.getContract(MINTER) == minter
    assert not controller.isAttached(minter)
    registry.assert_pushed(candidates.subscribers)


def test_update_controller__target__points_there(plane, controller, second, candidates):
    """C6: targets follow too."""
    target = candidates.by_name["BondingManagerTarget"][0]
    plane.register("BondingManagerTarget", target)

    controller.updateController.send(
        contract_id("BondingManagerTarget"), second.controller, sender=plane.owner
    )

    assert target.controller() == second.controller


@pytest.mark.parametrize("new", ["account", "zero address", "contract of another kind"])
def test_update_controller__to_what_is_no_controller__is_done_all_the_same(
    plane, controller, candidates, stranger, new
):
    """No check of the new one, as deployed: the owner can only blame itself."""
    minter = candidates.by_name["Minter"][0]
    plane.register("Minter", minter)
    address = {
        "account": stranger,
        "zero address": ZERO_ADDRESS,
        "contract of another kind": plane.chain.deploy("Placeholder__Mock").address,
    }[new]

    controller.updateController.send(MINTER, address, sender=plane.owner)

    assert minter.controller() == address
    assert not controller.isAttached(minter)


@pytest.mark.parametrize("order", ["registered there before", "registered there later"])
def test_update_controller__everything__both_controllers_are_consistent_at_each_step(
    plane, controller, registry, second, there, candidates, order
):
    before = order == "registered there before"
    everything = {name: candidates.by_name[name][0] for name in ALL_NAMES}
    for name, contract in everything.items():
        plane.register(name, contract)
        if before:
            second.register(name, contract)
    registry.assert_pushed(candidates.subscribers)
    there.assert_pushed(candidates.subscribers)

    for name in (*PROXIED, "Minter"):
        controller.updateController.send(contract_id(name), second.controller, sender=plane.owner)
        registry.assert_pushed(candidates.subscribers)
        there.assert_pushed(candidates.subscribers)
    if not before:
        for name, contract in everything.items():
            second.register(name, contract)
            there.assert_pushed(candidates.subscribers)

    movers = [everything[name] for name in (*PROXIED, "Minter")]
    assert all(second.controller.isAttached(one) for one in movers)
    assert not any(controller.isAttached(one) for one in movers)


def test_update_controller__too_little_gas_to_attach__is_done_and_anybody_attaches_later(
    plane, second, there, candidates, stranger
):
    """The attachment is only tried, so an estimate of the gas shows what it takes to fail at it."""
    for name in ALL_NAMES:
        plane.register(name, candidates.by_name[name][0])
        second.register(name, candidates.by_name[name][0])
    minter = candidates.by_name["Minter"][0]

    plane.controller.updateController.send(
        MINTER, second.controller, sender=plane.owner, gas=GAS_TO_DETACH_ALONE
    )

    assert minter.controller() == second.controller
    assert not second.controller.isAttached(minter)
    second.controller.attach.send(MINTER, sender=stranger)
    assert second.controller.isAttached(minter)
    there.assert_pushed(candidates.subscribers)


def test_update_controller__protocol_moved__runs_under_the_second_and_obeys_its_pause(chain, second):
    """The state of users is where it was; the first Controller has no say any more."""
    protocol = deploy_protocol(chain)
    governance = deploy_governance(protocol)
    delegator = chain.actor("delegator")
    protocol.give_lpt(delegator, 10 * LPT)
    protocol.bonding_manager.bond.send(4 * LPT, delegator, sender=delegator)
    for name in ALL_NAMES:
        address = protocol.controller.getContract(contract_id(name))
        if address != ZERO_ADDRESS:
            second.register(name, address)
    for name in (*PROXIED, "Minter"):
        protocol.controller.updateController.send(contract_id(name), second.controller, sender=protocol.owner)

    protocol.controller.pause.send(sender=protocol.owner)
    protocol.bonding_manager.bond.send(6 * LPT, delegator, sender=delegator)

    assert protocol.bonding_manager.getDelegator(delegator).bondedAmount == 10 * LPT
    second.controller.pause.send(sender=second.owner)
    with chain.reverts("SystemPaused"):
        protocol.bonding_manager.bond.send(1, delegator, sender=delegator)
    assert governance.governor.votes() == protocol.bonding_votes


# ---- attach


def test_attach__registered_here_before_it_pointed_here__is_attached_by_anybody(
    plane, second, there, candidates, stranger
):
    """Its Controller was changed by hand, so that this one was not told."""
    minter = candidates.by_name["Minter"][0]
    second.register("Minter", minter)
    minter.setController.send(second.controller, sender=plane.controller)
    assert not second.controller.isAttached(minter)

    receipt = second.controller.attach.send(MINTER, sender=stranger)

    receipt.assert_events([])
    assert second.controller.isAttached(minter)
    there.assert_pushed(candidates.subscribers)


def test_attach__attached_already__changes_nothing(plane, controller, registry, candidates, stranger):
    plane.register("Minter", candidates.by_name["Minter"][0])

    controller.attach.send(MINTER, sender=stranger)

    registry.assert_pushed(candidates.subscribers)
    plane.unregister("Minter")
    registry.assert_pushed(candidates.subscribers)


@pytest.mark.parametrize("name", ["Minter", "Treasury", "LivepeerToken"])
def test_attach__nothing_there_or_no_subscriber__changes_nothing(
    plane, controller, candidates, stranger, name
):
    if name != "Minter":
        plane.register(name, candidates.by_name[name][0])

    controller.attach.send(contract_id(name), sender=stranger)

    assert not any(controller.isAttached(one) for one in candidates.subscribers)


def test_attach__contract_of_another_controller__is_left_alone(plane, second, candidates, stranger):
    minter = candidates.by_name["Minter"][0]
    second.register("Minter", minter)

    second.controller.attach.send(MINTER, sender=stranger)

    assert not second.controller.isAttached(minter)
    assert minter.controller() == plane.controller


def test_update_controller__proxy_with_alias__is_attached_there_under_both_ids(
    plane, controller, second, there, candidates
):
    """So it stays attached when one of them goes to another."""
    broker = candidates.by_name["TicketBroker"][0]
    for name in ("TicketBroker", ALIAS):
        plane.register(name, broker)
        second.register(name, broker)
    controller.updateController.send(contract_id("TicketBroker"), second.controller, sender=plane.owner)

    second.unregister("TicketBroker")

    there.assert_pushed(candidates.subscribers)
