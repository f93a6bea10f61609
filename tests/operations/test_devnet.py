"""`ape run devnet` as a person starts it.

ready       people with stake, deposits and keys; other commands work against it; what is set is as its file says
rounds      pass by themselves, and are initialized with rewards
the end     on a signal: exit code 0, the node gone, the registry file gone, the state in the file that was asked for
a state     goes on where it ended, with its events; of another build, of other actors, or no state: refused with reason
refused     a port in use, parameters that a devnet cannot be made from, a choice that cannot be kept
"""

import gzip
import json
import signal
import socket

import pytest
import requests
from click.testing import CliRunner
from eth_account import Account

from scripts._deployment.parameters import load_parameters
from scripts._deployment.registry import Registry
from scripts._devnet.errors import ParametersUnfit, StateUnusable
from scripts._devnet.roles import ROLES, Actor
from scripts._devnet.saved_state import load_state
from scripts._devnet.settling import require_fit
from scripts.devnet import cli
from tests.operations.devnet import running_devnet, start_in_vain
from tools.artifacts import load_artifacts

pytestmark = [pytest.mark.deployment, pytest.mark.slow]

LPT = 10**18


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A devnet that has been used and stopped: what was seen of it, and the state that it left."""
    folder = tmp_path_factory.mktemp("devnet")
    state, registry = folder / "state.devnet", folder / "registry.json"
    seen = {"state": state, "registry": registry}
    with running_devnet("--no-rounds", "--save", str(state), registry=registry) as devnet:
        seen["ready"] = devnet.ready
        seen["keys"] = {
            name: Account.from_key(actor["private_key"]).address
            for name, actor in devnet.ready["actors"].items()
        }
        seen["document"] = json.loads(registry.read_text())
        seen["check"] = devnet.run("check_deployment", "--parameters", "devnet")
        grant = folder / "grant.yaml"
        payee = devnet.address("gateway 2")
        grant.write_text(f'title: A grant\nactions:\n  - pay: {{asset: LPT, to: "{payee}", amount: "10"}}\n')
        seen["proposed"] = devnet.run_json("propose", str(grant), "--broadcast", role="orchestrator 1")
        seen["proposals"] = devnet.run_json("proposals")
        seen["second"] = start_in_vain("--registry", str(registry))
        # As an upgrade leaves it.
        changed = Registry.load(registry)
        changed.commit = "0x" + "cd" * 20
        changed.save(registry)
        seen["block"] = devnet.request("eth_blockNumber")
        seen["exit_code"] = devnet.stop()
    return seen


def test_devnet__ready__has_people_with_their_keys(lived):
    assert lived["keys"] == {name: actor["address"] for name, actor in lived["ready"]["actors"].items()}
    assert set(lived["keys"]) == {role.name for role in ROLES}
    assert lived["ready"]["round"] >= 3


def test_devnet__ready__wrote_the_registry_that_commands_read(lived):
    entries = {name: entry["address"] for name, entry in lived["document"]["contracts"].items()}
    assert lived["ready"]["contracts"] == entries
    assert {"LivepeerGovernor", "Treasury", "Controller"} <= set(entries)


def test_devnet__ready__is_as_its_parameter_file_says(lived):
    assert lived["check"].returncode == 0, lived["check"].stdout


def test_devnet__stake_of_orchestrator__suffices_to_propose_at_once(lived):
    [proposal] = lived["proposals"]
    assert (proposal["id"], proposal["state"]) == (lived["proposed"]["proposal"], "pending")


def test_devnet__second_one_with_the_same_registry__is_refused(lived):
    assert lived["second"].returncode == 1
    assert f"--registry: found {lived['registry']}, which another devnet is using" in lived["second"].stderr


def test_devnet__stopped__is_gone_with_its_registry(lived):
    assert lived["exit_code"] == 0
    assert not lived["registry"].exists()
    with pytest.raises(requests.ConnectionError):
        requests.post(lived["ready"]["rpc_url"], timeout=5)


def test_devnet__loaded__goes_on_and_rounds_pass(lived, tmp_path):
    arguments = ("--load", str(lived["state"]), "--round-seconds", "1")
    with running_devnet(*arguments, registry=tmp_path / "registry.json") as devnet:
        assert devnet.ready["contracts"] == lived["ready"]["contracts"]
        assert int(devnet.request("eth_blockNumber"), 16) >= int(lived["block"], 16)
        rounds = []
        for line in devnet.process.stderr:
            if line.startswith("round "):
                rounds.append(int(line.split()[1]))
            if len(rounds) == 3:
                break
        assert rounds == [rounds[0], rounds[0] + 1, rounds[0] + 2]
        # Its events are there: the proposal of the first life is now up for a vote.
        [proposal] = devnet.run_json("proposals")
        assert proposal["id"] == lived["proposed"]["proposal"]
        assert proposal["state"] != "pending"
        assert devnet.stop(signal.SIGINT) == 0


def changed(lived, tmp_path, **changes):
    with gzip.open(lived["state"], "rt") as file:
        document = json.load(file)
    path = tmp_path / "changed.devnet"
    with gzip.open(path, "wt") as file:
        json.dump(document | changes, file)
    return path


def actors_of(lived) -> dict[str, Actor]:
    roles = {role.name: role for role in ROLES}
    return {name: Actor(roles[name], **actor) for name, actor in lived["ready"]["actors"].items()}


def test_state__as_it_was_saved__can_be_loaded(lived):
    saved = load_state(lived["state"], actors_of(lived), load_artifacts())
    assert saved.registry.contracts["Controller"].address == lived["ready"]["contracts"]["Controller"]
    assert saved.registry.commit == "0x" + "cd" * 20


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"build": "00"}, "it is of another build of the contracts (commit 0x"),
        ({"format": 2}, "its format is 2, this version reads 1"),
        ({"kind": "something"}, "it is not what `ape run devnet --save` writes"),
        ({"actors": {"keeper": "0x0"}}, "its actors have other addresses"),
    ],
)
def test_state__of_another_project__is_refused_with_the_reason(lived, tmp_path, changes, reason):
    with pytest.raises(StateUnusable) as refused:
        load_state(changed(lived, tmp_path, **changes), actors_of(lived), load_artifacts())
    assert reason in str(refused.value)


@pytest.mark.parametrize("content", [None, b"", b"text", gzip.compress(b"[1]")])
def test_state__no_state__is_refused_with_the_reason(tmp_path, content):
    path = tmp_path / "some.devnet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StateUnusable) as refused:
        load_state(path, {}, {})
    assert f"{path} cannot be loaded: " in str(refused.value)


def test_devnet__parameters_without_supply__are_refused_by_name():
    with pytest.raises(ParametersUnfit) as refused:
        require_fit(load_parameters("arbitrum-like"))
    assert "token.deployer_supply_lpt: found 0, must be at least 153000 on a devnet" in str(refused.value)


@pytest.mark.parametrize("name", ["devnet", "devnet-staged", "local"])
def test_devnet__parameter_files_that_are_made_for_it__are_fit(name):
    require_fit(load_parameters(name))


def test_devnet__folder_of_the_state_is_missing__is_refused_before_it_starts(tmp_path):
    done = CliRunner().invoke(cli, ["--save", str(tmp_path / "missing" / "x")])
    assert done.exit_code == 1
    assert f"--save: there is no folder {tmp_path / 'missing'}" in done.output


def test_devnet__parameters_for_a_loaded_state__are_wrong_options():
    done = CliRunner().invoke(cli, ["--load", "x", "--parameters", "local"])
    assert done.exit_code == 2
    assert "--parameters: must not be given with --load" in done.output


def test_devnet__port_in_use__is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = start_in_vain("--port", str(port))
    assert done.returncode == 1
    assert f"--port: found {port}, which is in use; must be a free one" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
