"""set_parameter, pause, unpause: each by the way that is open to whoever asks.

an account owns the Controller   one transaction
an account owns the Governor     staged and executed; with a delay, executed by the same command when it is over
votes own it                     a proposal file, which carries the change; nothing can be sent past the vote
somebody else                    what that account has to send, which does it
values                           wrong units, parts of a step, out of range: refused by name, before anything is asked
"""

from pathlib import Path

import pytest
import yaml

from scripts._deployment.reader import Reader
from scripts._governance.actions import encode_actions, encode_call
from scripts._governance.proposal_file import load_proposal
from scripts._governance.rehearsal import rehearse
from scripts._operations.errors import OperationError
from scripts._operations.settable import SETTABLES, find_settable
from tests.deployment.node import Deployer, local_node
from tests.deployment.stage import Stage
from tests.operations.commands import run

pytestmark = pytest.mark.deployment

UNBONDING = "BondingManager.unbondingPeriod"


class Owned(Stage):
    """A deployment whose Controller can be given away."""

    @property
    def reader(self) -> Reader:
        return Reader(self.local.node, self.registry, self.deployer.artifacts)

    @property
    def unbonding_period(self) -> int:
        return self.reader.view("BondingManager", "unbondingPeriod")

    def give_to_governor(self) -> None:
        self.send("Controller", "transferOwnership(address)", self.address("Governor"))

    def give_to_votes(self) -> None:
        self.give_to_governor()
        data = encode_call(self.reader, "Governor", "transferOwnership", [self.address("Treasury")])
        update = ([self.address("Governor")], [0], [data], 0)
        for function, arguments in (("stage", [update, 0]), ("execute", [update])):
            self.send_data("Governor", encode_call(self.reader, "Governor", function, arguments))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    with local_node() as local:
        deployer = Deployer(local, tmp_path_factory.mktemp("owned") / "registry.json")
        yield Owned(local, deployer, deployer.run())


@pytest.fixture
def stage(prepared):
    mark = prepared.local.request("evm_snapshot")
    yield prepared
    prepared.local.request("evm_revert", mark)


def test_set_parameter__owner_of_the_controller__is_shown_then_set(stage):
    dry = run(stage, "set_parameter", UNBONDING, "5 rounds")
    assert dry.code == 0
    assert f"{UNBONDING}: 7 rounds → 5 rounds (locks that exist keep their round)" in dry.output
    assert "one transaction" in dry.output
    assert "Nothing was sent: add --broadcast" in dry.output
    assert stage.unbonding_period == 7
    sent = run(stage, "set_parameter", UNBONDING, "5 rounds", "--broadcast")
    assert sent.code == 0
    assert f"Now: {UNBONDING} 5 rounds" in sent.output
    assert stage.unbonding_period == 5


def test_set_parameter__same_value__has_nothing_to_do(stage):
    done = run(stage, "set_parameter", UNBONDING, "7", "--broadcast", "--json")
    assert (done.code, done.json["change"], done.json["sent"]) == (0, None, False)


def test_set_parameter__owner_of_the_governor__is_staged_and_executed(stage):
    stage.give_to_governor()
    done = run(stage, "set_parameter", UNBONDING, "4", "--broadcast", "--json")
    assert done.code == 0
    assert [one["what"].split()[0] for one in done.json["transactions"]] == ["stage", "execute"]
    assert stage.unbonding_period == 4
    # An equal change later is another update.
    run(stage, "set_parameter", UNBONDING, "7", "--broadcast")
    assert run(stage, "set_parameter", UNBONDING, "4", "--broadcast").code == 0
    assert stage.unbonding_period == 4


def test_set_parameter__with_a_delay__waits_and_is_executed_by_anybody(stage):
    stage.give_to_governor()
    staged = run(stage, "set_parameter", UNBONDING, "4", "--delay", "10", "--broadcast", "--json")
    assert staged.code == 0
    assert stage.unbonding_period == 7
    again = ["set_parameter", UNBONDING, "4", "--nonce", str(staged.json["nonce"]), "--broadcast"]
    early = run(stage, *again, person=5)
    assert early.code == 1
    assert "UpdateDelayNotExpired" in early.errors
    assert f"executableFromBlock={staged.json['ready_block']}" in early.errors
    stage.local.request("anvil_mine", hex(staged.json["ready_block"] - stage.local.node.block_number()))
    assert run(stage, *again, person=5).code == 0
    assert stage.unbonding_period == 4


def test_set_parameter__votes_own_it__is_a_proposal_that_does_it(stage, tmp_path):
    stage.give_to_votes()
    file = tmp_path / "proposal.yaml"
    shown = run(stage, "set_parameter", UNBONDING, "4 rounds")
    assert shown.code == 0
    assert "Nothing was written: add --proposal FILE" in shown.output
    written = run(stage, "set_parameter", UNBONDING, "4 rounds", "--proposal", str(file))
    assert written.code == 0
    assert f"Next: ape run propose {file}" in written.output
    calls = encode_actions(load_proposal(file), stage.reader, 1)
    for call in calls:
        stage.send_data("Governor", call.data, sender=stage.address("Treasury"))
    assert stage.unbonding_period == 4
    refused = run(stage, "set_parameter", UNBONDING, "5", "--broadcast")
    assert refused.code == 1
    assert "takes a vote" in refused.errors


def test_set_parameter__of_the_governor_of_votes__is_a_proposal_even_for_the_owner(stage, tmp_path):
    file = tmp_path / "proposal.yaml"
    done = run(stage, "set_parameter", "LivepeerGovernor.votingPeriod", "4", "--proposal", str(file))
    assert done.code == 0
    [action] = yaml.safe_load(file.read_text())["actions"]
    assert action == {
        "call": {"contract": "LivepeerGovernor", "function": "setVotingPeriod", "arguments": [4]}
    }
    reader = stage.reader
    calls = encode_actions(load_proposal(file), reader, 1)
    names = ("Treasury", "LivepeerGovernor", "LivepeerToken")
    local = stage.local
    # The governor refuses such a call outside of an execution; its rehearsal is one.
    rehearsed = rehearse(
        calls,
        *(stage.address(name) for name in names),
        local.node,
        lambda method, parameters: local.request(method, *parameters),
        reader.artifacts,
    )
    [change] = rehearsed.changes
    assert change.account == stage.address("LivepeerGovernor")
    assert reader.view("LivepeerGovernor", "votingPeriod") == 10


def test_set_parameter__somebody_else_owns_it__is_composed_for_whoever_does(stage):
    shown = run(stage, "set_parameter", UNBONDING, "5", "--json", person=6)
    assert shown.json["owner"] == stage.owner
    [transaction] = shown.json["transactions"]
    assert (transaction["from"], transaction["to"]) == (stage.owner, stage.address("BondingManager"))
    assert "data 0x" in run(stage, "set_parameter", UNBONDING, "5", person=6).output
    refused = run(stage, "set_parameter", UNBONDING, "5", "--broadcast", person=6)
    assert refused.code == 1
    assert f"only {stage.owner} may do this" in refused.errors
    stage.send_data("BondingManager", bytes.fromhex(transaction["data"][2:]))
    assert stage.unbonding_period == 5


def test_set_parameter__what_the_contract_refuses__is_told_with_its_error(stage):
    refused = run(stage, "set_parameter", "BondingManager.numActiveTranscoders", "5", "--broadcast")
    assert refused.code == 1
    assert "PoolSizeNotIncreased" in refused.errors


def test_settables__all__can_be_read_and_have_a_setter(stage):
    for settable in SETTABLES.values():
        value = settable.read(stage.reader)
        assert settable.parse(settable.spell(value)) == value, settable.full_name
        artifact = stage.deployer.artifacts[stage.registry.contracts[settable.contract].abi_name]
        assert any(item.get("name") == settable.setter for item in artifact.abi), settable.full_name


def test_pause__and_unpause__switch_the_system(stage):
    assert run(stage, "unpause").output == "The system is not paused already: nothing to do.\n"
    assert run(stage, "pause", "--broadcast").code == 0
    assert stage.reader.view("Controller", "paused") is True
    stage.local.request("anvil_mine", "0x32")
    done = run(stage, "unpause", "--broadcast")
    assert done.code == 0
    assert "Now: the system is not paused" in done.output
    assert "Next: ape run initialize_round" in done.output


def test_pause__votes_own_it__is_a_proposal_that_pauses(stage, tmp_path):
    stage.give_to_votes()
    file = tmp_path / "pause.yaml"
    assert run(stage, "pause", "--proposal", str(file)).code == 0
    for call in encode_actions(load_proposal(Path(file)), stage.reader, 1):
        stage.send_data("Governor", call.data, sender=stage.address("Treasury"))
    assert stage.reader.view("Controller", "paused") is True


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        (UNBONDING, "7", 7),
        (UNBONDING, "1_000 rounds", 1000),
        ("BondingManager.treasuryRewardCutRate", "12.5%", 125 * 10**24),
        ("BondingManager.treasuryRewardCutRate", "1ppm", 10**21),
        ("BondingManager.treasuryBalanceCeiling", "750,000.5 LPT", 750_000_500_000_000_000_000_000),
        ("RoundsManager.roundLockAmount", "10%", 100_000),
        ("Minter.inflationChange", "500 ppb", 500),
        ("Minter.targetBondingRate", "50%", 500_000_000),
    ],
)
def test_value__with_its_unit__is_what_the_contract_takes(name, given, value):
    assert find_settable(name).parse(given) == value


@pytest.mark.parametrize(
    ("name", "given", "fault"),
    [
        (UNBONDING, "0", f"{UNBONDING}: found '0', must be at least 1"),
        (
            UNBONDING,
            "5 blocks",
            f"{UNBONDING}: found '5 blocks', must be in rounds or round, such as 7 rounds",
        ),
        (UNBONDING, "1.5", "must be a whole number of the contract's steps"),
        (UNBONDING, "-1", "must be a number with its unit, such as 7 rounds"),
        (UNBONDING, "soon", "must be a number with its unit"),
        ("RoundsManager.roundLockAmount", "10", "must be in % or ppm, such as 10% or 100000ppm"),
        ("RoundsManager.roundLockAmount", "101%", "must be from 0% to 100%"),
        ("RoundsManager.roundLockAmount", "0.00001%", "must be a whole number"),
        ("Minter.inflationChange", "500 ppb %", "must be a number with its unit"),
        ("BondingManager.treasuryBalanceCeiling", "750000", "must be in LPT, such as 100 LPT"),
        ("BondingManager.numActiveTranscoders", "70000", "at most 65,535 orchestrators"),
        (
            "BondingManager.minimum",
            "1",
            "parameter: found 'BondingManager.minimum', must be one of: BondingManager.u",
        ),
    ],
)
def test_value__that_its_parameter_cannot_have__is_refused_by_name(name, given, fault):
    with pytest.raises(OperationError) as refused:
        find_settable(name).parse(given)
    assert fault in str(refused.value)
