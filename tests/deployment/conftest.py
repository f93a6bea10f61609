"""One electorate for all modules that need it; each test starts from the same state."""

import pytest

from tests.deployment.electorate import LPT, ROOT, Electorate
from tests.deployment.node import Deployer, local_node


@pytest.fixture(scope="session")
def prepared_electorate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("electorate")
    with local_node() as local:
        text = (ROOT / "deployments" / "parameters" / "local.yaml").read_text()
        text = text.replace("owner: $deployer", "owner: $treasury").replace(
            "voting_period_rounds: 10", "voting_period_rounds: 2"
        )
        parameters = folder / "parameters.yaml"
        parameters.write_text(text.replace("owns_controller: false", "owns_controller: true"))
        deployer = Deployer(local, folder / "registry.json", network=str(parameters))
        electorate = Electorate(local, deployer, deployer.run(), folder)
        electorate.begin_round()
        electorate.bond(1, 10_000, 1)
        electorate.bond(2, 3_000, 1)
        electorate.bond(3, 4_000, 3)
        electorate.send(
            "LivepeerToken", "transfer(address,uint256)", electorate.address("Treasury"), 500 * LPT
        )
        electorate.begin_round()
        yield electorate


@pytest.fixture
def electorate(prepared_electorate):
    mark = prepared_electorate.local.request("evm_snapshot")
    yield prepared_electorate
    prepared_electorate.local.request("evm_revert", mark)
