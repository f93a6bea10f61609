"""A live deployment moves to a new Controller, and back.

there and back     entries first, then one update moves everything; people go on under the new one
left behind        a contract without an id, one that obeys somebody else: named before anything is sent
owners             the account itself, without the Governor, interrupted half-way; the treasury
least gas          no contract is left without entries
meanwhile          the former one is paused, or gets another entry, between staging and executing
"""

from dataclasses import replace

import pytest

from scripts._deployment.plan import contract_id
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Entry, Registry
from scripts._governance.actions import encode_actions, encode_call
from scripts._governance.proposal_file import load_proposal
from scripts._governance.survival import find_losses
from scripts._upgrade.findings import UpgradeRefused
from scripts._upgrade.standing import read_standing
from tests.upgrades.stage import LPT, NEW_COMMIT, Upgrading, upgrading
from tests.upgrades.variants import Variant, compile_variants

pytestmark = [pytest.mark.deployment, pytest.mark.slow]

CONTROLLER = "contracts/registry/Controller.sol"
VERSION = "    function version() external pure returns (uint256) { return 2; }"
VARIANT = Variant(
    "Controller",
    CONTROLLER,
    ((CONTROLLER, "    // --- subscribers ---", VERSION),),
    has_own_layout=True,
)
# Nobody here knows what it stands for.
SOMETHING = "0x" + "77" * 32
OWNER_SLOT = "0x0"


@pytest.fixture(scope="module")
def build():
    return compile_variants({"controller": VARIANT}, NEW_COMMIT)["controller"]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with upgrading(tmp_path_factory.mktemp("moving")) as stage:
        owned_by(stage, "Controller", "setContractInfo(bytes32,address,bytes20)", *unnamed(stage))
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
def proposed(deployed, build):
    """Judged once; tests that change what stands on the chain read that anew."""
    return deployed.upgrade("Controller", delay_blocks=5).judge(build)


def unnamed(stage: Upgrading) -> tuple:
    return bytes.fromhex(SOMETHING[2:]), stage.address("PollCreator"), bytes(20)


def owned_by(stage: Upgrading, name: str, signature: str, *arguments) -> None:
    """A call of the Controller's owner."""
    stage.send(name, signature, *arguments, sender=stage.address("Governor"))


def reader_of(stage: Upgrading) -> Reader:
    return Reader(stage.local.node, Registry.load(stage.deployer.path), stage.deployer.artifacts)


def obeyed(stage: Upgrading) -> set[str]:
    """Every Controller that a contract of the deployment obeys, by itself or as code."""
    reader = reader_of(stage)
    names = [name for name in reader.registry.contracts if name.endswith("Target")]
    names += [name.removesuffix("Target") for name in names]
    return {reader.view(name, "controller") for name in (*names, "Minter", "MerkleSnapshot")}


def rejudged(stage: Upgrading, proposed):
    """The judgement with what stands on the chain now, without another rehearsal."""
    standing = read_standing(reader_of(stage), "Controller", stage.deployer.path)
    return replace(proposed, standing=standing)


def test_upgrade__controller_of_a_live_deployment__there_and_back(stage, build, proposed):
    former, view = stage.address("Controller"), reader_of(stage).view
    stake = view("BondingManager", "getDelegator", stage.delegator)
    found = {finding.kind: finding.words for finding in proposed.findings}
    assert found["moves"].count(",") == 13
    assert "TicketBrokerTarget" in found["moves"]
    assert found["registers"].startswith("20 entries; do not obey a Controller: ")
    assert proposed.rehearsal.findings == []
    assert [one.title for one in proposed.rehearsal.after if one.outcome != "ok"] == [
        "ticket again, refused",
        "withdraws too early, refused",
    ]

    upgrade = stage.upgrade("Controller", delay_blocks=5)
    record = upgrade.send(proposed)
    assert record.status == "staged"
    assert obeyed(stage) == {former}
    stage.local.request("anvil_mine", "0x5")
    upgrade.rehearse_execution(upgrade.ready(), upgrade.candidate_of(record))
    upgrade.execute(upgrade.ready())
    assert obeyed(stage) == {record.target} != {former}
    entry = Registry.load(stage.deployer.path).contracts["Controller"]
    assert (entry.address, entry.former, entry.commit) == (record.target, [former], NEW_COMMIT)
    assert upgrade.check(build) == []

    view = reader_of(stage).view
    assert view("Controller", "owner") == stage.address("Governor")
    assert view("Controller", "getContract", SOMETHING) == stage.address("PollCreator")
    assert view("BondingManager", "getDelegator", stage.delegator) == stake
    stage.begin_round()
    stage.send("BondingManager", "reward()", sender=stage.orchestrator)
    stage.send("BondingManager", "unbond(uint256)", LPT, sender=stage.delegator)

    back = stage.upgrade("Controller", target=former, accepted=("function removed",))
    back.execute(back.send(back.judge()))
    assert obeyed(stage) == {former}
    assert Registry.load(stage.deployer.path).contracts["Controller"].former == [former, record.target]
    stage.send("BondingManager", "unbond(uint256)", LPT, sender=stage.delegator)


def test_upgrade__contracts_that_the_controller_cannot_move__are_named(stage, build):
    registry = Registry.load(stage.deployer.path)
    code = stage.deployer.artifacts["ServiceRegistry"]
    address = stage.deploy(replace(build, artifact=code), stage.address("Controller"))
    registry.contracts["AIServiceRegistry"] = Entry(address, "ServiceRegistry")
    registry.save(stage.deployer.path)
    elsewhere = stage.owner
    owned_by(
        stage,
        "Controller",
        "updateController(bytes32,address)",
        bytes.fromhex(contract_id("MerkleSnapshot")[2:]),
        elsewhere,
    )
    with pytest.raises(UpgradeRefused) as refused:
        stage.upgrade("Controller").judge(build)
    former = stage.address("Controller")
    assert [str(one) for one in refused.value.findings] == [
        f"not moved: AIServiceRegistry obeys {former}, which has no id for it: it would stay behind",
        f"not moved: MerkleSnapshot obeys {elsewhere}, not {former}",
    ]


@pytest.mark.parametrize(
    ("signature", "arguments", "kind"),
    [
        ("pause()", (), "other pause"),
        ("transferOwnership(address)", ("0x" + "11" * 20,), "wrong owner"),
        ("setContractInfo(bytes32,address,bytes20)", (bytes(32), "Minter", bytes(20)), "other entries"),
    ],
)
def test_upgrade__former_controller_is_changed_meanwhile__is_refused(
    stage, proposed, signature, arguments, kind
):
    record = stage.upgrade("Controller", delay_blocks=0).send(proposed)
    arguments = tuple(stage.address(one) if one == "Minter" else one for one in arguments)
    owned_by(stage, "Controller", signature, *arguments)
    upgrade = stage.upgrade("Controller")
    with pytest.raises(UpgradeRefused) as refused:
        upgrade.rehearse_execution(record, upgrade.candidate_of(record))
    assert [one.kind for one in refused.value.findings] == [kind]


def test_upgrade__anybody_executes_with_the_least_gas_that_succeeds__attaches_all(stage, proposed):
    """What the former Controller only tries must not fail in silence."""
    upgrade = stage.upgrade("Controller")
    record = upgrade.send(proposed)
    data = encode_call(reader_of(stage), "Governor", "execute", [record.staged])
    call = {"from": stage.owner, "to": stage.address("Governor"), "data": "0x" + data.hex()}
    gas = stage.local.node.estimate_gas(call)
    receipt = stage.local.request("eth_sendTransactionSync", call | {"gas": hex(gas)})
    assert receipt["status"] == "0x1"
    assert upgrade.is_registered(record)


class PowerCutError(Exception):
    """The process ends here."""


def cut_after(steps: int):
    def on_step(result) -> None:
        if result.number == steps:
            raise PowerCutError

    return on_step


def test_upgrade__account_owns_the_controller__moves_one_after_the_other(stage, build, proposed):
    owned_by(stage, "Controller", "transferOwnership(address)", stage.owner)
    upgrade = stage.upgrade("Controller")
    record = upgrade.send(rejudged(stage, proposed))
    assert (record.status, record.update) == ("deployed", None)
    nonce = stage.local.node.nonce(stage.owner)
    with pytest.raises(PowerCutError):
        upgrade.execute(upgrade.ready(), on_step=cut_after(7))
    assert obeyed(stage) == {stage.address("Controller"), record.target}
    # Half moved, people go on all the same.
    stage.begin_round()
    stage.send("BondingManager", "reward()", sender=stage.orchestrator)
    stage.send("BondingManager", "unbond(uint256)", LPT, sender=stage.delegator)

    later = stage.upgrade("Controller")
    later.rehearse_execution(later.ready(), later.candidate_of(record))
    later.execute(later.ready())
    assert obeyed(stage) == {record.target}
    assert later.check(build) == [
        f"Controller.owner: found {stage.owner}, planned {stage.address('Governor')}"
    ]
    # begin_round() is the owner's transaction, too.
    assert stage.local.node.nonce(stage.owner) == nonce + len(record.moved) + 1


def test_upgrade__treasury_owns_the_governor__gets_a_proposal_that_moves_all(stage, proposed):
    owned_by(stage, "Governor", "transferOwnership(address)", stage.address("Treasury"))
    upgrade = stage.upgrade("Controller")
    record = upgrade.send(rejudged(stage, proposed))
    for call in encode_actions(load_proposal(upgrade.files.proposal), reader_of(stage), 1):
        stage.send_data("Governor", call.data, sender=stage.address("Treasury"))
    assert obeyed(stage) == {record.target}
    assert upgrade.is_registered(record)
    assert find_losses(reader_of(stage)) == []
    stranger = stage.delegator
    stage.local.request("anvil_setStorageAt", record.target, OWNER_SLOT, f"0x{int(stranger, 16):064x}")
    assert find_losses(reader_of(stage)) == [
        f"LivepeerGovernor: obeys {record.target}, which belongs to {stranger}, not to {stage.address('Governor')}"
    ]


def test_upgrade__interrupted_before_staging__goes_on_without_a_second_controller(stage, proposed):
    """A record that was never written: all steps are in the journal."""
    upgrade = stage.upgrade("Controller")
    record = upgrade.send(proposed)
    upgrade.files.record.unlink()
    nonce = stage.local.node.nonce(stage.owner)
    assert stage.upgrade("Controller").send(proposed) == record
    assert stage.local.node.nonce(stage.owner) == nonce
