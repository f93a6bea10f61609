"""setContractInfo, getContract, getContractInfo, and the state of a new Controller (control plane 2.1).

given the caller is not the owner                it should revert with CallerNotOwner
given an address without code                    it should revert with ContractHasNoCode (DEV-8)
else                                             it should write address and commit of that id alone, and emit
                                                 SetContractInfo; zero address and zero commit are legal
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import COMMIT, contract_id
from tests.helpers.registry import ALL_IDS

pytestmark = pytest.mark.unit

TOKEN = contract_id("LivepeerToken")
NO_COMMIT = bytes(20)


@pytest.fixture
def thing(plane):
    """A contract that has nothing to do with the registry."""
    return plane.chain.deploy("Placeholder__Mock")


def test_constructor__new_controller__is_paused_owned_by_its_deployer_and_empty(chain, stranger):
    """Invariant 5."""
    controller = chain.deploy("Controller", sender=stranger)

    assert controller.paused() is True
    assert controller.owner() == stranger
    assert all(controller.getContract(id_) == ZERO_ADDRESS for id_ in ALL_IDS)
    assert all(controller.getSubscribers(id_) == [] for id_ in ALL_IDS)


def test_get_contract__unknown_id__is_zero(controller):
    assert controller.getContract(bytes(32)) == ZERO_ADDRESS
    assert tuple(controller.getContractInfo(contract_id("no such contract"))) == (ZERO_ADDRESS, NO_COMMIT)


def test_ids__of_the_protocol__are_hashes_of_their_names():
    """Three of the constants that clients carry."""
    assert contract_id("BondingManager").hex() == (
        "2517d59a36a86548e38734e8ab416f42afff4bca78706a66ad65750dae7f9e37"
    )
    assert contract_id("JobsManager").hex() == (
        "3d7456535a3155a46f15a2313c3915bd07137ffdc56464f4fc9a82bae7215c2d"
    )
    assert contract_id("LivepeerGovernorTarget").hex() == (
        "d4c5f51c55641d608f9aa8c83a618a0b4bafdf778911c37f61b63c6be7a6992e"
    )


# ---- refusals


@pytest.mark.parametrize("has_code", [True, False])
def test_set_contract_info__caller_is_not_the_owner__reverts_before_the_address_is_looked_at(
    plane, controller, thing, stranger, has_code
):
    address = thing.address if has_code else stranger

    with plane.chain.reverts("CallerNotOwner", caller=stranger, owner=plane.owner):
        controller.setContractInfo.send(TOKEN, address, COMMIT, sender=stranger)

    assert controller.getContract(TOKEN) == ZERO_ADDRESS


def test_set_contract_info__address_without_code__reverts(plane, controller, stranger):
    """C1: calls to a target without code succeed silently."""
    with plane.chain.reverts("ContractHasNoCode", id=TOKEN, contractAddress=stranger):
        controller.setContractInfo.send(TOKEN, stranger, COMMIT, sender=plane.owner)


def test_set_contract_info__address_without_code_for_a_used_id__leaves_the_entry(
    plane, controller, thing, stranger
):
    plane.register("LivepeerToken", thing)

    with plane.chain.reverts("ContractHasNoCode", ...):
        controller.setContractInfo.send(TOKEN, stranger, NO_COMMIT, sender=plane.owner)

    assert tuple(controller.getContractInfo(TOKEN)) == (thing, COMMIT)


# ---- effects


@pytest.mark.parametrize("commit", [COMMIT, NO_COMMIT, b"\xff" * 20])
def test_set_contract_info__contract__is_written_under_that_id_alone(plane, controller, thing, commit):
    """Invariants 1 and 2."""
    receipt = controller.setContractInfo.send(TOKEN, thing, commit, sender=plane.owner)

    receipt.assert_events(
        [controller.Events.SetContractInfo(id=TOKEN, contractAddress=thing.address, gitCommitHash=commit)]
    )
    assert tuple(controller.getContractInfo(TOKEN)) == (thing, commit)
    assert controller.getContract(TOKEN) == thing
    others = [id_ for id_ in ALL_IDS if id_ != TOKEN]
    assert all(controller.getContract(id_) == ZERO_ADDRESS for id_ in others)


def test_set_contract_info__any_id__is_legal(plane, controller, thing):
    for id_ in (bytes(32), b"\xff" * 32, contract_id("a contract of tomorrow")):
        controller.setContractInfo.send(id_, thing, COMMIT, sender=plane.owner)

        assert controller.getContract(id_) == thing


def test_set_contract_info__same_address_again__writes_the_commit_and_emits(plane, controller, thing):
    plane.register("LivepeerToken", thing)

    receipt = controller.setContractInfo.send(TOKEN, thing, NO_COMMIT, sender=plane.owner)

    assert [event.name for event in receipt.events] == ["SetContractInfo"]
    assert tuple(controller.getContractInfo(TOKEN)) == (thing, NO_COMMIT)


def test_set_contract_info__zero__removes_the_entry(plane, controller, thing):
    plane.register("LivepeerToken", thing)

    receipt = controller.setContractInfo.send(TOKEN, ZERO_ADDRESS, NO_COMMIT, sender=plane.owner)

    receipt.assert_events(
        [controller.Events.SetContractInfo(id=TOKEN, contractAddress=ZERO_ADDRESS, gitCommitHash=NO_COMMIT)]
    )
    assert tuple(controller.getContractInfo(TOKEN)) == (ZERO_ADDRESS, NO_COMMIT)


def test_set_contract_info__zero_for_an_unused_id__is_legal(plane, controller):
    controller.setContractInfo.send(TOKEN, ZERO_ADDRESS, COMMIT, sender=plane.owner)

    assert tuple(controller.getContractInfo(TOKEN)) == (ZERO_ADDRESS, COMMIT)


def test_set_contract_info__one_contract_under_several_ids__is_legal(plane, controller, thing):
    for name in ("TicketBroker", "JobsManager", "Treasury"):
        plane.register(name, thing)

        assert controller.getContract(contract_id(name)) == thing


def test_set_contract_info__contract_that_subscribes_to_nothing__is_not_attached(plane, controller, thing):
    plane.register("Treasury", thing)

    assert not controller.isAttached(thing)


def test_set_contract_info__target__is_not_attached(plane, controller, candidates):
    target = candidates.by_name["BondingManagerTarget"][0]

    plane.register("BondingManagerTarget", target)

    assert not controller.isAttached(target)


def test_set_contract_info__while_paused_or_running__works(plane, controller, thing):
    plane.register("Treasury", thing)
    controller.unpause.send(sender=plane.owner)
    plane.register("LivepeerToken", thing)

    assert controller.getContract(TOKEN) == thing
