"""check_deployment names what was set wrongly, and nothing else.

Each case is planted on a finished deployment by its owner, or by writing into the chain what a wrong deployment would
have left (deployment.md 8).
"""

from collections.abc import Callable

import pytest

from scripts._deployment.authority import STRANGER
from scripts._deployment.checks import collect_facts
from scripts._deployment.errors import NodeRefused
from scripts._deployment.facts import Fact, differing
from scripts._deployment.node import Node
from scripts._deployment.plan import (
    BURNER_ROLE,
    DEFAULT_ADMIN_ROLE,
    MINTER_ROLE,
    TIMELOCK_ADMIN_ROLE,
    TREASURY_ROLES,
)
from scripts._deployment.reader import Reader
from tests.deployment.node import Deployer, local_node
from tests.deployment.stage import Stage

pytestmark = pytest.mark.deployment

OTHER_COMMIT = bytes(20)


def facts_of(stage: Stage, node: Node | None = None) -> list[Fact]:
    """What check_deployment says now."""
    reader = Reader(node or stage.local.node, stage.registry, stage.deployer.artifacts)
    return collect_facts(stage.deployer.plan, reader)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with local_node() as local:
        deployer = Deployer(local, tmp_path_factory.mktemp("deployed") / "registry.json")
        yield Stage(local, deployer, deployer.run())


@pytest.fixture
def stage(deployed):
    mark = deployed.local.request("evm_snapshot")
    yield deployed
    deployed.local.request("evm_revert", mark)


def unregister_cache(stage: Stage) -> None:
    stage.register("L2LPTDataCache", "0x" + "00" * 20)


def swap_targets(stage: Stage) -> None:
    stage.register("BondingVotesTarget", stage.address("ServiceRegistryTarget"))


def point_jobs_manager_elsewhere(stage: Stage) -> None:
    stage.register("JobsManager", stage.address("BondingManager"))


def register_target_under_proxy_id(stage: Stage) -> None:
    stage.register("TicketBroker", stage.address("MerkleSnapshot"))


def change_code_of_target(stage: Stage) -> None:
    stage.replace_code("BondingManagerTarget", stage.deployer.artifacts["ServiceRegistry"].runtime_bytecode)


def change_one_byte(stage: Stage) -> None:
    code = bytearray(stage.local.node.code(stage.address("RoundsManagerTarget")))
    code[100] ^= 1
    stage.replace_code("RoundsManagerTarget", bytes(code))


def remove_code_of_snapshot(stage: Stage) -> None:
    stage.replace_code("MerkleSnapshot", b"")


def register_other_commit(stage: Stage) -> None:
    stage.register("Minter", stage.address("Minter"), OTHER_COMMIT)


def register_verifier(stage: Stage) -> None:
    stage.register("Verifier", stage.address("Governor"))


def give(role: str, name: str = "LivepeerToken", to: str | None = None) -> Callable[[Stage], None]:
    def spoil(stage: Stage) -> None:
        stage.send(
            name, "grantRole(bytes32,address)", bytes.fromhex(role[2:]), to or stage.address("Governor")
        )

    return spoil


def take_minter_role(stage: Stage) -> None:
    stage.send(
        "LivepeerToken",
        "revokeRole(bytes32,address)",
        bytes.fromhex(MINTER_ROLE[2:]),
        stage.address("Minter"),
    )


def stranger_in_treasury(stage: Stage) -> None:
    role = bytes.fromhex(TREASURY_ROLES["PROPOSER"][2:])
    stage.send("Treasury", "grantRole(bytes32,address)", role, STRANGER, sender=stage.address("Treasury"))


def deployer_stays_admin_of_treasury(stage: Stage) -> None:
    role = bytes.fromhex(TIMELOCK_ADMIN_ROLE[2:])
    stage.send("Treasury", "grantRole(bytes32,address)", role, stage.owner, sender=stage.address("Treasury"))


def governor_without_canceller(stage: Stage) -> None:
    role = bytes.fromhex(TREASURY_ROLES["CANCELLER"][2:])
    governor = stage.address("LivepeerGovernor")
    stage.send("Treasury", "revokeRole(bytes32,address)", role, governor, sender=stage.address("Treasury"))


def fresh_treasury(stage: Stage) -> None:
    """One that was deployed again and never set up, in the place of ours."""
    code = stage.deployer.artifacts["Treasury"].bytecode
    transaction = {"from": stage.owner, "data": "0x" + code.hex(), "gas": hex(8_000_000)}
    made = stage.local.request("eth_sendTransactionSync", transaction)["contractAddress"]
    entry = stage.registry.contracts["Treasury"]
    object.__setattr__(entry, "address", stage.local.web3.to_checksum_address(made))


def setter(name: str, signature: str, value) -> Callable[[Stage], None]:
    def spoil(stage: Stage) -> None:
        stage.send(name, signature, value)

    return spoil


CASES = {
    "paused": (setter("Controller", "pause()", None), {"Controller.paused"}),
    "controller given to a stranger": (
        setter("Controller", "transferOwnership(address)", STRANGER),
        {"Controller.owner"},
    ),
    "cache unregistered": (
        unregister_cache,
        {"entry of L2LPTDataCache", "Minter.getGlobalTotalSupply answers"},
    ),
    "jobs manager elsewhere": (point_jobs_manager_elsewhere, {"entry of JobsManager"}),
    "other target": (
        swap_targets,
        {
            "entry of BondingVotesTarget",
            "BondingVotes.implementation",
            # The clock of the votes falls back to block numbers.
            "LivepeerGovernor.clock",
            "LivepeerGovernor.CLOCK_MODE",
        },
    ),
    "broker id points to another contract": (register_target_under_proxy_id, {"entry of TicketBroker"}),
    "no code": (remove_code_of_snapshot, {"code of MerkleSnapshot", "MerkleSnapshot.controller"}),
    "other commit": (register_other_commit, {"commit of Minter"}),
    "verifier registered": (register_verifier, {"entry of Verifier"}),
    "governor mints": (give(MINTER_ROLE), {"token minter: Governor", "holders of all roles of the token"}),
    "governor burns": (give(BURNER_ROLE), {"token burner: Governor", "holders of all roles of the token"}),
    "stranger burns": (give(BURNER_ROLE, to=STRANGER), {"holders of all roles of the token"}),
    "stranger administers the token": (
        give(DEFAULT_ADMIN_ROLE, to=STRANGER),
        {"holders of all roles of the token"},
    ),
    "minter may not mint": (take_minter_role, {"token minter: Minter", "holders of all roles of the token"}),
    "stranger proposes in the treasury": (stranger_in_treasury, {"holders of all roles of the treasury"}),
    "deployer keeps the treasury": (
        deployer_stays_admin_of_treasury,
        {"treasury TIMELOCK_ADMIN: deployer", "holders of all roles of the treasury"},
    ),
    "governor cannot cancel": (
        governor_without_canceller,
        {"treasury CANCELLER: LivepeerGovernor", "holders of all roles of the treasury"},
    ),
    "pool size": (setter("BondingManager", "setNumActiveTranscoders(uint256)", 11), {"pool_max_size"}),
    "unbonding period": (
        setter("BondingManager", "setUnbondingPeriod(uint64)", 3),
        {"unbonding_period_rounds"},
    ),
    "treasury cut": (
        setter("BondingManager", "setTreasuryRewardCutRate(uint256)", 10**25),
        {"treasury_reward_cut_rate_ray"},
    ),
    "treasury ceiling": (
        setter("BondingManager", "setTreasuryBalanceCeiling(uint256)", 1),
        {"treasury_balance_ceiling_lpt"},
    ),
    "round length": (setter("RoundsManager", "setRoundLength(uint256)", 49), {"round_length_blocks"}),
    "round lock": (setter("RoundsManager", "setRoundLockAmount(uint256)", 1), {"round_lock_amount_ppm"}),
    "unlock period": (setter("TicketBroker", "setUnlockPeriod(uint256)", 9), {"unlock_period_rounds"}),
    "validity period": (
        setter("TicketBroker", "setTicketValidityPeriod(uint256)", 9),
        {"ticket_validity_period_rounds"},
    ),
    "inflation change": (setter("Minter", "setInflationChange(uint256)", 9), {"inflation_change_ppb"}),
    "target bonding rate": (
        setter("Minter", "setTargetBondingRate(uint256)", 9),
        {"target_bonding_rate_ppb"},
    ),
}


def test_check__sound_deployment__everything_is_as_planned(stage):
    facts = facts_of(stage)
    assert len(facts) > 120
    assert {fact.verdict for fact in facts} == {"ok"}


@pytest.mark.parametrize("case", CASES)
def test_check__planted__is_found_by_name(stage, case):
    spoil, expected = CASES[case]
    spoil(stage)
    found = {fact.name for fact in differing(facts_of(stage))}
    assert found == expected


@pytest.mark.parametrize(
    ("spoil", "name"),
    [(change_code_of_target, "BondingManagerTarget"), (change_one_byte, "RoundsManagerTarget")],
)
def test_check__other_code__is_found_whatever_else_it_breaks(stage, spoil, name):
    spoil(stage)
    assert f"code of {name}" in {fact.name for fact in differing(facts_of(stage))}


def test_check__treasury_that_was_never_set_up__can_be_set_up(stage):
    entry = stage.registry.contracts["Treasury"]
    before = entry.address
    try:
        fresh_treasury(stage)
        found = {fact.name for fact in differing(facts_of(stage))}
    finally:
        object.__setattr__(entry, "address", before)
    assert {"Treasury cannot be set up by the deployer", "entry of Treasury"} <= found


def test_check__node_without_logs__holders_are_unknown_and_the_rest_is_read(stage):
    node = Node(stage.local.web3)

    def refuse(contract: str, first_block: int):
        raise NodeRefused("query returned more than 10000 results")

    node.role_events = refuse
    verdicts = {fact.name: fact.verdict for fact in facts_of(stage, node)}
    unknown = {name for name, verdict in verdicts.items() if verdict == "unknown"}
    assert unknown == {"holders of all roles of the token", "holders of all roles of the treasury"}
    assert list(verdicts.values()).count("ok") == len(verdicts) - 2
