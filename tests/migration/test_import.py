"""An import on a node: what it refuses, what interrupts it, and what `verify` finds.

given a run that is killed anywhere          the next one goes on: every transaction once, and the state is there
given a rehearsal                            nothing is left on the chain
given a destination that runs, is in use, counts later rounds, has other code, owner or token   it is refused by name
given a source that runs again, or whose Minter has paid out since                          likewise
given an export's block that is gone, or a file of a running system                         likewise
given that it is finished                    it is refused to import again
given a Minter without its money, an account or a parameter changed over there              `verify` names it
"""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from eth_utils import keccak

from scripts._deployment.execution import journal_path
from scripts._deployment.facts import differing
from scripts._deployment.rehearsal import rehearse
from scripts._deployment.signing import LocalSigner
from scripts._migration.batches import GAS_PER_BATCH
from scripts._migration.errors import AlreadyMigrated, DestinationRefused, SourceNotPaused, StateDiffers
from scripts._migration.ledger import NodeLedger
from scripts._migration.plan import estimated_gas
from scripts._migration.state_file import root_of
from scripts._migration.verify import collect_state_facts
from tests.deployment.kill_points import count_points, run_killed
from tests.deployment.node import DEPLOYER_KEY, local_node
from tests.migration.crowd import Crowd, Mover, deploy, export_of, source_parameters
from tests.migration.stage import destination_parameters
from tools.artifacts import load_artifacts

pytestmark = [pytest.mark.deployment, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
APE = Path(sys.executable).parent / "ape"
CROWD = (5, 40)
BATCH_GAS = 1_000_000
KILLS = 2
OTHER_KEY = "0x" + "11" * 32


class Stage:
    """A filled source, its state, and a fresh destination."""

    def __init__(self, local, folder) -> None:
        self.local, self.artifacts = local, load_artifacts()
        self.source = deploy(local, folder / "source.json", source_parameters())
        Crowd(local, self.source, self.artifacts, CROWD).fill()
        contracts = self.source.contracts
        shared = contracts["LivepeerToken"].address, contracts["L2LPTDataCache"].address
        self.path = folder / "destination.json"
        self.destination = deploy(local, self.path, destination_parameters(*shared))
        self.state = export_of(local, self.source, self.artifacts)

    def mover(self, state=None, key: str = DEPLOYER_KEY, **options) -> Mover:
        state, signer = state or self.state, LocalSigner(key)
        return Mover(self.local, state, self.path, self.artifacts, signer, batch_gas=BATCH_GAS, **options)

    def send(self, registry, name: str, function: str, *arguments, sender: str | None = None) -> None:
        """A transaction that has to succeed, from the owner or anybody."""
        sender = sender or self.source.deployer
        entry = registry.contracts[name]
        codec = self.local.web3.eth.contract(abi=self.artifacts[entry.abi_name].abi)
        self.local.request("anvil_impersonateAccount", sender)
        self.local.request("anvil_setBalance", sender, hex(10**22))
        data = codec.encode_abi(function, args=list(arguments))
        transaction = {"from": sender, "to": entry.address, "data": data, "gas": hex(8_000_000)}
        receipt = self.local.request("eth_sendTransactionSync", transaction)
        assert receipt["status"] == "0x1", f"{name}.{function} failed"

    def ape(self, command: str, *arguments, status: int = 0) -> dict:
        """`ape run migrate_state` with --json; what it says."""
        words = [APE, "run", "migrate_state", command, *map(str, arguments), "--json"]
        words += ["--network", f"ethereum:local:{self.local.url}"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    with local_node() as local:
        yield Stage(local, tmp_path_factory.mktemp("migration"))


@pytest.fixture
def stage(staged):
    mark = staged.local.request("evm_snapshot")
    yield staged
    staged.local.request("evm_revert", mark)
    forget(staged)


def forget(stage: Stage) -> None:
    """As if no import had been tried."""
    for file in stage.path.parent.glob("destination.import*"):
        file.unlink()


def faults_of(mover: Mover) -> list[str]:
    with pytest.raises(DestinationRefused) as refusal:
        mover.run()
    return refusal.value.faults


def test_import__killed_anywhere__goes_on_and_ends_alike(stage):
    request, mover = stage.local.request, stage.mover()
    mark = request("evm_snapshot")
    total = count_points(mover)
    request("evm_revert", mark)
    forget(stage)
    generator = random.Random(5)
    for _ in range(KILLS):
        mark, first_nonce = request("evm_snapshot"), stage.local.node.nonce(mover.signer.address)
        points = [generator.randint(1, total), generator.randint(1, total)]
        if not any(run_killed(mover, point) for point in points):
            mover.run()
        facts = mover.prepared.verify(stage.local.web3)
        assert len(facts) > 400
        sent = stage.local.node.nonce(mover.signer.address) - first_nonce
        assert sent == mover.prepared.plan.transactions, f"killed at {points}"
        request("evm_revert", mark)
        forget(stage)


def test_rehearsal__of_an_import__leaves_nothing(stage):
    mover = stage.mover()
    before = stage.local.node.block_number()
    steps = rehearse(
        mover.prepared.plan,
        stage.artifacts,
        stage.local.node,
        lambda method, parameters: stage.local.request(method, *parameters),
        mover.signer.address,
    )
    batches = [one.gas_used for one in steps if ".import" in one.step.title]
    assert len(batches) > 10 and max(batches) <= BATCH_GAS
    estimated = estimated_gas(stage.state) + len(batches) * GAS_PER_BATCH
    assert 0.7 * estimated < sum(batches) <= estimated
    assert stage.local.node.block_number() == before
    assert not journal_path(mover.path).exists()


def test_import__finished__is_not_done_again(stage):
    mover = stage.mover()
    mover.run()
    with pytest.raises(AlreadyMigrated):
        stage.mover().run()
    # Without the record of it the contracts themselves tell.
    forget(stage)
    assert any("currentRoundTotalActiveStake" in fault for fault in faults_of(stage.mover()))


def test_import__registry_without_a_contract__is_refused(stage):
    registry = json.loads(stage.path.read_text())
    del registry["contracts"]["BondingVotes"]
    other = stage.path.with_name("short.json")
    other.write_text(json.dumps(registry))
    signer = LocalSigner(DEPLOYER_KEY)
    with pytest.raises(DestinationRefused, match="BondingVotes: the registry file has no such contract"):
        Mover(stage.local, stage.state, other, stage.artifacts, signer, batch_gas=BATCH_GAS)


def test_import__destination_runs__is_refused(stage):
    stage.send(stage.destination, "Controller", "unpause")
    assert faults_of(stage.mover()) == [
        "Controller.paused: the destination runs; it must be paused until the import is verified"
    ]


def test_import__destination_counts_later_rounds__is_refused(stage):
    stage.send(stage.destination, "RoundsManager", "setRoundLength", 1)
    (fault,) = faults_of(stage.mover())
    assert fault.startswith("RoundsManager.currentRound: found ") and "no quorum until then" in fault


def test_import__other_code_behind_a_proxy__is_refused(stage):
    target = stage.source.contracts["TicketBrokerTarget"].address
    broker = keccak(text="TicketBrokerTarget")
    stage.send(stage.destination, "Controller", "setContractInfo", broker, target, bytes(20))
    (fault,) = faults_of(stage.mover())
    assert fault.startswith(f"TicketBrokerTarget: found {target}, must be ")


def test_import__sender_is_not_the_owner__is_refused(stage):
    faults = faults_of(stage.mover(key=OTHER_KEY))
    assert [fault.split(":")[0] for fault in faults] == [
        "Controller.owner",
        "source Controller.owner",
        "LivepeerToken",
    ]


def test_import__source_has_changed_since__is_refused(stage):
    stage.send(stage.source, "Controller", "unpause")
    (fault,) = faults_of(stage.mover())
    assert fault.startswith("source: it runs again since the export")
    stage.local.request("anvil_setBalance", stage.source.contracts["Minter"].address, hex(7))
    assert any("source Minter: holds 7 wei" in fault for fault in faults_of(stage.mover()))


def test_import__file_of_another_chain_or_block__is_refused(stage):
    def with_origin(**fields):
        return stage.state.model_copy(update={"origin": stage.state.origin.model_copy(update=fields)})

    (fault,) = faults_of(stage.mover(with_origin(chain_id=5)))
    assert fault == "chain_id: connected to chain 31337, the state is of chain 5"
    (fault,) = faults_of(stage.mover(with_origin(block_hash="0x" + "00" * 32)))
    assert "the chain was reorganised: export again" in fault
    (fault,) = faults_of(stage.mover(with_origin(paused=False)))
    assert fault.startswith("origin.paused: the file is of a running system")
    token = stage.state.origin.contracts | {"LivepeerToken": stage.source.contracts["Minter"].address}
    faults = faults_of(stage.mover(with_origin(contracts=token)))
    assert any(fault.startswith("LivepeerToken: found") for fault in faults)


def test_export__source_runs__is_refused(stage):
    stage.send(stage.source, "Controller", "unpause")
    with pytest.raises(SourceNotPaused):
        export_of(stage.local, stage.source, stage.artifacts)


def test_verify__something_differs_over_there__is_named(stage):
    mover = stage.mover()
    registry = mover.run()
    minter = registry.contracts["NewMinter"].address
    thief = stage.source.contracts["Treasury"].address
    stage.send(stage.source, "LivepeerToken", "transfer", thief, 5, sender=minter)
    stage.send(stage.destination, "BondingManager", "setUnbondingPeriod", 9)
    stage.send(
        stage.destination, "ServiceRegistry", "setServiceURI", "ours", sender=stage.state.bonding.pool[0]
    )
    controller = stage.destination.contracts["Controller"].address
    facts = collect_state_facts(
        stage.state, NodeLedger(stage.local.web3), stage.artifacts, controller, with_funds=True
    )
    assert [fault.name for fault in differing(facts)] == [
        "BondingManager.unbondingPeriod()",
        f"ServiceRegistry.getServiceURI({stage.state.bonding.pool[0]})",
        "LPT in the Minter",
        "ETH in the Minter, wei",  # whoever acts here is given some to pay with
    ]
    with pytest.raises(StateDiffers, match="LPT in the Minter: found"):
        mover.prepared.verify(stage.local.web3)


def test_verify__totals_of_the_accounts__are_compared(stage):
    mover = stage.mover()
    mover.run()
    # One account left out, whose part of the totals is not.
    left_out = stage.state.bonding.pool[0]
    others = [account for account in stage.state.accounts if account.address != left_out]
    short = stage.state.model_copy(update={"accounts": others})
    controller = stage.destination.contracts["Controller"].address
    facts = collect_state_facts(
        short, NodeLedger(stage.local.web3), stage.artifacts, controller, with_funds=True
    )
    names = [fault.name for fault in differing(facts)]
    assert "total of all accounts, bonded" in names
    assert all(name.startswith("total of all accounts") for name in names)


def test_import__without_the_money__leaves_it_where_it_is(stage):
    held = stage.state.issuance.held_wei
    mover = stage.mover(with_funds=False)
    registry = mover.run()
    assert mover.prepared.verify(stage.local.web3)
    balances = [stage.local.node.balance(registry.contracts["NewMinter"].address)]
    balances.append(stage.local.node.balance(stage.state.origin.contracts["Minter"]))
    assert balances == [0, held]
    moving = "SourceMinter.migrateToNewMinter (LPT and ETH)"
    assert moving in mover.prepared.remaining and stage.mover().prepared.remaining == []


def test_commands__as_people_run_them__move_a_deployment(stage, tmp_path):
    file, controller = tmp_path / "state.json", stage.source.contracts["Controller"].address
    exported = stage.ape("export", "--controller", controller, "--output", file)
    assert exported["root"] == root_of(stage.state)
    where = (file, "--registry", stage.path)
    rehearsed = stage.ape("import", *where, "--account", "TEST::0")
    assert rehearsed["sent"] is False and rehearsed["largest_gas"] < rehearsed["gas_used"]
    sent = stage.ape("import", *where, "--root", exported["root"], "--account", "TEST::0", "--broadcast")
    assert sent["sent"] is True
    verified = stage.ape("verify", *where)
    assert verified == {"values_checked": sent["values_checked"], "differences": []}
