"""Stake-weighted governance on a `Chain`: LivepeerGovernor, Treasury, polls, Merkle snapshots; wired, handed over.

    governance = deploy_governance(protocol)                       # or any ControlPlane that has a BondingVotes
    grant = make_proposal((token, 0, token.transfer.encode(payee, 50 * LPT)), description="Pay the payee")
    governance.propose(grant, sender=orchestrator)
    governance.governor.castVote.send(grant.id, FOR, sender=orchestrator)
    governance.queue(grant), governance.execute(grant)

Afterwards the governor alone proposes, executes and cancels in the treasury, the treasury alone administers its roles,
and the deployer has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any, NamedTuple

from eth_abi import encode
from eth_utils import keccak

from simulation.chain.addresses import to_address
from simulation.chain.contracts import Contract
from simulation.chain.receipts import Receipt
from simulation.protocol import LPT, ControlPlane, Protocol

AGAINST, FOR, ABSTAIN = range(3)
TIMELOCK_ADMIN_ROLE = keccak(text="TIMELOCK_ADMIN_ROLE")
PROPOSER_ROLE = keccak(text="PROPOSER_ROLE")
EXECUTOR_ROLE = keccak(text="EXECUTOR_ROLE")
CANCELLER_ROLE = keccak(text="CANCELLER_ROLE")
DEFAULT_ADMIN_ROLE = bytes(32)
GOVERNOR_ROLES = (PROPOSER_ROLE, CANCELLER_ROLE, EXECUTOR_ROLE)
_CALLS = ["address[]", "uint256[]", "bytes[]"]


class State(IntEnum):
    """What `state(proposalId)` answers."""

    PENDING = 0
    ACTIVE = 1
    CANCELED = 2
    DEFEATED = 3
    SUCCEEDED = 4
    QUEUED = 5
    EXPIRED = 6
    EXECUTED = 7


@dataclass(frozen=True)
class GovernanceParameters:
    """What the two contracts are given."""

    voting_delay: int = 1  # rounds
    voting_period: int = 10  # rounds
    proposal_threshold: int = 100 * LPT
    quorum: int = 333_300  # parts per million of the total active stake
    quota: int = 500_000  # parts per million of the votes for and against
    min_delay: int = 0  # seconds

    @property
    def settings(self) -> tuple[int, ...]:
        """The arguments of `LivepeerGovernor.initialize`."""
        return self.voting_delay, self.voting_period, self.proposal_threshold, self.quorum, self.quota


def split_parameters(parameters: dict[str, Any]) -> tuple[GovernanceParameters, dict[str, Any]]:
    """Those of governance, and those of the rest of the protocol."""
    names = {field.name for field in fields(GovernanceParameters)}
    given = {name: value for name, value in parameters.items() if name in names}
    rest = {name: value for name, value in parameters.items() if name not in names}
    return replace(GovernanceParameters(), **given), rest


class Proposal(NamedTuple):
    """What a proposal does, and the text that makes it different from another that does the same."""

    targets: list[str]
    values: list[int]
    calldatas: list[bytes]
    description: str

    @property
    def description_hash(self) -> bytes:
        return keccak(text=self.description)

    @property
    def id(self) -> int:
        """`hashProposal` of it."""
        encoded = encode([*_CALLS, "bytes32"], [*self[:3], self.description_hash])
        return int.from_bytes(keccak(encoded), "big")

    @property
    def operation_id(self) -> bytes:
        """What the treasury calls it: `hashOperationBatch`, without predecessor, salted with the description."""
        return keccak(encode([*_CALLS, "bytes32", "bytes32"], [*self[:3], bytes(32), self.description_hash]))

    @property
    def by_hash(self) -> tuple:
        """The arguments of `queue`, `execute` and `cancel`."""
        return (*self[:3], self.description_hash)


def make_proposal(*calls: tuple[Any, int, bytes], description: str = "A proposal") -> Proposal:
    """A proposal of (target, wei, calldata) triples."""
    return Proposal(
        [to_address(target) for target, _, _ in calls],
        [value for _, value, _ in calls],
        [data for _, _, data in calls],
        description,
    )


@dataclass(frozen=True)
class Governance:
    """See the module; `governor` is at its proxy."""

    plane: ControlPlane
    parameters: GovernanceParameters
    governor: Contract
    treasury: Contract
    merkle_snapshot: Contract
    poll_creator: Contract | None

    def propose(self, proposal: Proposal, *, sender: str) -> Receipt:
        return self.governor.propose.send(*proposal, sender=sender)

    def cancel(self, proposal: Proposal, *, sender: str) -> Receipt:
        return self.governor.cancel.send(*proposal.by_hash, sender=sender)

    def queue(self, proposal: Proposal, *, sender: str | None = None) -> Receipt:
        return self.governor.queue.send(*proposal.by_hash, sender=sender or self.plane.owner)

    def execute(self, proposal: Proposal, *, sender: str | None = None, value: int = 0) -> Receipt:
        return self.governor.execute.send(*proposal.by_hash, sender=sender or self.plane.owner, value=value)

    def state(self, proposal: Proposal) -> State:
        return State(self.governor.state(proposal.id))


def deploy_governance(
    plane: ControlPlane,
    *,
    contracts: Mapping[str, str] | None = None,
    hand_over: bool = True,
    **parameters,
) -> Governance:
    """Deploy, register, initialize, hand the treasury's roles to the governor and give up the deployer's.

    Without `hand_over` nothing is initialized.  BondingVotes has to be registered, and to know the round.  Of a whole
    protocol `plane` in the result is the one
    to go on with: it knows the treasury that replaces the placeholder; and only that has a PollCreator.  `contracts`
    names artifacts to be deployed in place of Treasury and LivepeerGovernor.  Other keyword arguments replace those of
    `GovernanceParameters`; an unknown one raises TypeError.
    """
    given, artifacts = replace(GovernanceParameters(), **parameters), contracts or {}
    chain, owner = plane.chain, plane.owner
    merkle_snapshot = plane.deploy_registered("MerkleSnapshot", plane.controller)
    treasury = plane.deploy_registered(artifacts.get("Treasury", "Treasury"), name="Treasury")
    governor = plane.deploy_behind_proxy(
        artifacts.get("LivepeerGovernor", "LivepeerGovernor"), "LivepeerGovernor"
    )
    if hand_over:
        treasury.initialize.send(given.min_delay, [], [], owner, sender=owner)
        governor.initialize.send(*given.settings, sender=owner)
        for role in GOVERNOR_ROLES:
            treasury.grantRole.send(role, governor, sender=owner)
        treasury.renounceRole.send(TIMELOCK_ADMIN_ROLE, owner, sender=owner)

    poll_creator = None
    if isinstance(plane, Protocol):
        poll_creator = chain.deploy("PollCreator", plane.bonding_manager, sender=owner)
        plane = replace(plane, treasury=treasury)
    return Governance(plane, given, governor, treasury, merkle_snapshot, poll_creator)
