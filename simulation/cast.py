"""Who acts, and what an action may look at."""

from dataclasses import dataclass
from typing import Protocol as Interface

from reference_model.constants import ZERO_ADDRESS
from reference_model.protocol import Protocol as Model
from simulation.calls import Step
from simulation.chain.actors import Actor


@dataclass(frozen=True)
class Cast:
    """The accounts of a run."""

    owner: Actor
    stakers: tuple[Actor, ...]
    """Accounts with LPT: orchestrators, delegators, and all between."""
    gateways: tuple[Actor, ...]
    attacker: Actor
    """Somebody without LPT or role."""
    verifier: str
    """The contract that slashes."""
    migrator: str
    """The contract that bonds for others as they could themselves."""
    targets: tuple[tuple[str, str], ...]
    """Code for upgrades: registry ids of targets, each with the address of the code of now or of a copy."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """Whoever may have a bond, fees or escrow."""
        return (*self.stakers, *self.gateways, self.attacker, self.migrator)

    @property
    def watched(self) -> tuple[str, ...]:
        """Whom the invariants look at: everybody, and the zero address."""
        return (*self.accounts, self.owner, self.verifier, ZERO_ADDRESS)


class Stage(Interface):
    """Where actions happen: the model, with contracts beside it or without."""

    model: Model
    cast: Cast
    trace: list[Step]
