"""schedule, execute, cancel and their batch forms, updateDelay; checks in order:

| function | checks |
|---|---|
| schedule | proposer, else AccessControlUnauthorizedAccount; unknown, else TimelockUnexpectedOperationState; delay ≥ least delay, else TimelockInsufficientDelay |
| scheduleBatch | proposer; equal lengths, else TimelockInvalidOperationLength; then as schedule |
| execute | executor; ready, else TimelockUnexpectedOperationState; predecessor done, else TimelockUnexecutedPredecessor; the call works, else what it throws; still ready afterwards |
| executeBatch | executor; equal lengths; then as execute |
| cancel | canceller; waiting or ready, else TimelockUnexpectedOperationState |
| updateDelay | the treasury itself, else TimelockUnauthorizedCaller |
"""  # noqa: E501

import pytest

from simulation.governance import CANCELLER_ROLE, EXECUTOR_ROLE, PROPOSER_ROLE
from simulation.protocol import ETHER
from tests.unit.treasury.conftest import (
    DONE,
    HOUR,
    READY,
    SALT,
    UNSET,
    WAITING,
    Operation,
    bitmap,
)

LENGTHS = [(1, 2, 1), (1, 1, 2), (2, 1, 1)]


@pytest.fixture
def ready(chain, treasury, proposer, set_number):
    """An operation that has been scheduled, and whose time has come."""
    scheduled = treasury.schedule.send(*set_number.arguments, HOUR, sender=proposer)
    chain.mine()
    chain.set_timestamp(scheduled.timestamp + HOUR)
    chain.mine()
    return set_number


def uneven(target, targets: int, values: int, payloads: int) -> tuple:
    return [target] * targets, [0] * values, [b""] * payloads, bytes(32), SALT


# ---- schedule


def test_schedule__by_a_proposer__waits(chain, treasury, proposer, set_number, target):
    receipt = treasury.schedule.send(*set_number.arguments, HOUR, sender=proposer)

    receipt.assert_events(
        [
            treasury.Events.CallScheduled(
                id=set_number.id,
                index=0,
                target=target,
                value=0,
                data=set_number.data,
                predecessor=bytes(32),
                delay=HOUR,
            ),
            treasury.Events.CallSalt(id=set_number.id, salt=SALT),
        ]
    )
    assert treasury.hashOperation(*set_number.arguments) == set_number.id
    assert treasury.getTimestamp(set_number.id) == receipt.timestamp + HOUR
    assert treasury.getOperationState(set_number.id) == WAITING
    assert (treasury.isOperation(set_number.id), treasury.isOperationPending(set_number.id)) == (True, True)
    assert (treasury.isOperationReady(set_number.id), treasury.isOperationDone(set_number.id)) == (
        False,
        False,
    )


def test_schedule__without_salt__tells_none(treasury, proposer, target):
    unsalted = Operation(target.address, 0, b"", salt=bytes(32))

    receipt = treasury.schedule.send(*unsalted.arguments, HOUR, sender=proposer)

    assert [event.name for event in receipt.events] == ["CallScheduled"]


def test_schedule_batch__by_a_proposer__waits(treasury, proposer, set_number, target):
    receipt = treasury.scheduleBatch.send(*set_number.batch, 2 * HOUR, sender=proposer)

    assert [event.name for event in receipt.events] == ["CallScheduled", "CallSalt"]
    assert receipt.events[0]["delay"] == 2 * HOUR
    assert treasury.hashOperationBatch(*set_number.batch) == set_number.batch_id
    assert treasury.getTimestamp(set_number.batch_id) == receipt.timestamp + 2 * HOUR


@pytest.mark.parametrize("function", ["schedule", "scheduleBatch"])
def test_schedule__by_another__reverts(chain, treasury, executor, set_number, function):
    arguments = set_number.arguments if function == "schedule" else set_number.batch

    with chain.reverts("AccessControlUnauthorizedAccount", account=executor, neededRole=PROPOSER_ROLE):
        getattr(treasury, function).send(*arguments, HOUR, sender=executor)


@pytest.mark.parametrize("function", ["schedule", "scheduleBatch"])
def test_schedule__a_second_time__reverts(chain, treasury, proposer, set_number, function):
    arguments, id_ = {
        "schedule": (set_number.arguments, set_number.id),
        "scheduleBatch": (set_number.batch, set_number.batch_id),
    }[function]
    getattr(treasury, function).send(*arguments, HOUR, sender=proposer)

    with chain.reverts("TimelockUnexpectedOperationState", operationId=id_, expectedStates=bitmap(UNSET)):
        getattr(treasury, function).send(*arguments, 0, sender=proposer)


@pytest.mark.parametrize("function", ["schedule", "scheduleBatch"])
def test_schedule__with_less_than_the_least_delay__reverts(chain, treasury, proposer, set_number, function):
    arguments = set_number.arguments if function == "schedule" else set_number.batch

    with chain.reverts("TimelockInsufficientDelay", delay=HOUR - 1, minDelay=HOUR):
        getattr(treasury, function).send(*arguments, HOUR - 1, sender=proposer)


@pytest.mark.parametrize(("targets", "values", "payloads"), LENGTHS)
def test_schedule_batch__lengths_differ__reverts(
    chain, treasury, proposer, target, targets, values, payloads
):
    with chain.reverts("TimelockInvalidOperationLength", targets=targets, payloads=payloads, values=values):
        treasury.scheduleBatch.send(*uneven(target, targets, values, payloads), HOUR, sender=proposer)


# ---- execute


def test_execute__ready_by_an_executor__makes_the_call(treasury, executor, ready, target):
    receipt = treasury.execute.send(*ready.arguments, sender=executor)

    receipt.assert_events(
        [
            target.Events.Called(caller=treasury, number=5, value=0),
            treasury.Events.CallExecuted(id=ready.id, index=0, target=target, value=0, data=ready.data),
        ]
    )
    assert treasury.getTimestamp(ready.id) == 1
    assert treasury.getOperationState(ready.id) == DONE
    assert (treasury.isOperationDone(ready.id), treasury.isOperationPending(ready.id)) == (True, False)


def test_execute_batch__ready_by_an_executor__makes_the_calls_in_order(
    chain, treasury, proposer, executor, target
):
    batch = (
        [target, target],
        [1, 2],
        [target.setNumber.encode(1), target.setNumber.encode(2)],
        bytes(32),
        SALT,
    )
    scheduled = treasury.scheduleBatch.send(*batch, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR)

    receipt = treasury.executeBatch.send(*batch, sender=executor, value=3)

    assert [(event.name, event["value"]) for event in receipt.events] == [
        ("Called", 1),
        ("CallExecuted", 1),
        ("Called", 2),
        ("CallExecuted", 2),
    ]
    assert [event["index"] for event in receipt.events_named("CallExecuted")] == [0, 1]
    assert chain.balance(target) == 3


@pytest.mark.parametrize("function", ["execute", "executeBatch"])
def test_execute__by_another__reverts(chain, treasury, proposer, ready, function):
    arguments = ready.arguments if function == "execute" else ready.batch

    with chain.reverts("AccessControlUnauthorizedAccount", account=proposer, neededRole=EXECUTOR_ROLE):
        getattr(treasury, function).send(*arguments, sender=proposer)


@pytest.mark.parametrize("function", ["execute", "executeBatch"])
def test_execute__never_scheduled__reverts(chain, treasury, executor, set_number, function):
    arguments, id_ = {
        "execute": (set_number.arguments, set_number.id),
        "executeBatch": (set_number.batch, set_number.batch_id),
    }[function]

    with chain.reverts("TimelockUnexpectedOperationState", operationId=id_, expectedStates=bitmap(READY)):
        getattr(treasury, function).send(*arguments, sender=executor)


def test_execute__a_second_too_early__reverts(chain, treasury, proposer, executor, set_number):
    scheduled = treasury.schedule.send(*set_number.arguments, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR - 1)

    with chain.reverts(
        "TimelockUnexpectedOperationState",
        operationId=set_number.id,
        expectedStates=bitmap(READY),
    ):
        treasury.execute.send(*set_number.arguments, sender=executor)


def test_execute__a_second_time__reverts(chain, treasury, executor, ready):
    treasury.execute.send(*ready.arguments, sender=executor)

    with chain.reverts(
        "TimelockUnexpectedOperationState", operationId=ready.id, expectedStates=bitmap(READY)
    ):
        treasury.execute.send(*ready.arguments, sender=executor)


@pytest.mark.parametrize("function", ["execute", "executeBatch"])
def test_execute__after_another_operation__waits_for_it(
    chain, treasury, proposer, executor, ready, target, function
):
    second = Operation(target.address, 0, target.setNumber.encode(6), predecessor=ready.id)
    arguments = second.arguments if function == "execute" else second.batch
    schedule = {"execute": treasury.schedule, "executeBatch": treasury.scheduleBatch}[function]
    scheduled = schedule.send(*arguments, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR)

    with chain.reverts("TimelockUnexecutedPredecessor", predecessorId=ready.id):
        getattr(treasury, function).send(*arguments, sender=executor)
    treasury.execute.send(*ready.arguments, sender=executor)
    getattr(treasury, function).send(*arguments, sender=executor)

    assert target.number() == 6


@pytest.mark.parametrize(("targets", "values", "payloads"), LENGTHS)
def test_execute_batch__lengths_differ__reverts(chain, treasury, executor, target, targets, values, payloads):
    with chain.reverts("TimelockInvalidOperationLength", targets=targets, payloads=payloads, values=values):
        treasury.executeBatch.send(*uneven(target, targets, values, payloads), sender=executor)


@pytest.mark.parametrize("function", ["execute", "executeBatch"])
def test_execute__the_call_fails__reverts_with_it_and_waits(
    chain, treasury, proposer, executor, target, function
):
    refused = Operation(target.address, 0, target.refuse.encode(7))
    arguments, id_ = {
        "execute": (refused.arguments, refused.id),
        "executeBatch": (refused.batch, refused.batch_id),
    }[function]
    schedule = {"execute": treasury.schedule, "executeBatch": treasury.scheduleBatch}[function]
    scheduled = schedule.send(*arguments, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR)

    with chain.reverts("Refused", number=7):
        getattr(treasury, function).send(*arguments, sender=executor)
    assert treasury.isOperationPending(id_) is True


@pytest.mark.parametrize("function", ["execute", "executeBatch"])
def test_execute__the_call_fails_silently__says_so(chain, treasury, proposer, executor, target, function):
    refused = Operation(target.address, 0, target.refuseSilently.encode())
    arguments = refused.arguments if function == "execute" else refused.batch
    schedule = {"execute": treasury.schedule, "executeBatch": treasury.scheduleBatch}[function]
    scheduled = schedule.send(*arguments, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR)

    with chain.reverts("FailedCall"):
        getattr(treasury, function).send(*arguments, sender=executor)


def test_execute__from_inside_itself__reverts(chain, treasury, proposer, executor, target, admin):
    """The inner execution is done when the outer one looks again."""
    treasury.grantRole.send(EXECUTOR_ROLE, target, sender=admin)
    comes_back = Operation(target.address, 0, target.callBack.encode())
    target.setCallback.send(treasury, treasury.execute.encode(*comes_back.arguments), sender=admin)
    scheduled = treasury.schedule.send(*comes_back.arguments, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR)

    # The second call of callBack calls nobody, so the inner execution works.
    with chain.reverts(
        "TimelockUnexpectedOperationState",
        operationId=comes_back.id,
        expectedStates=bitmap(READY),
    ):
        treasury.execute.send(*comes_back.arguments, sender=executor)
    assert target.number() == 0


# ---- cancel


def test_cancel__waiting_or_ready__is_gone(treasury, canceller, ready, proposer):
    receipt = treasury.cancel.send(ready.id, sender=canceller)

    receipt.assert_events([treasury.Events.Cancelled(id=ready.id)])
    assert treasury.getTimestamp(ready.id) == 0
    treasury.schedule.send(*ready.arguments, HOUR, sender=proposer)
    treasury.cancel.send(ready.id, sender=canceller)
    assert treasury.isOperation(ready.id) is False


def test_cancel__by_another__reverts(chain, treasury, canceller, proposer, ready):
    with chain.reverts("AccessControlUnauthorizedAccount", account=proposer, neededRole=CANCELLER_ROLE):
        treasury.cancel.send(ready.id, sender=proposer)


def test_cancel__unknown_or_done__reverts(chain, treasury, proposer, executor, ready):
    treasury.execute.send(*ready.arguments, sender=executor)

    for id_ in (ready.id, bytes(31) + b"\x01"):
        with chain.reverts(
            "TimelockUnexpectedOperationState",
            operationId=id_,
            expectedStates=bitmap(WAITING, READY),
        ):
            treasury.cancel.send(id_, sender=proposer)


# ---- the delay


def test_update_delay__by_itself__holds_for_later_operations(chain, treasury, proposer, executor, set_number):
    change = Operation(treasury.address, 0, treasury.updateDelay.encode(0))
    scheduled = treasury.schedule.send(*change.arguments, HOUR, sender=proposer)
    waiting = treasury.schedule.send(*set_number.arguments, HOUR, sender=proposer)
    chain.set_timestamp(scheduled.timestamp + HOUR)

    receipt = treasury.execute.send(*change.arguments, sender=executor)

    changed = treasury.Events.MinDelayChange(oldDuration=HOUR, newDuration=0)
    assert receipt.event("MinDelayChange") == changed
    assert treasury.getMinDelay() == 0
    assert treasury.getTimestamp(set_number.id) == waiting.timestamp + HOUR
    at_once = Operation(treasury.address, 1, b"")
    treasury.schedule.send(*at_once.arguments, 0, sender=proposer)
    assert treasury.isOperationReady(at_once.id) is True


def test_update_delay__by_another__reverts(chain, treasury, admin, proposer):
    for caller in (admin, proposer):
        with chain.reverts("TimelockUnauthorizedCaller", caller=caller):
            treasury.updateDelay.send(0, sender=caller)


# ---- what it takes


def test_treasury__eth_and_tokens__are_taken(chain, treasury, stranger):
    chain.transact(treasury, sender=stranger, value=ETHER)

    assert chain.balance(treasury) == ETHER
    for hook, arguments in (
        (treasury.onERC721Received, (stranger, stranger, 1, b"")),
        (treasury.onERC1155Received, (stranger, stranger, 1, 1, b"")),
        (treasury.onERC1155BatchReceived, (stranger, stranger, [1], [1], b"")),
    ):
        assert hook.call(*arguments, sender=stranger) == hook.selector


@pytest.mark.parametrize(
    ("id_", "supported"), [(0x01FFC9A7, True), (0x7965DB0B, True), (0x4E2312E0, True), (0xFFFFFFFF, False)]
)
def test_supports_interface__erc_165_roles_receiver__are_true(treasury, id_, supported):
    assert treasury.supportsInterface(id_.to_bytes(4, "big")) is supported
