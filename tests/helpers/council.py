"""The LivepeerGovernor with its treasury, in round 100, handed over; votes come from a table that the test writes.

    council = deploy_council(chain)

    council.power(orchestrator, 300)                    votes of its own; its own delegate
    council.power(delegator, 100, orchestrator)         votes behind somebody
    proposal = council.propose(council.set_number(5))   by `proposer`, who has votes enough
    council.open(proposal)                              first round in which it can be voted on
    council.vote(orchestrator, proposal, FOR)
    council.close(proposal)                             first round after the vote

Proposed in round 100: snapshot 101, votes in the rounds 102 to 111, result from 112 on.
"""

from dataclasses import dataclass

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.chain.receipts import Event, Receipt
from simulation.governance import FOR, Governance, Proposal, State, deploy_governance, make_proposal
from simulation.protocol import deploy_control_plane

FIRST_ROUND = 100
SNAPSHOT = FIRST_ROUND + 1
DEADLINE = SNAPSHOT + 10
THRESHOLD = 100
TOTAL_SUPPLY = 3_000
# ⌊3,000 · 33.33 %⌋
QUORUM = 999


@dataclass(frozen=True)
class Council:
    """See the module."""

    governance: Governance
    table: Contract
    target: Contract
    proposer: Actor

    @property
    def chain(self) -> Chain:
        return self.governance.plane.chain

    @property
    def owner(self) -> Actor:
        return self.governance.plane.owner

    @property
    def governor(self) -> Contract:
        return self.governance.governor

    @property
    def treasury(self) -> Contract:
        return self.governance.treasury

    # ---- votes and rounds

    def power(self, account: str, votes: int, delegate: str | None = None, *, since: int = 0) -> None:
        """What an account has from the end of a round on; by default it is its own delegate."""
        delegate = account if delegate is None else delegate
        self.table.setPower.send(account, since, votes, delegate, sender=self.owner)

    def start(self, round_: int) -> None:
        self.table.setRound.send(round_, sender=self.owner)

    def open(self, proposal: Proposal) -> None:
        """Go to the first round in which the proposal can be voted on."""
        self.start(self.governor.proposalSnapshot(proposal.id) + 1)

    def close(self, proposal: Proposal) -> None:
        """Go to the first round after the vote."""
        self.start(self.governor.proposalDeadline(proposal.id) + 1)

    # ---- proposals

    def set_number(self, number: int) -> tuple[Contract, int, bytes]:
        """A call that can be seen to have been made."""
        return self.target, 0, self.target.setNumber.encode(number)

    def setting(self, function: str, *arguments) -> tuple[Contract, int, bytes]:
        """A call of the governor to itself."""
        return self.governor, 0, getattr(self.governor, function).encode(*arguments)

    def propose(self, *calls: tuple, description: str = "A proposal") -> Proposal:
        proposal = make_proposal(*calls or [self.set_number(5)], description=description)
        self.governance.propose(proposal, sender=self.proposer)
        return proposal

    def propose_and_open(self, *calls: tuple, description: str = "A proposal") -> Proposal:
        proposal = self.propose(*calls, description=description)
        self.open(proposal)
        return proposal

    def vote(self, account: str, proposal: Proposal, support: int) -> Receipt:
        return self.governor.castVote.send(proposal.id, support, sender=account)

    def succeed(self, *calls: tuple, description: str = "A proposal") -> Proposal:
        """A proposal that the proposer alone has voted for."""
        proposal = self.propose_and_open(*calls, description=description)
        self.vote(self.proposer, proposal, FOR)
        self.close(proposal)
        return proposal

    def decide(self, *calls: tuple, description: str = "A proposal") -> Proposal:
        """A proposal that has been queued."""
        proposal = self.succeed(*calls, description=description)
        self.governance.queue(proposal)
        return proposal

    def enact(self, *calls: tuple, description: str = "A proposal") -> Receipt:
        """The receipt of a proposal's execution."""
        return self.governance.execute(self.decide(*calls, description=description))

    def state(self, proposal: Proposal) -> State:
        return self.governance.state(proposal)

    def tally(self, proposal: Proposal) -> tuple[int, int, int]:
        """Votes against, for and abstaining."""
        return tuple(self.governor.proposalVotes(proposal.id))

    # ---- expectations

    def vote_cast(
        self, account: str, proposal: Proposal, support: int, votes: int, reason: str = ""
    ) -> Event:
        return self.governor.Events.VoteCast(
            voter=account, proposalId=proposal.id, support=support, weight=votes, reason=reason
        )

    def not_in_state(self, proposal: Proposal, current: State, *expected: State):
        return self.chain.reverts(
            "GovernorUnexpectedProposalState",
            proposalId=proposal.id,
            current=current,
            expectedStates=bitmap(*expected),
        )


def bitmap(*states: int) -> bytes:
    """How errors list the states in which a call would work."""
    return sum(1 << state for state in states).to_bytes(32, "big")


def deploy_council(chain: Chain, **parameters) -> Council:
    plane = deploy_control_plane(chain)
    table = plane.deploy_registered("BondingVotesTable__Mock", name="BondingVotes")
    table.setRound.send(FIRST_ROUND, sender=plane.owner)
    table.setTotalSupply.send(TOTAL_SUPPLY, sender=plane.owner)
    governance = deploy_governance(plane, **{"proposal_threshold": THRESHOLD, **parameters})
    council = Council(governance, table, chain.deploy("GovernorTarget__Mock"), chain.actor("proposer"))
    council.power(council.proposer, QUORUM)
    return council
