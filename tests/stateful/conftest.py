"""A world in which every kind of view has something to say."""

from collections.abc import Iterator

import pytest

from simulation.calls import Call, Mine, Update
from simulation.chain.facade import open_chain
from simulation.tickets import Ticket
from simulation.world import World

STAKE = 10**18
DEPLOYMENT = {"round_length": 40, "num_active_transcoders": 2, "unbonding_period": 2}


def enliven(world: World) -> None:
    """Stake, locks, escrow, rewards, fees, votes."""
    first, second, third = world.cast.stakers[:3]
    gateway = world.cast.gateways[0]
    world.play(
        [
            Call(first, "BondingManager", "bond", (10 * STAKE, first)),
            Call(first, "BondingManager", "transcoder", (100_000, 500_000)),
            Call(second, "BondingManager", "bond", (5 * STAKE, second)),
            Call(third, "BondingManager", "bond", (STAKE, first)),
            Call(gateway, "TicketBroker", "fundDepositAndReserve", (10**18, 10**18), 2 * 10**18),
            Call(world.cast.owner, "RoundsManager", "setLIPUpgradeRound", (36, 5)),
            Call(world.cast.owner, "Governor", "stage", (Update((), nonce=1), 10)),
            Mine(DEPLOYMENT["round_length"]),
            Call(first, "RoundsManager", "initializeRound"),
            Call(first, "BondingManager", "reward"),
            Call(first, "BondingManager", "setRewardCaller", (second,)),
            Call(third, "BondingManager", "unbond", (STAKE // 2,)),
        ]
    )
    rounds = world.model.rounds_manager
    current_round = rounds.current_round()
    ticket = Ticket(
        recipient=first,
        sender=gateway,
        face_value=10**18 + 5,
        creation_round=current_round,
        block_hash=rounds.block_hash_for_round(current_round),
    )
    world.act(Call(second, "TicketBroker", "redeemWinningTicket", (ticket.sign(gateway),)))


@pytest.fixture(scope="module")
def lively(artifacts) -> Iterator[World]:
    """Such a world on a chain of its own; tests undo what they do to it."""
    chain = open_chain("pyrevm", artifacts)
    world = World(chain, **DEPLOYMENT)
    enliven(world)
    yield world
    chain.close()
