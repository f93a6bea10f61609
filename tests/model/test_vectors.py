"""The vectors of staking.md 4.7 on the reference model.

The Minter is told what it mints, as in the vectors: `issue` sets what a reward brings and what the round may mint.
The baseline adds minted tokens to the mintable ones when it estimates a factor; the rule in force does not (DEV-3),
so that vectors with minted tokens are run with the sum as mintable tokens.

- vector A: two rounds of rewards and fees, a treasury cut, a skipped round
- vector B: rewards and fees in different rounds, with and without a claim between
- vector C: a missed reward, hence an estimated factor
- vector D: the treasury's part
"""

import pytest

from reference_model.constants import RAY_WHOLE
from reference_model.protocol import Protocol
from simulation.model_stage import LPT, build_model

PERCENT = 10_000
OWNER_OF_LPT = 10**6 * LPT


class Bench:
    """A model whose rounds and rewards a test sets."""

    def __init__(self, model: Protocol, accounts: tuple[str, ...]) -> None:
        self.model, self.manager = model, model.bonding_manager
        for account in accounts:
            model.token.mint(model.controller.owner, account, OWNER_OF_LPT)
            model.token.approve(account, self.manager.address, OWNER_OF_LPT)

    def start_round(self, round_number: int) -> None:
        """Initialize a round, which may be any later one."""
        rounds = self.model.rounds_manager
        self.model.block_number = round_number * rounds.round_length
        rounds.initialize_round("anybody")

    def issue(self, reward: int, mintable: int) -> None:
        """What the next reward brings, and what the round may mint."""
        self.model.minter.create_reward = lambda sender, numerator, denominator: reward
        self.model.minter.current_mintable_tokens = mintable

    def fees(self, transcoder: str, wei: int) -> None:
        """What a redeemed ticket reports."""
        self.manager.update_transcoder_with_fees(self.model.ticket_broker.address, transcoder, wei, 0)

    def row(self, transcoder: str, round_number: int) -> tuple[int, ...]:
        """The literal row, in the order of the ABI."""
        row = self.manager.get_earnings_row(transcoder, round_number)
        return (
            row.total_stake,
            row.reward_cut_ppm,
            row.fee_share_ppm,
            row.cumulative_reward_factor_ray,
            row.cumulative_fee_factor_ray,
        )


T, A, B = "orchestrator", "first delegator", "second delegator"


@pytest.fixture
def bench() -> Bench:
    model = build_model(round_length=50, round_lock_amount=0, num_active_transcoders=2, unbonding_period=7)
    return Bench(model, (T, A, B))


@pytest.fixture
def small(bench: Bench) -> Bench:
    """1,000 base units behind one orchestrator with both rates at 50 %, active from round 101 on."""
    bench.start_round(100)
    bench.manager.bond(T, 1_000, T)
    bench.manager.transcoder(T, 50 * PERCENT, 50 * PERCENT)
    bench.start_round(101)
    return bench


def test_vector_a__two_delegators_and_a_skipped_round__rows_and_pending_amounts(bench: Bench) -> None:
    manager = bench.manager
    bench.start_round(100)
    manager.bond(T, 1_000 * LPT, T)
    manager.transcoder(T, 100_000, 400_000)
    manager.bond(A, 3_000 * LPT, T)
    bench.start_round(101)
    manager.set_treasury_reward_cut_rate(bench.model.controller.owner, RAY_WHOLE // 10)
    bench.issue(1_000 * LPT, 1_000 * LPT)
    manager.reward(T)
    bench.fees(T, 5 * LPT)
    bench.start_round(102)
    bench.issue(1_000 * LPT, 1_000 * LPT)
    bench.fees(T, 3 * LPT + 7)
    manager.bond(B, 777 * LPT, T)
    manager.reward(T)
    manager.claim_earnings(A, 0)
    bench.start_round(104)
    bench.issue(1_000 * LPT, 1_000 * LPT)
    manager.reward(T)
    bench.issue(0, 2_000 * LPT)
    bench.fees(T, 1 * LPT)

    rates = (100_000, 400_000)
    rows = [bench.row(T, n) for n in range(101, 106)]
    assert rows[0] == (4_000 * LPT, *rates, 1225 * 10**24, 499_999_999_999_999_999_999_999)
    assert rows[1] == (5_000 * LPT, *rates, 142_345 * 10**22, 794_000_000_000_000_000_489_999)
    assert rows[2] == (6_677 * LPT, 0, 0, 0, 0)
    assert rows[3] == (
        6_677 * LPT,
        *rates,
        1_596_131_518_646_098_547_251_759_771,
        870_949_814_084_420_805_467_785,
    )
    assert rows[4] == (7_577 * LPT, 0, 0, 0, 0)
    pending = {
        account: (manager.pending_stake(account), manager.pending_fees(account)) for account in (T, A, B)
    }
    assert pending == {
        T: (1_917_346_046_128_500_823_722, 6_307_302_667_162_150_329),
        A: (4_788_394_555_938_295_641_755, 2_612_849_442_253_262_415),
        B: (871_259_397_933_203_534_521, 42_003_586_738_975_703),
    }
    manager.claim_earnings(T, 0)
    assert manager.delegators[T].bonded_amount == 1_917_346_046_128_500_823_722
    assert manager.delegators[T].delegated_amount == 7_577 * LPT
    record = manager.orchestrators[T]
    assert record.active_cumulative_rewards == 206_200_000_000_000_000_000
    assert (record.cumulative_rewards, record.cumulative_fees) == (0, 0)
    assert (record.last_active_stake_update_round, record.activation_round) == (105, 101)


@pytest.mark.parametrize(("claims", "cumulative_fees"), [(False, 625), (True, 500)])
def test_vector_b__fees_in_the_round_after_a_reward__own_rewards_earn_unless_claimed(
    small: Bench, claims: bool, cumulative_fees: int
) -> None:
    small.issue(1_000, 1_000)
    small.manager.reward(T)
    assert small.manager.orchestrators[T].cumulative_rewards == 500
    small.start_round(102)
    if claims:
        small.manager.claim_earnings(T, 0)
    small.fees(T, 1_000)
    assert small.row(T, 102)[4] == 375 * 10**24
    assert small.manager.orchestrators[T].cumulative_fees == cumulative_fees


def test_vector_b__fees_without_any_reward__half_for_delegators(small: Bench) -> None:
    small.fees(T, 1_000)
    assert small.row(T, 101)[4] == 5 * 10**26
    assert small.manager.orchestrators[T].cumulative_fees == 500


def test_vector_c__fees_after_a_missed_reward__factor_is_estimated(small: Bench) -> None:
    small.manager.set_treasury_reward_cut_rate(small.model.controller.owner, RAY_WHOLE // 2)
    for round_number in (102, 104):
        small.start_round(round_number)
        small.issue(1_000, 1_000)
        small.manager.reward(T)
    assert small.manager.orchestrators[T].cumulative_rewards == 541
    small.fees(T, 1_000)
    assert small.row(T, 104)[4] == 416_666_666_666_666_666_666_666_665
    assert small.manager.orchestrators[T].cumulative_fees == 583
    assert small.manager.pending_fees(T) == 999


def test_vector_d__treasury_cut__is_taken_before_the_split(small: Bench) -> None:
    small.manager.set_treasury_reward_cut_rate(small.model.controller.owner, 631 * 10**23)
    small.start_round(102)
    small.issue(1_000, 1_000)
    small.manager.reward(T)
    events = {event.name: event.arguments for event in small.model.journal.events}
    assert events["TreasuryReward"]["amount"] == 63
    assert events["Reward"]["amount"] == 937
    assert small.row(T, 102)[3] == RAY_WHOLE + 469 * 10**24
