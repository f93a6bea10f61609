"""bond, bondWithHint, and bondForWithHint for oneself: adding to a bond, and what is refused.

given a bond to the same delegate
    it should add to it and leave its start round
    given earnings since the last claim: it should claim them first, each rounded down
given zero to a delegate that the bond has already       it should revert with BondAmountIsZero
given an amount that the caller cannot pay               it should revert with the token's error
given an amount of more than 112 bits                    it should revert with SafeCast's error
given a pool without size                                it should revert with PoolSizeNotSet
"""

from dataclasses import replace

import pytest

from tests.helpers.earnings import RAY, fee_factor, frac, own_fees, own_rewards, reward_factor
from tests.helpers.staking import NO_HINTS, BondRecord

pytestmark = pytest.mark.unit


def test_bond__more_to_the_same_delegate_in_the_same_round__no_claim_and_same_start(network, newcomer, bond):
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 500, network.orchestrator)
    staking.fund(newcomer, 70)
    before = staking.records(newcomer, network.orchestrator)

    receipt = bond(70, network.orchestrator, sender=newcomer)

    after = {
        newcomer: replace(before[newcomer], bonded=570),
        network.orchestrator: replace(before[network.orchestrator], delegated=3570),
    }
    assert (after[newcomer].start, after[newcomer].claim) == (r + 1, r)
    staking.assert_records(after)
    receipt.assert_events(
        [
            *staking.checkpointed(network.orchestrator, before, after),
            staking.paid(newcomer, staking.minter, 70),
            staking.bonded(newcomer, network.orchestrator, 70, 570, old=network.orchestrator),
            *staking.checkpointed(newcomer, before, after),
        ]
    )


def test_bond__more_with_earnings_pending__claims_them_rounded_down_first(network, bond):
    staking, r = network.staking, network.staking.round
    staking.reward(network.orchestrator, 1000)
    staking.start_round()
    staking.earn_fees(network.orchestrator, 101)
    # The next round is left out: claims reach over it.
    now = staking.start_round(2)
    assert now == r + 3
    staking.fund(network.delegator, 10)
    before = staking.records(network.delegator, network.orchestrator)

    receipt = bond(10, network.orchestrator, sender=network.delegator)

    # Reward 1000 on 3000: com = ⌊333.333⌋ = 333, dr = 667, factor = 1 + ⌊667·10^27 / 3000⌋ / 10^27.
    factor = 1_222_333_333_333_333_333_333_333_333
    assert factor == reward_factor(RAY, 1000, 333_333, 3000)
    # ⌊2000 · 1.2223…⌋ = ⌊2444.67⌋ = 2444.
    rewards = frac(2000, factor, RAY) - 2000
    assert rewards == 444
    # Fees 101 on 4000: df = ⌊101 · 0.666667⌋ = 67, factor = 1.2223… · ⌊67/4000⌋ = 20474083333333333333333333,
    # and 2000 bonded at a start factor of 1: ⌊40.948⌋ = 40.
    fees = frac(2000, fee_factor(0, factor, 101, 666_667, 4000), RAY)
    assert fees == 40
    after = {
        network.delegator: BondRecord(
            bonded=2454, fees=40, delegate=network.orchestrator, start=r, claim=now
        ),
        network.orchestrator: replace(before[network.orchestrator], delegated=4010),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.delegator, before, now, rewards=444, fees=40),
            *staking.checkpointed(network.orchestrator, before, after),
            staking.paid(network.delegator, staking.minter, 10),
            staking.bonded(network.delegator, network.orchestrator, 10, 2454, old=network.orchestrator),
            *staking.checkpointed(network.delegator, before, after),
        ]
    )


def test_bond__growth_of_a_third_on_a_bond_of_three__rounds_twice(staking, orchestrator, delegator, bond):
    """A bond of 3 times (1 + 1/3): the factor is rounded first, so ⌊3 · 1.333…⌋ = 3; one division would give 4."""
    staking.bond(orchestrator, 6, orchestrator)
    staking.bond(delegator, 3, orchestrator)
    staking.start_round()
    staking.reward(orchestrator, 3)
    now = staking.start_round()
    staking.fund(delegator, 1)
    before = staking.records(delegator)

    receipt = bond(1, orchestrator, sender=delegator)

    assert reward_factor(RAY, 3, 0, 9) == 1_333_333_333_333_333_333_333_333_333
    assert receipt.events[0] == staking.claimed(delegator, before, now, rewards=0, fees=0)
    assert staking.record(delegator).bonded == 4
    # The 3 were added to the total stake when they were minted: 9 + 3 + 1.
    assert staking.record(orchestrator).delegated == 13


def test_bond__more_by_an_orchestrator__claims_what_it_has_earned_for_itself(network, bond):
    staking, manager = network.staking, network.staking.manager
    staking.reward(network.orchestrator, 1000)
    staking.start_round()
    staking.earn_fees(network.orchestrator, 101)
    r = staking.start_round()
    staking.fund(network.orchestrator, 10)
    before = staking.records(network.orchestrator)

    receipt = bond(10, network.orchestrator, sender=network.orchestrator)

    # Its bond: ⌊1000 · 1.2223…⌋ - 1000 = 222, commission 333.
    factor = reward_factor(RAY, 1000, 333_333, 3000)
    rewards = frac(1000, factor, RAY) - 1000 + own_rewards(1000, 333_333, 0, 3000)
    assert rewards == 222 + 333
    # Its bond: ⌊1000 · 0.020474…⌋ = 20. Its part: 101 - 67 = 34, and ⌊67 · 333/4000⌋ = 5 on the unclaimed 333.
    fees = frac(1000, fee_factor(0, factor, 101, 666_667, 4000), RAY) + own_fees(101, 666_667, 333, 4000)
    assert fees == 20 + 34 + 5
    after = {
        network.orchestrator: replace(
            before[network.orchestrator], bonded=1565, delegated=4010, claim=r, fees=59
        )
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.orchestrator, before, r, rewards=555, fees=59),
            staking.paid(network.orchestrator, staking.minter, 10),
            staking.bonded(network.orchestrator, network.orchestrator, 10, 1565, old=network.orchestrator),
            *staking.checkpointed(network.orchestrator, before, after),
        ]
    )
    state = manager.getTranscoder(network.orchestrator)
    assert (state.cumulativeRewards, state.cumulativeFees) == (0, 0)
    # What the unclaimed rewards were at the last reward stays: they were none.
    assert state.activeCumulativeRewards == 0


# ---- refusals


def test_bond__nothing_to_bond_and_nothing_to_move__reverts(staking, newcomer, orchestrator, bond):
    with staking.chain.reverts("BondAmountIsZero"):
        bond(0, orchestrator, sender=newcomer)


def test_bond__zero_to_the_same_delegate__reverts(network, bond):
    with network.staking.chain.reverts("BondAmountIsZero"):
        bond(0, network.orchestrator, sender=network.delegator)


def test_bond__without_allowance__reverts_with_the_tokens_error(staking, newcomer, orchestrator, bond):
    staking.protocol.give_lpt(newcomer, 100, approve=False)

    with staking.chain.reverts(
        "ERC20InsufficientAllowance", spender=staking.manager, allowance=0, needed=100
    ):
        bond(100, orchestrator, sender=newcomer)


def test_bond__without_balance__reverts_with_the_tokens_error(staking, newcomer, orchestrator, bond):
    staking.token.approve.send(staking.manager, 100, sender=newcomer)

    with staking.chain.reverts("ERC20InsufficientBalance", sender=newcomer, balance=0, needed=100):
        bond(100, orchestrator, sender=newcomer)


@pytest.mark.parametrize("amount", [2**112, 2**256 - 1])
def test_bond__amount_that_does_not_fit__reverts_with_the_value(
    staking, newcomer, orchestrator, bond, amount
):
    """DEV-13."""
    with staking.chain.reverts("SafeCastOverflowedUintDowncast", bits=112, value=amount):
        bond(amount, orchestrator, sender=newcomer)


@pytest.mark.parametrize("form", ["bond", "bondForWithHint"])
def test_bond__to_oneself_before_the_pool_has_a_size__reverts(staking, newcomer, form):
    fresh = staking.protocol.deploy_behind_proxy("BondingManager")
    arguments = {"bond": (1, newcomer), "bondForWithHint": (1, newcomer, newcomer, *NO_HINTS)}

    with staking.chain.reverts("PoolSizeNotSet"):
        getattr(fresh, form).send(*arguments[form], sender=newcomer)
