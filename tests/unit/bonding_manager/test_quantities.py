"""The largest quantities (DEV-13): what does not fit is refused with the value, and nothing changes.

| quantity | at most |
|---|---|
| LPT of a bond, of a delegate, of the pool; an orchestrator's unclaimed rewards and fees | 2^112 - 1 |
| fees that an account has claimed | 2^128 - 1 |
| reward factor | 2^192 - 1 |
| round | 2^32 - 1 |

The fee factor has no limit below 2^256: a wei of stake and an ETH of fees make it 2^150.
The size of the pool: test_parameters.py.
"""

import pytest

from simulation.protocol import ETHER, MINTER_ROLE, deploy_protocol
from tests.helpers.earnings import RAY, frac
from tests.helpers.staking import BondRecord

pytestmark = pytest.mark.unit

MAX_AMOUNT, MAX_FACTOR = 2**112 - 1, 2**192 - 1


@pytest.fixture
def rich(staking):
    """rich(account, amount): LPT beyond all supply, approved."""
    token, owner = staking.token, staking.protocol.owner
    token.grantRole.send(MINTER_ROLE, owner, sender=owner)

    def give(account, amount):
        token.mint.send(account, amount, sender=owner)
        token.approve.send(staking.manager, 2**256 - 1, sender=account)
        return account

    return give


def too_large(staking, bits, value):
    return staking.chain.reverts("SafeCastOverflowedUintDowncast", bits=bits, value=value)


def test_bond__largest_amount__is_kept(staking, rich, orchestrator):
    rich(orchestrator, MAX_AMOUNT)

    staking.manager.bond.send(MAX_AMOUNT, orchestrator, sender=orchestrator)

    staking.assert_pool((orchestrator, MAX_AMOUNT))
    staking.start_round()
    assert staking.manager.currentRoundTotalActiveStake() == MAX_AMOUNT
    assert staking.next_votes(orchestrator) == (MAX_AMOUNT, orchestrator)
    staking.manager.unbond.send(MAX_AMOUNT, sender=orchestrator)
    assert staking.lock(orchestrator, 0)[0] == MAX_AMOUNT


@pytest.mark.parametrize("amount", [MAX_AMOUNT + 1, 2**128, 2**255])
def test_bond__more_than_the_largest__reverts_with_the_amount(staking, rich, orchestrator, amount):
    rich(orchestrator, amount)

    with too_large(staking, 112, amount):
        staking.manager.bond.send(amount, orchestrator, sender=orchestrator)

    assert staking.record(orchestrator) == BondRecord()


def test_bond__sum_of_a_bond_is_too_large__reverts_with_the_sum(staking, rich, delegator, orchestrator):
    rich(delegator, MAX_AMOUNT + 5)
    staking.manager.bond.send(MAX_AMOUNT, orchestrator, sender=delegator)

    with too_large(staking, 112, MAX_AMOUNT + 5):
        staking.manager.bond.send(5, orchestrator, sender=delegator)


def test_bond__sum_of_a_delegate_is_too_large__reverts_with_the_sum(network, rich, newcomer):
    rich(newcomer, MAX_AMOUNT)

    with too_large(network.staking, 112, MAX_AMOUNT + 3000):
        network.staking.manager.bond.send(MAX_AMOUNT, network.orchestrator, sender=newcomer)


def test_bond__sum_of_the_pool_is_too_large__reverts_with_the_sum(staking, rich, orchestrator, newcomer):
    rich(newcomer, MAX_AMOUNT)
    staking.bond(orchestrator, 7, orchestrator)

    with too_large(staking, 112, MAX_AMOUNT + 7):
        staking.manager.bond.send(MAX_AMOUNT, newcomer, sender=newcomer)


# ---- rewards


def test_reward__stake_would_not_fit__reverts_and_the_orchestrator_goes_on_without(network):
    staking = network.staking
    minted = MAX_AMOUNT - 1999

    with too_large(staking, 112, MAX_AMOUNT + 1):
        staking.reward(network.rival, minted)

    staking.manager.unbond.send(2000, sender=network.rival)
    staking.reward(network.orchestrator, 1000)


def test_reward__largest_factor__is_kept_and_one_step_more_is_refused(staking, orchestrator):
    staking.bond(orchestrator, 1, orchestrator)
    staking.start_round()
    largest = MAX_FACTOR // RAY - 1  # on a stake of 1 the factor becomes 1 + the reward

    with too_large(staking, 192, (largest + 2) * RAY):
        staking.reward(orchestrator, largest + 1)

    staking.reward(orchestrator, largest)
    assert staking.manager.rewardFactorOfRound(orchestrator, staking.round) == (largest + 1) * RAY


def test_reward__factor_would_not_fit__only_this_orchestrators_reward_is_refused(network, newcomer):
    staking = network.staking
    staking.manager.unbond.send(1999, sender=network.rival)
    staking.start_round()

    with too_large(staking, 192, RAY + frac(RAY, 2**111, 1)):
        staking.reward(network.rival, 2**111)

    staking.reward(network.orchestrator, 1000)
    staking.manager.claimEarnings.send(0, sender=network.rival)
    staking.bond(newcomer, 5, network.rival)


# ---- fees


def test_fees__one_ether_on_one_wei_of_stake__is_shared_exactly(staking, orchestrator):
    staking.bond(orchestrator, 1, orchestrator)
    staking.set_rates(orchestrator, 0, 1_000_000)
    r = staking.start_round()

    staking.earn_fees(orchestrator, ETHER)

    factor = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r).cumulativeFeeFactor
    assert factor == ETHER * RAY > 2**149
    assert staking.pending(orchestrator) == (1, ETHER)


def test_fees__own_fees_would_not_fit__reverts_with_the_sum(network):
    staking = network.staking
    staking.earn_fees(network.rival, 3)  # all its own: its fee share is 0

    with too_large(staking, 112, MAX_AMOUNT + 3):
        staking.manager.updateTranscoderWithFees.send(
            network.rival, MAX_AMOUNT, 0, sender=staking.protocol.ticket_broker
        )


def test_fees__claimed_fees_would_not_fit__claim_reverts_with_the_sum(staking, orchestrator):
    staking.bond(orchestrator, 1, orchestrator)
    staking.set_rates(orchestrator, 0, 1_000_000)
    staking.start_round()
    fees = 2**128  # to delegators, of whom the orchestrator is the only one
    staking.manager.updateTranscoderWithFees.send(
        orchestrator, fees, 0, sender=staking.protocol.ticket_broker
    )

    with too_large(staking, 128, fees):
        staking.manager.claimEarnings.send(0, sender=orchestrator)


# ---- rounds


def test_round__beyond_the_last__is_refused_with_its_number(chain, stranger):
    protocol = deploy_protocol(chain, adjustable_clock=True)
    length = protocol.rounds_manager.roundLength()
    protocol.rounds_manager.setBlockNum.send(2**32 * length, sender=protocol.owner)

    with chain.reverts("SafeCastOverflowedUintDowncast", bits=32, value=2**32):
        protocol.bonding_manager.checkpointBondingState.send(stranger, sender=stranger)
    with chain.reverts("SafeCastOverflowedUintDowncast", bits=32, value=2**32):
        protocol.initialize_round()
