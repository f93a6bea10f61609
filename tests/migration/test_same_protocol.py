"""A deployment that the state machine has filled, moved into a fresh one: all views stay, and life goes on the same.

given the state in a file                   every view of every account equals the model's, of past rounds too
given that only the present is carried      every view of the present does
given the same steps afterwards             each has the same outcome, error or events, and leaves the same views
given the file                              `verify` finds nothing
"""

import pytest

from reference_model.exceptions import CreationRoundBlockHashMismatch, ProtocolError, TicketExpired
from scripts._migration.export import export_state
from scripts._migration.plan import build_import_plan
from scripts._migration.state import load_state, save_state
from scripts._migration.verify import collect_state_facts, require_state
from simulation.calls import Call, Mine
from simulation.chain.reverts import Reverted
from simulation.comparison import compare_outcomes
from simulation.protocol import BURNER_ROLE, contract_id
from tests.migration.stage import (
    COMMIT,
    MOVED,
    ChainLedger,
    Expected,
    LoggingChain,
    Player,
    Source,
    deploy_destination,
    mapped,
    moved_contracts,
    outcome_on,
)

pytestmark = pytest.mark.integration

STEPS, FURTHER_STEPS = 250, 80
# Blocks from the export until life goes on; the whole migration takes fewer.
PAUSED_BLOCKS = 200
# Small batches: there are several of each kind.
BATCH_GAS = 600_000


@pytest.mark.parametrize(
    ("seed", "since", "length"),
    [(1, 0, 1_000), (2, 0, 60), (3, None, 1_000), (4, 0, 400)],
    ids=["all rounds", "a round passes meanwhile", "only the present", "another history"],
)
def test_migration__of_a_lived_in_deployment__changes_nothing(artifacts, tmp_path, seed, since, length):
    chain = LoggingChain(artifacts)
    source = Source(
        chain,
        seed,
        STEPS,
        stakers=7,
        round_length=length,
        num_active_transcoders=3,
        unbonding_period=2,
        treasury_reward_cut_rate=10**26,
    )
    world, owner = source.world, source.world.cast.owner
    all_rounds = since == 0
    exported = export_state(ChainLedger(chain), artifacts, world.protocol.controller.address, since=since)
    save_state(exported, tmp_path / "state.json")
    state = load_state(tmp_path / "state.json", root=exported.root)
    assert state == exported

    # The source goes on, and its model with it.
    known = {account.address for account in state.accounts}

    def expected() -> list[Expected]:
        """Without empty checkpoints of accounts of which no event speaks: nothing tells that they are there."""
        found = source.expectations(all_rounds=all_rounds)
        return [one for one in found if one[1] != "hasCheckpoint" or one[2][0] in known]

    mark, paused_at = chain.snapshot(), chain.block_number
    source.act(Mine(PAUSED_BLOCKS))
    before = expected()
    assert source.differences(source.contracts(), before) == []
    further = [source.act(Call(owner, "Controller", "unpause"))]
    further += source.live(FURTHER_STEPS)
    after = expected()
    chain.revert(mark)

    # The same from the file.
    destination = deploy_destination(
        chain, artifacts, owner, world.protocol.token.address, world.protocol.l2_lpt_data_cache.address
    )
    player = Player(chain, artifacts, owner)
    plan = build_import_plan(state, destination, artifacts, COMMIT, batch_gas=BATCH_GAS, with_funds=True)
    player.play(plan.steps)
    minter = player.entries["NewMinter"].address
    controller = destination.address("Controller")
    require_state(collect_state_facts(state, ChainLedger(chain), artifacts, controller, with_funds=True))
    addresses = equip(source, destination.address, minter)
    assert chain.block_number <= paused_at + PAUSED_BLOCKS
    chain.mine_to(paused_at + PAUSED_BLOCKS)
    contracts = moved_contracts(chain, destination, minter)
    assert source.differences(contracts, before) == []

    stage = {**world.contracts, **contracts, "Controller": chain.at("Controller", controller)}
    for number, done in enumerate(further):
        if isinstance(done.step, Mine):
            chain.mine(done.step.blocks)
            continue
        error, events = outcome_on(stage[done.step.contract], done.step)
        if since is None and is_about_the_past(done.error, error):
            continue
        if done.error is not None:
            done.error.arguments = mapped(done.error.arguments, addresses)
        assert compare_outcomes(done.error, error) is None, f"step {number}, {world.describe(done.step)}"
        if number:  # the Controller tells of itself
            assert events == mapped(done.events, addresses), f"step {number}, {world.describe(done.step)}"
    assert source.differences(contracts, after) == []


def is_about_the_past(expected: ProtocolError | None, found: Reverted | None) -> bool:
    """Whether both refuse a ticket of a round that is not carried, for different reasons."""
    return (
        isinstance(expected, (TicketExpired, CreationRoundBlockHashMismatch))
        and found is not None
        and found.error_name == "CreationRoundHasNoBlockHash"
    )


def equip(source: Source, address_of, minter: str) -> dict[str, str]:
    """What a deployment has that is not state of the protocol: allowances, roles, other entries of the registry.

    Returns the destination's addresses by the source's.
    """
    world, owner, chain = source.world, source.world.cast.owner, source.chain
    controller = chain.at("Controller", address_of("Controller"))
    for name, address in (
        ("Treasury", world.protocol.treasury.address),
        ("L2Migrator", world.cast.migrator),
        ("Verifier", world.cast.verifier),
    ):
        controller.setContractInfo.send(contract_id(name), address, bytes(20), sender=owner)
    token = world.protocol.token
    token.grantRole.send(BURNER_ROLE, minter, sender=owner)
    spender = world.protocol.bonding_manager
    for account in world.cast.accounts:
        allowed = token.allowance(account, spender)
        token.approve.send(address_of("BondingManager"), allowed, sender=account)
    addresses = {world.contracts[name].address: address_of(name) for name in MOVED if name != "Minter"}
    return addresses | {world.protocol.minter.address: minter}
