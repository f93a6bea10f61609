"""A faucet that gives 10 LPT per hour and holds 100 LPT."""

import pytest

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.protocol import LPT, MINTER_ROLE


@pytest.fixture
def token(chain: Chain, owner: Actor) -> Contract:
    token = chain.deploy("LivepeerToken", sender=owner)
    token.grantRole.send(MINTER_ROLE, owner, sender=owner)
    return token


@pytest.fixture
def faucet(chain: Chain, token: Contract, owner: Actor) -> Contract:
    faucet = chain.deploy("LivepeerTokenFaucet", token, 10 * LPT, 1, sender=owner)
    token.mint.send(faucet, 100 * LPT, sender=owner)
    return faucet
