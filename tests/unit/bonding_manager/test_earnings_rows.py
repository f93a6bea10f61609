"""getTranscoderEarningsPoolForRound: an orchestrator's row of a round (DEV-11).

Rows that nobody wrote are not stored; the view makes them up.

| round | total stake | commission | factors |
|---|---|---|---|
| initialized, with a reward | at its start | as of the reward | at its end |
| initialized, with fees only | at its start | zero; of the current round: the present rates | at its end |
| initialized, with neither | at its start | zero | known by its end |
| left out | at its start | zero | zero |
| next | as it stands | zero | zero |
| later | zero | zero | zero |
"""

import pytest

from tests.helpers.earnings import RAY, fee_factor, reward_factor
from tests.unit.bonding_manager.conftest import FEE_SHARE_PPM, REWARD_CUT_PPM

pytestmark = pytest.mark.unit

RATES = (REWARD_CUT_PPM, FEE_SHARE_PPM)
FIRST_FACTOR = reward_factor(RAY, 1000, REWARD_CUT_PPM, 3000)
FIRST_FEES = fee_factor(0, RAY, 1000, FEE_SHARE_PPM, 3000)


def row(network, round_, orchestrator=None):
    orchestrator = orchestrator or network.orchestrator
    return tuple(network.staking.manager.getTranscoderEarningsPoolForRound(orchestrator, round_))


@pytest.mark.parametrize("round_", [0, 1, 2**32, 2**256 - 1])
def test_row__of_an_address_never_seen__is_zero(network, stranger, round_):
    assert row(network, round_, stranger) == (0, 0, 0, 0, 0)


def test_row__of_a_delegator__is_zero(network):
    assert row(network, network.staking.round, network.delegator) == (0, 0, 0, 0, 0)


def test_row__round_of_joining_and_before__had_no_stake(network):
    r = network.staking.round

    assert row(network, r - 1) == row(network, 0) == (0, 0, 0, 0, 0)


def test_row__nothing_has_happened_yet__has_the_stake_only(network):
    r = network.staking.round

    assert row(network, r) == row(network, r + 1) == (3000, 0, 0, 0, 0)
    assert row(network, r + 2) == row(network, 2**256 - 1) == (0, 0, 0, 0, 0)


def test_row__stake_changes_in_the_round__that_of_its_start_stays(network, newcomer):
    staking, r = network.staking, network.staking.round

    staking.bond(newcomer, 500, network.orchestrator)
    staking.manager.unbond.send(100, sender=network.delegator)

    assert [row(network, n)[0] for n in (r, r + 1)] == [3000, 3400]
    staking.start_round(2)
    staking.bond(newcomer, 1, network.orchestrator)
    assert [row(network, n)[0] for n in range(r, r + 4)] == [3000, 3400, 3400, 3401]


def test_row__of_a_reward__has_the_rates_of_the_reward(network):
    staking, r = network.staking, network.staking.round
    staking.reward(network.orchestrator, 1000)
    staking.set_rates(network.orchestrator, 1, 2)

    written = (3000, *RATES, FIRST_FACTOR, 0)
    assert row(network, r) == written
    staking.start_round()
    assert row(network, r) == written


def test_row__fees_before_the_reward_of_the_round__has_the_present_rates(network):
    staking, r = network.staking, network.staking.round
    staking.earn_fees(network.orchestrator, 1000)
    assert row(network, r) == (3000, *RATES, 0, FIRST_FEES)

    staking.reward(network.orchestrator, 1000)

    assert row(network, r) == (3000, *RATES, FIRST_FACTOR, FIRST_FEES)


def test_row__fees_and_no_reward_in_a_past_round__has_no_rates(network):
    """They are not kept: nothing is computed from them any more."""
    staking, r = network.staking, network.staking.round
    staking.earn_fees(network.orchestrator, 1000)

    staking.start_round()

    assert row(network, r) == (3000, 0, 0, 0, FIRST_FEES)


def test_row__fees_without_a_share_for_delegators__is_like_no_fees(network):
    staking, r = network.staking, network.staking.round

    staking.earn_fees(network.rival, 1000)

    assert row(network, r, network.rival) == (2000, 0, 0, 0, 0)


def test_row__initialized_round_without_earnings__has_the_factors_known_by_then(network):
    staking, r = network.staking, network.staking.round
    staking.reward(network.orchestrator, 1000)
    staking.start_round()
    staking.earn_fees(network.orchestrator, 1000)
    fees = fee_factor(0, FIRST_FACTOR, 1000, FEE_SHARE_PPM, 4000)
    for _ in range(2):
        staking.start_round()
    staking.reward(network.orchestrator, 1000)
    staking.earn_fees(network.orchestrator, 0)

    second = reward_factor(FIRST_FACTOR, 1000, REWARD_CUT_PPM, 4000)
    assert [row(network, n) for n in range(r, r + 4)] == [
        (3000, *RATES, FIRST_FACTOR, 0),
        (4000, 0, 0, FIRST_FACTOR, fees),
        (4000, 0, 0, FIRST_FACTOR, fees),
        (4000, *RATES, second, fees),
    ]


def test_row__earnings_come_later__rows_of_before_do_not_know_them(network):
    staking, r = network.staking, network.staking.round
    staking.start_round()

    staking.reward(network.orchestrator, 1000)
    staking.earn_fees(network.orchestrator, 1000)

    assert row(network, r) == (3000, 0, 0, 0, 0)


def test_row__round_left_out__has_no_factors(network):
    """Nobody could claim in it, so nothing starts there."""
    staking, r = network.staking, network.staking.round
    staking.reward(network.orchestrator, 1000)
    staking.earn_fees(network.orchestrator, 1000)

    staking.start_round(3)

    fees = row(network, r)[4]
    assert fees > 0
    assert [row(network, n) for n in range(r + 1, r + 5)] == [
        (4000, 0, 0, 0, 0),
        (4000, 0, 0, 0, 0),
        (4000, 0, 0, FIRST_FACTOR, fees),
        (4000, 0, 0, 0, 0),
    ]


def test_row__round_has_begun_and_is_not_initialized__has_no_factors_yet(network):
    staking, r = network.staking, network.staking.round
    staking.reward(network.orchestrator, 1000)
    staking.protocol.mine_to_round()
    staking.chain.mine()  # views see the latest block

    assert row(network, r + 1) == (4000, 0, 0, 0, 0)
    staking.protocol.initialize_round()
    assert row(network, r + 1) == (4000, 0, 0, FIRST_FACTOR, 0)


def test_row__nothing_mintable__reward_sets_the_factor_to_the_whole(network):
    staking, r = network.staking, network.staking.round

    staking.reward(network.orchestrator, 0)

    assert row(network, r) == (3000, *RATES, RAY, 0)


def test_row__of_one_that_has_left__goes_on_with_its_last_factors(network):
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 1000)
    staking.manager.unbond.send(1000, sender=orchestrator)

    r = staking.start_round()

    assert row(network, r) == (3000, 0, 0, FIRST_FACTOR, 0)


@pytest.mark.parametrize("ahead", [0, 1, 2])
def test_reward_factor_of_round__is_that_of_a_reward_or_zero(network, ahead):
    staking, r = network.staking, network.staking.round
    staking.reward(network.orchestrator, 1000)
    staking.start_round(2)

    factor = staking.manager.rewardFactorOfRound(network.orchestrator, r + ahead)

    assert factor == (FIRST_FACTOR if ahead == 0 else 0)
