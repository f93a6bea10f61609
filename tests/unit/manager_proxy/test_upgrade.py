"""Registering a target: the proxy runs it, with the collaborators that it asks for, from that transaction on (C1, C2).

given a contract without code            the Controller should refuse it (DEV-8)
given a contract that is no target       InvalidTarget
given the proxy itself                   TargetIsProxy
given another proxy                      InvalidTarget: it would run its own code for ever
given a target                           state stays, entries are those of the new dependencies
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import COMMIT, contract_id
from tests.helpers.registry import EXAMPLE_NAME as NAME
from tests.helpers.registry import EXAMPLE_TARGET_ID as TARGET_ID
from tests.helpers.registry import Registry

pytestmark = pytest.mark.unit

NAMES_OF_A = ["Minter", "LivepeerToken"]
NAMES_OF_B = ["LivepeerToken", "Treasury", "RoundsManager"]


@pytest.fixture
def collaborators(control_plane):
    """Contracts registered under the ids that either version reads."""
    names = sorted({*NAMES_OF_A, *NAMES_OF_B})
    return {name: control_plane.deploy_registered("Placeholder__Mock", name=name) for name in names}


def entries(upgradeable):
    names = sorted({*NAMES_OF_A, *NAMES_OF_B})
    return {
        name: address
        for name in names
        if (address := upgradeable.as_target.registeredOrZero(contract_id(name))) != ZERO_ADDRESS
    }


# ---- what a target may be


@pytest.mark.parametrize("proxy_first", [True, False])
def test_upgrade__address_without_code__is_refused(control_plane, proxy, stranger, proxy_first):
    if proxy_first:
        control_plane.register(NAME, proxy)

    with control_plane.chain.reverts("ContractHasNoCode", id=TARGET_ID, contractAddress=stranger):
        control_plane.register(f"{NAME}Target", stranger)


def test_upgrade__contract_that_is_no_target__is_refused_and_the_old_one_stays(upgradeable):
    thing = upgradeable.plane.chain.deploy("Placeholder__Mock")

    with upgradeable.plane.chain.reverts("InvalidTarget", targetContractId=TARGET_ID, target=thing.address):
        upgradeable.upgrade_to(thing)

    assert upgradeable.proxy.implementation() == upgradeable.version_a
    assert upgradeable.plane.controller.getContract(TARGET_ID) == upgradeable.version_a


def test_upgrade__contract_that_is_no_target_before_the_proxy__the_proxy_is_refused(control_plane, proxy):
    thing = control_plane.deploy_registered("Placeholder__Mock", name=f"{NAME}Target")

    with control_plane.chain.reverts("InvalidTarget", targetContractId=TARGET_ID, target=thing.address):
        control_plane.register(NAME, proxy)


@pytest.mark.parametrize("state", ["new", "attached", "running"])
def test_upgrade__proxy_as_its_own_target__is_refused(control_plane, proxy, state):
    chain, controller = control_plane.chain, control_plane.controller
    if state == "running":
        control_plane.register(f"{NAME}Target", chain.deploy("ManagerProxyTarget__HarnessA", controller))
    if state != "new":
        control_plane.register(NAME, proxy)
    before = controller.getContract(TARGET_ID)

    with chain.reverts("TargetIsProxy", targetContractId=TARGET_ID):
        control_plane.register(f"{NAME}Target", proxy)

    assert controller.getContract(TARGET_ID) == before


@pytest.mark.parametrize("other_has_target", [True, False])
def test_upgrade__another_proxy_as_target__is_refused(upgradeable, other_has_target):
    """C2: its code would look for the target in the storage of the first, and find itself."""
    plane, chain = upgradeable.plane, upgradeable.plane.chain
    other = chain.deploy("ManagerProxy", plane.controller, contract_id("RoundsManagerTarget"))
    if other_has_target:
        plane.register("RoundsManagerTarget", upgradeable.version_b)
        plane.register("RoundsManager", other)

    with chain.reverts("InvalidTarget", targetContractId=TARGET_ID, target=other.address):
        upgradeable.upgrade_to(other)

    assert upgradeable.as_target.version() == "A"


def test_upgrade__bare_target_under_the_proxys_id__is_not_attached(upgradeable):
    """C2: state seems lost, but nothing breaks; registering the proxy again brings it back."""
    plane, target = upgradeable.plane, upgradeable.as_target
    target.setNumber.send(5, sender=plane.owner)

    plane.register(NAME, upgradeable.version_a)
    assert not plane.controller.isAttached(upgradeable.version_a)
    with plane.chain.reverts("TargetNotRegistered", targetContractId=TARGET_ID):
        target.number()

    plane.register(NAME, upgradeable.proxy)
    assert target.number() == 5


# ---- effects


def test_upgrade__next_version__runs_at_once_on_the_same_state(upgradeable, stranger):
    """Invariants 9 and 10."""
    target = upgradeable.as_target
    target.setNumber.send(5, sender=stranger)
    target.setRecord.send(6, "text", sender=stranger)
    assert target.version() == "A"

    receipt = upgradeable.plane.controller.setContractInfo.send(
        TARGET_ID, upgradeable.version_b, COMMIT, sender=upgradeable.plane.owner
    )

    # The registration is the only trace.
    receipt.assert_events(
        [
            upgradeable.plane.controller.Events.SetContractInfo(
                id=TARGET_ID, contractAddress=upgradeable.version_b.address, gitCommitHash=COMMIT
            )
        ]
    )
    assert target.version() == "B"
    assert target.number() == 5
    assert tuple(target.record(stranger)) == (6, stranger, "text")
    assert upgradeable.proxy.targetContractId() == TARGET_ID


def test_upgrade__other_dependencies__entries_are_exactly_the_new_ones(upgradeable, collaborators):
    registry = Registry(upgradeable.plane.chain, upgradeable.plane.controller)
    assert entries(upgradeable) == {name: collaborators[name] for name in NAMES_OF_A}

    for version, names in (
        (upgradeable.version_b, NAMES_OF_B),
        (upgradeable.version_a, NAMES_OF_A),
        (upgradeable.version_a, NAMES_OF_A),
        (upgradeable.version_b, NAMES_OF_B),
    ):
        upgradeable.upgrade_to(version)

        assert entries(upgradeable) == {name: collaborators[name] for name in names}
        registry.assert_pushed([upgradeable.proxy])


def test_upgrade__collaborator_replaced_afterwards__only_new_dependencies_are_told(
    upgradeable, collaborators
):
    upgradeable.upgrade_to(upgradeable.version_b)

    for name in collaborators:
        collaborators[name] = upgradeable.plane.deploy_registered("Placeholder__Mock", name=name)
        assert entries(upgradeable) == {name: collaborators[name] for name in NAMES_OF_B}


def test_upgrade__target_removed_and_back__entries_are_gone_and_back(upgradeable, collaborators):
    registry = Registry(upgradeable.plane.chain, upgradeable.plane.controller)
    upgradeable.upgrade_to(ZERO_ADDRESS)
    registry.assert_pushed([upgradeable.proxy])

    upgradeable.upgrade_to(upgradeable.version_a)

    assert entries(upgradeable) == {name: collaborators[name] for name in NAMES_OF_A}
    registry.assert_pushed([upgradeable.proxy])


def test_upgrade__while_paused__new_target_finds_the_system_paused(upgradeable):
    plane = upgradeable.plane
    plane.controller.pause.send(sender=plane.owner)

    upgradeable.upgrade_to(upgradeable.version_b)

    with plane.chain.reverts("SystemPaused"):
        upgradeable.as_target.requireRunning()
    plane.controller.unpause.send(sender=plane.owner)
    upgradeable.as_target.requireRunning()


def test_upgrade__two_proxies_of_one_target__both_follow(control_plane):
    """One entry, two readers; their state is apart."""
    chain, controller = control_plane.chain, control_plane.controller
    versions = [chain.deploy(f"ManagerProxyTarget__Harness{v}", controller) for v in "AB"]
    control_plane.register(f"{NAME}Target", versions[0])
    proxies = []
    for name in (NAME, "MerkleSnapshot"):
        proxy = chain.deploy("ManagerProxy", controller, TARGET_ID)
        control_plane.register(name, proxy)
        proxies.append(chain.at("ManagerProxyTarget__HarnessA", proxy))
    proxies[0].setNumber.send(1, sender=control_plane.owner)

    control_plane.register(f"{NAME}Target", versions[1])

    assert [proxy.version() for proxy in proxies] == ["B", "B"]
    assert [proxy.number() for proxy in proxies] == [1, 0]


def test_upgrade__of_every_target_of_a_running_protocol__state_and_collaborators_stay(protocol, chain):
    """Invariant 9 on the protocol's own contracts."""
    registry = Registry(chain, protocol.controller)
    names = ("BondingManager", "BondingVotes", "TicketBroker", "RoundsManager", "ServiceRegistry")
    proxies = [chain.at("ManagerProxy", protocol.controller.getContract(contract_id(n))) for n in names]
    delegator = chain.actor("delegator")
    protocol.give_lpt(delegator, 10)
    protocol.bonding_manager.bond.send(4, delegator, sender=delegator)
    protocol.service_registry.setServiceURI.send("https://orchestrator", sender=delegator)

    for name in names:
        target = chain.deploy(name, protocol.controller)
        protocol.register(f"{name}Target", target)
        registry.assert_pushed([*proxies, protocol.minter])

    protocol.bonding_manager.bond.send(6, delegator, sender=delegator)
    assert protocol.bonding_manager.getDelegator(delegator).bondedAmount == 10
    assert protocol.bonding_votes.getVotes(delegator) == 10
    assert protocol.service_registry.getServiceURI(delegator) == "https://orchestrator"
    protocol.start_round()
    assert protocol.bonding_manager.getTotalBonded() == 10
