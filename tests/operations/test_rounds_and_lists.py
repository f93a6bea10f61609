"""initialize_round, list_contracts: what the clock and the registry say, and what can be done about it.

initialize_round   a round that is due: initialized; one that is not: nothing to do, with what is left of it; paused, or
                   without the cache of the bridge: refused with what would mend it; rounds made to pass; watched
list_contracts     every contract and alias; what differs from the registry file is remarked on
"""

import json

import pytest

from tests.deployment.node import Deployer, local_node
from tests.deployment.stage import Stage
from tests.operations.commands import run

pytestmark = pytest.mark.deployment

NOTHING_TO_DO = 3


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    with local_node() as local:
        deployer = Deployer(local, tmp_path_factory.mktemp("rounds") / "registry.json")
        stage = Stage(local, deployer, deployer.run())
        stage.begin_round()
        yield stage


@pytest.fixture
def stage(prepared):
    mark = prepared.local.request("evm_snapshot")
    yield prepared
    prepared.local.request("evm_revert", mark)


def pass_blocks(stage: Stage, count: int) -> None:
    stage.local.request("anvil_mine", hex(count))


def test_initialize_round__initialized_already__says_when_the_next_begins(stage):
    shown = run(stage, "initialize_round", "--json")
    assert shown.code == NOTHING_TO_DO
    assert shown.json["initialized"] and not shown.json["sent"]
    assert shown.json["blocks_left"] + shown.json["block"] - shown.json["start_block"] == 50
    in_words = run(stage, "initialize_round", "--broadcast")
    assert in_words.code == NOTHING_TO_DO
    assert f"begins in {shown.json['blocks_left']} blocks.\nNothing to do." in in_words.output


def test_initialize_round__due__is_shown_and_then_initialized(stage):
    before = run(stage, "initialize_round", "--json").json["round"]
    pass_blocks(stage, 50)
    dry = run(stage, "initialize_round")
    assert dry.code == 0
    assert f"Round {before + 1}, not initialized" in dry.output
    assert "Nothing was sent: add --broadcast" in dry.output
    sent = run(stage, "initialize_round", "--broadcast", "--json", person=4)
    assert (sent.code, sent.json["round"]) == (0, before + 1)
    assert run(stage, "initialize_round").code == NOTHING_TO_DO


def test_initialize_round__paused__is_refused_with_the_remedy(stage):
    stage.send("Controller", "pause()")
    pass_blocks(stage, 50)
    refused = run(stage, "initialize_round", "--broadcast")
    assert refused.code == 1
    assert "Controller.paused: found True" in refused.errors
    assert "ape run unpause" in refused.errors


def test_initialize_round__bridge_cache_does_not_answer__is_refused_by_its_name(stage):
    pass_blocks(stage, 50)
    stage.replace_code("L2LPTDataCache", bytes.fromhex("60006000fd"))
    refused = run(stage, "initialize_round", "--broadcast")
    assert refused.code == 1
    assert "L2LPTDataCache.l1CirculatingSupply: does not answer" in refused.errors


def test_initialize_round__rounds_made_to_pass__are_each_initialized(stage):
    before = run(stage, "initialize_round", "--json").json["round"]
    done = run(stage, "initialize_round", "--pass", "2", "--broadcast", "--json")
    assert done.code == 0
    assert [json.loads(line)["round"] for line in done.output.splitlines()] == [before + 1, before + 2]


def test_initialize_round__watched__initializes_what_is_due_and_ends_after_its_rounds(stage):
    pass_blocks(stage, 50)
    done = run(stage, "initialize_round", "--watch", "--rounds", "1", "--broadcast")
    assert done.code == 0
    assert "not initialized" in done.errors
    assert "Ended after 1 rounds." in done.errors
    assert run(stage, "initialize_round").code == NOTHING_TO_DO


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--watch"], "--watch: needs --broadcast"),
        (["--rounds", "2"], "--rounds: must be given with --watch"),
        (["--pass", "1", "--watch", "--broadcast"], "--pass: must not be given with --watch"),
    ],
)
def test_initialize_round__options_that_do_not_fit__are_refused(stage, options, fault):
    refused = run(stage, "initialize_round", *options)
    assert refused.code == 2
    assert fault in refused.errors


def test_list_contracts__deployment__has_every_contract_with_target_and_owner(stage):
    listed = run(stage, "list_contracts", "--json", person=None)
    assert listed.code == 0
    items = {item["name"]: item for item in listed.json}
    assert set(items) == {*stage.registry.contracts, "JobsManager"}
    assert items["BondingManager"]["target"] == stage.address("BondingManagerTarget")
    assert items["JobsManager"]["address"] == stage.address("TicketBroker")
    assert items["Controller"]["owner"] == stage.owner
    assert items["Minter"]["commit"] == stage.registry.commit
    assert items["Minter"]["code_bytes"] == len(stage.local.node.code(stage.address("Minter")))
    table = run(stage, "list_contracts", "--ids", person=None).output
    assert items["Minter"]["id"] in table
    assert stage.address("Minter") in table


def test_list_contracts__entry_that_differs_from_the_file__is_remarked_on(stage):
    stage.register("Minter", stage.address("MerkleSnapshot"))
    stage.register("BondingVotesTarget", stage.address("ServiceRegistryTarget"))
    listed = run(stage, "list_contracts", "--json", person=None)
    assert listed.code == 3
    remarks = {item["name"]: item["remark"] for item in listed.json if item["remark"]}
    assert remarks == {
        "Minter": f"registered as {stage.address('MerkleSnapshot')}",
        "BondingVotesTarget": f"registered as {stage.address('ServiceRegistryTarget')}",
        "BondingVotes": "its target is another than in the registry file",
    }
