"""stage(_update, _delay), checks in order:

1. caller is the owner, else CallerNotOwner
2. the update does not wait, else UpdateAlreadyStaged
3. block.number + `_delay` fits 256 bits, else panic 0x11

Effect: updates[hash] := block.number + `_delay`, with hash = keccak256(abi.encode(_update)).
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staged_updates import StagedUpdate, run_update, update


def test_constructor__deployer__is_the_owner(governor, owner):
    assert governor.owner() == owner
    governor.creation.assert_events(
        [governor.Events.OwnershipTransferred(previousOwner=ZERO_ADDRESS, newOwner=owner)]
    )


def test_stage__caller_is_not_the_owner__reverts_even_where_the_update_waits(
    chain, governor, owner, stranger, set_number
):
    governor.stage.send(set_number, 10, sender=owner)

    with chain.reverts("CallerNotOwner", caller=stranger, owner=owner):
        governor.stage.send(set_number, 2**256 - 1, sender=stranger)


def test_stage__update_waits__reverts_before_the_delay_is_looked_at(chain, governor, owner, set_number):
    staged_in = governor.stage.send(set_number, 10, sender=owner).block_number

    with chain.reverts("UpdateAlreadyStaged", updateHash=set_number.hash, executableFromBlock=staged_in + 10):
        governor.stage.send(set_number, 2**256 - 1, sender=owner)


def test_stage__delay_beyond_256_bits__panics(chain, governor, owner, set_number):
    with chain.panics(0x11):
        governor.stage.send(set_number, 2**256 - 1, sender=owner)


@pytest.mark.parametrize("delay", [0, 1, 51_840])
def test_stage__any_delay__records_the_first_block(governor, owner, set_number, delay):
    assert governor.updates(set_number.hash) == 0

    receipt = governor.stage.send(set_number, delay, sender=owner)

    assert governor.updates(set_number.hash) == receipt.block_number + delay
    receipt.assert_events([governor.Events.UpdateStaged(update=set_number, delay=delay)])


def test_stage__same_content_with_another_nonce__waits_beside_it(governor, owner, target, set_number):
    again = set_number._replace(nonce=1)

    governor.stage.send(set_number, 10, sender=owner)
    governor.stage.send(again, 20, sender=owner)

    assert governor.updates(set_number.hash) != governor.updates(again.hash) != 0


def test_stage__executed_before__can_wait_again(governor, owner, set_number):
    run_update(governor, set_number, sender=owner)

    governor.stage.send(set_number, 0, sender=owner)

    assert governor.updates(set_number.hash) != 0


def test_stage__known_update__has_the_known_hash(governor, owner):
    """The vector of the protocol's specification."""
    known = StagedUpdate(["0x" + "AA".rjust(40, "0")], [0], [bytes.fromhex("12345678")], 1)
    digest = bytes.fromhex("a983ee0b15a4889606e4f10972a8199fb0cff053643f95ba6ac7a0ca385af85e")

    receipt = governor.stage.send(known, 7, sender=owner)

    assert known.hash == digest
    assert governor.updates(digest) == receipt.block_number + 7


def test_stage__without_calls__waits(governor, owner):
    empty = update()

    governor.stage.send(empty, 0, sender=owner)

    assert governor.updates(empty.hash) != 0


def test_selectors__of_tuple_functions__are_the_deployed_ones(governor):
    assert governor.stage.selector.hex() == "0d1e4bd3"
    assert governor.execute.selector.hex() == "6b8ace71"
    assert governor.cancel.selector.hex() == "76ad6529"
