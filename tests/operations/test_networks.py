"""Live networks, and forks of them.

The live network is an Anvil with Arbitrum's chain id that has loaded a saved state, reached as people reach the real
one: `arbitrum:mainnet`, with its address in the environment.

no node answers     refused with the address, without a trace
unset or empty      the address is missing: refused with the variable's name, before anything is asked of anybody
a live network      is read; what makes blocks is refused; a proposal is tried on a fork and leaves no trace
a fork of it        has its contracts and rounds; what is done there is not done on the live network
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from scripts._deployment.anvil import running_anvil
from scripts._deployment.network import CONFIGURATION, address_variable
from scripts._devnet.chain import DevChain
from scripts._devnet.keeper import Keeper
from scripts._devnet.roles import open_actors
from scripts._devnet.settling import settle
from scripts.migrate_state import cli as migrate_state
from scripts.proposals import cli
from scripts.upgrade import cli as upgrade
from tests.deployment.node import Deployer, LocalNode

pytestmark = [pytest.mark.deployment, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
APE = Path(sys.executable).parent / "ape"
CHAIN_ID = 42161
VARIABLE = "ARBITRUM_ONE_RPC_URL"


class Live:
    """The live network, and commands that are run against it or a fork of it."""

    def __init__(self, chain: DevChain, registry: Path) -> None:
        self.chain, self.registry = chain, registry

    def run(
        self, network: str, command: str, *arguments: str, account: str = ""
    ) -> subprocess.CompletedProcess:
        words = [APE, "run", command, *arguments, "--network", network, "--registry", str(self.registry)]
        words += ["--account", account] if account else []
        environment = os.environ | {VARIABLE: self.chain.url}
        return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    text = (ROOT / "deployments" / "parameters" / "devnet.yaml").read_text()
    parameters = folder / "live.yaml"
    parameters.write_text(text.replace("chain_id: 31337", f"chain_id: {CHAIN_ID}"))
    with running_anvil("--chain-id", str(CHAIN_ID)) as url:
        deployer = Deployer(LocalNode(url), folder / "registry.json", network=str(parameters))
        registry = deployer.run()
        first = DevChain(url, open_actors(), deployer.artifacts)
        first.use(registry)
        settle(first, Keeper(first), lambda words: None)
        state = first.request("anvil_dumpState")
    with running_anvil("--chain-id", str(CHAIN_ID)) as url:
        chain = DevChain(url, open_actors(), deployer.artifacts)
        chain.use(registry)
        chain.request("anvil_loadState", state)
        yield Live(chain, deployer.path)


@pytest.mark.parametrize("address", [None, ""])
def test_network__address_of_its_node_is_missing__is_refused_by_the_variable(address):
    done = CliRunner().invoke(cli, ["--network", "arbitrum:mainnet:node"], env={VARIABLE: address})
    assert done.exit_code == 2
    assert f"arbitrum:mainnet needs the address of a node, and {VARIABLE} is not set" in done.output


def test_network__no_node_answers__is_refused_by_its_address():
    done = CliRunner().invoke(cli, ["--network", "ethereum:local:http://127.0.0.1:1"])
    assert done.exit_code == 1
    assert "--network: no node answers at http://127.0.0.1:1" in done.output


@pytest.mark.parametrize(
    ("command", "words", "refusal"),
    [
        (upgrade, ["ServiceRegistry", "--account", "TEST::0", "--target", "0x123"], "--target': found 0x123"),
        (migrate_state, ["export", "--lip", "-3"], "--lip': -3 is not in the range x>=0"),
    ],
)
def test_options__value_that_no_contract_takes__is_refused_by_its_name(command, words, refusal):
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 2
    assert refusal in done.output


def test_networks__all_that_are_configured__take_their_address_from_the_environment():
    nodes = yaml.safe_load(CONFIGURATION.read_text())["node"]
    networks = [(ecosystem, network) for ecosystem, found in nodes.items() for network in found]
    assert {("arbitrum", "mainnet"), ("arbitrum", "sepolia"), ("ethereum", "sepolia")} <= set(networks)
    variables = [address_variable(*network) for network in networks]
    assert all(variables)
    assert len(set(variables)) == len(variables)
    assert address_variable("arbitrum", "mainnet-fork") == VARIABLE
    assert address_variable("ethereum", "local") is None


def test_live_network__making_blocks__is_refused(live):
    before = live.chain.node.block_number()
    arguments = ("initialize_round", "--pass", "1", "--broadcast")
    done = live.run("arbitrum:mainnet:node", *arguments, account="TEST::9")
    assert done.returncode == 1
    assert "--pass: connected to arbitrum:mainnet; must be a local chain or a fork" in done.stderr
    assert live.chain.node.block_number() == before


def test_live_network__proposal__is_tried_on_a_fork_and_leaves_no_trace(live, tmp_path):
    payee = live.chain.address("gateway 2")
    grant = tmp_path / "grant.yaml"
    grant.write_text(f'title: A grant\nactions:\n  - pay: {{asset: LPT, to: "{payee}", amount: "10"}}\n')
    before = live.chain.node.block_number()
    done = live.run("arbitrum:mainnet:node", "propose", str(grant), account="TEST::1")
    assert done.returncode == 0, done.stderr
    assert "+10 LPT" in done.stdout
    assert live.chain.node.block_number() == before
    assert live.chain.view("LivepeerToken", "balanceOf", payee) == 0


def test_fork__rounds_made_to_pass__pass_there_alone(live):
    before = live.chain.round()
    arguments = ("initialize_round", "--pass", "2", "--broadcast", "--json")
    done = live.run("arbitrum:mainnet-fork:foundry", *arguments, account="TEST::9")
    assert done.returncode == 0, done.stderr
    rounds = [json.loads(line)["round"] for line in done.stdout.splitlines()]
    assert rounds == [before + 1, before + 2]
    assert live.chain.round() == before
