"""Faults that the state machines found in the bonding contracts, as fixed lists of calls.

After each call contracts and reference model must agree on everything that can be observed.
"""

import pytest

from reference_model.constants import ZERO_ADDRESS
from simulation.calls import Call, Mine
from simulation.chain.facade import Chain
from simulation.tickets import Ticket
from simulation.world import World

pytestmark = pytest.mark.stateful

MANAGER, BROKER, ROUNDS = "BondingManager", "TicketBroker", "RoundsManager"
ROUND_LENGTH = 40
NEXT_ROUND = Mine(ROUND_LENGTH)


@pytest.fixture
def world(fresh_chain: Chain) -> World:
    return World(fresh_chain, round_length=ROUND_LENGTH, num_active_transcoders=2, unbonding_period=2)


def test_regression_bonding_rates_of_fees_that_are_kept(world: World) -> None:
    """DEV-11: rates of the current round show once there were fees, also fees that leave the fee factor at zero."""
    orchestrator, gateway = world.cast.stakers[0], world.cast.gateways[0]
    world.play(
        [
            Call(orchestrator, MANAGER, "bond", (10**18, orchestrator)),
            Call(orchestrator, MANAGER, "transcoder", (250_000, 0)),
            Call(gateway, BROKER, "fundDeposit", (), 10**18),
            NEXT_ROUND,
            Call(orchestrator, ROUNDS, "initializeRound"),
        ]
    )
    creation_round = world.model.rounds_manager.current_round()
    ticket = Ticket(
        recipient=orchestrator,
        sender=gateway,
        face_value=10**17,
        creation_round=creation_round,
        block_hash=world.model.rounds_manager.block_hash_for_round(creation_round),
    )
    world.act(Call(gateway, BROKER, "redeemWinningTicket", (ticket.sign(gateway),)))
    row = world.contracts[MANAGER].getTranscoderEarningsPoolForRound(orchestrator, creation_round)
    assert (row.transcoderRewardCut, row.cumulativeFeeFactor) == (250_000, 0)


def test_regression_bonding_slashed_before_the_round_is_initialized(world: World) -> None:
    """DEV-5: nobody leaves the pool between the start of a round and its initialization.

    The round's totals would be without the one who leaves, who would still be active in it: its reward would take
    from the others what the round may mint, and it would draw on reserves beside the shares of the others.
    """
    orchestrator, other = world.cast.stakers[:2]
    slash = Call(world.cast.verifier, MANAGER, "slashTranscoder", (other, orchestrator, 500_000, 0))
    world.play(
        [
            Call(orchestrator, MANAGER, "bond", (10**18, orchestrator)),
            Call(other, MANAGER, "bond", (10**18, other)),
            NEXT_ROUND,
        ]
    )
    assert not world.act(slash)
    assert world.act(Call(other, ROUNDS, "initializeRound"))
    assert world.act(slash)
    assert world.act(Call(other, MANAGER, "reward"))
    assert world.act(Call(orchestrator, MANAGER, "reward"))


def test_regression_bonding_migrator_bonds_for_the_zero_address(world: World) -> None:
    """DEV-26: the views of the pool mean nobody by the zero address, so it is no orchestrator."""
    migrator = world.cast.migrator
    amount = world.model.token.balances[migrator] // 2
    no_hints = (ZERO_ADDRESS,) * 4
    assert not world.act(
        Call(migrator, MANAGER, "bondForWithHint", (amount, ZERO_ADDRESS, ZERO_ADDRESS, *no_hints))
    )
    assert world.model.bonding_manager.pool.size == 0
