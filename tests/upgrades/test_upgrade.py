"""Upgrades of a deployment with live state, from the first look to the way back.

Minter             all that it has and may passes to the new one
BondingManager     staged with a delay, executed, back to the code of before; everybody's stake stays
interrupted        killed at points all over sending: the next run deploys and stages once
owners             the account itself, without and with the Governor; a Safe; the treasury
contract_diff      equal, other metadata, other code, none
the command        dry run, broadcast, execute, with JSON and exit codes
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scripts._deployment.errors import NothingThere, StepFailed, WrongChain
from scripts._deployment.reader import Reader
from scripts._governance.actions import encode_actions
from scripts._governance.proposal_file import load_proposal
from scripts._upgrade.difference import compare_contracts
from scripts._upgrade.findings import NotStaged, UnderWay, UpgradeError, UpgradeRefused
from scripts._upgrade.record import load_record
from scripts._upgrade.standing import read_owner
from tests.deployment.kill_points import Fuse, FusedNode, lay_fuse
from tests.upgrades.stage import NEW_COMMIT, Upgrading, upgrading
from tests.upgrades.variants import REGISTRY, Variant, compile_variants

pytestmark = [pytest.mark.deployment, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
APE = Path(sys.executable).parent / "ape"
BONDING, LEDGER = (f"contracts/bonding/{name}.sol" for name in ("BondingManager", "BondingLedger"))
MINTER = "contracts/token/Minter.sol"
LAST_FIELD = "mapping(address orchestrator => address rewardCaller) rewardCallers;"
POINTS_APART = 3
# The second account of Anvil's published mnemonic.
OTHER_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"
# Answers 2 to every question.
SAFE_CODE = bytes.fromhex("600260005260206000f3")


def with_function(path: str, base: str, text: str) -> tuple[str, str, str]:
    constructor = f"    constructor(address _controller) {base}(_controller) {{}}"
    return path, constructor, f"{constructor}\n\n    {text}\n"


VARIANTS = {
    "bonding": Variant(
        "BondingManager",
        BONDING,
        (
            (LEDGER, LAST_FIELD, f"{LAST_FIELD}\n        uint256 visits;"),
            with_function(
                BONDING,
                "BondingViews",
                "function visit() external returns (uint256) { return ++_storage().visits; }",
            ),
        ),
        has_own_layout=True,
    ),
    "minter": Variant(
        "Minter",
        MINTER,
        (
            (
                MINTER,
                "    // --- parameters ---",
                "    function version() external pure returns (uint256) { return 2; }",
            ),
        ),
    ),
    "registry": Variant(
        "ServiceRegistry",
        REGISTRY,
        (
            with_function(
                REGISTRY,
                "ManagerProxyTarget",
                "function version() external pure returns (uint256) { return 2; }",
            ),
        ),
    ),
}


@pytest.fixture(scope="module")
def builds():
    return compile_variants(VARIANTS, NEW_COMMIT)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with upgrading(tmp_path_factory.mktemp("upgrading")) as stage:
        yield stage


@pytest.fixture
def stage(deployed):
    mark, folder = deployed.local.request("evm_snapshot"), deployed.deployer.path.parent
    before = deployed.deployer.path.read_bytes()
    yield deployed
    deployed.local.request("evm_revert", mark)
    deployed.deployer.path.write_bytes(before)
    for file in folder.glob("registry.upgrade-*"):
        file.unlink()


@pytest.fixture(scope="module")
def proposed(deployed, builds):
    """A sound upgrade of the ServiceRegistry, judged once: who decides is found out anew by each test."""
    return deployed.upgrade("ServiceRegistry").judge(builds["registry"])


def implementation(stage: Upgrading, name: str) -> str:
    reader = Reader(stage.local.node, stage.registry, stage.deployer.artifacts)
    return reader.view_at(stage.address(name), "ManagerProxy", "implementation")


def stakes(stage: Upgrading) -> list:
    reader = Reader(stage.local.node, stage.registry, stage.deployer.artifacts)
    people = (stage.orchestrator, stage.delegator)
    locks = reader.view("BondingManager", "getDelegatorUnbondingLock", stage.delegator, 0)
    return [*(reader.view("BondingManager", "getDelegator", one) for one in people), locks]


def as_owner_of_the_controller(stage: Upgrading, name: str, signature: str, *arguments) -> None:
    stage.send(name, signature, *arguments, sender=stage.address("Governor"))


def test_upgrade__minter__takes_over_tokens_ether_and_the_right_to_mint(stage, builds):
    stage.local.request("anvil_setBalance", stage.address("Minter"), hex(3 * 10**18))
    former = stage.address("Minter")
    view = Reader(stage.local.node, stage.registry, stage.deployer.artifacts).view
    held = view("LivepeerToken", "balanceOf", former)
    with pytest.raises(UpgradeRefused, match=r"rewards open: .* of this round are not minted"):
        stage.upgrade("Minter").judge(builds["minter"])
    stage.send("BondingManager", "reward()", sender=stage.orchestrator)

    upgrade = stage.upgrade("Minter", accepted=("rewards open",))
    proposed = upgrade.judge(builds["minter"])
    assert proposed.rehearsal.after[-1].outcome == "ok"
    record = upgrade.send(proposed)
    upgrade.execute(upgrade.ready())
    assert view("LivepeerToken", "balanceOf", former) == 0
    assert view("LivepeerToken", "balanceOf", record.target) > held > 0
    assert stage.local.node.balance(record.target) == 3 * 10**18
    assert upgrade.check(builds["minter"]) == []
    stage.begin_round()
    stage.send("BondingManager", "reward()", sender=stage.orchestrator)


def rejudged(stage: Upgrading, proposed):
    """The judgement with the owner of now, without another rehearsal."""
    reader = Reader(stage.local.node, stage.registry, stage.deployer.artifacts)
    return replace(proposed, standing=replace(proposed.standing, owner=read_owner(reader)))


def test_upgrade__bonding_manager_with_live_state__there_and_back(stage, builds):
    before, former = stakes(stage), implementation(stage, "BondingManager")
    upgrade = stage.upgrade("BondingManager", delay_blocks=5)
    proposed = upgrade.judge(builds["bonding"])
    shown = [str(finding) for finding in proposed.findings]
    assert [words.split(":", 1)[0] for words in shown] == ["layout", "function added"]
    assert "layout: appended: livepeer.storage.BondingManager.visits: uint256 at slot 11" in shown[0]
    record = upgrade.send(proposed)
    assert (record.status, implementation(stage, "BondingManager")) == ("staged", former)

    with pytest.raises(NotStaged, match=r"UpdateDelayNotExpired\(.*executableFromBlock="):
        upgrade.require_executable(record)
    with pytest.raises(StepFailed, match="UpdateDelayNotExpired"):
        stage.upgrade("BondingManager").execute(upgrade.ready())
    stage.local.request("anvil_mine", "0x5")
    later = stage.upgrade("BondingManager")
    later.rehearse_execution(later.ready(), later.candidate_of(record))
    later.execute(later.ready())
    assert implementation(stage, "BondingManager") == record.target
    assert stakes(stage) == before
    assert later.check(builds["bonding"]) == []
    stage.send("BondingManager", "visit()")

    with pytest.raises(UpgradeRefused, match=r"function removed: visit\(\)") as refused:
        stage.upgrade("BondingManager", target=former).judge()
    assert len(refused.value.findings) == 1
    back = stage.upgrade("BondingManager", target=former, accepted=("function removed",))
    proposed = back.judge()
    assert proposed.commit == stage.registry.commit
    assert "visits: uint256 at slot 11, byte 0; added since, and left alone" in str(proposed.findings)
    back.execute(back.send(proposed))
    assert implementation(stage, "BondingManager") == former
    assert stakes(stage) == before
    assert back.check(proposed.candidate) == []


def test_upgrade__killed_at_points_of_sending__deploys_and_stages_once(stage, proposed):
    nonce = stage.local.node.nonce(stage.owner)
    total = _killed_at(stage, proposed, None)
    assert total > 30
    for point in range(1, total + 1, POINTS_APART):
        mark = stage.local.request("evm_snapshot")
        assert _killed_at(stage, proposed, point) == -signal.SIGKILL
        upgrade = stage.upgrade("ServiceRegistry")
        record = upgrade.send(proposed)
        assert stage.local.node.nonce(stage.owner) == nonce + 2, f"killed at {point}"
        assert upgrade.ready() == load_record(upgrade.files.record) == record
        stage.local.request("evm_revert", mark)
        for file in stage.deployer.path.parent.glob("registry.upgrade-*"):
            file.unlink()


def _killed_at(stage: Upgrading, proposed, point: int | None) -> int:
    """Sends in a process of its own that dies at that point: its end, or the number of points without one."""
    mark = stage.local.request("evm_snapshot")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        fuse = Fuse(point)
        lay_fuse(fuse)
        stage.local.connect()
        stage.local.node = FusedNode(stage.local.web3, fuse)
        stage.upgrade("ServiceRegistry").send(proposed)
        os.write(writer, str(fuse.passed).encode())
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return -os.WTERMSIG(status)
    stage.local.request("evm_revert", mark)
    for file in stage.deployer.path.parent.glob("registry.upgrade-*"):
        file.unlink()
    return int(os.read(reader, 32))


def test_upgrade__another_one_is_under_way__is_refused(stage, proposed):
    stage.upgrade("ServiceRegistry").send(proposed)
    other = replace(proposed, commit="0x" + "ef" * 20)
    with pytest.raises(UnderWay, match="is staged; finish it with --execute"):
        stage.upgrade("ServiceRegistry", commit=other.commit).send(other)


def test_upgrade__registry_of_another_chain__is_refused(stage):
    path = stage.deployer.path
    path.write_text(path.read_text().replace('"chain_id": 31337', '"chain_id": 42161'))
    with pytest.raises(WrongChain, match="connected to chain 31337"):
        stage.upgrade("ServiceRegistry")
    path.write_text(path.read_text().replace('"chain_id": 42161', '"chain_id": 31337'))
    stage.replace_code("Controller", b"")
    with pytest.raises(NothingThere, match="Controller: found no code at"):
        stage.upgrade("ServiceRegistry")


def test_upgrade__nothing_staged__says_so(stage):
    with pytest.raises(NotStaged, match="nothing of ServiceRegistry is deployed or staged"):
        stage.upgrade("ServiceRegistry").ready()


def test_upgrade__another_account_decides__it_stages_what_was_deployed(stage, proposed):
    record = stage.upgrade("ServiceRegistry", key=OTHER_KEY).send(proposed)
    assert record.status == "deployed"
    mine = stage.upgrade("ServiceRegistry", target=record.target)
    mine.files.put_away(stage.local.node.block_number())
    staged = mine.send(replace(proposed, target=record.target))
    assert (staged.status, staged.target) == ("staged", record.target)
    mine.execute(mine.ready())
    assert implementation(stage, "ServiceRegistry") == record.target


def test_upgrade__account_owns_the_controller__registers_without_the_governor(stage, proposed):
    as_owner_of_the_controller(stage, "Controller", "transferOwnership(address)", stage.owner)
    upgrade = stage.upgrade("ServiceRegistry")
    record = upgrade.send(rejudged(stage, proposed))
    assert (record.status, record.update) == ("deployed", None)
    upgrade.execute(upgrade.ready())
    assert implementation(stage, "ServiceRegistry") == record.target


def test_upgrade__safe_owns_the_governor__gets_a_file_whose_transaction_stages(stage, proposed):
    safe = stage.local.web3.to_checksum_address("0x" + "5a" * 20)
    stage.local.request("anvil_setCode", safe, "0x" + SAFE_CODE.hex())
    as_owner_of_the_controller(stage, "Governor", "transferOwnership(address)", safe)
    upgrade = stage.upgrade("ServiceRegistry")
    judged = rejudged(stage, proposed)
    assert str(judged.standing.owner) == f"the Safe {safe}, through the Governor"
    record = upgrade.send(judged)
    with pytest.raises(NotStaged, match=r"its owner stages it first, with .*safe\.json"):
        upgrade.ready()
    document = json.loads(upgrade.files.safe.read_text())
    (transaction,) = document["transactions"]
    assert (document["chainId"], transaction["to"]) == ("31337", stage.address("Governor"))
    stage.send_data("Governor", bytes.fromhex(transaction["data"][2:]), sender=safe)
    upgrade.execute(upgrade.ready())
    assert implementation(stage, "ServiceRegistry") == record.target


def test_upgrade__treasury_owns_the_governor__gets_a_proposal_that_upgrades(stage, proposed):
    as_owner_of_the_controller(stage, "Governor", "transferOwnership(address)", stage.address("Treasury"))
    upgrade = stage.upgrade("ServiceRegistry")
    record = upgrade.send(rejudged(stage, proposed))
    reader = Reader(stage.local.node, stage.registry, stage.deployer.artifacts)
    calls = encode_actions(load_proposal(upgrade.files.proposal), reader, 1)
    for call in calls:
        stage.send_data("Governor", call.data, sender=stage.address("Treasury"))
    assert upgrade.is_registered(record)
    assert upgrade.execute(upgrade.ready()).status == "executed"
    assert upgrade.check(proposed.candidate) == [
        f"Governor.owner: found {stage.address('Treasury')}, planned {stage.owner}"
    ]


def compared(stage: Upgrading, *names: str) -> dict:
    reader = Reader(stage.local.node, stage.registry, stage.deployer.artifacts)
    return {one.name: one for one in compare_contracts(reader, stage.deployer.path, list(names))}


def test_contract_diff__what_was_deployed__is_equal(stage):
    assert {one.verdict for one in compared(stage).values()} == {"equal"}


def test_contract_diff__other_code__names_functions_and_changed_lines(stage, proposed):
    upgrade = stage.upgrade("ServiceRegistry")
    record = upgrade.execute(upgrade.send(proposed))
    found = compared(stage, "ServiceRegistryTarget", "TicketBroker")
    other = found["ServiceRegistryTarget"]
    assert (other.address, other.verdict) == (record.target, "differs")
    assert "function removed: version()" in other.notes
    assert "-    function version() external" in other.sources[REGISTRY]
    assert found["TicketBroker"].verdict == "equal"


def test_contract_diff__code_of_an_unknown_source__is_compared_as_far_as_it_goes(stage):
    code = bytearray(stage.local.node.code(stage.address("Minter")))
    code[-10] ^= 1
    stage.replace_code("Minter", bytes(code))
    assert compared(stage, "Minter")["Minter"].verdict == "same but for metadata"
    code[100] ^= 1
    stage.replace_code("Minter", bytes(code))
    assert compared(stage, "Minter")["Minter"].verdict == "differs"
    assert f"Git here has no commit {stage.registry.commit}" in str(compared(stage, "Minter")["Minter"].notes)
    stage.replace_code("Minter", b"")
    assert compared(stage, "Minter")["Minter"].verdict == "unknown"


def test_contract_diff__name_that_the_deployment_does_not_have__names_those_it_has(stage):
    with pytest.raises(UpgradeError, match="found 'Nothing', this deployment has: BondingManager, "):
        compared(stage, "Nothing")


def run(stage: Upgrading, *arguments: str) -> subprocess.CompletedProcess:
    words = [APE, "run", "upgrade", "ServiceRegistry", *arguments, "--registry", str(stage.deployer.path)]
    words += ["--parameters", str(stage.deployer.path.with_name("parameters.yaml")), "--account", "TEST::0"]
    words += ["--network", f"ethereum:local:{stage.local.url}", "--accounts", "5"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=240)


def test_command__from_other_code_to_that_of_this_checkout__dry_then_sent_then_executed(stage, proposed):
    first = stage.upgrade("ServiceRegistry")
    other = first.execute(first.send(proposed))
    refused = run(stage, "--json")
    assert refused.returncode == 1
    answer = json.loads(refused.stdout)
    assert answer["error"] == "UpgradeRefused"
    assert [one["kind"] for one in answer["findings"]] == ["function removed"]

    accepted = ("--accept", "function removed")
    dry = run(stage, *accepted)
    assert dry.returncode == 0, dry.stderr
    assert "Nothing was sent: add --broadcast" in dry.stdout
    assert implementation(stage, "ServiceRegistry") == other.target
    assert not first.files.record.exists()

    sent = run(stage, *accepted, "--broadcast", "--json")
    assert sent.returncode == 0, sent.stderr
    record = json.loads(sent.stdout)
    assert record["status"] == "staged"
    done = run(stage, "--execute", "--broadcast", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["differs"] == []
    assert implementation(stage, "ServiceRegistry") == record["target"]
