"""The real Minter, token and clock; mocks or placeholders as BondingManager, broker and cache.

Calls of collaborators are sent from their addresses.
"""

import pytest

from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from tests.helpers.issuance import Issuance, deploy_issuance


@pytest.fixture(scope="session")
def deployed_issuance(session_chain: Chain) -> Issuance:
    """Deployed once; tests take `issuance`, which is undone after each."""
    return deploy_issuance(session_chain)


@pytest.fixture
def issuance(deployed_issuance: Issuance, chain: Chain) -> Issuance:
    """The Minter and all around it; no LPT exists."""
    return deployed_issuance


@pytest.fixture
def minter(issuance: Issuance) -> Contract:
    return issuance.minter


@pytest.fixture
def token(issuance: Issuance) -> Contract:
    return issuance.token


@pytest.fixture
def bonding_manager(issuance: Issuance) -> Contract:
    return issuance.bonding_manager


@pytest.fixture
def rounds_manager(issuance: Issuance) -> Contract:
    return issuance.rounds_manager


@pytest.fixture
def broker(issuance: Issuance) -> Contract:
    """Registered as JobsManager."""
    return issuance.broker


@pytest.fixture
def paused(issuance: Issuance) -> None:
    """The system stands still."""
    issuance.controller.pause.send(sender=issuance.owner)
