"""A proxy of the service registry's ids, with a harness as its target."""

from dataclasses import dataclass

import pytest

from simulation.chain.contracts import Contract
from simulation.protocol import ControlPlane
from tests.helpers.registry import EXAMPLE_NAME as NAME
from tests.helpers.registry import EXAMPLE_TARGET_ID as TARGET_ID


@dataclass(frozen=True)
class Upgradeable:
    """A proxy with the ABI of what runs behind it, and the targets that it can have."""

    plane: ControlPlane
    proxy: Contract
    as_target: Contract
    version_a: Contract
    version_b: Contract

    def upgrade_to(self, target: Contract | str) -> None:
        self.plane.register(f"{NAME}Target", target)


@pytest.fixture
def proxy(control_plane: ControlPlane) -> Contract:
    """A proxy that is not registered, nor its target."""
    return control_plane.chain.deploy("ManagerProxy", control_plane.controller, TARGET_ID)


@pytest.fixture
def upgradeable(control_plane: ControlPlane, proxy: Contract) -> Upgradeable:
    """The proxy, registered and running HarnessA."""
    chain, controller = control_plane.chain, control_plane.controller
    versions = [chain.deploy(f"ManagerProxyTarget__Harness{version}", controller) for version in "AB"]
    control_plane.register(f"{NAME}Target", versions[0])
    control_plane.register(NAME, proxy)
    as_target = chain.at("ManagerProxyTarget__HarnessB", proxy)
    return Upgradeable(control_plane, chain.at("ManagerProxy", proxy), as_target, *versions)
