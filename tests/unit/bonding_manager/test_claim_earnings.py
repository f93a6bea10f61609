"""claimEarnings: the caller's earnings through the current round enter its bond and its fees.

given earnings                      rewards go into the bond, fees into the balance; the claim is now
given none, or no bond              the claim is reported with zeros all the same, from the round after the last claim
given a claim in this round         nothing changes
given an orchestrator               commission and the yield of rewards it had not claimed come along
given a delegate that has nothing   the zero address earns nothing
The argument is ignored.
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.earnings import (
    RAY,
    cut6,
    fee_factor,
    frac,
    own_fees,
    own_rewards,
    pending_fees,
    pending_stake,
    reward_factor,
)
from tests.helpers.staking import BondRecord

pytestmark = pytest.mark.unit


def claim(staking, account, end_round=0):
    return staking.manager.claimEarnings.send(end_round, sender=account)


def test_claim_earnings__never_seen__claims_zeros_from_round_1(staking, newcomer):
    r = staking.round
    before = staking.records(newcomer)

    receipt = claim(staking, newcomer)

    after = {newcomer: BondRecord(claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.manager.Events.EarningsClaimed(
                delegate=ZERO_ADDRESS, delegator=newcomer, rewards=0, fees=0, startRound=1, endRound=r
            ),
            *staking.checkpointed(newcomer, before, after),
        ]
    )


@pytest.mark.parametrize("end_round", [0, 1, 2**256 - 1])
def test_claim_earnings__any_end_round__claims_through_the_current_round(network, end_round):
    """V9: a claim through another round would mix factors."""
    staking = network.staking
    staking.earn_fees(network.orchestrator, 1000)
    staking.reward(network.orchestrator, 1000)
    r = staking.start_round(3)
    before = staking.records(network.delegator, network.orchestrator)

    receipt = claim(staking, network.delegator, end_round)

    # ⌊2000 · (1 + ⌊667/3000⌋)⌋ - 2000 and 2000 · ⌊666/3000⌋, with the reward factor before the reward.
    assert frac(2000, reward_factor(RAY, 1000, 333_333, 3000), RAY) == 2444
    after = {
        network.delegator: replace(before[network.delegator], bonded=2444, fees=444, claim=r),
        network.orchestrator: before[network.orchestrator],
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.delegator, before, r, rewards=444, fees=444),
            *staking.checkpointed(network.delegator, before, after),
        ]
    )


def test_claim_earnings__second_time_in_a_round__changes_nothing(network):
    staking = network.staking
    staking.reward(network.orchestrator, 1000)
    claim(staking, network.delegator)
    before = staking.records(network.delegator, network.orchestrator)

    receipt = claim(staking, network.delegator)

    receipt.assert_events([])
    staking.assert_records(before)


def test_claim_earnings__reward_after_the_claim_of_a_round__is_not_shared_with_the_claimer(network):
    """What the others do not get stays in the total stake."""
    staking, orchestrator, delegator = network.staking, network.orchestrator, network.delegator
    claim(staking, delegator)

    staking.reward(orchestrator, 1000)
    staking.start_round()

    assert staking.pending(delegator) == (2000, 0)
    assert staking.pending(orchestrator) == (1000 + 222 + 333, 0)
    assert staking.record(orchestrator).delegated == 4000


def test_claim_earnings__delegate_is_the_zero_address__claims_zeros(staking, newcomer):
    staking.bond(newcomer, 500, ZERO_ADDRESS)
    r = staking.start_round()
    before = staking.records(newcomer)

    receipt = claim(staking, newcomer)

    after = {newcomer: replace(before[newcomer], claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [staking.claimed(newcomer, before, r), *staking.checkpointed(newcomer, before, after)]
    )


def test_claim_earnings__orchestrator__takes_its_own_part_along(network):
    """Two rewards and fees in between: the yield of the unclaimed commission is the orchestrator's."""
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 1000)
    staking.start_round()
    staking.earn_fees(orchestrator, 1000)
    staking.reward(orchestrator, 500)
    r = staking.round
    before = staking.records(orchestrator)
    state = staking.manager.getTranscoder(orchestrator)

    receipt = claim(staking, orchestrator)

    # First: com 333, dr 667 on 3000. Second: com = ⌊166.6665⌋ = 166, dr = 334 on 4000,
    # own = ⌊334 · ⌊333/4000⌋⌋ = ⌊27.8…⌋ = 27.
    first = reward_factor(RAY, 1000, 333_333, 3000)
    second = reward_factor(first, 500, 333_333, 4000)
    assert own_rewards(500, 333_333, 333, 4000) == 166 + 27
    cumulative_rewards = 333 + 166 + 27
    # Fees: df = 666, the orchestrator 334 and ⌊666 · ⌊333/4000⌋⌋ = 55 on its 333.
    cumulative_fees = own_fees(1000, 666_667, 333, 4000)
    assert cumulative_fees == 334 + 55
    assert (state.activeCumulativeRewards, state.cumulativeRewards, state.cumulativeFees) == (
        333,
        cumulative_rewards,
        cumulative_fees,
    )
    # ⌊1000 · 1.2223… · (1 + ⌊334/4000⌋)⌋ = ⌊1324.39⌋ and ⌊1000 · 1.2223… · ⌊666/4000⌋⌋ = ⌊203.5⌋.
    rewards = pending_stake(1000, second) - 1000 + cumulative_rewards
    fees = pending_fees(1000, fee_factor(0, first, 1000, 666_667, 4000)) + cumulative_fees
    assert (rewards, fees) == (324 + 526, 203 + 389)

    after = {orchestrator: replace(before[orchestrator], bonded=1000 + rewards, fees=fees, claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(orchestrator, before, r, rewards=rewards, fees=fees),
            *staking.checkpointed(orchestrator, before, after),
        ]
    )
    state = staking.manager.getTranscoder(orchestrator)
    assert (state.cumulativeRewards, state.cumulativeFees) == (0, 0)
    assert state.activeCumulativeRewards == 333


def test_claim_earnings__of_one__changes_no_pending_amount_of_anybody(network, newcomer):
    """V3, invariants 22 and 23."""
    staking = network.staking
    staking.bond(newcomer, 777, network.orchestrator)
    for reward, fees in ((1000, 17), (313, 1), (1, 10**18 + 1)):
        staking.start_round()
        staking.reward(network.orchestrator, reward)
        staking.earn_fees(network.orchestrator, fees)
    accounts = (network.orchestrator, network.rival, network.delegator, newcomer)
    before = {account: staking.pending(account) for account in accounts}

    for account in accounts:
        claim(staking, account)

        assert {other: staking.pending(other) for other in accounts} == before
        record = staking.record(account)
        assert (record.bonded, record.fees) == before[account]


def test_claim_earnings__pending_amounts__do_not_depend_on_claims_in_between_but_for_rounding(
    network, newcomer
):
    """Who claims every round has less, by the floors, but at most one unit a claim and no other's share."""
    staking = network.staking
    staking.bond(newcomer, 2000, network.orchestrator)
    staking.start_round()
    for account in (newcomer, network.delegator):
        claim(staking, account)
    rounds = 6
    for _ in range(rounds):
        staking.start_round()
        staking.reward(network.orchestrator, 997)
        claim(staking, newcomer)

    claimed, waited = staking.pending(newcomer)[0], staking.pending(network.delegator)[0]
    assert 0 <= waited - claimed <= 2 * rounds


def test_claim_earnings__rounds_without_earnings__change_nothing(network):
    """Invariant 34: time alone earns nothing."""
    staking = network.staking
    staking.reward(network.orchestrator, 1000)
    staking.earn_fees(network.orchestrator, 1000)
    before = staking.pending(network.delegator)

    for ahead in (1, 3, 1):
        staking.start_round(ahead)
        assert staking.pending(network.delegator) == before


def test_claim_earnings__sums__no_more_is_handed_out_than_came_in(network):
    """Invariants 27 and 28 on one round."""
    staking, orchestrator, delegator = network.staking, network.orchestrator, network.delegator
    staking.earn_fees(orchestrator, 1001)
    staking.reward(orchestrator, 1000)
    staking.start_round()

    stakes, fees = zip(staking.pending(orchestrator), staking.pending(delegator), strict=True)
    assert stakes == (1000 + 222 + 333, 2444)
    # 1 of the reward is lost to rounding: 333 + ⌊222.33⌋ + ⌊444.67⌋ = 999.
    assert sum(stakes) == 3999 < staking.record(orchestrator).delegated == 4000
    # df = ⌊667.33⌋ = 667: ⌊222.33⌋ and ⌊444.67⌋; the orchestrator keeps 334.
    assert cut6(1001, 666_667) == 667
    assert fees == (222 + 334, 444)


def test_claim_earnings__after_a_long_pause__brings_what_was_pending(network):
    staking = network.staking
    staking.reward(network.orchestrator, 1000)
    pending = staking.pending(network.delegator)
    controller, owner = staking.protocol.controller, staking.protocol.owner
    controller.pause.send(sender=owner)
    staking.protocol.mine_to_round(5)
    controller.unpause.send(sender=owner)
    staking.protocol.initialize_round()

    claim(staking, network.delegator)

    assert staking.pending(network.delegator) == pending
    assert staking.record(network.delegator).bonded == pending[0]
