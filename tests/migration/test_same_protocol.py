"""A deployment that the state machine has filled, moved into a fresh one: all views stay, and life goes on the same.

given the state in a file                   every view of every account equals the model's, of past rounds too
given that only the present is carried      every view of the present does
given a life that is told step by step      the same, where random lives seldom come
given the same steps afterwards             each has the same outcome, error or events, and leaves the same views
given the file                              `verify` finds nothing
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from reference_model.exceptions import CreationRoundBlockHashMismatch, ProtocolError, TicketExpired
from scripts._migration.export import export_state
from scripts._migration.plan import build_import_plan
from scripts._migration.state_file import load_state, root_of, save_state
from scripts._migration.verify import collect_state_facts, require_state
from simulation.calls import Call, Mine
from simulation.chain.reverts import Reverted
from simulation.comparison import compare_outcomes
from simulation.protocol import BURNER_ROLE, contract_id
from simulation.tickets import Ticket
from tests.migration.stage import (
    COMMIT,
    MOVED,
    ChainLedger,
    Continued,
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
LPT = 10**18
FEE = 10**15
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
    source = Source(
        LoggingChain(artifacts),
        seed,
        STEPS,
        stakers=7,
        round_length=length,
        num_active_transcoders=3,
        unbonding_period=2,
        treasury_reward_cut_rate=10**26,
    )
    move_and_compare(source, artifacts, tmp_path, since, lambda: list(source.live(FURTHER_STEPS)))


def move_and_compare(
    source: Source,
    artifacts: dict,
    folder: Path,
    since: int | None,
    go_on: Callable[[], list[Continued]],
) -> None:
    """Moves the source, lets it go on where it is and where it has come to, and compares everything."""
    chain = source.chain
    world, owner = source.world, source.world.cast.owner
    all_rounds = since == 0
    exported = export_state(ChainLedger(chain), artifacts, world.protocol.controller.address, since=since)
    save_state(exported, folder / "state.json")
    state = load_state(folder / "state.json", root=root_of(exported))
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
    further += go_on()
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


def test_migration__between_reward_and_fees__keeps_every_start_factor(artifacts, tmp_path):
    """What random lives seldom meet: factors that were started from in a round without reward, a tie in the pool."""
    story = Story()
    source = Source(
        LoggingChain(artifacts),
        1,
        0,
        story.before,
        stakers=6,
        round_length=300,
        num_active_transcoders=2,
        treasury_reward_cut_rate=10**26,
    )
    move_and_compare(source, artifacts, tmp_path, None, lambda: story.after(source))


class Story:
    """Two orchestrators, each with a delegator; the second is rewarded after the export, both are paid then."""

    def before(self, source: Source) -> None:
        """The first joins before the second, which has more stake."""
        cast = source.world.cast
        self.first, self.second, self.newcomer, self.behind_first, self.behind_second, _ = cast.stakers
        self.gateway, self.number = cast.gateways[0], 0
        for who, amount, to in (
            (self.first, 100, self.first),
            (self.second, 200, self.second),
            (self.behind_first, 50, self.first),
            (self.behind_second, 70, self.second),
        ):
            source.succeed(Call(who, "BondingManager", "bond", (amount * LPT, to)))
        for who in (self.first, self.second):
            source.succeed(Call(who, "BondingManager", "transcoder", (100_000, 500_000)))
        funds = (6 * FEE, 100 * FEE)
        source.succeed(Call(self.gateway, "TicketBroker", "fundDepositAndReserve", funds, sum(funds)))
        self.next_round(source)
        for who in (self.first, self.second):
            source.succeed(Call(who, "BondingManager", "reward"))
            self.pay(source, who, 2 * FEE)
        # Nobody is rewarded or paid; earnings start from the factors of the round before.
        self.next_round(source)
        self.claim(source)
        self.next_round(source)
        source.succeed(Call(self.first, "BondingManager", "reward"))
        # More than the deposit still has: some of it comes from the reserve.
        self.pay(source, self.first, 5 * FEE)

    def after(self, source: Source) -> list[Continued]:
        """The same round, then the next one."""
        done = [source.succeed(Call(self.second, "BondingManager", "reward"))]
        done += [self.pay(source, who, 4 * FEE) for who in (self.first, self.second)]
        done += self.next_round(source)
        done += self.claim(source)
        bonding = source.world.model.bonding_manager
        lead = bonding.transcoder_total_stake(self.second) - bonding.transcoder_total_stake(self.first)
        done.append(source.succeed(Call(self.first, "BondingManager", "bond", (lead, self.first))))
        done.append(
            source.succeed(Call(self.newcomer, "BondingManager", "bond", (5_000 * LPT, self.newcomer)))
        )
        assert bonding.get_next_transcoder_in_pool(self.newcomer) == self.first
        return done

    def claim(self, source: Source) -> list[Continued]:
        """Both delegators."""
        claimants = (self.behind_first, self.behind_second)
        return [source.succeed(Call(who, "BondingManager", "claimEarnings", (0,))) for who in claimants]

    def pay(self, source: Source, recipient: str, face_value: int) -> Continued:
        """A winning ticket of this round."""
        rounds = source.world.model.rounds_manager
        current_round = rounds.current_round()
        block_hash = rounds.block_hash_for_round(current_round)
        self.number += 1
        ticket = Ticket(
            recipient, self.gateway, face_value, current_round, block_hash, sender_nonce=self.number
        )
        arguments = (ticket.sign(self.gateway),)
        return source.succeed(Call(recipient, "TicketBroker", "redeemWinningTicket", arguments))

    @staticmethod
    def next_round(source: Source) -> list[Continued]:
        """Blocks until the next round, and its initialization."""
        rounds = source.world.model.rounds_manager
        first_block = rounds.current_round_start_block() + rounds.round_length
        initialize = Call(source.world.cast.owner, "RoundsManager", "initializeRound")
        return [source.succeed(Mine(first_block - 1 - source.chain.block_number)), source.succeed(initialize)]


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
