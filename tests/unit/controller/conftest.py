"""A Controller, and everything that can be registered with it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.protocol import ControlPlane, contract_id, deploy_control_plane
from tests.helpers.registry import ALIAS, ALL_NAMES, PROXIED, Registry

MINTER_RATES = (218_500, 500, 500_000_000)


@dataclass(frozen=True)
class Candidates:
    """Two contracts for each name of the registry, both of the kind that belongs there."""

    by_name: dict[str, tuple[Contract, Contract]]

    @property
    def subscribers(self) -> list[Contract]:
        """Those that the Controller attaches: proxies, and Minters."""
        return [one for name in (*PROXIED, "Minter") for one in self.by_name[name]]


@pytest.fixture(scope="session")
def bare_plane(session_chain: Chain) -> ControlPlane:
    """Deployed once, paused, without entries; tests take `plane`, which is undone after each."""
    return deploy_control_plane(session_chain, unpause=False)


@pytest.fixture(scope="session")
def deployed_candidates(session_chain: Chain, bare_plane: ControlPlane) -> Candidates:
    """Deployed once and registered nowhere."""
    return deploy_candidates(session_chain, bare_plane)


@pytest.fixture
def plane(bare_plane: ControlPlane, chain: Chain) -> ControlPlane:
    """A Controller as it is deployed: paused, without entries."""
    return bare_plane


@pytest.fixture
def controller(plane: ControlPlane) -> Contract:
    return plane.controller


@pytest.fixture
def candidates(deployed_candidates: Candidates, chain: Chain) -> Candidates:
    return deployed_candidates


@pytest.fixture
def registry(plane: ControlPlane) -> Registry:
    return Registry(plane.chain, plane.controller)


@pytest.fixture
def governor(chain: Chain) -> Actor:
    """A later owner."""
    return chain.actor("governor")


@pytest.fixture
def register(plane: ControlPlane) -> Callable[..., None]:
    """register(name, contract) as the owner."""
    return plane.register


def deploy_candidates(chain: Chain, plane: ControlPlane) -> Candidates:
    """Two of each kind, all of them pointing to the Controller of `plane`."""
    controller = plane.controller
    by_name = {}
    for name in ALL_NAMES:
        if name == ALIAS:
            continue
        if name in PROXIED:
            arguments = ("ManagerProxy", controller, contract_id(f"{name}Target"))
        elif name.removesuffix("Target") in PROXIED:
            arguments = (name.removesuffix("Target"), controller)
        elif name == "Minter":
            arguments = ("Minter", controller, *MINTER_RATES)
        elif name == "LivepeerToken":
            arguments = ("LivepeerToken",)
        else:
            arguments = ("Placeholder__Mock",)
        by_name[name] = tuple(chain.deploy(*arguments, sender=plane.owner) for _ in range(2))
    by_name[ALIAS] = by_name["TicketBroker"]
    return Candidates(by_name)
