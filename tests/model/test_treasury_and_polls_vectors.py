"""The rest of governance on the reference model: the treasury (governance.md E), polls (B), Merkle snapshots (C)."""

import pytest
from eth_utils import keccak

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import (
    AccessControlUnauthorizedAccount,
    CallerNotControllerOwner,
    CallerNotDeployer,
    InsufficientStake,
    PollIsActive,
    PollIsOver,
    TimelockUnexpectedOperationState,
)
from reference_model.governance_cryptography import Calls
from reference_model.polls import POLL_PERIOD
from reference_model.snapshots import MerkleSnapshot
from reference_model.treasury import (
    CANCELLER_ROLE,
    EXECUTOR_ROLE,
    PROPOSER_ROLE,
    TIMELOCK_ADMIN_ROLE,
    Treasury,
)
from reference_model.types import Message
from simulation.model_stage import LPT, address_of
from tests.model.governance_stage import PAYEE, A, B, Bench, open_bench


@pytest.fixture
def bench() -> Bench:
    return open_bench()


# ---- the treasury


def test_treasury__handed_over__has_the_required_roles_alone(bench: Bench) -> None:
    held = {key for key, is_held in bench.treasury.roles.items() if is_held}

    assert held == {
        (TIMELOCK_ADMIN_ROLE, bench.treasury.address),
        (PROPOSER_ROLE, bench.governor.address),
        (CANCELLER_ROLE, bench.governor.address),
        (EXECUTOR_ROLE, bench.governor.address),
    }
    with pytest.raises(AccessControlUnauthorizedAccount):
        bench.treasury.grant_role(bench.owner, PROPOSER_ROLE, bench.owner)


def test_treasury__set_up_by_a_stranger__raises(bench: Bench) -> None:
    treasury = Treasury(bench.model, address_of("another treasury"), bench.owner, bench.cryptography)

    with pytest.raises(CallerNotDeployer):
        treasury.initialize("stranger", 0, ["stranger"], ["stranger"], "stranger")
    treasury.initialize(bench.owner, 60, [A], [B], ZERO_ADDRESS)
    assert bench.events() == [
        *["RoleAdminChanged"] * 4,
        *["RoleGranted"] * 4,
        "MinDelayChange",
        "Initialized",
    ]


def test_treasury__operation__waits_for_its_delay(bench: Bench) -> None:
    treasury = Treasury(bench.model, address_of("another treasury"), bench.owner, bench.cryptography)
    treasury.initialize(bench.owner, 60, [A], [B], ZERO_ADDRESS)
    call = (PAYEE, 5, Message(b"", ""), bytes(32), bytes(32))
    bench.model.ether[B] = 5
    treasury.schedule(A, *call, 60)
    operation_id = bench.cryptography.hash_operation(Calls([PAYEE], [5], [call[2]]), *call[3:])

    bench.model.timestamp += 59
    with pytest.raises(TimelockUnexpectedOperationState):
        treasury.execute(B, *call, value=5)
    bench.model.timestamp += 1
    treasury.execute(B, *call, value=5)

    assert treasury.get_timestamp(operation_id) == 1
    assert (bench.model.ether[B], bench.model.ether[PAYEE]) == (0, 5)
    with pytest.raises(TimelockUnexpectedOperationState):
        treasury.cancel(A, operation_id)


# ---- polls and snapshots


def test_poll__by_own_or_delegated_stake__is_open_for_57600_blocks(bench: Bench) -> None:
    block = bench.model.block_number
    poll = bench.polls.create_poll(A, b"Qm", poll=address_of("poll"))
    assert poll.end_block == block + 57_600 == block + POLL_PERIOD
    with pytest.raises(InsufficientStake) as refused:
        bench.polls.create_poll(B, b"Qm", poll=address_of("other"))
    assert (refused.value.pendingStake, refused.value.totalStake) == (50 * LPT, 0)

    bench.model.block_number = poll.end_block
    poll.vote("anybody", 7)
    with pytest.raises(PollIsActive):
        poll.destroy("anybody")
    bench.model.block_number += 1
    with pytest.raises(PollIsOver):
        poll.vote("anybody", 7)
    poll.destroy("anybody")


def test_snapshot__vector_of_the_specification__verifies_each_leaf(bench: Bench) -> None:
    snapshot = MerkleSnapshot(bench.model, address_of("MerkleSnapshot"), keccak)
    leaves = sorted(keccak(text=letter) for letter in "abcd")
    left, right = (keccak(min(pair) + max(pair)) for pair in (leaves[:2], leaves[2:]))
    root = bytes.fromhex("04acaaffeb0baeb707a4247b9e27734c5af34744b6e9e05c53198814cf8e6606")
    snapshot_id = keccak(text="LIP-52")

    with pytest.raises(CallerNotControllerOwner):
        snapshot.set_snapshot("stranger", snapshot_id, root)
    snapshot.set_snapshot(bench.owner, snapshot_id, root)

    for position, leaf in enumerate(leaves):
        path = [leaves[position ^ 1], right if position < 2 else left]
        assert snapshot.verify(snapshot_id, path, leaf)
        assert not snapshot.verify(bytes(32), path, leaf)
    assert snapshot.verify(snapshot_id, [], root)
