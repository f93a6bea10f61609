"""Every way to point stake at an orchestrator starts from its present factors (V8, V9, V12, V18; invariant 33).

The orchestrator has rewarded and earned fees in earlier rounds, and not in this one: a newcomer whose start were read
as "no growth yet" would be given all of that growth.
"""

import pytest

from tests.helpers.earnings import RAY, fee_factor, frac, reward_factor

pytestmark = pytest.mark.unit

AMOUNT = 1000


def bond(network, newcomer):
    network.staking.bond(newcomer, AMOUNT, network.orchestrator)


def bond_for(network, newcomer):
    giver = network.staking.chain.actor("benefactor")
    network.staking.bond_for(giver, AMOUNT, newcomer, network.orchestrator)


def move(network, newcomer):
    network.staking.bond(newcomer, AMOUNT, network.rival)
    network.staking.bond(newcomer, 0, network.orchestrator)


def rebond_from_unbonded(network, newcomer):
    network.staking.manager.rebondFromUnbonded.send(network.orchestrator, 0, sender=newcomer)


def transfer(network, newcomer):
    network.staking.transfer_bond(network.delegator, newcomer, AMOUNT)


def transfer_to_its_own_bond(network, newcomer):
    network.staking.bond(newcomer, AMOUNT - 400, network.orchestrator)
    network.staking.transfer_bond(network.delegator, newcomer, 400)


def rebond_after_a_move(network, newcomer):
    manager = network.staking.manager
    manager.rebondFromUnbonded.send(network.rival, 0, sender=newcomer)
    manager.bond.send(0, network.orchestrator, sender=newcomer)


def top_up(network, newcomer):
    for amount in (1, AMOUNT - 1):
        network.staking.bond(newcomer, amount, network.orchestrator)


WAYS = [
    bond,
    bond_for,
    move,
    rebond_from_unbonded,
    transfer,
    transfer_to_its_own_bond,
    rebond_after_a_move,
    top_up,
]


@pytest.fixture
def grown(network, newcomer):
    """Rewards and fees in two rounds, then one with neither; the newcomer has a lock of 1000 from before."""
    staking = network.staking
    staking.bond(newcomer, AMOUNT, network.rival)
    staking.start_round()
    staking.manager.unbond.send(AMOUNT, sender=newcomer)
    for _ in range(2):
        staking.earn_fees(network.orchestrator, 7777)
        staking.reward(network.orchestrator, 1000)
        staking.start_round()
    return network


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("ahead", [0, 1, 3], ids=["same round", "next round", "after skipped rounds"])
def test_start_factors__no_growth_yet__pending_is_what_was_put_in(grown, newcomer, way, ahead):
    way(grown, newcomer)
    if ahead:
        grown.staking.start_round(ahead)

    assert grown.staking.pending(newcomer) == (AMOUNT, 0)
    assert grown.staking.next_votes(newcomer) == (AMOUNT, grown.orchestrator)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_start_factors__claimed_later__brings_nothing_either(grown, newcomer, way):
    way(grown, newcomer)
    grown.staking.start_round(2)

    grown.staking.manager.claimEarnings.send(0, sender=newcomer)

    record = grown.staking.record(newcomer)
    assert (record.bonded, record.fees) == (AMOUNT, 0)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("earns_at_once", [True, False], ids=["earnings in that round", "none in it"])
def test_start_factors__growth_afterwards__is_that_of_later_rounds_only(grown, newcomer, way, earns_at_once):
    staking, orchestrator = grown.staking, grown.orchestrator
    start_factor, start_fees = _factors(staking, orchestrator, staking.round - 1)
    assert start_factor > RAY and start_fees > 0
    way(grown, newcomer)
    if earns_at_once:
        # Rewards and fees still in the round of joining are not for the newcomer.
        staking.earn_fees(orchestrator, 5555)
        staking.reward(orchestrator, 600)
        start_factor, start_fees = _factors(staking, orchestrator, staking.round)
    staking.start_round()
    stake = staking.manager.transcoderTotalStake(orchestrator)
    staking.earn_fees(orchestrator, 4321)
    staking.reward(orchestrator, 500)

    end_factor = reward_factor(start_factor, 500, 333_333, stake)
    end_fees = fee_factor(start_fees, start_factor, 4321, 666_667, stake)
    assert staking.pending(newcomer) == (
        frac(AMOUNT, end_factor, start_factor),
        frac(AMOUNT, end_fees - start_fees, start_factor),
    )


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_start_factors__rewarded_earlier_in_the_round__starts_after_that_reward(grown, newcomer, way):
    staking = grown.staking
    staking.earn_fees(grown.orchestrator, 5555)
    staking.reward(grown.orchestrator, 600)

    way(grown, newcomer)

    assert staking.pending(newcomer) == (AMOUNT, 0)
    staking.start_round()
    assert staking.pending(newcomer) == (AMOUNT, 0)


def test_start_factors__pending_of_the_others__does_not_change_by_a_newcomer(grown, newcomer):
    staking = grown.staking
    others = (grown.orchestrator, grown.delegator, grown.rival)
    before = [staking.pending(account) for account in others]

    bond(grown, newcomer)

    assert [staking.pending(account) for account in others] == before


def test_start_factors__all_bonds_together__are_covered_by_the_total_stake(grown, newcomer):
    """Invariant 2."""
    staking = grown.staking
    bond(grown, newcomer)
    for _ in range(3):
        staking.start_round()
        staking.reward(grown.orchestrator, 999)

    behind = (grown.orchestrator, grown.delegator, newcomer)
    total = sum(staking.pending(account)[0] for account in behind)
    # The floors leave a few units over.
    assert 0 <= staking.manager.transcoderTotalStake(grown.orchestrator) - total <= 10


def _factors(staking, orchestrator, round_):
    row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, round_)
    return row.cumulativeRewardFactor, row.cumulativeFeeFactor
