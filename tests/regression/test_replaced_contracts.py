"""Faults that a review found around contracts that are registered, or replaced, while the system runs."""

import pytest

from simulation.chain.facade import Chain
from simulation.protocol import LPT, MINTER_ROLE, contract_id, deploy_protocol

pytestmark = pytest.mark.integration

HALF = 500_000_000


def test_regression_registry_contract_that_answers_nothing(chain: Chain):
    """Its empty answer is no list of subscriptions: it is registered, and not attached."""
    protocol = deploy_protocol(chain)
    wallet = chain.deploy("AnswersNothing__Mock")
    protocol.register("Verifier", wallet)
    assert protocol.controller.getContract(contract_id("Verifier")) == wallet.address
    assert not protocol.controller.isAttached(wallet)


def test_regression_votes_start_factor_unknown_to_a_new_history(chain: Chain):
    """Behind a new proxy a delegator votes with its bond alone, not with growth from before its claim."""
    protocol = deploy_protocol(chain)
    orchestrator, delegator = chain.actor("orchestrator"), chain.actor("delegator")
    manager = protocol.bonding_manager
    for account in (orchestrator, delegator):
        protocol.give_lpt(account, 1000 * LPT)
    manager.bond.send(1000 * LPT, orchestrator, sender=orchestrator)
    protocol.start_round()
    manager.reward.send(sender=orchestrator)
    manager.bond.send(1000 * LPT, orchestrator, sender=delegator)
    protocol.start_round()
    manager.reward.send(sender=orchestrator)

    target = contract_id("BondingVotesTarget")
    proxy = chain.deploy("ManagerProxy", protocol.controller, target, sender=protocol.owner)
    protocol.register("BondingVotes", proxy)
    votes = chain.at("BondingVotes", proxy)
    for account in (orchestrator, delegator):
        manager.checkpointBondingState.send(account, sender=delegator)
    protocol.start_round()

    assert votes.getVotes(delegator) == manager.getDelegator(delegator).bondedAmount == 1000 * LPT
    assert votes.getVotes(orchestrator) == manager.transcoderTotalStake(orchestrator)


@pytest.mark.parametrize("migrated", [False, True], ids=["same Minter", "new Minter"])
def test_regression_earnings_fees_after_a_change_of_the_minter(chain: Chain, migrated: bool):
    """No more fees are owed than came in, though the new Minter allots nothing to the round (DEV-14)."""
    protocol = deploy_protocol(chain, inflation=HALF, inflation_change=0)
    orchestrator, delegator = chain.actor("orchestrator"), chain.actor("delegator")
    manager = protocol.bonding_manager
    protocol.give_lpt(orchestrator, LPT)
    protocol.give_lpt(delegator, 100_000 * LPT)
    manager.bond.send(LPT, orchestrator, sender=orchestrator)
    manager.transcoder.send(0, 1_000_000, sender=orchestrator)
    manager.bond.send(100_000 * LPT, orchestrator, sender=delegator)
    protocol.start_round()
    protocol.start_round()
    manager.reward.send(sender=orchestrator)
    if migrated:
        minter = chain.deploy("Minter", protocol.controller, HALF, 0, HALF, sender=protocol.owner)
        protocol.minter.migrateToNewMinter.send(minter, sender=protocol.owner)
        protocol.token.grantRole.send(MINTER_ROLE, minter, sender=protocol.owner)
        protocol.register("Minter", minter)
    fees = 10**18
    manager.updateTranscoderWithFees.send(orchestrator, fees, 0, sender=protocol.ticket_broker)
    owed = manager.pendingFees(delegator, 0) + manager.pendingFees(orchestrator, 0)
    assert fees * 99 // 100 < owed <= fees
