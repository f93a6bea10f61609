"""What invariants look at of governance: its contracts, their state at one moment, and what events have said so far."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from reference_model.governance import LivepeerGovernor
from reference_model.proposals import ProposalState
from reference_model.protocol import Protocol
from reference_model.state import Event
from reference_model.treasury import Treasury
from simulation.governance_model import NumberedPolls

Given = Mapping[str, Any]
# By event: the setting that it tells, and the name of its new value.
SETTING_EVENTS = {
    "VotingDelaySet": ("votingDelay", "newVotingDelay"),
    "VotingPeriodSet": ("votingPeriod", "newVotingPeriod"),
    "ProposalThresholdSet": ("proposalThreshold", "newProposalThreshold"),
    "QuorumNumeratorUpdated": ("quorumNumerator", "newQuorumNumerator"),
    "TimelockChange": ("timelock", "newTimelock"),
    "MinDelayChange": ("minDelay", "newDuration"),
}


class Council(NamedTuple):
    """The contracts of the model."""

    governor: LivepeerGovernor
    treasury: Treasury
    creator: NumberedPolls

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(contract.address for contract in self)


def find_council(model: Protocol) -> Council | None:
    """The governance of a protocol; None where it has none."""
    contracts = model.contracts.values()
    # The bare code of the governor is another of its kind.
    governor = next(
        (one for one in contracts if isinstance(one, LivepeerGovernor) and one.is_subscriber), None
    )
    if governor is None:
        return None
    treasury = next(one for one in contracts if isinstance(one, Treasury))
    return Council(governor, treasury, next(one for one in contracts if isinstance(one, NumberedPolls)))


class CouncilPicture(NamedTuple):
    """The state at one moment; proposals by id."""

    settings: dict[str, Any]
    numerators: dict[int, int]
    """Of the quorum, by the round from which on each holds."""
    states: dict[int, ProposalState]
    votes: dict[int, tuple[int, int, int]]
    voters: dict[int, frozenset[str]]
    operations: dict[bytes, int]
    """Times by id: 1 for what has been executed."""
    roles: frozenset[tuple[str, str]]
    polls: dict[str, int]
    """End blocks."""


def take_council_picture(council: Council) -> CouncilPicture:
    """The state of now."""
    governor, treasury = council.governor, council.treasury
    proposals = {number: one for number, one in governor.proposals.items() if one.vote_start}
    return CouncilPicture(
        settings=settings_of(council),
        numerators=dict(governor.quorum_numerators),
        states={number: governor.state(number) for number in proposals},
        votes={number: governor.proposal_votes(number) for number in proposals},
        voters={
            number: frozenset(account for account, voter in one.tally.voters.items() if voter.has_voted)
            for number, one in proposals.items()
        },
        operations={number: time for number, time in treasury.timestamps.items() if time},
        roles=frozenset(role for role, has in treasury.roles.items() if has),
        polls={address: poll.end_block for address, poll in council.creator.polls.items()},
    )


def settings_of(council: Council) -> dict[str, Any]:
    """What executed proposals set, and the quota, which nobody can."""
    governor, treasury = council.governor, council.treasury
    return {
        "votingDelay": governor.voting_delay,
        "votingPeriod": governor.voting_period,
        "proposalThreshold": governor.proposal_threshold,
        "quorumNumerator": governor.quorum_numerator(),
        "quota": governor.quota,
        "timelock": governor.timelock,
        "minDelay": treasury.min_delay,
    }


class CouncilBooks:
    """Books kept from the first state and the events since."""

    def __init__(self, council: Council) -> None:
        self.settings = settings_of(council)
        self.roles = {role for role, has in council.treasury.roles.items() if has}
        self.proposals: dict[int, Given] = {}
        """What ProposalCreated said."""
        self.votes: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
        """Voter, support and weight, in their order."""
        self.scheduled: dict[bytes, dict[int, tuple[str, int, bytes]]] = defaultdict(dict)
        """Target, wei and calldata by index, of each operation."""

    def add(self, event: Event) -> None:
        """Enter an event."""
        given = event.arguments
        if event.name in SETTING_EVENTS:
            name, value = SETTING_EVENTS[event.name]
            self.settings[name] = given[value]
        elif event.name == "ProposalCreated":
            self.proposals[given["proposalId"]] = given
        elif event.name in ("VoteCast", "VoteCastWithParams"):
            self.votes[given["proposalId"]].append((given["voter"], given["support"], given["weight"]))
        elif event.name == "CallScheduled":
            self.scheduled[given["id"]][given["index"]] = (given["target"], given["value"], given["data"])
        elif event.name == "RoleGranted":
            self.roles.add((given["role"], given["account"]))
        elif event.name == "RoleRevoked":
            self.roles.discard((given["role"], given["account"]))
