"""Runs to make traces of: random ones that succeed, one with all kinds of tickets, some that planted faults fail."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from reference_model.constants import ZERO_ADDRESS
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import BYTES_PER_STEP, Weighted, draw_parameters
from simulation.calls import Batch, Call, Mine, Step
from simulation.chain.actors import actor
from simulation.chain.facade import open_chain
from simulation.choices import ByteChoices
from simulation.exam.catalogue import CATALOGUE
from simulation.exam.fault import with_faults
from simulation.tickets import SignedTicket, Ticket, compact, twin
from simulation.trace import Origin, Trace, record
from simulation.trace.signatures import sign_for_draw
from simulation.world import World
from tools.artifacts import Artifact

MANAGER, BROKER, ROUNDS = "BondingManager", "TicketBroker", "RoundsManager"
ORIGIN = Origin(driver="test", area="staking", seed=7)
PARAMETERS = {"stakers": 3, "round_length": 40, "num_active_transcoders": 2}
ORCHESTRATOR, DELEGATOR, OTHER = (actor(f"staker {number}") for number in (1, 2, 3))
GATEWAY, ATTACKER = actor("gateway 1"), actor("attacker")
LPT = ETHER = 10**18
EVEN_CHANCE = 2**255

_TWO_BONDS: tuple[Step, ...] = (
    Call(ORCHESTRATOR, MANAGER, "bond", (LPT, ORCHESTRATOR)),
    Call(DELEGATOR, MANAGER, "bond", (LPT, ORCHESTRATOR)),
    Mine(40),
    Call(OTHER, ROUNDS, "initializeRound"),
)


@dataclass(frozen=True)
class FailingRun:
    """Steps of which the last one fails on a contract with the fault, and what the trace says of it."""

    fault: str
    kind: str
    steps: tuple[Step, ...]

    def trace(self, artifacts: Mapping[str, Artifact]) -> Trace:
        """The trace of the run on a build."""
        return record(self.steps, PARAMETERS, ORIGIN, artifacts=artifacts)


FAILING_RUNS = (
    FailingRun(
        "RebondMissesTotal",
        "state",
        (
            *_TWO_BONDS,
            Call(DELEGATOR, MANAGER, "unbond", (LPT // 10,)),
            Call(DELEGATOR, MANAGER, "rebond", (0,)),
        ),
    ),
    FailingRun("UnbondNamesNobody", "events", (*_TWO_BONDS, Call(DELEGATOR, MANAGER, "unbond", (LPT,)))),
    FailingRun(
        "AnybodyMovesBonds",
        "outcome",
        (
            *_TWO_BONDS,
            Call(ORCHESTRATOR, MANAGER, "reward"),
            Call(OTHER, MANAGER, "bondForWithHint", (LPT, DELEGATOR, OTHER, *[ZERO_ADDRESS] * 4)),
        ),
    ),
)


def faulty_builds(artifacts: Mapping[str, Artifact]) -> dict[str, dict[str, Artifact]]:
    """The builds on which the failing runs fail, by fault."""
    return with_faults([CATALOGUE[run.fault] for run in FAILING_RUNS], artifacts)


def random_run(artifacts: Mapping[str, Artifact], engine: str, seed: int, steps: int) -> Trace:
    """The trace of a numbered run with everything that can happen, made where it is recorded."""
    parameters, world = _random_world(artifacts, engine, seed, steps, "whole protocol", compare_every=1)
    return record(world.trace, parameters, ORIGIN, artifacts=artifacts, engine=engine)


def governing_run(artifacts: Mapping[str, Artifact], steps: int, needed: frozenset[str]) -> Trace:
    """The trace of the first run with governance in which all of these functions succeed."""
    for seed in count(1):
        parameters, world = _random_world(
            artifacts, "pyrevm", seed, steps, "governance", compare_every=2 * steps
        )
        if needed <= world.succeeded.keys():
            return record(world.trace, parameters, ORIGIN, artifacts=artifacts)
    raise AssertionError("seeds do not end")


def _random_world(
    artifacts: Mapping[str, Artifact], engine: str, seed: int, steps: int, area: str, *, compare_every: int
) -> tuple[dict[str, Any], World]:
    """The parameters of a numbered run, and the world at its end."""
    choices = ByteChoices.of_seed(seed, steps * 2 * BYTES_PER_STEP)
    parameters = draw_parameters(choices, area)
    weighted = Weighted(ACTIONS_BY_AREA[area])
    chain = open_chain(engine, artifacts)
    try:
        world = World(chain, compare_every=compare_every, **parameters)
        while len(world.trace) < steps:
            if (step := weighted.next_step(world, choices)) is not None:
                world.act(step)
    finally:
        chain.close()
    return parameters, world


def ticket_run(artifacts: Mapping[str, Artifact], engine: str) -> Trace:
    """The trace of a run with all forms of tickets and signatures, made where it is recorded."""
    chain = open_chain(engine, artifacts)
    try:
        world = World(chain, **PARAMETERS)
        for step in (*_TWO_BONDS, Call(GATEWAY, BROKER, "fundDeposit", (), ETHER)):
            world.act(step)
        tickets = _tickets(world)
        for ticket in tickets:
            world.act(Call(OTHER, BROKER, "redeemWinningTicket", (ticket,)))
        fresh = [_ticket(world, 100 + number).sign(GATEWAY) for number in range(2)]
        for batch in (Batch((*fresh, tickets[0])), Batch((fresh[0],), missing=1), Batch(())):
            world.act(Call(OTHER, BROKER, "batchRedeemWinningTickets", (batch,)))
        done = list(world.trace)
    finally:
        chain.close()
    return record(done, PARAMETERS, ORIGIN, artifacts=artifacts, engine=engine)


def _ticket(world: World, nonce: int, **fields) -> Ticket:
    rounds = world.model.rounds_manager
    current_round = rounds.current_round()
    return Ticket(
        recipient=ORCHESTRATOR,
        sender=GATEWAY,
        face_value=1_000 + nonce,
        creation_round=current_round,
        block_hash=rounds.block_hash_for_round(current_round),
        sender_nonce=nonce,
        **fields,
    )


def _tickets(world: World) -> list[SignedTicket]:
    """Good ones, some with a chance, one twice, and one for each thing that can be wrong."""
    plain = _ticket(world, 1).sign(GATEWAY)
    signature = plain.signature
    chances = [
        sign_for_draw(_ticket(world, 10 + number, win_prob=EVEN_CHANCE), GATEWAY, wins=number % 2 == 0)
        for number in range(6)
    ]
    other = _ticket(world, 2).sign(GATEWAY)
    return [
        plain,
        plain,
        *chances,
        _ticket(world, 3).sign(ATTACKER),
        other.with_signature(compact(other.signature)),
        other.with_signature(twin(other.signature)),
        other.with_signature(other.signature[:64] + bytes([3])),
        other.with_signature(b"no signature"),
        other.with_signature(signature[:32] + other.signature[32:]),
        replace(other, recipient_rand=6),
        replace(_ticket(world, 4), block_hash=bytes([1]) * 32).sign(GATEWAY),
        replace(_ticket(world, 5), creation_round=0, block_hash=bytes(32)).sign(GATEWAY),
        _ticket(world, 6, aux_data=bytes(65)).sign(GATEWAY),
        _ticket(world, 7, recipient_rand_hash=bytes([7]) * 32).sign(GATEWAY),
    ]
