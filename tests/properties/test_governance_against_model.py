"""Governor and treasury against the reference model, over random calls of everybody.

After each call: the same events in the same order, or the same error with the same arguments; then all views equal.
"""

from random import Random

import pytest

from simulation.ballots import ballot_hash, sign, split, voters_ballot_hash
from simulation.chain.actors import Actor
from simulation.chain.engine import CHAIN_ID
from simulation.chain.facade import open_chain
from simulation.governance import (
    CANCELLER_ROLE,
    EXECUTOR_ROLE,
    PROPOSER_ROLE,
    TIMELOCK_ADMIN_ROLE,
    Proposal,
    make_proposal,
)
from simulation.signing import domain_separator
from tests.helpers.council import QUORUM, THRESHOLD, deploy_council
from tests.helpers.council_model import CouncilPair

pytestmark = pytest.mark.property

RUNS, STEPS = 6, 220
ROLES = (TIMELOCK_ADMIN_ROLE, PROPOSER_ROLE, EXECUTOR_ROLE, CANCELLER_ROLE)
SALT = bytes(31) + b"\x01"
# What a run of all seeds must have seen: the function and the error, or none.
REACHED = {
    ("propose", ""),
    ("propose", "GovernorRestrictedProposer"),
    ("propose", "GovernorInsufficientProposerVotes"),
    ("propose", "GovernorUnexpectedProposalState"),
    ("castVote", ""),
    ("castVote", "InvalidVoteType"),
    ("castVote", "VoteAlreadyCast"),
    ("castVote", "GovernorUnexpectedProposalState"),
    ("castVoteWithReasonAndParams", ""),
    ("castVoteBySig", ""),
    ("cancel", ""),
    ("cancel", "GovernorUnableToCancel"),
    ("cancel", "AccessControlUnauthorizedAccount"),
    ("queue", ""),
    ("queue", "GovernorUnexpectedProposalState"),
    ("execute", ""),
    ("execute", "GovernorUnexpectedProposalState"),
    ("execute", "FailedCall"),
    ("execute", "TimelockUnexpectedOperationState"),
    ("setVotingDelay", "GovernorOnlyExecutor"),
    ("setVotingDelay", "Panic"),
    ("grantRole", "AccessControlUnauthorizedAccount"),
    ("bumpGovernorVotesTokenAddress", ""),
}


class Run:
    """Random steps of one seed."""

    def __init__(self, artifacts, seed: int) -> None:
        self.random = Random(seed)
        self.chain = open_chain("pyrevm", artifacts)
        council = deploy_council(self.chain, min_delay=self.random.choice((0, 3_600)))
        self.accounts = [council.proposer, *(self.chain.actor(f"voter {n}") for n in range(5))]
        self.pair = CouncilPair(council, self.accounts)
        self.governor, self.treasury = council.governor, council.treasury
        self.separator = domain_separator("LivepeerGovernor", "1", CHAIN_ID, council.governor.address)
        for account in self.accounts[1:]:
            self.power(account)

    def step(self) -> None:
        steps = {
            self.power: 3,
            self.next_round: 7,
            self.wait: 1,
            self.propose: 6,
            self.vote: 24,
            self.cancel: 2,
            self.queue: 6,
            self.execute: 6,
            self.set: 2,
            self.use_the_treasury: 3,
            self.bump: 1,
            self.decide: 2,
        }
        self.random.choices(list(steps), list(steps.values()))[0]()

    # ---- the world around

    def power(self, account: Actor | None = None) -> None:
        account = account or self.random.choice(self.accounts)
        delegate = account if self.random.random() < 0.5 else self.random.choice(self.accounts)
        votes = self.random.choice((0, 1, THRESHOLD - 1, THRESHOLD, 400, QUORUM, QUORUM))
        self.pair.power(account, votes, delegate)

    def next_round(self) -> None:
        self.pair.start(self.pair.table.round + self.random.choice((1, 1, 2, 5)))

    def wait(self) -> None:
        self.pair.wait(self.random.choice((1, 3_600)))

    # ---- proposals

    def propose(self) -> None:
        if (known := self.some_proposal()) and self.random.random() < 0.1:
            self.pair.propose(self.accounts[0], known)
            return
        calls = [self.action() for _ in range(self.random.choice((1, 1, 1, 2)))]
        suffix = (
            f"#proposer={self.random.choice(self.accounts).address}" if self.random.random() < 0.2 else ""
        )
        text = f"Text {self.random.randrange(40)} {suffix}"
        self.pair.propose(self.somebody(), make_proposal(*calls, description=text))

    def decide(self) -> None:
        """Bring a proposal as far as it gets, with everybody for it."""
        self.propose()
        known = list(self.pair.proposals.values())
        if not known:
            return
        proposal, governor = known[-1], self.governor
        self.pair.start(max(self.pair.table.round, governor.proposalSnapshot(proposal.id) + 1))
        for account in self.accounts:
            self.governs(account, "castVote", proposal.id, 1)
        self.pair.start(max(self.pair.table.round, governor.proposalDeadline(proposal.id) + 1))
        self.governs(self.somebody(), "queue", *proposal.by_hash)
        self.pair.wait(self.random.choice((1, 3_600)))
        self.governs(self.random.choice(self.accounts), "execute", *proposal.by_hash)

    def action(self) -> tuple:
        governor, treasury = self.governor, self.treasury
        role, account = self.random.choice(ROLES), self.somebody()
        return self.random.choice(
            (
                (governor, 0, governor.setVotingDelay.encode(self.random.randrange(3))),
                (governor, 0, governor.setVotingPeriod.encode(self.random.choice((0, 1, 3, 10)))),
                (governor, 0, governor.setProposalThreshold.encode(self.random.choice((0, THRESHOLD)))),
                (governor, 0, governor.updateQuorumNumerator.encode(self.random.choice((0, 333_300)))),
                (treasury, 0, treasury.updateDelay.encode(self.random.choice((0, 60)))),
                (treasury, 0, treasury.grantRole.encode(role, account)),
                (account, self.random.choice((0, 1, 10**24)), b""),
            )
        )

    def vote(self) -> None:
        proposal, support = self.some_proposal(), self.random.choice((0, 1, 1, 1, 1, 2, 2, 3))
        if proposal is None:
            return
        voter, id_ = self.random.choice(self.accounts), proposal.id
        form = self.random.randrange(6)
        if form == 0:
            nonce = self.pair.governor.nonces[voter.address] + self.random.choice((0, 0, 0, 1))
            signed = sign(voter, self.separator, voters_ballot_hash(id_, support, voter, nonce))
            self.governs(self.somebody(), "castVoteBySig", id_, support, voter.address, signed)
        elif form == 1:
            signed = split(sign(voter, self.separator, ballot_hash(id_, support)))
            self.governs(self.somebody(), "castVoteBySig", id_, support, *signed)
        elif form == 2:
            params = self.random.choice((b"", b"\x01"))
            self.governs(voter, "castVoteWithReasonAndParams", id_, support, "because", params)
        else:
            self.governs(voter, "castVote", id_, support)

    def cancel(self) -> None:
        if proposal := self.some_proposal():
            self.governs(self.somebody(), "cancel", *proposal.by_hash)

    def queue(self) -> None:
        if proposal := self.some_proposal():
            self.governs(self.somebody(), "queue", *proposal.by_hash)

    def execute(self) -> None:
        if proposal := self.some_proposal():
            value = self.random.choice((0, 0, 5))
            self.governs(self.random.choice(self.accounts), "execute", *proposal.by_hash, value=value)

    # ---- what nobody should get at

    def set(self) -> None:
        self.governs(self.somebody(), "setVotingDelay", 5)

    def use_the_treasury(self) -> None:
        proposal, sender = self.some_proposal(), self.somebody()
        operation_id = proposal.operation_id if proposal else SALT
        payment = (self.accounts[0].address, 1, b"", bytes(32), SALT)
        function, *arguments = self.random.choice(
            (
                ("cancel", operation_id),
                ("grantRole", self.random.choice(ROLES), sender),
                ("renounceRole", self.random.choice(ROLES), sender),
                ("updateDelay", 0),
                ("schedule", *payment, self.random.choice((0, 3_600))),
                ("execute", *payment),
            )
        )
        self.pair.call("Treasury", sender, function, *arguments)

    def bump(self) -> None:
        self.governs(self.somebody(), "bumpGovernorVotesTokenAddress")

    # ---- choices

    def governs(self, sender: str, function: str, *arguments, value: int = 0) -> None:
        self.pair.call("LivepeerGovernor", sender, function, *arguments, value=value)

    def somebody(self) -> str:
        """One of the accounts mostly, else one of the contracts."""
        contracts = [self.governor.address, self.treasury.address]
        return self.random.choice([*[account.address for account in self.accounts] * 2, *contracts])

    def some_proposal(self) -> Proposal | None:
        """A late one mostly."""
        known = list(self.pair.proposals.values())
        return self.random.choice(known[-4:] if self.random.random() < 0.8 else known) if known else None


def test_governance__random_calls__contracts_and_model_agree(artifacts):
    outcomes = set()
    for seed in range(RUNS):
        run = Run(artifacts, seed)
        for _ in range(STEPS):
            run.step()
            run.pair.compare()
        outcomes |= run.pair.outcomes
        run.chain.close()
    assert REACHED - outcomes == set(), "calls that no run has made"
