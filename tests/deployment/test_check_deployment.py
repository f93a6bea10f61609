"""check_deployment names what was set wrongly, and nothing else.

Each case is planted on a finished deployment by its owner, or by writing into the chain what a wrong deployment would
have left (deployment.md 8).
"""

from collections.abc import Callable

import pytest
from eth_abi import encode
from eth_utils import function_signature_to_4byte_selector

from scripts._deployment.authority import INITIALIZABLE
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
from scripts._governance.rehearsal import announce
from tests.deployment.node import Deployer, local_node
from tests.deployment.stage import Stage

pytestmark = pytest.mark.deployment

OTHER_COMMIT = bytes(20)
STRANGER = "0x000000000000000000000000000000000000dEaD"
NOBODY = "0x" + "00" * 20
LPT = 10**18
# Where the LivepeerGovernor keeps token and quota, in this order from the right.
SETTINGS_SLOT = 0x1DE91FFCEF1671C042121320E5B26CAA4C7C3C1B35A69418D3D0CFF209A57900
HOLDERS_OF_TOKEN = {"holders of all roles of the token"}
OTHERS_OF_TOKEN = {*HOLDERS_OF_TOKEN, "others that ever had a role of the token"}
HOLDERS_OF_TREASURY = {"holders of all roles of the treasury"}
OTHERS_OF_TREASURY = {*HOLDERS_OF_TREASURY, "others that ever had a role of the treasury"}


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


def of_treasury(function: str, role: str, account: str | None = None) -> Callable[[Stage], None]:
    """grantRole or revokeRole, by the treasury, which is its own admin; `account` None is the deployer."""

    def spoil(stage: Stage) -> None:
        signature = f"{function}(bytes32,address)"
        holder = account or stage.owner
        stage.send("Treasury", signature, bytes.fromhex(role[2:]), holder, sender=stage.address("Treasury"))

    return spoil


def governor_without_canceller(stage: Stage) -> None:
    of_treasury("revokeRole", TREASURY_ROLES["CANCELLER"], stage.address("LivepeerGovernor"))(stage)


def treasury_without_admin(stage: Stage) -> None:
    of_treasury("revokeRole", TIMELOCK_ADMIN_ROLE, stage.address("Treasury"))(stage)


def stranger_proposed_for_a_moment(stage: Stage) -> None:
    for function in ("grantRole", "revokeRole"):
        of_treasury(function, TREASURY_ROLES["PROPOSER"], STRANGER)(stage)


def stranger_scheduled_while_the_deployer_was_admin(stage: Stage) -> None:
    of_treasury("grantRole", TIMELOCK_ADMIN_ROLE)(stage)
    of_treasury("grantRole", TREASURY_ROLES["PROPOSER"], STRANGER)(stage)
    stage.send(
        "Treasury",
        "schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
        stage.address("LivepeerToken"),
        0,
        b"",
        bytes(32),
        bytes(32),
        0,
        sender=STRANGER,
    )
    of_treasury("revokeRole", TREASURY_ROLES["PROPOSER"], STRANGER)(stage)
    of_treasury("revokeRole", TIMELOCK_ADMIN_ROLE)(stage)


def treasury_approved_a_stranger(stage: Stage) -> None:
    stage.send("LivepeerToken", "approve(address,uint256)", STRANGER, 1, sender=stage.address("Treasury"))


def deployer_minted_more(stage: Stage) -> None:
    role = bytes.fromhex(MINTER_ROLE[2:])
    stage.send("LivepeerToken", "grantRole(bytes32,address)", role, stage.owner)
    stage.send("LivepeerToken", "mint(address,uint256)", STRANGER, LPT)
    stage.send("LivepeerToken", "revokeRole(bytes32,address)", role, stage.owner)


def update_left_in_the_governor(stage: Stage) -> None:
    """As owner, with the Controller for itself: whoever owns the Governor later, anybody may execute it."""
    take = function_signature_to_4byte_selector("transferOwnership(address)")
    take += encode(["address"], [stage.owner])
    update = ([stage.address("Controller")], [0], [take], 7)
    types = ["(address[],uint256[],bytes[],uint256)", "uint256"]
    selector = function_signature_to_4byte_selector(f"stage({','.join(types)})")
    stage.send_data("Governor", selector + encode(types, [update, 0]))


def executed_update(stage: Stage) -> None:
    """One that is not waiting any more."""
    governor = stage.address("Governor")
    give = function_signature_to_4byte_selector("transferOwnership(address)") + encode(
        ["address"], [STRANGER]
    )
    update = ([governor], [0], [give], 7)
    types = ["(address[],uint256[],bytes[],uint256)", "uint256"]
    for function, some, arguments in (("stage", types, [update, 0]), ("execute", types[:1], [update])):
        selector = function_signature_to_4byte_selector(f"{function}({','.join(some)})")
        stage.send_data("Governor", selector + encode(some, arguments))


def by_votes(signature: str, value: int) -> Callable[[Stage], None]:
    """A setting that the LivepeerGovernor takes from executed proposals alone."""

    def spoil(stage: Stage) -> None:
        data = function_signature_to_4byte_selector(signature) + encode(["uint256"], [value])
        governor = stage.address("LivepeerGovernor")
        announce(data, governor, lambda method, parameters: stage.local.request(method, *parameters))
        stage.send_data("LivepeerGovernor", data, sender=stage.address("Treasury"))

    return spoil


def write(name: str, slot: int, change: Callable[[int], int]) -> Callable[[Stage], None]:
    """What another initializer would have stored."""

    def spoil(stage: Stage) -> None:
        word = change(stage.local.node.storage(stage.address(name), slot))
        stage.local.request("anvil_setStorageAt", stage.address(name), hex(slot), f"0x{word:064x}")

    return spoil


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
            # Nobody else tells the governor the round.
            "LivepeerGovernor.clock",
            "LivepeerGovernor.CLOCK_MODE",
        },
    ),
    "broker id points to another contract": (register_target_under_proxy_id, {"entry of TicketBroker"}),
    "no code": (remove_code_of_snapshot, {"code of MerkleSnapshot", "MerkleSnapshot.controller"}),
    "other commit": (register_other_commit, {"commit of Minter"}),
    "verifier registered": (register_verifier, {"entry of Verifier"}),
    "governor mints": (give(MINTER_ROLE), {"token minter: Governor", *OTHERS_OF_TOKEN}),
    "governor burns": (give(BURNER_ROLE), {"token burner: Governor", *OTHERS_OF_TOKEN}),
    "stranger burns": (give(BURNER_ROLE, to=STRANGER), OTHERS_OF_TOKEN),
    "stranger administers the token": (give(DEFAULT_ADMIN_ROLE, to=STRANGER), OTHERS_OF_TOKEN),
    "minter may not mint": (take_minter_role, {"token minter: Minter", *HOLDERS_OF_TOKEN}),
    "deployer minted more": (deployer_minted_more, {"LPT minted for the start"}),
    "stranger proposes in the treasury": (
        of_treasury("grantRole", TREASURY_ROLES["PROPOSER"], STRANGER),
        OTHERS_OF_TREASURY,
    ),
    "anybody executes in the treasury": (
        of_treasury("grantRole", TREASURY_ROLES["EXECUTOR"], NOBODY),
        {"treasury EXECUTOR: anybody", *OTHERS_OF_TREASURY},
    ),
    "deployer keeps the treasury": (
        of_treasury("grantRole", TIMELOCK_ADMIN_ROLE),
        {"treasury TIMELOCK_ADMIN: deployer", *HOLDERS_OF_TREASURY},
    ),
    "treasury is not its own admin": (
        treasury_without_admin,
        {"treasury TIMELOCK_ADMIN: Treasury", *HOLDERS_OF_TREASURY},
    ),
    "governor cannot cancel": (
        governor_without_canceller,
        {"treasury CANCELLER: LivepeerGovernor", *HOLDERS_OF_TREASURY},
    ),
    "stranger had a role of the treasury": (
        stranger_proposed_for_a_moment,
        OTHERS_OF_TREASURY - HOLDERS_OF_TREASURY,
    ),
    "stranger scheduled something": (
        stranger_scheduled_while_the_deployer_was_admin,
        (OTHERS_OF_TREASURY - HOLDERS_OF_TREASURY) | {"scheduled in the treasury before the hand-over"},
    ),
    "treasury approved a stranger": (
        treasury_approved_a_stranger,
        {"others may take from the treasury's LPT"},
    ),
    "update left in the governor": (update_left_in_the_governor, {"waits in the Governor"}),
    "governor given to a stranger": (executed_update, {"Governor.owner"}),
    "target can be set up": (
        write("LivepeerGovernorTarget", INITIALIZABLE, lambda word: 0),
        {"LivepeerGovernorTarget is set up"},
    ),
    "governor was set up twice": (
        write("LivepeerGovernor", INITIALIZABLE, lambda word: 2),
        {"LivepeerGovernor is set up"},
    ),
    "quorum": (by_votes("updateQuorumNumerator(uint256)", 0), {"quorum_ppm"}),
    "quota": (write("LivepeerGovernor", SETTINGS_SLOT, lambda word: word ^ 1 << 160), {"quota_ppm"}),
    "voting delay": (by_votes("setVotingDelay(uint256)", 2), {"voting_delay_rounds"}),
    "voting period": (by_votes("setVotingPeriod(uint256)", 2), {"voting_period_rounds"}),
    "proposal threshold": (by_votes("setProposalThreshold(uint256)", 0), {"proposal_threshold_lpt"}),
    "delay of the treasury": (
        lambda stage: stage.send("Treasury", "updateDelay(uint256)", 5, sender=stage.address("Treasury")),
        {"treasury min_delay_seconds"},
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


def test_check__treasury_that_was_never_set_up__is_found(stage):
    entry = stage.registry.contracts["Treasury"]
    before = entry.address
    try:
        fresh_treasury(stage)
        found = {fact.name for fact in differing(facts_of(stage))}
    finally:
        object.__setattr__(entry, "address", before)
    assert {"Treasury is set up", "entry of Treasury"} <= found


def test_check__node_without_logs__holders_are_unknown_and_the_rest_is_read(stage):
    node = Node(stage.local.web3)

    def refuse(*arguments):
        raise NodeRefused("logs are not kept here")

    node.logs = refuse
    verdicts = {fact.name: fact.verdict for fact in facts_of(stage, node)}
    unknown = {name for name, verdict in verdicts.items() if verdict == "unknown"}
    assert unknown == {
        *OTHERS_OF_TOKEN,
        *OTHERS_OF_TREASURY,
        "waits in the Governor",
        "scheduled in the treasury before the hand-over",
        "others may take from the treasury's LPT",
    }
    assert list(verdicts.values()).count("ok") == len(verdicts) - len(unknown)
