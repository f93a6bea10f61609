"""Governance from bonded stake to executed proposal, on a network that has been handed over.

orchestrator 1,000 LPT, with a delegator's 400 and a partner's 200 behind it; rival 600; the pool has two places; a
tenth of the inflation goes to the treasury.  The Controller belongs to the Governor, that to the deployer.
"""

from dataclasses import dataclass

import pytest

from simulation.chain.actors import Actor
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.governance import (
    ABSTAIN,
    AGAINST,
    FOR,
    Governance,
    Proposal,
    State,
    deploy_governance,
    make_proposal,
)
from simulation.protocol import COMMIT, LPT, Protocol, contract_id, deploy_protocol
from tests.helpers.staged_updates import run_update, update

pytestmark = pytest.mark.integration

TENTH_RAY, PPM_WHOLE = 10**26, 10**6


@dataclass(frozen=True)
class Network:
    """See the module."""

    governance: Governance
    orchestrator: Actor
    rival: Actor
    delegator: Actor
    partner: Actor
    payee: Actor

    @property
    def protocol(self) -> Protocol:
        return self.governance.plane

    @property
    def chain(self) -> Chain:
        return self.protocol.chain

    @property
    def governor(self) -> Contract:
        return self.governance.governor

    @property
    def treasury(self) -> Contract:
        return self.governance.treasury

    def bond(self, account: Actor, amount_lpt: int, to: Actor) -> None:
        self.protocol.give_lpt(account, amount_lpt * LPT)
        self.protocol.bonding_manager.bond.send(amount_lpt * LPT, to, sender=account)

    def reward(self, *orchestrators: Actor) -> None:
        for orchestrator in orchestrators:
            self.protocol.bonding_manager.reward.send(sender=orchestrator)

    def enact(self, *calls: tuple) -> None:
        """An update of the Controller's owner."""
        owner = self.governance.plane.owner
        run_update(self.protocol.governor, update(*calls), sender=owner)

    def propose(self, *calls: tuple, description: str, sender: Actor | None = None) -> Proposal:
        proposal = make_proposal(*calls, description=description)
        self.governance.propose(proposal, sender=sender or self.orchestrator)
        return proposal

    def open_vote(self) -> None:
        """From the round of a proposal to the first in which it can be voted on."""
        self.protocol.pass_rounds(2)

    def close_vote(self) -> None:
        self.protocol.pass_rounds(self.governance.parameters.voting_period)

    def vote(self, account: Actor, proposal: Proposal, support: int) -> int:
        """The votes that the account has."""
        return self.governor.castVote.send(proposal.id, support, sender=account).return_value

    def tally(self, proposal: Proposal) -> tuple[int, ...]:
        return tuple(self.governor.proposalVotes(proposal.id))

    def state(self, proposal: Proposal) -> State:
        return self.governance.state(proposal)

    def pay(self, amount: int) -> tuple[Contract, int, bytes]:
        token = self.protocol.token
        return token, 0, token.transfer.encode(self.payee, amount)

    def stake(self, account: Actor) -> int:
        return self.protocol.bonding_manager.pendingStake(account, 0)


@pytest.fixture(scope="session")
def deployed_network(session_chain: Chain) -> Network:
    """Deployed once; tests take `network`, which is undone after each."""
    protocol = deploy_protocol(
        session_chain,
        num_active_transcoders=2,
        treasury_reward_cut_rate=TENTH_RAY,
        treasury_balance_ceiling=750_000 * LPT,
    )
    governance = deploy_governance(protocol)
    roles = ("orchestrator", "rival orchestrator", "delegator", "partner", "payee")
    network = Network(governance, *(session_chain.actor(role) for role in roles))
    network.bond(network.orchestrator, 1_000, network.orchestrator)
    network.bond(network.rival, 600, network.rival)
    network.bond(network.delegator, 400, network.orchestrator)
    network.bond(network.partner, 200, network.orchestrator)
    protocol.controller.transferOwnership.send(protocol.governor, sender=protocol.owner)
    protocol.start_round()
    return network


@pytest.fixture
def network(deployed_network: Network, chain: Chain) -> Network:
    """In an initialized round in which nobody has rewarded yet."""
    return deployed_network


def test_grant__from_inflation__reaches_its_payee(network):
    network.reward(network.orchestrator, network.rival)
    token = network.protocol.token
    earned = token.balanceOf(network.treasury)
    assert earned > 0
    proposal = network.propose(network.pay(earned), description="Pay the payee")
    network.open_vote()
    for voter in (network.orchestrator, network.rival):
        network.vote(voter, proposal, FOR)
    network.close_vote()

    network.governance.queue(proposal, sender=network.payee)
    network.governance.execute(proposal, sender=network.payee)

    assert token.balanceOf(network.payee) == earned
    assert token.balanceOf(network.treasury) == 0
    assert network.state(proposal) is State.EXECUTED


def test_grant__of_eth__reaches_its_payee(network):
    chain, payee = network.chain, network.payee
    chain.transact(network.treasury, sender=network.rival, value=7)
    before = chain.balance(payee)
    proposal = network.propose((payee, 7, b""), description="Pay in ETH")
    network.open_vote()
    network.vote(network.orchestrator, proposal, FOR)
    network.close_vote()
    network.governance.queue(proposal)

    network.governance.execute(proposal)

    assert chain.balance(payee) == before + 7


def test_parameter__of_the_governor__changes_by_a_vote_and_one_of_the_protocol_by_its_owner(network):
    governor, bonding = network.governor, network.protocol.bonding_manager
    proposal = network.propose(
        (governor, 0, governor.setVotingPeriod.encode(5)), description="Five rounds suffice"
    )
    network.open_vote()
    network.vote(network.orchestrator, proposal, FOR)
    network.close_vote()
    network.governance.queue(proposal)
    network.governance.execute(proposal)
    assert governor.votingPeriod() == 5

    # The vote rules over the treasury, not over the protocol: that is the Governor's.
    proposal = network.propose((bonding, 0, bonding.setUnbondingPeriod.encode(9)), description="Nine rounds")
    network.open_vote()
    network.vote(network.orchestrator, proposal, FOR)
    network.protocol.pass_rounds(5)
    network.governance.queue(proposal)
    with network.chain.reverts(
        "CallerNotControllerOwner", caller=network.treasury, owner=network.protocol.governor.address
    ):
        network.governance.execute(proposal)
    network.enact((bonding, 0, bonding.setUnbondingPeriod.encode(9)))
    assert bonding.unbondingPeriod() == 9


def test_upgrade__of_bonding_manager_through_the_governor_during_a_vote__changes_no_stake(network):
    controller, bonding = network.protocol.controller, network.protocol.bonding_manager
    proposal = network.propose(network.pay(0), description="Open while it happens")
    network.open_vote()
    network.vote(network.delegator, proposal, AGAINST)
    accounts = (network.orchestrator, network.rival, network.delegator, network.partner)
    before = [bonding.getDelegator(account) for account in accounts]
    target = network.chain.deploy("BondingManager", controller)
    name = contract_id("BondingManagerTarget")

    network.enact((controller, 0, controller.setContractInfo.encode(name, target, COMMIT)))

    proxy = network.chain.at("ManagerProxy", bonding)
    assert proxy.implementation() == target
    assert [bonding.getDelegator(account) for account in accounts] == before
    assert network.vote(network.orchestrator, proposal, FOR) == 1_600 * LPT
    assert network.tally(proposal) == (400 * LPT, 1_200 * LPT, 0)
    network.reward(network.orchestrator)


@pytest.mark.parametrize("first", ["orchestrator", "delegator"])
def test_override__before_and_after_the_orchestrator__counts_the_same(network, first):
    proposal = network.propose(network.pay(0), description="Whose stake is it")
    network.open_vote()
    voters = [(network.orchestrator, FOR), (network.delegator, AGAINST)]
    for account, support in voters if first == "orchestrator" else reversed(voters):
        network.vote(account, proposal, support)
    network.vote(network.partner, proposal, ABSTAIN)

    assert network.tally(proposal) == (400 * LPT, 1_000 * LPT, 200 * LPT)


def test_override__with_rewards__takes_what_the_delegator_has_earned_too(network):
    network.reward(network.orchestrator)
    network.protocol.start_round()
    proposal = network.propose(network.pay(0), description="After a reward")
    network.open_vote()
    earned = network.stake(network.delegator)
    total = network.protocol.bonding_manager.transcoderTotalStake(network.orchestrator)
    assert earned > 400 * LPT

    assert network.vote(network.orchestrator, proposal, FOR) == total
    assert network.vote(network.delegator, proposal, AGAINST) == earned
    assert network.tally(proposal) == (earned, total - earned, 0)


def test_transfer__of_a_bond_between_snapshot_and_vote__votes_where_it_was(network):
    proposal = network.propose(network.pay(0), description="Moving stake")
    network.open_vote()
    bonding = network.protocol.bonding_manager
    hints = ("0x" + "00" * 20,) * 4
    bonding.transferBond.send(network.payee, 400 * LPT, *hints, sender=network.delegator)
    bonding.bond.send(0, network.rival, sender=network.partner)

    network.vote(network.orchestrator, proposal, FOR)
    assert network.vote(network.payee, proposal, AGAINST) == 0
    assert network.vote(network.delegator, proposal, AGAINST) == 400 * LPT
    assert network.vote(network.partner, proposal, ABSTAIN) == 200 * LPT
    assert network.vote(network.rival, proposal, ABSTAIN) == 600 * LPT

    assert network.tally(proposal) == (400 * LPT, 1_000 * LPT, 800 * LPT)


def test_eviction__of_an_orchestrator_during_the_vote__leaves_its_votes(network):
    proposal = network.propose(network.pay(0), description="Evicted meanwhile")
    network.open_vote()
    quorum_round = network.governor.proposalSnapshot(proposal.id)
    before = network.governor.quorum(quorum_round)
    newcomer = network.chain.actor("newcomer")
    network.bond(newcomer, 5_000, newcomer)
    network.protocol.start_round()
    assert network.protocol.bonding_manager.isActiveTranscoder(network.rival) is False

    assert network.vote(network.rival, proposal, FOR) == 600 * LPT
    assert network.vote(newcomer, proposal, AGAINST) == 0

    assert network.governor.quorum(quorum_round) == before
    assert network.tally(proposal) == (0, 600 * LPT, 0)


def test_cancelled__by_its_proposer__is_dead(network):
    proposal = network.propose(network.pay(1), description="A mistake")
    network.governance.cancel(proposal, sender=network.orchestrator)
    network.open_vote()

    assert network.state(proposal) is State.CANCELED
    with network.chain.reverts("GovernorUnexpectedProposalState", ...):
        network.vote(network.orchestrator, proposal, FOR)


def test_quorum__missed__defeats_it_whatever_the_votes_say(network):
    """33.33 % of 2,200 LPT are 733.26."""
    proposal = network.propose(network.pay(1), description="Hardly anybody cares")
    network.open_vote()
    network.vote(network.rival, proposal, FOR)
    network.close_vote()

    assert (
        network.governor.quorum(network.governor.proposalSnapshot(proposal.id))
        == 2_200 * LPT * 3333 // 10_000
    )
    assert network.state(proposal) is State.DEFEATED
    with network.chain.reverts("GovernorUnexpectedProposalState", ...):
        network.governance.queue(proposal)


def test_ceiling__reached__halts_the_cut(network):
    bonding, token = network.protocol.bonding_manager, network.protocol.token
    network.enact((bonding, 0, bonding.setTreasuryBalanceCeiling.encode(1)))
    network.reward(network.orchestrator)
    full = token.balanceOf(network.treasury)
    assert full > 1

    # The reward that finds it full takes its cut and ends it from the next round on.
    network.protocol.start_round()
    network.reward(network.orchestrator)
    assert bonding.nextRoundTreasuryRewardCutRate() == 0
    network.protocol.start_round()
    before = token.balanceOf(network.treasury)
    network.reward(network.orchestrator)

    assert token.balanceOf(network.treasury) == before


# ---- polls


def count_poll(network: Network, votes: dict[Actor, int]) -> tuple[int, int]:
    """Yes and no at this block, by the rules of LIP-16: what orchestrators say holds for all stake behind them but that
    of delegators who say yes or no themselves."""
    bonding, counted = network.protocol.bonding_manager, {0: 0, 1: 0}
    votes = {account: choice for account, choice in votes.items() if choice in counted}
    for account, choice in votes.items():
        weight = network.stake(account)
        if bonding.isRegisteredTranscoder(account):
            others = [v for v in votes if v != account and bonding.getDelegator(v).delegateAddress == account]
            weight = bonding.transcoderTotalStake(account) - sum(network.stake(v) for v in others)
        counted[choice] += weight
    return counted[0], counted[1]


def test_poll__voted_on_until_its_end__is_counted_as_lip_16_says(network):
    creator = network.governance.poll_creator
    created = creator.createPoll.send(b"ipfs", sender=network.orchestrator).event("PollCreated")
    poll = network.chain.at("Poll", created["poll"])
    votes = {
        network.orchestrator: 0,
        network.delegator: 1,
        network.rival: 1,
        network.partner: 2,
    }
    for account, choice in votes.items():
        poll.vote.send(choice, sender=account)
    network.chain.mine_to(created["endBlock"])
    with network.chain.reverts("PollIsOver", ...):
        poll.vote.send(1, sender=network.partner)

    yes, no = count_poll(network, votes)

    assert (yes, no) == (1_200 * LPT, 1_000 * LPT)
    total = network.protocol.bonding_manager.getTotalBonded()
    assert (yes + no) * PPM_WHOLE >= total * creator.QUORUM(), "valid"
    assert yes * PPM_WHOLE > (yes + no) * creator.QUOTA(), "accepted"


@pytest.mark.parametrize(("joins_lpt", "leaves"), [(10_000, False), (0, True)])
def test_quorum__stake_that_comes_or_goes_after_the_snapshot__does_not_count(network, joins_lpt, leaves):
    """A third of the 2,200 LPT of the snapshot, 733: reached by 800, missed by 600, whatever is staked at the end."""
    reached = network.propose(network.pay(0), description="By rival and partner")
    missed = network.propose(network.pay(0), description="By the rival alone")
    network.open_vote()
    if joins_lpt:
        network.bond(network.payee, joins_lpt, network.orchestrator)
    if leaves:
        bonding = network.protocol.bonding_manager
        for account in (network.orchestrator, network.delegator):
            bonding.unbond.send(network.stake(account) - LPT, sender=account)
    network.vote(network.rival, reached, FOR)
    network.vote(network.partner, reached, FOR)
    network.vote(network.rival, missed, FOR)
    network.close_vote()

    governor = network.governor
    snapshot, deadline = governor.proposalSnapshot(reached.id), governor.proposalDeadline(reached.id)
    assert 600 * LPT < governor.quorum(snapshot) < 800 * LPT
    # At the deadline the quorum would have decided one of them otherwise.
    assert (governor.quorum(deadline) > 800 * LPT) is not leaves
    assert (governor.quorum(deadline) < 600 * LPT) is leaves
    assert network.state(reached) is State.SUCCEEDED
    assert network.state(missed) is State.DEFEATED
