"""A Governor whose owner is the deployer, and a contract for its updates to call."""

import pytest

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from tests.helpers.staged_updates import StagedUpdate, update


@pytest.fixture
def governor(chain: Chain, owner: Actor) -> Contract:
    return chain.deploy("Governor", sender=owner)


@pytest.fixture
def target(chain: Chain) -> Contract:
    """Takes a number, or fails in several ways."""
    return chain.deploy("GovernorTarget__Mock")


@pytest.fixture
def set_number(target: Contract) -> StagedUpdate:
    """An update that sets the target's number to 5."""
    return update((target, 0, target.setNumber.encode(5)))
