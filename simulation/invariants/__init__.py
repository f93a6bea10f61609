"""The catalogue of invariants of the core protocol, each code once.

`INVARIANTS` maps an id to its claim and its check.  `Chronicle` follows a run and checks all of them:

    chronicle = Chronicle(model, accounts)
    chronicle.before(step)
    succeeded = world.act(step)
    chronicle.after(succeeded)                    # raises InvariantBroken

Ids are never reused.  Numbers of the specification: staking.md 7, rounds-and-issuance.md 6, payments.md 5.
"""

from simulation.invariants import bonding, earnings, issuance, payments, votes
from simulation.invariants.chronicle import INVARIANTS, Chronicle, InvariantBroken, Moment

AREAS = (bonding, earnings, issuance, payments, votes)

__all__ = ["AREAS", "INVARIANTS", "Chronicle", "InvariantBroken", "Moment"]
