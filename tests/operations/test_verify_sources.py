"""verify_sources: the compiler's input of what is deployed, compiled once more and compared with the chain.

same            code and the hash of the sources at its end; immutable values may be any
other code      a byte that is not an immutable value
other sources   the same code from other sources: a comment, a name
no code         nothing there
refused         sources that are not those of the build, an input that lacks one, names that are unknown, no explorer
"""

import dataclasses
import json
from types import SimpleNamespace

import pytest
from ape.exceptions import ApeException

from scripts._operations.errors import OperationError
from scripts._operations.publishing import publish_all
from scripts._operations.sources import Checked, check, recompile, standard_json
from tests.deployment.node import Deployer, local_node
from tests.deployment.stage import Stage
from tests.operations.commands import run

pytestmark = pytest.mark.deployment


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with local_node() as local:
        deployer = Deployer(local, tmp_path_factory.mktemp("sources") / "registry.json")
        yield Stage(local, deployer, deployer.run())


@pytest.fixture
def proxy(stage):
    """Entry, code on the chain and artifact of a contract with immutable values."""
    entry = stage.registry.contracts["ServiceRegistry"]
    return entry, stage.local.node.code(entry.address), stage.deployer.artifacts["ManagerProxy"]


def test_verify_sources__what_was_deployed__is_what_the_sources_compile_to(stage, tmp_path):
    names = ("ServiceRegistryTarget", "ServiceRegistry")
    only = [word for name in names for word in ("--only", name)]
    done = run(stage, "verify_sources", *only, "--output", str(tmp_path), "--json", person=None)
    assert done.code == 0, done.errors
    assert {one["name"]: one["verdict"] for one in done.json["contracts"]} == dict.fromkeys(names, "same")
    task = json.loads((tmp_path / "ManagerProxy.json").read_text())
    assert task["settings"]["viaIR"] is True
    assert all(source["content"] for source in task["sources"].values())
    described = json.loads((tmp_path / "contracts.json").read_text())["ServiceRegistry"]
    assert described["contract"] == "contracts/registry/ManagerProxy.sol:ManagerProxy"
    assert described["compiler"].startswith("v0.8.37+commit.")
    arguments = bytes.fromhex(described["constructor_arguments"])
    assert arguments[12:32] == bytes.fromhex(stage.address("Controller")[2:])
    # What was sent is the code and these arguments.
    sent = stage.local.request(
        "eth_getTransactionByHash", stage.registry.contracts["ServiceRegistry"].transaction
    )
    creation = stage.deployer.artifacts["ManagerProxy"].bytecode
    assert bytes.fromhex(sent["input"][2:]) == creation + arguments


def test_check__immutable_values__may_be_any(proxy):
    entry, code, artifact = proxy
    assert code != artifact.runtime_bytecode
    assert check("ServiceRegistry", entry, code, artifact).verdict == "same"


def test_check__one_byte_of_the_code__is_other_code(proxy):
    entry, code, artifact = proxy
    changed = bytes([code[0] ^ 1]) + code[1:]
    assert check("ServiceRegistry", entry, changed, artifact).verdict == "other code"
    assert check("ServiceRegistry", entry, code + b"\0", artifact).verdict == "other code"


def test_check__one_byte_of_the_trailer__is_other_sources(proxy):
    entry, code, artifact = proxy
    changed = code[:-20] + bytes([code[-20] ^ 1]) + code[-19:]
    assert check("ServiceRegistry", entry, changed, artifact).verdict == "other sources"


def test_check__nothing_there__is_no_code(proxy):
    entry, _, artifact = proxy
    assert check("ServiceRegistry", entry, b"", artifact).verdict == "no code"


def test_standard_json__source_changed_since_the_build__is_refused_by_its_path(stage):
    artifact = stage.deployer.artifacts["ServiceRegistry"]
    metadata = json.loads(artifact.metadata)
    path = "contracts/registry/ServiceRegistry.sol"
    metadata["sources"][path]["keccak256"] = "0x" + "00" * 32
    with pytest.raises(OperationError) as refused:
        standard_json(dataclasses.replace(artifact, metadata=json.dumps(metadata)))
    assert str(refused.value).startswith(f"{path}: is not what ServiceRegistry was built from")


def test_recompile__input_that_lacks_a_source__is_refused(stage):
    artifacts = stage.deployer.artifacts
    task = standard_json(artifacts["DummyL2LPTDataCache"])
    del task["sources"]["contracts/interfaces/IL2LPTDataCache.sol"]
    with pytest.raises(OperationError) as refused:
        recompile({"DummyL2LPTDataCache": task}, artifacts, lambda: None)
    assert "the input lacks contracts/interfaces/IL2LPTDataCache.sol" in str(refused.value)


def test_verify_sources__unknown_name__is_refused_with_those_that_are_known(stage):
    done = run(stage, "verify_sources", "--only", "Vault", person=None)
    assert done.code == 1
    assert "--only: found 'Vault', the registry file has: BondingManager, " in done.errors


def test_verify_sources__publish_without_an_explorer__is_refused(stage):
    done = run(stage, "verify_sources", "--publish", person=None)
    assert done.code == 1
    assert "--publish: Ape has no explorer for ethereum:local" in done.errors


def test_publish__one_that_fails__does_not_keep_the_others(stage):
    asked = []

    class Explorer:
        """Refuses the first."""

        def publish_contract(self, address):
            asked.append(address)
            if len(asked) == 1:
                raise ApeException("no such key")

    names = ("ServiceRegistry", "BondingVotes")
    found = [Checked(name, stage.address(name), "ManagerProxy", "same") for name in names]
    project = SimpleNamespace(get_contract=lambda name: SimpleNamespace(contract_type=None))
    outcomes = publish_all(Explorer(), found, project, remember=lambda address, contract_type: None)
    assert outcomes == {"ServiceRegistry": "not published: no such key", "BondingVotes": "published"}
    assert asked == [stage.address(name) for name in names]
