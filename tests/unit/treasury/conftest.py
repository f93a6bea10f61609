"""A treasury with one holder of each role, a least delay of an hour, and a contract for its calls."""

from dataclasses import dataclass

import pytest
from eth_abi import encode
from eth_utils import keccak

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.governance import CANCELLER_ROLE, PROPOSER_ROLE, TIMELOCK_ADMIN_ROLE

HOUR = 3_600
UNSET, WAITING, READY, DONE = range(4)
NO_PREDECESSOR = bytes(32)
SALT = keccak(text="salt")


@dataclass(frozen=True)
class Operation:
    """One call that the treasury is to make; with `batched` as a batch of one."""

    target: str
    value: int
    data: bytes
    predecessor: bytes = NO_PREDECESSOR
    salt: bytes = SALT

    @property
    def arguments(self) -> tuple:
        return self.target, self.value, self.data, self.predecessor, self.salt

    @property
    def batch(self) -> tuple:
        return [self.target], [self.value], [self.data], self.predecessor, self.salt

    @property
    def id(self) -> bytes:
        return keccak(encode(["address", "uint256", "bytes", "bytes32", "bytes32"], self.arguments))

    @property
    def batch_id(self) -> bytes:
        return keccak(encode(["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"], self.batch))


def bitmap(*states: int) -> bytes:
    """How errors list the states in which a call would work."""
    return sum(1 << state for state in states).to_bytes(32, "big")


@pytest.fixture
def proposer(chain: Chain) -> Actor:
    """May schedule, and cancel."""
    return chain.actor("proposer")


@pytest.fixture
def executor(chain: Chain) -> Actor:
    """May execute."""
    return chain.actor("executor")


@pytest.fixture
def admin(chain: Chain) -> Actor:
    """May give and take roles."""
    return chain.actor("admin")


@pytest.fixture
def treasury(chain: Chain, owner: Actor, proposer: Actor, executor: Actor, admin: Actor) -> Contract:
    treasury = chain.deploy("Treasury", sender=owner)
    treasury.initialize.send(HOUR, [proposer], [executor], admin, sender=owner)
    return treasury


@pytest.fixture
def canceller(treasury: Contract, chain: Chain, admin: Actor, proposer: Actor) -> Actor:
    """May cancel; the proposer may not."""
    canceller = chain.actor("canceller")
    treasury.grantRole.send(CANCELLER_ROLE, canceller, sender=admin)
    treasury.revokeRole.send(CANCELLER_ROLE, proposer, sender=admin)
    return canceller


@pytest.fixture
def target(chain: Chain) -> Contract:
    return chain.deploy("GovernorTarget__Mock")


@pytest.fixture
def set_number(target: Contract) -> Operation:
    """Sets the target's number to 5."""
    return Operation(target.address, 0, target.setNumber.encode(5))


ROLE_NAMES = {
    "TIMELOCK_ADMIN_ROLE": TIMELOCK_ADMIN_ROLE,
    "PROPOSER_ROLE": PROPOSER_ROLE,
    "CANCELLER_ROLE": CANCELLER_ROLE,
    "EXECUTOR_ROLE": keccak(text="EXECUTOR_ROLE"),
    "DEFAULT_ADMIN_ROLE": bytes(32),
}
