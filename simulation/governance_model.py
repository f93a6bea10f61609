"""Stake-weighted governance beside the rest of the reference model, wired and handed over like `simulation.governance`.

governance = add_governance(model, {name: address for name in MODEL_CONTRACTS})
governance.hand_over(1, 10, 100 * LPT, 333_300, 500_000)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from eth_utils import keccak

from reference_model.governance import LivepeerGovernor
from reference_model.polls import PollCreator
from reference_model.protocol import Protocol as Model
from reference_model.snapshots import MerkleSnapshot
from reference_model.treasury import (
    CANCELLER_ROLE,
    EXECUTOR_ROLE,
    PROPOSER_ROLE,
    TIMELOCK_ADMIN_ROLE,
    Treasury,
)
from simulation.governance_cryptography import EthereumGovernanceCryptography

REGISTERED = ("Treasury", "MerkleSnapshot", "LivepeerGovernorTarget", "LivepeerGovernor")
MODEL_CONTRACTS = (*REGISTERED, "PollCreator")


@dataclass(frozen=True)
class ModelGovernance:
    """The contracts of the model."""

    model: Model
    treasury: Treasury
    governor: LivepeerGovernor
    polls: PollCreator
    merkle_snapshot: MerkleSnapshot

    def hand_over(self, *settings: int, min_delay: int = 0) -> None:
        """Initialize both, give the treasury's roles to the governor, and give up those of the owner.

        `settings` are the arguments of `LivepeerGovernor.initialize`.
        """
        owner = self.model.controller.owner
        self.treasury.initialize(owner, min_delay, [], [], owner)
        self.governor.initialize(owner, *settings)
        for role in (PROPOSER_ROLE, CANCELLER_ROLE, EXECUTOR_ROLE):
            self.treasury.grant_role(owner, role, self.governor.address)
        self.treasury.renounce_role(owner, TIMELOCK_ADMIN_ROLE, owner)


def add_governance(model: Model, at: Mapping[str, str]) -> ModelGovernance:
    """Add the contracts at their addresses and register them, as the owner of the Controller."""
    owner, known = model.controller.owner, model.has_code
    here = frozenset(at[name] for name in MODEL_CONTRACTS)
    model.has_code = lambda address: address in here or known(address)
    cryptography = EthereumGovernanceCryptography(at["LivepeerGovernor"])
    governance = ModelGovernance(
        model,
        model.add(Treasury(model, at["Treasury"], owner, cryptography)),
        model.add(LivepeerGovernor(model, at["LivepeerGovernor"], cryptography=cryptography)),
        model.add(PollCreator(model, at["PollCreator"])),
        model.add(MerkleSnapshot(model, at["MerkleSnapshot"], keccak)),
    )
    model.add_target(LivepeerGovernor, at["LivepeerGovernorTarget"])
    for name in REGISTERED:
        model.controller.set_contract_info(owner, name, at[name], bytes(20))
    return governance
