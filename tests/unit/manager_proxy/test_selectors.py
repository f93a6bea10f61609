"""No selector of a target is answered by the proxy in its place (C4).

A target may have only those three of the proxy's functions that every manager has: the proxy's answer is the one meant.
"""

import pytest

from tests.helpers.registry import PROXIED

pytestmark = pytest.mark.unit

SHARED = {"controller()", "setController(address)", "targetContractId()"}


def signatures(artifacts, chain, name):
    functions = chain.abi(name).functions
    return {
        function.selector: function.signature for overloads in functions.values() for function in overloads
    }


@pytest.fixture
def targets(artifacts):
    """Every contract of the build that is made to stand behind a proxy, targets of other issues included."""
    return [
        name
        for name, artifact in artifacts.items()
        if artifact.bytecode and any(item.get("name") == "contractDependencies" for item in artifact.abi)
    ]


def test_selectors__the_proxys_own__are_those_of_its_interface(artifacts, chain):
    own = signatures(artifacts, chain, "ManagerProxy")

    assert set(own.values()) == SHARED | {
        "onRegistryUpdate(bytes32,address)",
        "onPauseUpdate(bool)",
        "registrySubscriptions()",
        "proxyType()",
        "implementation()",
    }


def test_selectors__every_target__collides_with_none_but_the_shared_ones(artifacts, chain, targets):
    assert {*PROXIED, "ManagerProxyTarget__HarnessA"} <= set(targets)
    own = signatures(artifacts, chain, "ManagerProxy")
    for name in targets:
        found = signatures(artifacts, chain, name)
        collisions = {found[selector] for selector in own.keys() & found.keys()}
        assert collisions == SHARED, name


def test_selectors__every_target__lists_dependencies_that_are_ids_without_repetition(
    artifacts, chain, targets
):
    for name in PROXIED:
        target = chain.deploy(name, chain.actor("controller"))
        dependencies = target.contractDependencies()
        assert len(set(dependencies)) == len(dependencies)
        assert target.targetContractId() == bytes(32)
