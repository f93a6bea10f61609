"""Stake-weighted governance beside the rest of the reference model, wired and handed over like `simulation.governance`.

governance = add_governance(model, {name: address for name in MODEL_CONTRACTS})
governance.hand_over(1, 10, 100 * LPT, 333_300, 500_000)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils import keccak

from reference_model.governance import LivepeerGovernor
from reference_model.polls import Poll, PollCreator
from reference_model.protocol import Protocol as Model
from reference_model.registry import entry_point
from reference_model.snapshots import MerkleSnapshot
from reference_model.state import Ledger
from reference_model.treasury import (
    CANCELLER_ROLE,
    EXECUTOR_ROLE,
    PROPOSER_ROLE,
    TIMELOCK_ADMIN_ROLE,
    Treasury,
)
from simulation.chain.addresses import checksum, raw_address
from simulation.governance_cryptography import EthereumGovernanceCryptography

REGISTERED = ("Treasury", "MerkleSnapshot", "LivepeerGovernorTarget", "LivepeerGovernor")
MODEL_CONTRACTS = (*REGISTERED, "PollCreator")


def poll_address(creator: str, number: int) -> str:
    """Where CREATE puts the poll of that number, from one, of a PollCreator (up to 127)."""
    # RLP of the creator and its nonce, which begins with one.
    return checksum(keccak(b"\xd6\x94" + raw_address(creator) + bytes([number]))[12:])


class NumberedPolls(PollCreator):
    """Opens polls where the chain does, if it is not told where."""

    def __init__(self, protocol: Model, address: str) -> None:
        super().__init__(protocol, address)
        self.polls = Ledger(protocol.journal, None)
        """By address."""

    @entry_point
    def create_poll(self, sender: str, proposal: bytes, *, poll: str = "") -> Poll:
        at = poll or poll_address(self.address, len(self.polls) + 1)
        self.polls[at] = super().create_poll(sender, proposal, poll=at)
        return self.polls[at]


class PollSite:
    """A poll, or the place where it will be: an account without code takes every call."""

    def __init__(self, creator: NumberedPolls, address: str) -> None:
        self._creator, self.address = creator, address

    @property
    def poll(self) -> Poll | None:
        """The poll, once there is one."""
        return self._creator.polls[self.address]

    def __getattr__(self, name: str) -> Any:
        return self._take if self.poll is None else getattr(self.poll, name)

    def _take(self, sender: str, *arguments: Any) -> None:
        with self._creator.journal.transaction():
            pass


@dataclass(frozen=True)
class ModelGovernance:
    """The contracts of the model."""

    model: Model
    treasury: Treasury
    governor: LivepeerGovernor
    polls: NumberedPolls
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
    accepted = model.accepts_ether
    model.accepts_ether = lambda address: address == at["Treasury"] or accepted(address)
    cryptography = EthereumGovernanceCryptography(at["LivepeerGovernor"])
    governance = ModelGovernance(
        model,
        model.add(Treasury(model, at["Treasury"], owner, cryptography)),
        model.add(LivepeerGovernor(model, at["LivepeerGovernor"], cryptography=cryptography)),
        model.add(NumberedPolls(model, at["PollCreator"])),
        model.add(MerkleSnapshot(model, at["MerkleSnapshot"], keccak)),
    )
    model.add_target(LivepeerGovernor, at["LivepeerGovernorTarget"])
    for name in REGISTERED:
        model.controller.set_contract_info(owner, name, at[name], bytes(20))
    return governance
