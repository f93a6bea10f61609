"""cancel(_update), checks in order:

1. caller is the owner, else CallerNotOwner
2. the update waits, else UpdateNotStaged
"""


def test_cancel__caller_is_not_the_owner__reverts_even_where_nothing_waits(
    chain, governor, owner, stranger, set_number
):
    with chain.reverts("CallerNotOwner", caller=stranger, owner=owner):
        governor.cancel.send(set_number, sender=stranger)


def test_cancel__never_staged__reverts(chain, governor, owner, set_number):
    with chain.reverts("UpdateNotStaged", updateHash=set_number.hash):
        governor.cancel.send(set_number, sender=owner)


def test_cancel__waiting__drops_it(chain, governor, owner, target, set_number):
    governor.stage.send(set_number, 0, sender=owner)

    receipt = governor.cancel.send(set_number, sender=owner)

    receipt.assert_events([governor.Events.UpdateCancelled(update=set_number)])
    assert governor.updates(set_number.hash) == 0
    with chain.reverts("UpdateNotStaged", updateHash=set_number.hash):
        governor.execute.send(set_number, sender=owner)


def test_cancel__after_its_delay__still_drops_it(chain, governor, owner, set_number):
    governor.stage.send(set_number, 1, sender=owner)
    chain.mine(10)

    governor.cancel.send(set_number, sender=owner)

    assert governor.updates(set_number.hash) == 0


def test_cancel__dropped_before__can_be_staged_again(governor, owner, set_number):
    governor.stage.send(set_number, 5, sender=owner)
    governor.cancel.send(set_number, sender=owner)

    receipt = governor.stage.send(set_number, 9, sender=owner)

    assert governor.updates(set_number.hash) == receipt.block_number + 9
