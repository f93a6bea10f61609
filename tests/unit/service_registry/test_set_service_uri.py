"""setServiceURI(_serviceURI) and getServiceURI(_addr): no checks at all, behind a proxy or bare, paused or not.

Stores the string for the caller and emits ServiceURIUpdate.  An empty string withdraws the entry.
"""

import pytest

URI = "https://127.0.0.1:8935"
LONG_URI = "https://" + "orchestrator." * 30 + "example:8935/path?query=ü"


@pytest.fixture
def orchestrator(chain):
    return chain.actor("orchestrator")


@pytest.fixture(params=["behind a proxy", "bare"])
def registry(request, chain, control_plane):
    """The registry in both forms in which it is deployed."""
    if request.param == "bare":
        return chain.deploy("ServiceRegistry", control_plane.controller)
    return control_plane.deploy_behind_proxy("ServiceRegistry")


@pytest.mark.parametrize("uri", [URI, LONG_URI, "", "not a URI", "x" * 31, "x" * 32])
def test_set_service_uri__any_string__is_stored_for_the_caller(registry, orchestrator, stranger, uri):
    receipt = registry.setServiceURI.send(uri, sender=orchestrator)

    assert registry.getServiceURI(orchestrator) == uri
    assert registry.getServiceURI(stranger) == ""
    receipt.assert_events([registry.Events.ServiceURIUpdate(addr=orchestrator, serviceURI=uri)])


@pytest.mark.parametrize(("first", "second"), [(LONG_URI, URI), (URI, LONG_URI), (LONG_URI, "")])
def test_set_service_uri__again__replaces_the_whole_string(registry, orchestrator, first, second):
    registry.setServiceURI.send(first, sender=orchestrator)

    registry.setServiceURI.send(second, sender=orchestrator)

    assert registry.getServiceURI(orchestrator) == second


def test_set_service_uri__by_another__leaves_ones_own(registry, orchestrator, stranger):
    """Invariant 14 of the control plane."""
    registry.setServiceURI.send(URI, sender=orchestrator)

    registry.setServiceURI.send("elsewhere", sender=stranger)

    assert registry.getServiceURI(orchestrator) == URI


def test_set_service_uri__while_paused__works(registry, control_plane, orchestrator):
    control_plane.controller.pause.send(sender=control_plane.owner)

    registry.setServiceURI.send(URI, sender=orchestrator)

    assert registry.getServiceURI(orchestrator) == URI


def test_service_registry__two_of_them__share_nothing(chain, control_plane, orchestrator):
    """Invariant 15: the registry of AI services is a bare second deployment."""
    transcoding = control_plane.deploy_behind_proxy("ServiceRegistry")
    ai = chain.deploy("ServiceRegistry", control_plane.controller)

    transcoding.setServiceURI.send(URI, sender=orchestrator)
    ai.setServiceURI.send("https://ai.example", sender=orchestrator)

    assert transcoding.getServiceURI(orchestrator) == URI
    assert ai.getServiceURI(orchestrator) == "https://ai.example"
    assert control_plane.targets["ServiceRegistry"].getServiceURI(orchestrator) == ""


def test_service_registry__bare__knows_its_controller_and_no_target_id(chain, control_plane):
    bare = chain.deploy("ServiceRegistry", control_plane.controller)

    assert bare.controller() == control_plane.controller
    assert bare.targetContractId() == bytes(32)


def test_service_registry__target_replaced__keeps_the_entries(chain, control_plane, orchestrator):
    registry = control_plane.deploy_behind_proxy("ServiceRegistry")
    registry.setServiceURI.send(URI, sender=orchestrator)

    control_plane.register("ServiceRegistryTarget", chain.deploy("ServiceRegistry", control_plane.controller))

    assert registry.getServiceURI(orchestrator) == URI
