"""What the tests of the BondingManager start from.

`staking` is an empty pool of two in an initialized round.  `network` is stake that counts:

    orchestrator    bond 1000, with the delegator 3000 in all; reward cut 33.3333 %, fee share 66.6667 %
    rival           bond 2000, orchestrator too, all rates 0
    delegator       bond 2000 behind the orchestrator

All are bonded and active in the current round, the pool is full, and nobody has rewarded yet.
"""

from dataclasses import dataclass

import pytest

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from tests.helpers.staking import NO_HINTS, Staking, open_staking

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


# Each family of functions does the same with and without hints: a test that takes one of these runs for all.


@pytest.fixture(params=["bond", "bondWithHint", "bondForWithHint"])
def bond(request: pytest.FixtureRequest, manager: Contract):
    """bond(amount, to, sender=…): the sender's own bond."""

    def send(amount, to, *, sender, hints=NO_HINTS):
        if request.param == "bond":
            return manager.bond.send(amount, to, sender=sender)
        if request.param == "bondWithHint":
            return manager.bondWithHint.send(amount, to, *hints, sender=sender)
        return manager.bondForWithHint.send(amount, sender, to, *hints, sender=sender)

    return send


@pytest.fixture(params=["unbond", "unbondWithHint"])
def unbond(request: pytest.FixtureRequest, manager: Contract):
    """unbond(amount, sender=…)"""
    return _with_and_without_hint(request, manager)


@pytest.fixture(params=["rebond", "rebondWithHint"])
def rebond(request: pytest.FixtureRequest, manager: Contract):
    """rebond(lock_id, sender=…)"""
    return _with_and_without_hint(request, manager)


@pytest.fixture(params=["rebondFromUnbonded", "rebondFromUnbondedWithHint"])
def rebond_from_unbonded(request: pytest.FixtureRequest, manager: Contract):
    """rebond_from_unbonded(to, lock_id, sender=…)"""
    return _with_and_without_hint(request, manager)


def _with_and_without_hint(request: pytest.FixtureRequest, manager: Contract):
    function = getattr(manager, request.param)
    hints = NO_HINTS[:2] if request.param.endswith("WithHint") else ()

    def send(*args, sender):
        return function.send(*args, *hints, sender=sender)

    return send


@pytest.fixture
def leaving(network: Network, newcomer: Actor) -> Actor:
    """The rival, evicted by the newcomer in this round: active to its end, and has not rewarded."""
    network.staking.bond(newcomer, 2001, newcomer)
    return network.rival
