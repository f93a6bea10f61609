"""Views of delegators: delegatorStatus, pendingStake, pendingFees, getDelegator, locks, transcoderTotalStake.

status    unbonded (2) without a bond; pending (0) until the start round; bonded (1) from then on, whether the round is
          initialized or not
pending   the bond and fees with all earnings; equal to the record right after a claim, and never below it
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.earnings import RAY, fee_factor, pending_fees, pending_stake, reward_factor
from tests.helpers.staking import BONDED, PENDING, UNBONDED, BondRecord

pytestmark = pytest.mark.unit


# ---- status (staking 3.1)


def test_delegator_status__never_seen__is_unbonded(staking, manager, newcomer):
    assert manager.delegatorStatus(newcomer) == UNBONDED
    assert manager.delegatorStatus(ZERO_ADDRESS) == UNBONDED


def test_delegator_status__bond__is_pending_until_the_next_round_begins(network, newcomer):
    staking, manager = network.staking, network.staking.manager
    staking.bond(newcomer, 5, network.orchestrator)
    assert manager.delegatorStatus(newcomer) == PENDING

    # The number of the round decides, not that it has been initialized.
    staking.protocol.mine_to_round()
    staking.chain.mine()
    assert not staking.protocol.rounds_manager.currentRoundInitialized()
    assert manager.delegatorStatus(newcomer) == BONDED


@pytest.mark.parametrize(
    ("from_status", "action", "to_status", "restarts"),
    [
        (UNBONDED, "bond", PENDING, True),
        (UNBONDED, "bonded for", PENDING, True),
        (UNBONDED, "receive", PENDING, True),
        (UNBONDED, "rebond from unbonded", PENDING, True),
        (UNBONDED, "claim", UNBONDED, False),
        (UNBONDED, "withdraw fees", UNBONDED, False),
        (PENDING, "bond", PENDING, False),
        (PENDING, "bonded for", PENDING, False),
        (PENDING, "receive", PENDING, False),
        (PENDING, "rebond", PENDING, False),
        (PENDING, "move", PENDING, True),
        (PENDING, "claim", PENDING, False),
        (PENDING, "withdraw fees", PENDING, False),
        (BONDED, "bond", BONDED, False),
        (BONDED, "bonded for", BONDED, False),
        (BONDED, "receive", BONDED, False),
        (BONDED, "rebond", BONDED, False),
        (BONDED, "move", PENDING, True),
        (BONDED, "unbond part", BONDED, False),
        (BONDED, "unbond all", UNBONDED, False),
        (BONDED, "transfer part", BONDED, False),
        (BONDED, "transfer all", UNBONDED, False),
        (BONDED, "claim", BONDED, False),
        (BONDED, "withdraw fees", BONDED, False),
        (BONDED, "withdraw stake", BONDED, False),
    ],
)
def test_delegator_status__each_transition__leads_where_the_table_says(
    network, newcomer, benefactor, from_status, action, to_status, restarts
):
    staking, manager = network.staking, network.staking.manager
    orchestrator, rival = network.orchestrator, network.rival
    account = newcomer
    # Whatever the status: a ripe lock 0 of 100, and stake that the delegator can transfer.
    staking.bond(account, 100, orchestrator)
    staking.start_round()
    manager.unbond.send(100, sender=account)
    staking.start_round(6)
    if from_status == BONDED:
        staking.bond(account, 1000, orchestrator)
    staking.start_round()
    if from_status == PENDING:
        staking.bond(account, 1000, orchestrator)
    # So that others may make the account claim.
    staking.reward(orchestrator, 0)
    assert manager.delegatorStatus(account) == from_status
    start, r = staking.record(account).start, staking.round

    {
        "bond": lambda: staking.bond(account, 1, orchestrator),
        "bonded for": lambda: staking.bond_for(benefactor, 1, account, orchestrator),
        "move": lambda: staking.bond(account, 0, rival),
        "receive": lambda: staking.transfer_bond(network.delegator, account, 1),
        "rebond": lambda: manager.rebond.send(0, sender=account),
        "rebond from unbonded": lambda: manager.rebondFromUnbonded.send(rival, 0, sender=account),
        "unbond part": lambda: manager.unbond.send(1, sender=account),
        "unbond all": lambda: manager.unbond.send(1000, sender=account),
        "transfer part": lambda: staking.transfer_bond(account, benefactor, 1),
        "transfer all": lambda: staking.transfer_bond(account, benefactor, 1000),
        "claim": lambda: manager.claimEarnings.send(0, sender=account),
        "withdraw fees": lambda: manager.withdrawFees.send(account, 0, sender=account),
        "withdraw stake": lambda: manager.withdrawStake.send(0, sender=account),
    }[action]()

    assert manager.delegatorStatus(account) == to_status
    record = staking.record(account)
    if to_status == UNBONDED:
        assert (record.start, record.delegate) == (0, ZERO_ADDRESS)
    else:
        assert record.start == (r + 1 if restarts else start)


# ---- pending stake and fees (staking 4.4)


@pytest.mark.parametrize("end_round", [0, 1, 10**9, 2**256 - 1])
def test_pending__any_end_round__is_ignored(network, end_round):
    staking = network.staking
    staking.earn_fees(network.orchestrator, 1000)
    staking.reward(network.orchestrator, 1000)

    assert staking.manager.pendingStake(network.delegator, end_round) == 2444
    assert staking.manager.pendingFees(network.delegator, end_round) == 444


def test_pending__several_rounds_of_rewards_and_fees__follows_the_factors(network):
    staking, orchestrator = network.staking, network.orchestrator
    factor, fees, stake = RAY, 0, 3000
    for reward, earned in ((1000, 17), (313, 12_345), (0, 1), (77, 0)):
        staking.start_round()
        # Fees count with the factor before the reward of their round.
        staking.earn_fees(orchestrator, earned)
        fees = fee_factor(fees, factor, earned, 666_667, stake)
        staking.reward(orchestrator, reward)
        factor = reward_factor(factor, reward, 333_333, stake)
        stake += reward

        assert staking.pending(network.delegator) == (
            pending_stake(2000, factor),
            pending_fees(2000, fees),
        )
    assert staking.manager.transcoderTotalStake(orchestrator) == stake == 4390


def test_pending__claimed_in_between__starts_from_the_factors_at_the_end_of_the_claim_round(network):
    staking, orchestrator, delegator = network.staking, network.orchestrator, network.delegator
    staking.reward(orchestrator, 1000)
    staking.manager.claimEarnings.send(0, sender=delegator)
    # Fees after the claim, in its round: not for who has claimed.
    staking.earn_fees(orchestrator, 500)
    staking.start_round()
    staking.reward(orchestrator, 313)
    staking.start_round()

    row = staking.manager.getTranscoderEarningsPoolForRound
    first, second = (row(orchestrator, staking.round - n).cumulativeRewardFactor for n in (2, 1))
    assert first == reward_factor(RAY, 1000, 333_333, 3000)
    assert second == reward_factor(first, 313, 333_333, 4000)
    # 313 - 104 = 209 on 4000: ⌊2444 · (1 + 0.05225)⌋ = ⌊2571.69…⌋.
    assert staking.pending(delegator) == (2571, 0) == (pending_stake(2444, second, first), 0)


def test_pending__never_below_the_record__and_equal_without_a_delegate(network, newcomer):
    """Invariant 24."""
    staking = network.staking
    staking.bond(newcomer, 9, ZERO_ADDRESS)
    staking.start_round()
    staking.reward(network.orchestrator, 1)

    assert staking.pending(newcomer) == (9, 0)
    for account in (network.orchestrator, network.delegator, network.rival, newcomer):
        record = staking.record(account)
        assert staking.pending(account) >= (record.bonded, record.fees)


def test_pending__orchestrator__contains_its_commission_even_after_a_claim_in_the_round(network):
    staking, orchestrator = network.staking, network.orchestrator
    staking.manager.claimEarnings.send(0, sender=orchestrator)

    staking.reward(orchestrator, 1000)

    # Its bond takes no part any more, commission does.
    assert staking.pending(orchestrator) == (1000 + 333, 0)


def test_pending__orchestrator_that_unbonded_before_its_reward__commission_waits_until_it_bonds_again(
    network,
):
    staking, orchestrator = network.staking, network.orchestrator
    staking.manager.unbond.send(1000, sender=orchestrator)
    staking.reward(orchestrator, 1000)
    assert staking.pending(orchestrator) == (0, 0)
    assert staking.manager.getTranscoder(orchestrator).cumulativeRewards == 333

    staking.start_round()
    staking.bond(orchestrator, 10, orchestrator)

    assert staking.pending(orchestrator) == (10 + 333, 0)


# ---- records


def test_views__address_never_seen__are_zero_and_never_revert(staking, manager, newcomer):
    for account in (newcomer, ZERO_ADDRESS, manager.address):
        assert staking.record(account) == BondRecord()
        assert staking.pending(account) == (0, 0)
        assert manager.transcoderTotalStake(account) == 0
        assert staking.lock(account, 0) == (0, 0)
        assert not manager.isValidUnbondingLock(account, 2**256 - 1)
        assert not manager.isRegisteredTranscoder(account)
        assert not manager.isActiveTranscoder(account)
        assert manager.transcoderStatus(account) == 0
        assert tuple(manager.getTranscoder(account)) == (0,) * 10
        assert tuple(manager.getTranscoderEarningsPoolForRound(account, staking.round)) == (0,) * 5


def test_views__paused_and_round_not_initialized__answer(network):
    staking = network.staking
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)
    staking.protocol.mine_to_round(3)

    assert staking.pending(network.delegator) == (2000, 0)
    assert staking.manager.delegatorStatus(network.delegator) == BONDED
    assert staking.record(network.delegator).bonded == 2000
