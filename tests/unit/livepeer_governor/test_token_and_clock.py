"""Where votes, delegations, totals and rounds come from: token(), moved by bumpGovernorVotesTokenAddress().

given BondingVotes is registered anew     votes() should name it; all else should come from the old one until the bump
given the bump, by anybody                all should come from the new one, open proposals too; no event (DEV-21)
given BondingVotes is not registered      votes() should be zero, the bump revert, and the token keep working
given the token cannot tell the round     everything that needs it should revert with what that reverts with (DEV-20)
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.governance import AGAINST, FOR, make_proposal
from simulation.protocol import contract_id
from tests.helpers.council import FIRST_ROUND, SNAPSHOT


@pytest.fixture
def successor(council):
    """Another BondingVotes, registered, with the round of the old one."""
    successor = council.governance.plane.deploy_registered("BondingVotesTable__Mock", name="BondingVotes")
    successor.setRound.send(council.governor.clock(), sender=council.owner)
    successor.setTotalSupply.send(3_000, sender=council.owner)
    return successor


def test_token__deployed__is_that_of_the_registry(council):
    assert council.governor.token() == council.governor.votes() == council.table


def test_votes__registered_anew__is_live_while_the_token_stays(council, successor):
    assert council.governor.votes() == successor
    assert council.governor.token() == council.table


def test_bump__by_anybody__takes_the_registered_one(council, successor, stranger):
    receipt = council.governor.bumpGovernorVotesTokenAddress.send(sender=stranger)

    receipt.assert_events([])
    assert council.governor.token() == successor
    successor.setRound.send(FIRST_ROUND + 77, sender=council.owner)
    assert council.governor.clock() == FIRST_ROUND + 77


def test_bump__not_registered__reverts_and_the_token_keeps_working(chain, council, proposer, stranger):
    """G9: upstream would set the zero address, and every vote revert before that."""
    proposal = council.propose_and_open()
    council.governance.plane.unregister("BondingVotes")

    assert council.governor.votes() == ZERO_ADDRESS
    with chain.reverts("ContractNotRegistered", id=contract_id("BondingVotes")):
        council.governor.bumpGovernorVotesTokenAddress.send(sender=stranger)
    council.vote(proposer, proposal, FOR)
    assert council.tally(proposal) == (0, 999, 0)


def test_votes_and_delegations__registered_anew_during_a_vote__come_from_one_contract(
    council, successor, orchestrator, delegator, stranger
):
    """G10: upstream weighs by the old one and delegates by the new one."""
    council.power(orchestrator, 300)
    council.power(delegator, 100, orchestrator)
    for account in (orchestrator, delegator):
        successor.setPower.send(account, 0, 50, account, sender=council.owner)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, FOR)

    council.vote(delegator, proposal, AGAINST)

    assert council.tally(proposal) == (100, 200, 0)


def test_bump__during_a_vote__counts_the_rest_by_the_new_one(
    council, successor, orchestrator, delegator, stranger
):
    council.power(orchestrator, 300)
    council.power(delegator, 100, orchestrator)
    for account in (orchestrator, delegator):
        successor.setPower.send(account, 0, 50, account, sender=council.owner)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, FOR)
    successor.setRound.send(SNAPSHOT + 1, sender=council.owner)

    council.governor.bumpGovernorVotesTokenAddress.send(sender=stranger)
    council.vote(delegator, proposal, AGAINST)

    assert council.tally(proposal) == (50, 300, 0)


def test_clock__the_token_cannot_tell__reverts_as_everything_does(chain, council, proposer):
    """G9: upstream falls back to block numbers, at which every open proposal looks finished."""
    governor = council.governor
    proposal = council.propose_and_open()
    council.table.setStopped.send(True, sender=council.owner)

    for view in (governor.clock, governor.CLOCK_MODE):
        with chain.reverts("NoClock"):
            view()
    with chain.reverts("NoClock"):
        governor.state(proposal.id)
    with chain.reverts("NoClock"):
        council.vote(proposer, proposal, FOR)
    with chain.reverts("NoClock"):
        council.governance.propose(make_proposal(council.set_number(1), description="New"), sender=proposer)

    council.table.setStopped.send(False, sender=council.owner)
    council.vote(proposer, proposal, FOR)
    assert council.tally(proposal) == (0, 999, 0)
