"""execute(_update), by anybody, checks in order:

1. the update waits, else UpdateNotStaged
2. block.number ≥ its first block, else UpdateDelayNotExpired

Effects: forgets the update, then makes each call with its value; what a failing call reverts with bubbles byte for
byte and undoes all.  The loop runs over targets: a shorter value or data array panics with 0x32 at that call, a longer
one is ignored.  Event UpdateExecuted.
"""

import pytest

from simulation.protocol import ETHER
from tests.helpers.staged_updates import StagedUpdate, run_update, update


def test_execute__never_staged__reverts(chain, governor, stranger, set_number):
    with chain.reverts("UpdateNotStaged", updateHash=set_number.hash):
        governor.execute.send(set_number, sender=stranger)


@pytest.mark.parametrize("field", ["target", "value", "data", "nonce"])
def test_execute__other_than_staged_in_one_field__reverts(chain, governor, owner, set_number, target, field):
    other = {"target": [governor.address], "value": [1], "data": [b"\x01"], "nonce": 1}[field]
    changed = set_number._replace(**{field: other})
    governor.stage.send(set_number, 0, sender=owner)

    with chain.reverts("UpdateNotStaged", updateHash=changed.hash):
        governor.execute.send(changed, sender=owner)


def test_execute__a_block_too_early__reverts(chain, governor, owner, set_number):
    first_block = governor.stage.send(set_number, 10, sender=owner).block_number + 10
    chain.mine_to(first_block - 2)

    with chain.reverts(
        "UpdateDelayNotExpired",
        updateHash=set_number.hash,
        currentBlock=first_block - 1,
        executableFromBlock=first_block,
    ):
        governor.execute.send(set_number, sender=owner)


def test_execute__at_its_first_block_by_anybody__makes_the_calls(
    chain, governor, owner, stranger, target, set_number
):
    first_block = governor.stage.send(set_number, 10, sender=owner).block_number + 10
    chain.mine_to(first_block - 1)

    receipt = governor.execute.send(set_number, sender=stranger)

    assert receipt.block_number == first_block
    assert target.number() == 5
    assert governor.updates(set_number.hash) == 0
    receipt.assert_events(
        [
            target.Events.Called(caller=governor, number=5, value=0),
            governor.Events.UpdateExecuted(update=set_number),
        ]
    )


def test_execute__long_after_its_first_block__works(chain, governor, owner, target, set_number):
    governor.stage.send(set_number, 0, sender=owner)
    chain.mine(100_000)

    governor.execute.send(set_number, sender=owner)

    assert target.number() == 5


def test_execute__a_second_time__reverts(chain, governor, owner, set_number):
    run_update(governor, set_number, sender=owner)

    with chain.reverts("UpdateNotStaged", updateHash=set_number.hash):
        governor.execute.send(set_number, sender=owner)


def test_execute__several_calls__are_made_in_order_with_their_values(chain, governor, owner, target):
    batch = update(
        (target, 1 * ETHER, target.setNumber.encode(1)),
        (target, 0, target.setNumber.encode(2)),
        (target, 2 * ETHER, target.setNumber.encode(3)),
    )

    receipt = run_update(governor, batch, sender=owner, value=3 * ETHER)

    receipt.assert_events(
        [
            target.Events.Called(caller=governor, number=1, value=1 * ETHER),
            target.Events.Called(caller=governor, number=2, value=0),
            target.Events.Called(caller=governor, number=3, value=2 * ETHER),
            governor.Events.UpdateExecuted(update=batch),
        ]
    )
    assert chain.balance(target) == 3 * ETHER


@pytest.mark.parametrize(
    ("failing", "revert_data"),
    [
        ("refuse", "error"),
        ("refuseWithReason", "string"),
        ("refuseSilently", ""),
    ],
)
def test_execute__a_call_fails__bubbles_its_data_and_undoes_all(
    chain, governor, owner, target, failing, revert_data
):
    argument = {"refuse": (7,), "refuseWithReason": ("not today",), "refuseSilently": ()}[failing]
    batch = update(
        (target, 0, target.setNumber.encode(1)),
        (target, 0, getattr(target, failing).encode(*argument)),
    )
    governor.stage.send(batch, 0, sender=owner)

    expected = {
        "error": chain.reverts("Refused", number=7),
        "string": chain.reverts("Error", message="not today"),
        "": chain.reverts_raw(b""),
    }[revert_data]
    with expected:
        governor.execute.send(batch, sender=owner)

    assert target.number() == 0
    assert governor.updates(batch.hash) != 0


def test_execute__failed_before__can_be_tried_again(chain, governor, owner, target):
    paying = update((target, ETHER, target.setNumber.encode(1)))
    governor.stage.send(paying, 0, sender=owner)
    with chain.reverts_raw(b""):  # no ETH to send
        governor.execute.send(paying, sender=owner)

    governor.execute.send(paying, sender=owner, value=ETHER)

    assert target.number() == 1


def test_execute__more_eth_than_needed__stays_for_a_later_update(chain, governor, owner, target):
    run_update(governor, update(nonce=1), sender=owner, value=3 * ETHER)
    assert chain.balance(governor) == 3 * ETHER

    run_update(governor, update((target, 2 * ETHER, target.setNumber.encode(1))), sender=owner)

    assert (chain.balance(governor), chain.balance(target)) == (ETHER, 2 * ETHER)


def test_execute__without_calls__only_emits(governor, owner):
    empty = update()

    run_update(governor, empty, sender=owner).assert_events([governor.Events.UpdateExecuted(update=empty)])


def test_execute__account_without_code__succeeds(chain, governor, owner):
    nobody = "0x" + "33" * 20

    run_update(governor, update((nobody, ETHER, b"\x01\x02\x03\x04")), sender=owner, value=ETHER)

    assert chain.balance(nobody) == ETHER


@pytest.mark.parametrize("short", ["value", "data"])
def test_execute__shorter_value_or_data__panics_at_that_call(chain, governor, owner, target, short):
    whole = update((target, 0, target.setNumber.encode(1)), (target, 0, target.setNumber.encode(2)))
    batch = whole._replace(**{short: getattr(whole, short)[:1]})
    governor.stage.send(batch, 0, sender=owner)

    with chain.panics(0x32):
        governor.execute.send(batch, sender=owner)


def test_execute__an_earlier_call_fails_before_the_missing_entry__bubbles_that(
    chain, governor, owner, target
):
    batch = StagedUpdate([target.address] * 2, [0], [target.refuse.encode(7)], 0)
    governor.stage.send(batch, 0, sender=owner)

    with chain.reverts("Refused", number=7):
        governor.execute.send(batch, sender=owner)


def test_execute__longer_value_and_data__ignores_the_rest(governor, owner, target, set_number):
    batch = set_number._replace(value=[0, ETHER], data=[*set_number.data, b"\x01", b"\x02"])
    assert batch.hash != set_number.hash

    run_update(governor, batch, sender=owner)

    assert target.number() == 5


def test_execute__call_executes_another_update__both_are_done(governor, owner, target, set_number):
    outer = update((governor, 0, governor.execute.encode(set_number)))
    governor.stage.send(set_number, 0, sender=owner)

    receipt = run_update(governor, outer, sender=owner)

    assert target.number() == 5
    assert [event["update"].nonce for event in receipt.events_named("UpdateExecuted")] == [0, 0]
    assert governor.updates(set_number.hash) == governor.updates(outer.hash) == 0


def test_execute__call_comes_back_for_the_same_update__reverts(chain, governor, owner, target):
    outer = update((target, 0, target.callBack.encode()))
    target.setCallback.send(governor, governor.execute.encode(outer), sender=owner)
    governor.stage.send(outer, 0, sender=owner)

    with chain.reverts("UpdateNotStaged", updateHash=outer.hash):
        governor.execute.send(outer, sender=owner)


def test_plain_ether__to_the_governor__is_refused(chain, governor, owner):
    with chain.reverts_raw(b""):
        chain.transact(governor, sender=owner, value=1)
