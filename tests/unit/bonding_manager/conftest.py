"""What the tests of the BondingManager start from.

`staking` is an empty pool of two in an initialized round.  `network` is stake that counts:

    orchestrator    bond 1000, with the delegator 3000 in all; reward cut 33.3333 %, fee share 66.6667 %
    rival           bond 2000, orchestrator too, all rates 0
    delegator       bond 2000 behind the orchestrator

All are bonded and active in the current round, the pool is full, and nobody has rewarded yet.
"""

from dataclasses import dataclass

import pytest

from tests.helpers.actors import Actor
from tests.helpers.chain import Chain
from tests.helpers.contracts import Contract
from tests.helpers.staking import Staking, open_staking

REWARD_CUT_PPM = 333_333
FEE_SHARE_PPM = 666_667


@dataclass(frozen=True)
class Network:
    """See the module."""

    staking: Staking
    orchestrator: Actor
    rival: Actor
    delegator: Actor


@pytest.fixture(scope="session")
def opened_staking(session_chain: Chain) -> Staking:
    """Deployed once; tests take `staking`, which is undone after each."""
    return open_staking(session_chain)


@pytest.fixture
def staking(opened_staking: Staking, chain: Chain) -> Staking:
    """An empty pool of two in an initialized round."""
    return opened_staking


@pytest.fixture
def manager(staking: Staking) -> Contract:
    """The BondingManager at its proxy."""
    return staking.manager


@pytest.fixture
def network(staking: Staking, orchestrator: Actor, rival: Actor, delegator: Actor) -> Network:
    """See the module."""
    staking.bond(orchestrator, 1000, orchestrator)
    staking.set_rates(orchestrator, REWARD_CUT_PPM, FEE_SHARE_PPM)
    staking.bond(rival, 2000, rival)
    staking.bond(delegator, 2000, orchestrator)
    staking.start_round()
    return Network(staking, orchestrator, rival, delegator)


@pytest.fixture
def orchestrator(chain: Chain) -> Actor:
    return chain.actor("orchestrator")


@pytest.fixture
def rival(chain: Chain) -> Actor:
    """Another orchestrator."""
    return chain.actor("rival orchestrator")


@pytest.fixture
def newcomer(chain: Chain) -> Actor:
    """Somebody without a bond at first."""
    return chain.actor("newcomer")


@pytest.fixture
def delegator(chain: Chain) -> Actor:
    return chain.actor("delegator")


@pytest.fixture
def benefactor(chain: Chain) -> Actor:
    """A third party: neither the owner of a bond nor the L2Migrator."""
    return chain.actor("benefactor")
