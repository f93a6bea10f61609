"""createPoll(_proposal): the caller's pending stake, or else the stake delegated to it, is 100 LPT at least, else
InsufficientStake.  Deploys a Poll that ends 57,600 blocks later; event PollCreated alone.  Not stopped by a pause.
"""

import pytest

from simulation.protocol import LPT, contract_id

PROPOSAL = b"Qm" + b"x" * 32
PERIOD = 57_600
COST = 100 * LPT


@pytest.fixture
def poll_creator(chain, protocol):
    return chain.deploy("PollCreator", protocol.bonding_manager)


@pytest.fixture
def orchestrator(chain):
    return chain.actor("orchestrator")


@pytest.fixture
def delegator(chain):
    return chain.actor("delegator")


def bond(protocol, account, amount, to):
    protocol.give_lpt(account, amount)
    protocol.bonding_manager.bond.send(amount, to, sender=account)


def test_constants__are_those_of_lip_16(protocol, poll_creator):
    assert poll_creator.QUORUM() == 333_300
    assert poll_creator.QUOTA() == 500_000
    assert poll_creator.POLL_PERIOD() == PERIOD
    assert poll_creator.POLL_CREATION_COST() == COST
    assert poll_creator.bondingManager() == protocol.bonding_manager


def test_create_poll__own_stake_just_enough__opens_it(chain, protocol, poll_creator, delegator, orchestrator):
    bond(protocol, delegator, COST, orchestrator)

    receipt = poll_creator.createPoll.send(PROPOSAL, sender=delegator)

    created = receipt.event("PollCreated")
    receipt.assert_events(
        [
            poll_creator.Events.PollCreated(
                poll=created["poll"],
                proposal=PROPOSAL,
                endBlock=receipt.block_number + PERIOD,
                quorum=333_300,
                quota=500_000,
            )
        ]
    )
    assert chain.at("Poll", created["poll"]).endBlock() == receipt.block_number + PERIOD


def test_create_poll__stake_delegated_just_enough__opens_it(protocol, poll_creator, delegator, orchestrator):
    bond(protocol, orchestrator, LPT, orchestrator)
    bond(protocol, delegator, COST - LPT, orchestrator)

    receipt = poll_creator.createPoll.send(PROPOSAL, sender=orchestrator)

    assert receipt.event("PollCreated")["proposal"] == PROPOSAL


@pytest.mark.parametrize("own", [0, 60 * LPT])
def test_create_poll__neither_enough__reverts_with_both(
    chain, protocol, poll_creator, delegator, orchestrator, own
):
    """They are not added up."""
    if own:
        bond(protocol, orchestrator, own, orchestrator)
    delegated = COST - own - 1
    bond(protocol, delegator, delegated, orchestrator)

    with chain.reverts(
        "InsufficientStake",
        creator=orchestrator,
        pendingStake=own,
        totalStake=own + delegated,
        required=COST,
    ):
        poll_creator.createPoll.send(PROPOSAL, sender=orchestrator)


def test_create_poll__nobody__reverts(chain, poll_creator, stranger):
    with chain.reverts("InsufficientStake", creator=stranger, pendingStake=0, totalStake=0, required=COST):
        poll_creator.createPoll.send(PROPOSAL, sender=stranger)


def test_create_poll__again_and_without_text__opens_another(protocol, poll_creator, delegator):
    bond(protocol, delegator, COST, delegator)

    polls = {
        poll_creator.createPoll.send(text, sender=delegator).event("PollCreated")["poll"]
        for text in (PROPOSAL, PROPOSAL, b"")
    }

    assert len(polls) == 3


def test_create_poll__paused_system__works(protocol, poll_creator, delegator):
    bond(protocol, delegator, COST, delegator)
    protocol.controller.pause.send(sender=protocol.owner)

    poll_creator.createPoll.send(PROPOSAL, sender=delegator)


def test_create_poll__bonding_manager_is_registered_anew__asks_the_old_proxy_and_reverts(
    chain, protocol, poll_creator, delegator
):
    """Its address is fixed for life; a proxy that is no longer registered has no code behind it (DEV-12)."""
    bond(protocol, delegator, COST, delegator)
    stand_in = protocol.chain.deploy("Placeholder__Mock")
    protocol.register("BondingManager", stand_in)

    assert poll_creator.bondingManager() == protocol.bonding_manager
    with chain.reverts("TargetNotRegistered", targetContractId=contract_id("BondingManagerTarget")):
        poll_creator.createPoll.send(PROPOSAL, sender=delegator)
