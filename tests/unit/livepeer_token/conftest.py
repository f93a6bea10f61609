"""A token whose admin is the deployer, with one minter and one burner; `holder` has 10 LPT."""

import pytest

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.protocol import BURNER_ROLE, LPT, MINTER_ROLE


@pytest.fixture
def minter(chain: Chain) -> Actor:
    """Has the minter role."""
    return chain.actor("minter")


@pytest.fixture
def burner(chain: Chain) -> Actor:
    """Has the burner role, as the bridge's gateway does."""
    return chain.actor("burner")


@pytest.fixture
def holder(chain: Chain) -> Actor:
    """Has 10 LPT."""
    return chain.actor("holder")


@pytest.fixture
def spender(chain: Chain) -> Actor:
    """Is given allowances."""
    return chain.actor("spender")


@pytest.fixture
def token(chain: Chain, owner: Actor, minter: Actor, burner: Actor, holder: Actor) -> Contract:
    token = chain.deploy("LivepeerToken", sender=owner)
    token.grantRole.send(MINTER_ROLE, minter, sender=owner)
    token.grantRole.send(BURNER_ROLE, burner, sender=owner)
    token.mint.send(holder, 10 * LPT, sender=minter)
    return token
