"""What a proxy answers itself, and what it forwards (control plane 2.4; invariants 8, 10 and 11).

given a function of the proxy itself    it should answer, whatever the target implements
given any other call, an empty one too  it should run the target's code on its own storage, with the caller and value of
                                        the call; return and revert data come back byte for byte
given no target                         it should revert with TargetNotRegistered
"""

import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.reverts import Reverted
from simulation.protocol import contract_id, deploy_control_plane
from tests.helpers.registry import EXAMPLE_NAME as NAME
from tests.helpers.registry import EXAMPLE_TARGET_ID as TARGET_ID

pytestmark = pytest.mark.unit


# ---- the proxy itself


def test_constructor__controller_is_an_account__returns_both_values(chain, stranger):
    proxy = chain.deploy("ManagerProxy", stranger, TARGET_ID)

    assert proxy.controller() == stranger
    assert proxy.targetContractId() == TARGET_ID
    assert proxy.implementation() == ZERO_ADDRESS


def test_own_functions__target_has_them_too__are_answered_by_the_proxy(upgradeable):
    """The bare target answers its own Controller, and zero for the id."""
    assert upgradeable.version_a.targetContractId() == bytes(32)
    assert upgradeable.proxy.targetContractId() == TARGET_ID
    assert upgradeable.as_target.targetContractId() == TARGET_ID
    assert upgradeable.proxy.controller() == upgradeable.plane.controller


def test_set_controller__caller_is_not_the_controller__reverts(chain, upgradeable, owner, stranger):
    controller = upgradeable.plane.controller.address
    for caller in (owner, stranger, upgradeable.version_a.address):
        with chain.reverts("CallerNotController", caller=caller, controller=controller):
            upgradeable.proxy.setController.send(stranger, sender=caller)


def test_set_controller__by_the_controller__leaves_that_of_the_target(upgradeable, stranger):
    receipt = upgradeable.proxy.setController.send(stranger, sender=upgradeable.plane.controller)

    receipt.assert_events([upgradeable.proxy.Events.SetController(controller=stranger)])
    assert upgradeable.proxy.controller() == stranger
    assert upgradeable.version_a.controller() == upgradeable.plane.controller


@pytest.mark.parametrize("caller", ["owner", "stranger", "target", "proxy"])
def test_subscriber_functions__caller_is_not_the_controller__revert(
    chain, upgradeable, owner, stranger, caller
):
    caller = {
        "owner": owner,
        "stranger": stranger,
        "target": upgradeable.version_a.address,
        "proxy": upgradeable.proxy.address,
    }[caller]
    controller = upgradeable.plane.controller.address

    with chain.reverts("CallerNotController", caller=caller, controller=controller):
        upgradeable.proxy.onRegistryUpdate.send(TARGET_ID, stranger, sender=caller)
    with chain.reverts("CallerNotController", caller=caller, controller=controller):
        upgradeable.proxy.onPauseUpdate.send(True, sender=caller)
    assert upgradeable.proxy.implementation() == upgradeable.version_a
    upgradeable.as_target.requireRunning()


def test_erc897__upgradeable__names_its_type_and_its_target(upgradeable):
    """DEV-8: explorers and tracers see through it."""
    assert upgradeable.proxy.proxyType() == 2
    assert upgradeable.proxy.implementation() == upgradeable.version_a

    upgradeable.upgrade_to(upgradeable.version_b)
    assert upgradeable.proxy.implementation() == upgradeable.version_b

    upgradeable.upgrade_to(ZERO_ADDRESS)
    assert upgradeable.proxy.implementation() == ZERO_ADDRESS


# ---- no target


@pytest.mark.parametrize("missing", ["both", "target", "proxy", "removed"])
@pytest.mark.parametrize("data", [b"", b"\x01", b"\x12\x34\x56\x78", keccak(text="number()")[:4]])
def test_forwarding__without_target__reverts(control_plane, proxy, stranger, missing, data):
    """Until target and proxy are registered, and after the target is removed."""
    chain = control_plane.chain
    target = chain.deploy("ManagerProxyTarget__HarnessB", control_plane.controller)
    if missing in ("proxy", "removed"):
        control_plane.register(f"{NAME}Target", target)
    if missing in ("target", "removed"):
        control_plane.register(NAME, proxy)
    if missing == "removed":
        control_plane.unregister(f"{NAME}Target")

    with chain.reverts("TargetNotRegistered", targetContractId=TARGET_ID):
        chain.transact(proxy, data, sender=stranger)
    with chain.reverts("TargetNotRegistered", targetContractId=TARGET_ID):
        chain.transact(proxy, data, sender=stranger, value=1)
    assert chain.balance(proxy) == 0


# ---- a target


def test_forwarding__call_with_value__target_sees_caller_value_and_the_proxy_as_itself(
    chain, upgradeable, stranger
):
    receipt = upgradeable.as_target.note.send(b"data", sender=stranger, value=7)

    receipt.assert_events([upgradeable.as_target.Events.Noted(sender=stranger, value=7, data=b"data")])
    assert tuple(receipt.return_value) == (stranger, upgradeable.proxy.address, 7)
    assert chain.balance(upgradeable.proxy) == 7


def test_forwarding__state_of_all_types__is_the_proxys(upgradeable, stranger):
    target = upgradeable.as_target
    target.setNumber.send(2**256 - 1, sender=stranger)
    target.setData.send(bytes(range(200)), sender=stranger)
    target.setRecord.send(2**64 - 1, "a text that needs more than one slot of storage", sender=stranger)

    assert target.number() == 2**256 - 1
    assert target.data() == bytes(range(200))
    assert tuple(target.record(stranger)) == (
        2**64 - 1,
        stranger,
        "a text that needs more than one slot of storage",
    )
    bare = upgradeable.version_a
    assert (bare.number(), bare.data(), bare.record(stranger)[0]) == (0, b"", 0)


def test_forwarding__bare_target_is_called__acts_on_its_own_storage_only(upgradeable, stranger):
    upgradeable.version_a.setNumber.send(5, sender=stranger)

    assert upgradeable.as_target.number() == 0


def test_forwarding__custom_error__comes_back(chain, upgradeable, stranger):
    with chain.reverts("Failed", sender=stranger, value=3, data=b"why"):
        upgradeable.as_target.fail.send(b"why", sender=stranger, value=3)
    assert chain.balance(upgradeable.proxy) == 0


@pytest.mark.parametrize("raw", [b"", b"\x01", bytes(32), bytes(range(256)) * 5])
def test_forwarding__any_revert_data__comes_back_byte_for_byte(chain, upgradeable, stranger, raw):
    with chain.reverts_raw(raw):
        upgradeable.as_target.failRaw(raw, sender=stranger)


def test_forwarding__unknown_selector__reverts_as_the_target_does(chain, upgradeable, stranger):
    with chain.reverts_raw(b""):
        chain.transact(upgradeable.proxy, b"\x12\x34\x56\x78", sender=stranger)


def test_forwarding__eth_for_a_function_that_takes_none__reverts(chain, upgradeable, stranger):
    with chain.reverts_raw(b""):
        chain.transact(upgradeable.proxy, upgradeable.as_target.setNumber.encode(1), sender=stranger, value=1)


def test_forwarding__plain_eth__is_taken_if_the_target_takes_it(chain, upgradeable, stranger):
    with chain.reverts_raw(b""):
        chain.transact(upgradeable.proxy, sender=stranger, value=5)

    upgradeable.upgrade_to(upgradeable.version_b)
    chain.transact(upgradeable.proxy, sender=stranger, value=5)

    assert chain.balance(upgradeable.proxy) == 5


@pytest.mark.parametrize(
    "name", ["BondingManager", "BondingVotes", "TicketBroker", "RoundsManager", "ServiceRegistry"]
)
def test_forwarding__plain_eth_to_a_proxy_of_the_protocol__reverts(chain, protocol, stranger, name):
    """Invariant 16: no proxy holds ETH."""
    proxy = protocol.controller.getContract(contract_id(name))

    with chain.reverts_raw(b""):
        chain.transact(proxy, sender=stranger, value=1)
    assert chain.balance(proxy) == 0


@given(
    function=st.sampled_from(["note", "fail", "failRaw", "setData"]),
    data=st.binary(max_size=200),
    value=st.integers(0, 10**18),
    cut=st.integers(0, 40),
)
def test_forwarding__any_calldata__does_what_the_target_does_on_its_own_storage(
    session_chain, function, data, value, cut
):
    """Invariant 8, with calls that are cut short as well."""
    with session_chain.isolate() as chain:
        plane = deploy_control_plane(chain)
        bare = chain.deploy("ManagerProxyTarget__HarnessA", plane.controller)
        proxy = chain.deploy("ManagerProxy", plane.controller, TARGET_ID)
        plane.register(f"{NAME}Target", bare)
        plane.register(NAME, proxy)
        caller = chain.actor("caller")
        calldata = getattr(bare, function).encode(data)
        calldata = calldata[: max(4, len(calldata) - cut)]

        through, direct = (_outcome(chain, where, calldata, caller, value) for where in (proxy, bare))

        # `note` tells the address that it runs at.
        assert through == tuple(
            part.replace(bytes.fromhex(bare.address[2:]), bytes.fromhex(proxy.address[2:]))
            if isinstance(part, bytes)
            else part
            for part in direct
        )


def _outcome(chain, where, calldata, caller, value):
    """Success, data, logs, balance and state after a call."""
    try:
        receipt = chain.transact(where, calldata, sender=caller, value=value)
        success, output, logs = True, receipt.return_value, [(log.topics, log.data) for log in receipt.logs]
    except Reverted as failure:
        success, output, logs = False, failure.raw, []
    stored = chain.call(where, keccak(text="data()")[:4])
    return success, output, logs, chain.balance(where), stored
