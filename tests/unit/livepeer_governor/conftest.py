"""What the tests of the LivepeerGovernor start from: see tests/helpers/council.py."""

import pytest

from simulation.chain.actors import Actor
from simulation.chain.facade import Chain
from tests.helpers.council import Council, deploy_council


@pytest.fixture(scope="session")
def deployed_council(session_chain: Chain) -> Council:
    """Deployed once; tests take `council`, which is undone after each."""
    return deploy_council(session_chain)


@pytest.fixture
def council(deployed_council: Council, chain: Chain) -> Council:
    """In round 100, without proposals; the proposer has just the quorum."""
    return deployed_council


@pytest.fixture
def proposer(council: Council) -> Actor:
    return council.proposer


@pytest.fixture
def orchestrator(chain: Chain) -> Actor:
    return chain.actor("orchestrator")


@pytest.fixture
def rival(chain: Chain) -> Actor:
    """Another orchestrator."""
    return chain.actor("rival orchestrator")


@pytest.fixture
def delegator(chain: Chain) -> Actor:
    return chain.actor("delegator")


@pytest.fixture
def partner(chain: Chain) -> Actor:
    """Another delegator."""
    return chain.actor("partner")
