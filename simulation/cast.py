"""Who acts, and what an action may look at."""

from collections.abc import Mapping
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
    foreign_target: str
    """Code that can run behind a proxy, and has none of the functions of the protocol's contracts."""
    adjustable_target: str
    """The code of a RoundsManager whose clock anybody sets."""
    caches: tuple[str, str]
    """The L2LPTDataCache of now, which knows of no LPT on L1, and one whose answer can be set."""
    minters: tuple[str, str, str]
    """The Minter of now, its successor, and one that follows the second Controller."""
    second_controller: str
    addresses: Mapping[str, str]
    """Contracts that steps name."""
    home: Mapping[str, str]
    """Who is registered under which id at the start; the Verifier and the L2Migrator are by the first round."""

    @property
    def has_governance(self) -> bool:
        """Whether there are a LivepeerGovernor, its treasury, and polls."""
        return "LivepeerGovernor" in self.addresses

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
