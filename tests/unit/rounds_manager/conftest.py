"""The clock behind its proxy, with the real Minter and a mock of the BondingManager."""

import pytest

from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from tests.helpers.issuance import Issuance, deploy_issuance


@pytest.fixture(scope="session")
def deployed_clock(session_chain: Chain) -> Issuance:
    """Deployed once; tests take `issuance`, which is undone after each."""
    return deploy_issuance(session_chain)


@pytest.fixture
def issuance(deployed_clock: Issuance, chain: Chain) -> Issuance:
    """Clock, Minter, token and stand-ins; the round length is not set."""
    return deployed_clock


@pytest.fixture
def rounds_manager(issuance: Issuance) -> Contract:
    """The RoundsManager at its proxy, its length not set."""
    return issuance.rounds_manager


@pytest.fixture
def base_block(chain: Chain) -> int:
    """A multiple of 1,000 that lies ahead: the first block of a round of 10, 20, 25, 40, 50, or 100 blocks."""
    return (chain.block_number // 1_000 + 1) * 1_000
