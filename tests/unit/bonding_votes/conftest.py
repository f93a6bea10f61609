"""What the tests of BondingVotes start from.

`votes` is empty, in round 100.  The test plays the BondingManager, sets its factors, and moves the clock:

    manager = the address that may write checkpoints; a mock that answers what the test said
    votes.checkpoint(account, bonded=…, delegate=…, …)        from the next round on
    votes.start(101)                                           round 101 begins
"""

from dataclasses import dataclass

import pytest

from simulation.chain.actors import Actor
from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.chain.receipts import Event, Receipt
from simulation.protocol import ControlPlane, deploy_control_plane

FIRST_ROUND = 100


@dataclass(frozen=True)
class Votes:
    """See the module."""

    chain: Chain
    plane: ControlPlane
    contract: Contract
    manager: Contract
    rounds: Contract

    @property
    def round(self) -> int:
        return self.rounds.currentRound()

    def start(self, round_: int) -> None:
        """Let a round begin, initialized or not: BondingVotes does not ask."""
        self.rounds.setRound.send(round_, sender=self.plane.owner)

    def checkpoint(
        self,
        account: str,
        *,
        bonded: int = 0,
        delegate: str = ZERO_ADDRESS,
        delegated: int = 0,
        claim: int = 0,
        reward: int = 0,
    ) -> Receipt:
        """Write a checkpoint from the next round on."""
        return self.contract.checkpointBondingState.send(
            account, self.round + 1, bonded, delegate, delegated, claim, reward, sender=self.manager
        )

    def total(self, stake: int) -> None:
        """Write the total of the current round."""
        self.contract.checkpointTotalActiveStake.send(stake, self.round, sender=self.manager)

    def set_factor(self, orchestrator: str, round_: int, factor_ray: int) -> None:
        """What the BondingManager says of a reward."""
        self.manager.setRewardFactor.send(orchestrator, round_, factor_ray, sender=self.plane.owner)

    def set_next_total(self, stake: int) -> None:
        """What the BondingManager says of the next round."""
        self.manager.setNextRoundTotalActiveStake.send(stake, sender=self.plane.owner)

    def at(self, account: str, round_: int) -> tuple[int, str]:
        """Votes and delegate at the start of a round."""
        return tuple(self.contract.getVotesAndDelegateAtRoundStart(account, round_))

    # ---- expected events

    def delegate_changed(self, account: str, old: str, new: str) -> Event:
        return self.contract.Events.DelegateChanged(delegator=account, fromDelegate=old, toDelegate=new)

    def votes_changed(self, account: str, old: int, new: int) -> Event:
        return self.contract.Events.DelegateVotesChanged(
            delegate=account, previousBalance=old, newBalance=new
        )

    def bond_changed(self, account: str, old: tuple[int, int], new: tuple[int, int]) -> Event:
        """From (bonded amount, last claim round) to another."""
        return self.contract.Events.DelegatorBondedAmountChanged(
            delegate=account,
            previousBondedAmount=old[0],
            previousLastClaimRound=old[1],
            newBondedAmount=new[0],
            newLastClaimRound=new[1],
        )


@pytest.fixture(scope="session")
def deployed_votes(session_chain: Chain) -> Votes:
    """Deployed once; tests take `votes`, which is undone after each."""
    return deploy_votes(session_chain, "BondingVotes")


def deploy_votes(chain: Chain, contract: str) -> Votes:
    """BondingVotes, or what inherits it, with a clock and a BondingManager that the test holds."""
    plane = deploy_control_plane(chain)
    manager = plane.deploy_registered("BondingManagerFactors__Mock", name="BondingManager")
    rounds = plane.deploy_registered("RoundClock__Mock", name="RoundsManager")
    rounds.setRound.send(FIRST_ROUND, sender=plane.owner)
    votes = plane.deploy_behind_proxy(contract, "BondingVotes")
    return Votes(chain, plane, votes, manager, rounds)


@pytest.fixture
def votes(deployed_votes: Votes, chain: Chain) -> Votes:
    """Without any checkpoint, in round 100."""
    return deployed_votes


@pytest.fixture
def orchestrator(chain: Chain) -> Actor:
    return chain.actor("orchestrator")


@pytest.fixture
def rival(chain: Chain) -> Actor:
    """Another orchestrator."""
    return chain.actor("rival orchestrator")


@pytest.fixture
def delegator(chain: Chain) -> Actor:
    return chain.actor("delegator")
