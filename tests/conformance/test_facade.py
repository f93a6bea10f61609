"""The façade itself, on each engine: what it must accept, and what it must not let pass.

expectation      │ what happens                         │ outcome
reverts(name)    │ nothing fails                        │ the test fails
                 │ another error                        │ the test fails
                 │ an argument differs                  │ the test fails
                 │ an argument is not named             │ the test fails
                 │ `...` for the arguments              │ passes
panics, raw      │ another code, other bytes            │ the test fails
assert_events    │ order, argument, emitter, number     │ the test fails
no expectation   │ a call fails                         │ Reverted, named and readable
"""

import pytest

from simulation.chain.codecs import ArgumentError
from simulation.chain.engine import SenderCannotPay
from simulation.chain.reverts import RAISED, Reverted

pytestmark = pytest.mark.unit

HARNESS = "EngineConformance__Harness"


@pytest.fixture
def harness(chain):
    return chain.deploy(HARNESS, 3)


@pytest.fixture
def gateway(chain):
    return chain.actor("gateway")


def test_reverts__nothing_fails__fails_the_test(chain, harness):
    with (
        pytest.raises(AssertionError, match=r"expected Refused\(found=1.*nothing failed"),
        chain.reverts("Refused", found=1, caller=harness),
    ):
        harness.value()


def test_reverts__another_error__fails_the_test(chain, harness):
    with (
        pytest.raises(AssertionError, match=r"expected Other\(\.\.\.\), but .*Refused\(found=1"),
        chain.reverts("Other", ...),
    ):
        harness.refuse(1)


def test_reverts__an_argument_differs__fails_the_test(chain, harness, gateway):
    with (
        pytest.raises(AssertionError, match="found differs"),
        chain.reverts("Refused", found=2, caller=gateway),
    ):
        harness.refuse(1, sender=gateway)


@pytest.mark.parametrize("arguments", [{}, {"found": 1}, {"found": 1, "caller": 1, "more": 1}])
def test_reverts__arguments_not_exactly_named__fails_the_test(chain, harness, arguments):
    with (
        pytest.raises(AssertionError, match=r"name every argument \(found, caller\)"),
        chain.reverts("Refused", **arguments),
    ):
        harness.refuse(1)


def test_reverts__an_argument_of_another_type__fails_the_test(chain, harness, gateway):
    with (
        pytest.raises(AssertionError, match="found: found '1', must be an integer"),
        chain.reverts("Refused", found="1", caller=gateway),
    ):
        harness.refuse(1, sender=gateway)


def test_reverts__error_of_another_signature__fails_the_test(chain, harness):
    with (
        pytest.raises(AssertionError, match=r"signature Refused\(uint256,address\), not RefusedWithText"),
        chain.reverts(harness.Errors.RefusedWithText, ...),
    ):
        harness.refuse(1)


def test_reverts__as_expected__gives_the_failure_and_records_it(chain, harness, gateway):
    RAISED.discard((HARNESS, "refuse", "Refused"))
    with chain.reverts(harness.Errors.Refused, found=7, caller=gateway) as expected:
        harness.refuse(7, sender=gateway)
    assert expected.caught.args_by_name == {"found": 7, "caller": gateway}
    assert (HARNESS, "refuse", "Refused") in RAISED


def test_reverts__any_arguments__passes(chain, harness):
    with chain.reverts("RefusedWithText", ...):
        harness.refuseWithText("no", b"\1\2")


def test_reverts__string_reason__is_error_with_its_message(chain, harness):
    with chain.reverts("Error", message="too late"):
        harness.refuseWithString("too late")


def test_reverts__a_fault_of_the_test_itself__is_not_swallowed(chain, harness):
    with pytest.raises(ZeroDivisionError), chain.reverts("Refused", ...):
        harness.refuse(1 // 0)


def test_panics__another_code__fails_the_test(chain, harness):
    with chain.panics(0x12):
        harness.divide(1, 0)
    with (
        pytest.raises(AssertionError, match=r"expected Panic\(0x11\), but .*Panic\(code=18\)"),
        chain.panics(0x11),
    ):
        harness.divide(1, 0)


def test_reverts_raw__other_bytes__fails_the_test(chain, harness):
    with chain.reverts_raw(b""):
        harness.refuseSilently()
    with pytest.raises(AssertionError, match="expected a revert with 0x01"), chain.reverts_raw(b"\1"):
        harness.refuseSilently()


def test_failure_without_expectation__names_contract_function_error_and_actors(harness, gateway):
    with pytest.raises(Reverted, match=r"refuse failed: reverted with Refused\(found=5, caller=gateway 0x"):
        harness.refuse(5, sender=gateway)


def test_assert_events__exactly_as_emitted__passes(harness, gateway):
    stored = harness.Events.Stored
    receipt = harness.storeTwice.send(5, 6, sender=gateway)
    receipt.assert_events(
        [
            stored(sender=harness, previousValue=3, newValue=5),
            stored(sender=harness, previousValue=5, newValue=6),
        ]
    )


def test_assert_events__any_difference__fails_the_test(chain, harness, gateway):
    other = chain.deploy(HARNESS, 3)
    first = harness.Events.Stored(sender=harness, previousValue=3, newValue=5)
    second = harness.Events.Stored(sender=harness, previousValue=5, newValue=6)
    receipt = harness.storeTwice.send(5, 6, sender=gateway)
    wrong_argument = harness.Events.Stored(sender=harness, previousValue=5, newValue=7)
    wrong_emitter = other.Events.Stored(sender=harness, previousValue=5, newValue=6)
    for expected in (
        [second, first],
        [first],
        [],
        [first, second, second],
        [first, wrong_argument],
        [first, wrong_emitter],
    ):
        with pytest.raises(AssertionError, match="events differ from number"):
            receipt.assert_events(expected)


def test_events__argument_missing_or_unknown__is_refused(harness, gateway):
    with pytest.raises(ArgumentError, match="Stored: found the arguments"):
        harness.Events.Stored(sender=gateway, previousValue=3)
    with pytest.raises(AttributeError, match="has no event Store; it has Noted, Paid, Stored"):
        harness.Events.Store(sender=gateway)


def test_events__structs_and_indexed_strings__are_decoded(harness, gateway):
    row = {"holder": gateway, "amount": 4, "note": b"abc"}
    receipt = harness.note.send("subject", b"\7" * 32, b"text", row, sender=gateway)
    receipt.assert_events([harness.Events.Noted(subject="subject", id=b"\7" * 32, note=b"text", row=row)])
    assert receipt.event("Noted")["row"].amount == 4


def test_arguments__wrong_type_or_number__are_named(harness, gateway):
    with pytest.raises(ArgumentError, match=r"store: uint256 newValue: found -1, must be an integer from 0"):
        harness.store.send(-1, sender=gateway)
    with pytest.raises(ArgumentError, match=r"store: found 0 arguments, must be 1: uint256 newValue"):
        harness.store.send(sender=gateway)
    with pytest.raises(ArgumentError, match=r"credit: address holder: found 'gateway', must be 0x and 40"):
        harness.credit.send("gateway", 1, sender=gateway)


def test_writing_function__called_as_a_view__is_refused(harness):
    with pytest.raises(TypeError, match=r"store writes: use \.send"):
        harness.store(1)


def test_results__several_outputs__are_a_named_tuple(harness):
    environment = harness.environment()
    assert environment.chainId == 31337
    assert environment.blockNumber == environment[1]
    assert harness.unnamed() == (7, "0x" + "09".rjust(40, "0"))


def test_overloads__number_of_arguments_or_signature_decides(harness):
    assert harness.overloaded() == 0
    assert harness.overloaded(4) == 4
    assert harness["overloaded(uint256)"](5) == 5


def test_send__value_above_balance__is_a_named_error(chain, harness, gateway):
    chain.set_balance(gateway, 10)
    with pytest.raises(SenderCannotPay, match=r"value: found 11 wei"):
        harness.credit.send(gateway, 1, sender=gateway, value=11)


def test_deploy__unknown_contract_or_interface__is_a_named_error(chain):
    with pytest.raises(ArgumentError, match="contract: found 'Nonsense', which is not in the build"):
        chain.deploy("Nonsense")
    with pytest.raises(ArgumentError, match="IController is abstract or an interface"):
        chain.deploy("IController")


def test_isolate__state_blocks_actors_and_registry__are_undone(chain, harness, gateway):
    before = (
        chain.block_number,
        chain.timestamp,
        harness.value(),
        chain.balance(gateway),
        chain.nonce(gateway),
    )
    with chain.isolate():
        harness.store.send(9, sender=gateway)
        harness.credit.send(gateway, 1, sender=gateway, value=5)
        chain.mine(50)
        chain.set_timestamp(chain.timestamp + 1_000)
        chain.actor("redeemer")
    after = (
        chain.block_number,
        chain.timestamp,
        harness.value(),
        chain.balance(gateway),
        chain.nonce(gateway),
    )
    assert after == before
    harness.store.send(9, sender=gateway)
    assert chain.timestamp == before[1] + 12
    assert chain.balance(chain.actor("redeemer")) > 0


def test_revert__spent_snapshot__is_refused(chain):
    outer = chain.snapshot()
    inner = chain.snapshot()
    chain.revert(outer)
    with pytest.raises(ArgumentError, match="snapshot: found"):
        chain.revert(inner)


def test_mine__backwards__is_refused(chain):
    chain.mine_to(20)
    assert chain.block_number == 20
    with pytest.raises(ArgumentError, match="block: found 19, must be 20 or more"):
        chain.mine_to(19)
    with pytest.raises(ArgumentError, match="timestamp: found"):
        chain.set_timestamp(chain.timestamp)


@pytest.mark.parametrize("chain", ["pyrevm"], indirect=True)
def test_isolate__more_deployments_than_calls_may_nest__calls_still_work(chain):
    """In process only: a node keeps no levels."""
    for _ in range(1_100):
        with chain.isolate():
            chain.deploy(HARNESS, 3)
    assert chain.code(chain.deploy(HARNESS, 3).address)
