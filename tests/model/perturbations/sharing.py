"""Faults for EARN: how rewards and fees are shared, the treasury, the exact layer."""

from reference_model import earnings, stake
from reference_model.exact import ledger
from simulation.model_stage import LPT
from tests.model.perturbations.earnings import shift_view
from tests.model.perturbations.pool import evict_second, set_rates
from tests.model.perturbations.stage import ETHER, MANAGER, LiveStage, trips


def one_more(original, *given):
    return original(*given) + 1


def take_from_claims(stake_units: int, fee_units: int):
    def claim(original, *given, **options):
        found_stake, fees = original(*given, **options)
        return found_stake - stake_units, fees - fee_units

    return claim


# ---- rewards


@trips("EARN-8")
def reward_takes_stake(stage: LiveStage) -> None:
    shift_view(stage, "pending_stake", stage.behind_second, 1_000 * LPT)
    pending = stage.chronicle.moment.now.pending_stake
    stage.past(
        pending_stake={**pending, stage.behind_second: stage.manager.pending_stake(stage.behind_second)}
    )
    stage.unpatch()
    stage.reward(stage.second)


@trips("EARN-18")
def reward_comes_again(stage: LiveStage) -> None:
    records = stage.chronicle.moment.now.orchestrators
    again = records[stage.second]._replace(last_reward=stage.clock.current_round())
    stage.past(orchestrators={**records, stage.second: again})
    stage.reward(stage.second)


@trips("EARN-19")
def stranger_rewards(stage: LiveStage) -> None:
    stage.reward(stage.second, lambda: stage.as_if_sent_by(stage.newcomer))


@trips("EARN-20")
def reward_caller_changes_by_itself(stage: LiveStage) -> None:
    stage.wait(lambda: stage.manager.reward_callers.__setitem__(stage.first, stage.attacker))


@trips("EARN-21")
def reward_takes_from_behind_another(stage: LiveStage) -> None:
    stage.reward(stage.second, lambda: shift_view(stage, "pending_fees", stage.also_behind_first, -1))


# ---- the treasury


@trips("EARN-22")
def treasury_receives_a_unit_more(stage: LiveStage) -> None:
    treasury = stage.controller.get_contract("Treasury")
    stage.reward(stage.second, lambda: stage.move_lpt(stage.newcomer, treasury, 1))


@trips("EARN-23")
def rate_of_the_round_changes(stage: LiveStage) -> None:
    def change() -> None:
        stage.manager.treasury_reward_cut_rate += 1
        stage.books.parameters["treasuryRewardCutRate"] += 1

    stage.take(stage.call(stage.owner, MANAGER, "setUnbondingPeriod", 2), change)


@trips("EARN-23")
def round_starts_with_another_rate(stage: LiveStage) -> None:
    def change() -> None:
        stage.manager.treasury_reward_cut_rate += 1
        stage.books.parameters["treasuryRewardCutRate"] += 1

    stage.next_round()
    stage.initialize(change)


@trips("EARN-24")
def full_treasury_takes_more(stage: LiveStage) -> None:
    stage.take(stage.call(stage.owner, MANAGER, "setTreasuryBalanceCeiling", 1))

    def go_on() -> None:
        stage.manager.next_round_treasury_reward_cut_rate = 10**26
        stage.drop_event("ParameterUpdate")
        stage.drop_event("ParameterChanged")

    stage.reward(stage.second, go_on)


# ---- fees


@trips("EARN-9")
def ticket_takes_fees(stage: LiveStage) -> None:
    pending = stage.chronicle.moment.now.pending_fees
    stage.past(pending_fees={**pending, stage.behind_second: 100 * ETHER})
    stage.take(stage.ticket(stage.second, ETHER))


@trips("EARN-25")
def inactive_orchestrator_is_paid(stage: LiveStage) -> None:
    stage.fund(ETHER)
    evict_second(stage)
    stage.reward(stage.second)
    # Back in the pool at once, and by that not active for the rest of the round.
    stage.take(stage.call(stage.newcomer, MANAGER, "bond", 300 * LPT, stage.second))
    stage.patch(stage.manager, "_is_active_in", lambda original, account, round_number: True)
    stage.take(stage.ticket(stage.second, ETHER), stage.unpatch)


# ---- against the exact layer


@trips("EARN-26")
def commission_is_rounded_up(stage: LiveStage) -> None:
    stage.patch(earnings, "part_ppm_down", one_more)
    stage.reward(stage.second, stage.unpatch)


@trips("EARN-27")
def fee_share_is_rounded_up(stage: LiveStage) -> None:
    stage.patch(earnings, "part_ppm_down", one_more)
    stage.take(stage.ticket(stage.second, ETHER), stage.unpatch)


@trips("EARN-28")
def claim_loses_stake(stage: LiveStage) -> None:
    stage.patch(stake, "get_pending_stake_and_fees", take_from_claims(2, 0))
    stage.take(stage.call(stage.also_behind_first, MANAGER, "claimEarnings", 0), stage.unpatch)


@trips("EARN-29")
def claim_loses_fees(stage: LiveStage) -> None:
    stage.patch(stake, "get_pending_stake_and_fees", take_from_claims(0, 2))
    stage.take(stage.call(stage.also_behind_first, MANAGER, "claimEarnings", 0), stage.unpatch)


@trips("EARN-30")
def estimate_is_too_low(stage: LiveStage) -> None:
    """Behind an orchestrator that passes no fees on, so that nothing else depends on the estimate."""
    stage.reward(stage.second)
    stage.take(set_rates(stage, stage.second, fee_share=0))
    for _ in range(2):
        stage.next_round()
        stage.initialize()
    stage.reward(stage.second)
    for module in (earnings, ledger):
        stage.patch(
            module, "estimate_previous_reward_factor", lambda original, *given: original(*given) * 99 // 100
        )
    stage.take(stage.ticket(stage.second, ETHER))


# ---- it can always be done


@trips("EARN-31")
def reward_is_refused(stage: LiveStage) -> None:
    stage.refuse(stage.manager, "reward")
    stage.wait()


@trips("EARN-32")
def fees_are_refused(stage: LiveStage) -> None:
    stage.refuse(stage.manager, "withdraw_fees")
    stage.wait()
