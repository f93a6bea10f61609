"""The catalogue of invariants of the protocol, each code once.

`INVARIANTS` maps an id to its claim, its reason and its check.  `Chronicle` follows a run and checks all of them:

    chronicle = Chronicle(model, accounts)                     # every=10 looks after one step in ten only
    chronicle.before(step)
    succeeded = world.act(step)
    chronicle.after(succeeded)                                 # raises InvariantBroken

`WORLD_INVARIANTS` are about what the model has no words for: proxies, code, registrations as contracts see them.
`check_world(world)` checks them on contracts and model together, at the end of a run for instance.

`python -m simulation.invariants` prints the catalogue, and with `--update-docs` writes it into docs/invariants.md.
Ids are never reused.  Numbers of the specification: staking.md 7, rounds-and-issuance.md 6, payments.md 5,
governance.md 5.
"""

from simulation.invariants import (
    bond_moves,
    bonds,
    contracts,
    control,
    earnings,
    governance,
    issuance,
    polls,
    pool,
    proposals,
    registry,
    reserves,
    rounds,
    sharing,
    tickets,
    tokens,
    treasury,
    votes,
)
from simulation.invariants.catalogue import INVARIANTS, WORLD_INVARIANTS, Invariant, InvariantBroken
from simulation.invariants.chronicle import Chronicle
from simulation.invariants.contracts import check_world
from simulation.invariants.moment import Moment

AREAS = (
    bonds,
    bond_moves,
    pool,
    earnings,
    sharing,
    rounds,
    issuance,
    tokens,
    tickets,
    reserves,
    votes,
    control,
    registry,
    governance,
    proposals,
    treasury,
    polls,
    contracts,
)

__all__ = [
    "AREAS",
    "INVARIANTS",
    "WORLD_INVARIANTS",
    "Chronicle",
    "Invariant",
    "InvariantBroken",
    "Moment",
    "check_world",
]
