"""Faults for EARN: rows, factors, pending amounts."""

from simulation.model_stage import LPT
from tests.model.perturbations.pool import idle
from tests.model.perturbations.stage import ETHER, MANAGER, LiveStage, trips


def shift_view(stage: LiveStage, view: str, account: str, amount: int) -> None:
    """Let a view of pending amounts be off for an account."""
    stage.patch(
        stage.manager,
        view,
        lambda original, asked, *given: original(asked, *given) + (amount if asked == account else 0),
    )


@trips("EARN-1")
def fees_wait_that_nobody_paid(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.manager.orchestrators[stage.newcomer], "cumulative_fees", 100 * ETHER))


@trips("EARN-2")
def row_of_a_member_lags(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.row(stage.first, 1), "total_stake", 1))


@trips("EARN-3")
def reward_factor_falls(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.row(stage.first), "cumulative_reward_factor_ray", -1))


@trips("EARN-4")
def fee_factor_falls(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.row(stage.second), "cumulative_fee_factor_ray", -1))


@trips("EARN-12")
def newcomer_starts_without_a_factor(stage: LiveStage) -> None:
    stage.patch(stage.manager, "_seed", lambda original, delegate: None)
    stage.take(stage.call(stage.newcomer, MANAGER, "bond", LPT, stage.second), stage.unpatch)


@trips("EARN-13")
def view_forgets_a_factor(stage: LiveStage) -> None:
    def forget(original, account, round_number):
        return (*original(account, round_number)[:3], 1, 1)

    stage.patch(stage.manager, "get_transcoder_earnings_pool_for_round", forget)
    stage.wait()


@trips("EARN-14")
def past_row_changes(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.row(stage.first, -1), "total_stake", 1))


@trips("EARN-5")
def pending_stake_is_less_than_the_bond(stage: LiveStage) -> None:
    stage.unseen(lambda: shift_view(stage, "pending_stake", stage.loose, -1))


@trips("EARN-6")
def claim_brings_a_wei(stage: LiveStage) -> None:
    def claim(original, account, end_round) -> None:
        original(account, end_round)
        stage.add(stage.manager.delegators[account], "fees", 1)

    stage.patch(stage.manager, "claim_earnings", claim)
    stage.wait()


@trips("EARN-7")
def time_takes_a_wei(stage: LiveStage) -> None:
    shift_view(stage, "pending_fees", stage.also_behind_first, -1)
    stage.wait()


@trips("EARN-15")
def claimant_has_more_pending(stage: LiveStage) -> None:
    shift_view(stage, "pending_stake", stage.behind_first, 1)
    stage.wait()


@trips("EARN-16")
def own_rewards_fall(stage: LiveStage) -> None:
    stage.take(
        idle(stage), lambda: stage.add(stage.manager.orchestrators[stage.first], "cumulative_rewards", -1)
    )


@trips("EARN-10")
def own_rewards_exceed_the_row(stage: LiveStage) -> None:
    stage.reward(
        stage.second,
        lambda: stage.add(
            stage.manager.orchestrators[stage.second], "active_cumulative_rewards", 1_000 * LPT
        ),
    )


@trips("EARN-11")
def shares_exceed_the_total(stage: LiveStage) -> None:
    stage.unseen(lambda: stage.add(stage.row(stage.first), "total_stake", 1))
