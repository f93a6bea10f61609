"""What the unit tests of several contracts start from.

`protocol` is the whole protocol with default parameters, in an initialized round; for others call
`deploy_protocol(chain, …)`.  `control_plane` is a running Controller without entries.

What is deployed once for the session is deployed on `session_chain`.  No fixture of another scope may open
`isolate()` around several tests: a session fixture first asked for inside would be undone with it.
"""

from pathlib import Path

import pytest

from simulation.chain.actors import Actor
from simulation.chain.facade import Chain
from simulation.protocol import ControlPlane, Protocol, deploy_control_plane, deploy_protocol

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.unit)


@pytest.fixture(scope="session")
def deployed_protocol(session_chain: Chain) -> Protocol:
    """Deployed once; tests take `protocol`, which is undone after each."""
    return deploy_protocol(session_chain)


@pytest.fixture
def protocol(deployed_protocol: Protocol, chain: Chain) -> Protocol:
    """The whole protocol, running, in an initialized round."""
    return deployed_protocol


@pytest.fixture
def control_plane(chain: Chain) -> ControlPlane:
    """A Controller that runs and has no entries, owned by `owner`."""
    return deploy_control_plane(chain)


@pytest.fixture
def owner(chain: Chain) -> Actor:
    """The account that deploys, and owns the Controller."""
    return chain.actor("deployer")


@pytest.fixture
def stranger(chain: Chain) -> Actor:
    """An account without any role."""
    return chain.actor("stranger")
