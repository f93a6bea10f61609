"""Counted votes never exceed stake: random runs of staking on the reference model, with proposals voted on all along.

given any history of bonds, moves, transfers, rewards, slashing and votes
    all that counts on a proposal should be within the stake of registered orchestrators at the end of its snapshot
    (governance.md, invariants 12 and 14), and nobody should be kept from voting
"""

import pytest

from reference_model.constants import ZERO_ADDRESS
from reference_model.counting import ABSTAIN, AGAINST, FOR
from reference_model.exceptions import VoteAlreadyCast
from reference_model.proposals import ProposalState
from reference_model.types import Message
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Weighted, draw_parameters
from simulation.choices import ByteChoices
from simulation.governance_model import MODEL_CONTRACTS, add_governance
from simulation.model_stage import ModelWorld, address_of

STEPS = 250
VOTING_PERIOD = 3


class VotingWorld(ModelWorld):
    """A stage with a governor, and at most one proposal at a time."""

    def __init__(self, **parameters) -> None:
        super().__init__(**parameters)
        addresses = {name: address_of(f"{name} of votes") for name in MODEL_CONTRACTS}
        governance = add_governance(self.model, addresses)
        governance.hand_over(1, VOTING_PERIOD, 0, 333_300, 500_000)
        self.governor = governance.governor
        self.proposal_id, self.proposals, self.votes = 0, 0, 0

    def propose_or_vote(self, choices: ByteChoices) -> None:
        """Somebody votes on the open proposal; another is made when it has ended."""
        state = self.governor.state(self.proposal_id) if self.proposal_id else ProposalState.DEFEATED
        if state not in (ProposalState.PENDING, ProposalState.ACTIVE):
            self.proposals += 1
            target = address_of("payee")
            self.proposal_id = self.governor.propose(
                "anybody", [target], [0], [Message(b"", "")], str(self.proposals)
            )
        elif state is ProposalState.ACTIVE:
            voter = str.__str__(choices.pick(self.cast.accounts))
            try:
                self.governor.cast_vote(voter, self.proposal_id, choices.pick((AGAINST, FOR, ABSTAIN)))
                self.votes += 1
            except VoteAlreadyCast:
                pass

    def assert_votes_are_within_stake(self) -> None:
        snapshot = self.governor.proposal_snapshot(self.proposal_id)
        if not self.proposal_id or snapshot >= self.governor.clock():
            return
        source = self.model.bonding_votes
        # Bonds can be given to the last two as well.
        accounts = (*self.cast.accounts, self.model.controller.owner, ZERO_ADDRESS)
        stake = sum(
            source.get_past_votes(account, snapshot)
            for account in accounts
            if source.delegated_at(account, snapshot) == account
        )
        tally = self.governor.proposals[self.proposal_id].tally
        assert sum(tally.votes.values()) <= stake
        # Real stake never needs DEV-19.
        for account, voter in tally.voters.items():
            assert voter.deductions <= source.get_past_votes(account, snapshot)


def run(seed: int, steps: int = STEPS) -> VotingWorld:
    choices = ByteChoices.of_seed(seed, steps * 32)
    world = VotingWorld(**draw_parameters(choices))
    weighted = Weighted(ACTIONS_BY_AREA["bonding"])
    for _ in range(steps):
        step = weighted.next_step(world, choices)
        if step is not None:
            world.act(step)
        world.propose_or_vote(choices)
        world.assert_votes_are_within_stake()
    return world


@pytest.mark.property
@pytest.mark.parametrize("seed", range(8))
def test_votes__any_history__are_within_stake(seed: int) -> None:
    world = run(seed)

    assert world.proposals > 3
    assert world.votes > 20
