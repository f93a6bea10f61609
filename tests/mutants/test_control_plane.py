"""The historical weaknesses of the control plane (control-plane.md 6), each on contracts that have it.

A scenario ends in a claim. On our contracts the claim holds; with the fault planted it fails with an AssertionError.

| id | fault | claim |
|---|---|---|
| C1 | a target without code is taken | no ETH is parked in a proxy |
| C2 | a proxy is taken as its own target | calls through a proxy end |
| C6 | a contract that moves to another Controller keeps the old entries | the old registry is obeyed no more |

C3 (initialisers that come too late) cannot be planted: no contract behind a proxy has one. C4 and C5 are held by
tests of their own: selectors in tests/unit/manager_proxy, storage in tests/layout. C7 is R3 of test_issuance.py, and
C8 has no fault to plant: nobody can send from the zero address that an unset id stands for.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from simulation.chain.facade import open_chain
from simulation.exam.catalogue import CATALOGUE
from simulation.exam.fault import Fault, with_faults
from simulation.protocol import LPT, Protocol, contract_id, deploy_protocol
from tests.mutants.staking_stage import succeeds

pytestmark = pytest.mark.unit


def target_without_code(protocol: Protocol) -> None:
    gateway = protocol.chain.actor("gateway")
    succeeds(protocol.register, "TicketBrokerTarget", protocol.chain.actor("nobody"))

    succeeds(protocol.ticket_broker.fundDeposit.send, sender=gateway, value=10)

    parked = protocol.chain.balance(protocol.ticket_broker)
    assert parked == 0, "C1: ETH is parked in a proxy whose target has no code"


def proxy_as_its_own_target(protocol: Protocol) -> None:
    succeeds(protocol.register, "TicketBrokerTarget", protocol.ticket_broker)

    answers = succeeds(protocol.ticket_broker.unlockPeriod)
    assert answers, "C2: the proxy calls itself until the gas is gone"


def move_to_another_controller(protocol: Protocol) -> None:
    delegator = protocol.chain.actor("delegator")
    protocol.give_lpt(delegator, LPT)
    other = protocol.chain.deploy("Controller", sender=protocol.owner)

    protocol.controller.updateController.send(contract_id("BondingManager"), other, sender=protocol.owner)

    obeys = succeeds(protocol.bonding_manager.bond.send, LPT, delegator, sender=delegator)
    assert not obeys, "C6: entries of the old Controller count on"


@dataclass(frozen=True)
class Attack:
    """A scenario, and the fault with which it succeeds."""

    weakness: str
    fault: Fault
    scenario: Callable[[Protocol], None]


ATTACKS = [
    Attack("C1", CATALOGUE["TargetWithoutCode"], target_without_code),
    Attack("C2", CATALOGUE["ProxyAsTarget"], proxy_as_its_own_target),
    Attack("C6", CATALOGUE["KeepsEntriesOfMoved"], move_to_another_controller),
]
EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS, ids=[attack.weakness for attack in ATTACKS])


@pytest.fixture(scope="module")
def faulty(artifacts):
    """The build with each fault, by its name."""
    return with_faults([attack.fault for attack in ATTACKS], artifacts)


@pytest.fixture
def open_protocol(request, artifacts):
    """open_protocol(build): the protocol out of a build, by default the sound one, on a chain of its own."""
    chains = []

    def open_with(build=artifacts):
        chains.append(open_chain(request.config.getoption("engine"), build))
        return deploy_protocol(chains[-1])

    yield open_with
    for chain in chains:
        chain.close()


@EACH_ATTACK
def test_attack__on_our_contracts__fails(open_protocol, attack):
    attack.scenario(open_protocol())


@EACH_ATTACK
def test_attack__on_the_planted_fault__succeeds(open_protocol, faulty, attack):
    protocol = open_protocol(faulty[attack.fault.name])

    with pytest.raises(AssertionError, match=rf"^{attack.weakness}: "):
        attack.scenario(protocol)
