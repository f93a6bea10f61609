"""What tells faulty contracts from the model."""

from dataclasses import dataclass

from simulation.campaign.divergences import signature_of
from simulation.chain.reverts import Reverted
from simulation.invariants import InvariantBroken
from simulation.world import Divergence

# What a run with faulty contracts ends in; the last, when the deployment or a view fails.
FAILURES = (Divergence, InvariantBroken, Reverted)


@dataclass(frozen=True)
class Finding:
    """What came to light. `steps`: how many had been taken, the last one included."""

    steps: int
    signature: tuple[str, ...]
    """Names of the views, events, errors and results that differ, or the invariant that does not hold."""
    message: str

    @classmethod
    def of(cls, failure: Exception, steps: int) -> "Finding":
        """What a failure of a run says."""
        if isinstance(failure, Divergence):
            return cls(steps, signature_of(str(failure)), str(failure))
        if isinstance(failure, InvariantBroken):
            return cls(steps, (str(failure).partition(" ")[0],), str(failure))
        name = f"{type(failure).__name__} in the deployment" if steps == 0 else type(failure).__name__
        return cls(steps, (name,), str(failure))
