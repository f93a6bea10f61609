"""`ape run deploy` as a person runs it, in a process of its own on a local chain.

both parameter sets deploy and read back as planned; a dry run sends nothing; a second run on a chain that has the
deployment, another chain, and a broken file are refused with exit code 1 and no trace
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.deployment

ROOT = Path(__file__).resolve().parents[2]
APE = Path(sys.executable).parent / "ape"


def deploy(*arguments: str) -> subprocess.CompletedProcess:
    command = [
        APE,
        "run",
        "deploy",
        "--network",
        "ethereum:local:foundry",
        "--account",
        "TEST::0",
        *arguments,
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("network", ["local", "arbitrum-like"])
def test_deploy__parameter_set__is_deployed_wired_and_checked(tmp_path, network):
    registry = tmp_path / "registry.json"
    done = deploy("--parameters", network, "--registry", str(registry), "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    result = json.loads(done.stdout)
    document = json.loads(registry.read_text())
    assert result["sent"] and result["deployment"] == document
    assert document["complete"] and document["chain_id"] == 31337
    assert result["facts_checked"] > 60
    assert {"Controller", "BondingManager", "BondingManagerTarget", "Treasury"} <= set(document["contracts"])
    assert ("LivepeerTokenFaucet" in document["contracts"]) == (network == "local")


def test_deploy__dry_run__shows_the_plan_and_sends_nothing(tmp_path):
    registry = tmp_path / "registry.json"
    done = deploy("--dry-run", "--registry", str(registry))
    assert done.returncode == 0
    assert "Nothing was sent" in done.stdout
    assert not registry.exists()


def test_deploy__chain_of_another_id__is_refused_before_anything_is_sent(tmp_path):
    text = (ROOT / "deployments" / "parameters" / "local.yaml").read_text()
    parameters = tmp_path / "other.yaml"
    parameters.write_text(text.replace("chain_id: 31337", "chain_id: 42161"))
    registry = tmp_path / "registry.json"
    done = deploy("--parameters", str(parameters), "--registry", str(registry))
    assert done.returncode == 1
    assert "chain_id: connected to chain 31337, the parameter file is for chain 42161" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not registry.exists()


def test_deploy__broken_file__is_refused_by_name(tmp_path):
    parameters = tmp_path / "broken.yaml"
    shutil.copy(ROOT / "deployments" / "parameters" / "local.yaml", parameters)
    parameters.write_text(parameters.read_text().replace("pool_max_size: 10", "pool_max_size: none"))
    done = deploy("--parameters", str(parameters))
    assert done.returncode == 1
    assert "bonding_manager.pool_max_size: found 'none'" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
