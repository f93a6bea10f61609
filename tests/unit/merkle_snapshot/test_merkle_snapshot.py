"""setSnapshot(_id, _root): the owner of the Controller, else CallerNotControllerOwner; overwrites; event SnapshotSet.
verify(_id, _proof, _leaf): whether the leaf, hashed with each neighbour in ascending order, gives the root of that id.

Invariants 9 to 11 of governance.md: each leaf verifies; nothing else does; verify never reverts.
"""

import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from simulation.protocol import COMMIT, contract_id

ID = keccak(text="LIP-52")
LIP_73 = bytes.fromhex("acef05f736f89c16facc0f940c13f4c3a386cf48a9b54b50f59defd8b301c40a")
# Four leaves, sorted and hashed in pairs.
LEAVES = sorted(keccak(text=letter) for letter in "abcd")
ROOT = bytes.fromhex("04acaaffeb0baeb707a4247b9e27734c5af34744b6e9e05c53198814cf8e6606")


def parent(one: bytes, other: bytes) -> bytes:
    return keccak(min(one, other) + max(one, other))


def levels(leaves: list[bytes]) -> list[list[bytes]]:
    """The tree from the leaves to the root; a node without neighbour goes up as it is."""
    tree = [leaves]
    while len(tree[-1]) > 1:
        row = tree[-1]
        pairs = [parent(*row[i : i + 2]) if i + 1 < len(row) else row[i] for i in range(0, len(row), 2)]
        tree.append(pairs)
    return tree


def proof(leaves: list[bytes], position: int) -> list[bytes]:
    """The neighbours of a leaf from the leaf up."""
    found = []
    for row in levels(leaves)[:-1]:
        neighbour = position ^ 1
        if neighbour < len(row):
            found.append(row[neighbour])
        position //= 2
    return found


@pytest.fixture
def snapshot(control_plane):
    """Registered, without roots."""
    return control_plane.deploy_registered("MerkleSnapshot", control_plane.controller)


def test_id__of_the_migration__is_the_hash_of_its_lip():
    assert keccak(text="LIP-73") == LIP_73


def test_set_snapshot__by_the_owner__is_told_and_overwrites(snapshot, owner):
    assert snapshot.snapshot(ID) == bytes(32)

    receipt = snapshot.setSnapshot.send(ID, ROOT, sender=owner)
    receipt.assert_events([snapshot.Events.SnapshotSet(id=ID, previousRoot=bytes(32), newRoot=ROOT)])
    assert snapshot.snapshot(ID) == ROOT
    assert snapshot.snapshot(LIP_73) == bytes(32)

    other = keccak(text="other")
    receipt = snapshot.setSnapshot.send(ID, other, sender=owner)
    receipt.assert_events([snapshot.Events.SnapshotSet(id=ID, previousRoot=ROOT, newRoot=other)])
    assert snapshot.snapshot(ID) == other


def test_set_snapshot__by_another__reverts(chain, control_plane, snapshot, owner, stranger):
    for caller in (stranger, control_plane.controller.address):
        with chain.reverts("CallerNotControllerOwner", caller=caller, owner=owner):
            snapshot.setSnapshot.send(ID, ROOT, sender=caller)


def test_set_snapshot__paused_system__works(control_plane, snapshot, owner):
    control_plane.controller.pause.send(sender=owner)

    snapshot.setSnapshot.send(ID, ROOT, sender=owner)

    assert snapshot.verify(ID, proof(LEAVES, 0), LEAVES[0]) is True


def test_verify__vector_of_the_specification__is_true_for_each_leaf(snapshot, owner):
    assert levels(LEAVES)[-1] == [ROOT]
    snapshot.setSnapshot.send(ID, ROOT, sender=owner)

    for position, leaf in enumerate(LEAVES):
        assert snapshot.verify(ID, proof(LEAVES, position), leaf) is True
        assert snapshot.verify(LIP_73, proof(LEAVES, position), leaf) is False


def test_verify__without_proof__is_true_for_the_root_alone(snapshot, owner):
    snapshot.setSnapshot.send(ID, ROOT, sender=owner)

    assert snapshot.verify(ID, [], ROOT) is True
    assert snapshot.verify(ID, [], LEAVES[0]) is False


def test_verify__two_equal_nodes__are_hashed_as_they_are(snapshot, owner):
    leaf = LEAVES[0]
    snapshot.setSnapshot.send(ID, keccak(leaf + leaf), sender=owner)

    assert snapshot.verify(ID, [leaf], leaf) is True


def test_verify__inner_node_as_leaf__is_true(snapshot, owner):
    """G14: the contract cannot tell. What is hashed to a leaf must not be 64 bytes long, as two nodes are."""
    snapshot.setSnapshot.send(ID, ROOT, sender=owner)
    inner, neighbour = levels(LEAVES)[1]

    assert inner == keccak(LEAVES[0] + LEAVES[1])
    assert snapshot.verify(ID, [neighbour], inner) is True


@given(
    seeds=st.lists(st.binary(max_size=8), min_size=1, max_size=17, unique=True),
    data=st.data(),
)
def test_verify__any_tree__is_true_for_its_leaves_and_false_for_what_is_changed(session_chain, seeds, data):
    leaves = [keccak(seed) for seed in seeds]
    position = data.draw(st.integers(0, len(leaves) - 1))
    leaf, path = leaves[position], proof(leaves, position)
    byte = data.draw(st.integers(0, 32 * (len(path) + 1) - 1))
    with session_chain.isolate():
        owner = session_chain.actor("deployer")
        controller = session_chain.deploy("Controller", sender=owner)
        snapshot = session_chain.deploy("MerkleSnapshot", controller, sender=owner)
        snapshot.setSnapshot.send(ID, levels(leaves)[-1][0], sender=owner)

        assert snapshot.verify(ID, path, leaf) is True
        changed = bytearray(leaf + b"".join(path))
        changed[byte] ^= 1
        nodes = [bytes(changed[start : start + 32]) for start in range(0, len(changed), 32)]
        assert snapshot.verify(ID, nodes[1:], nodes[0]) is False


def test_set_controller__by_the_controller__is_told(control_plane, snapshot, owner, stranger):
    assert snapshot.controller() == control_plane.controller

    receipt = control_plane.controller.updateController.send(
        contract_id("MerkleSnapshot"), stranger, sender=owner
    )

    receipt.assert_events([snapshot.Events.SetController(controller=stranger)])
    assert snapshot.controller() == stranger
    assert control_plane.controller.getContractInfo(contract_id("MerkleSnapshot"))[1] == COMMIT


def test_set_controller__by_another__reverts(chain, control_plane, snapshot, owner):
    controller = control_plane.controller.address

    with chain.reverts("CallerNotController", caller=owner, controller=controller):
        snapshot.setController.send(owner, sender=owner)
