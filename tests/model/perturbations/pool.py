"""Faults for POOL."""

from reference_model.constants import NEVER
from simulation.model_stage import LPT
from tests.model.perturbations.stage import MANAGER, LiveStage, trips


def evict_second(stage: LiveStage) -> None:
    """The outsider takes the second one's place; that one stays active until the round ends."""
    stage.take(stage.call(stage.third, MANAGER, "bond", 200 * LPT, stage.third))


def set_rates(stage: LiveStage, account: str, reward_cut: int = 10_000, fee_share: int = 10_000):
    return stage.call(account, MANAGER, "transcoder", reward_cut, fee_share)


def idle(stage: LiveStage):
    """A call that changes nothing."""
    return stage.call(stage.behind_first, MANAGER, "claimEarnings", 0)


# ---- membership


@trips("POOL-1")
def next_total_counts_a_unit_more(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.manager, "next_round_total_active_stake", 1))


@trips("POOL-2")
def delegator_is_in_the_pool(stage: LiveStage) -> None:
    def join() -> None:
        stage.manager.pool.max_size = 3
        stage.books.parameters["numActiveTranscoders"] = 3
        stage.manager.pool.insert(stage.loose)
        record = stage.manager.orchestrators[stage.loose]
        record.activation_round, record.deactivation_round = stage.clock.current_round() + 1, NEVER

    stage.unseen(join)


@trips("POOL-3")
def pool_is_ranked_backwards(stage: LiveStage) -> None:
    stage.patch(stage.manager.pool, "ranking", lambda original: original()[::-1])
    stage.wait()


@trips("POOL-3")
def pool_is_larger_than_its_size(stage: LiveStage) -> None:
    def shrink() -> None:
        stage.manager.pool.max_size = 1
        stage.books.parameters["numActiveTranscoders"] = 1
        for account in (stage.first, stage.second):
            stage.manager.orchestrators[account].activation_round = stage.clock.current_round() + 1

    stage.unseen(shrink)


@trips("POOL-4")
def outsider_is_never_deactivated(stage: LiveStage) -> None:
    def keep() -> None:
        record = stage.manager.orchestrators[stage.third]
        record.activation_round, record.deactivation_round = stage.clock.current_round() + 1, NEVER

    stage.unseen(keep)


@trips("POOL-5")
def activation_lies_after_the_end(stage: LiveStage) -> None:
    def turn() -> None:
        record = stage.manager.orchestrators[stage.third]
        record.activation_round, record.deactivation_round = 20, 19

    stage.unseen(turn)


@trips("POOL-8")
def eviction_is_not_told(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.third, MANAGER, "bond", 200 * LPT, stage.third),
        lambda: stage.drop_event("TranscoderDeactivated"),
    )


@trips("POOL-8")
def activation_is_told_for_another_round(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.third, MANAGER, "bond", 200 * LPT, stage.third),
        lambda: stage.event("TranscoderActivated").update(activationRound=1),
    )


@trips("POOL-9")
def first_is_evicted(stage: LiveStage) -> None:
    stage.patch(stage.manager.pool, "last", lambda original: stage.first)
    stage.take(stage.call(stage.third, MANAGER, "bond", 200 * LPT, stage.third), stage.unpatch)


@trips("POOL-9")
def equal_stake_evicts(stage: LiveStage) -> None:
    second = stage.manager.delegators[stage.second].delegated_amount
    missing = second - stage.manager.delegators[stage.third].delegated_amount

    def join_anyway(original, account, stake) -> None:
        stage.manager._leave(stage.second)
        original(account, stake)

    stage.patch(stage.manager, "_join", join_anyway)
    stage.take(stage.call(stage.third, MANAGER, "bond", missing, stage.third), stage.unpatch)


@trips("POOL-10")
def member_is_put_out(stage: LiveStage) -> None:
    stage.take(idle(stage), lambda: stage.manager._leave(stage.second))


@trips("POOL-11")
def pool_shrinks(stage: LiveStage) -> None:
    stage.take(stage.call(stage.owner, MANAGER, "setNumActiveTranscoders", 3))

    def shrink() -> None:
        stage.manager.pool.max_size = 2
        stage.books.parameters["numActiveTranscoders"] = 2

    stage.take(stage.call(stage.owner, MANAGER, "setUnbondingPeriod", 2), shrink)


# ---- what counts in a round


@trips("POOL-6")
def set_is_counted_wrongly(stage: LiveStage) -> None:
    stage.next_round()
    stage.initialize(lambda: stage.add(stage.manager, "current_round_active_set_size", 1))


@trips("POOL-7")
def stake_of_the_round_changes(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.row(stage.first), "total_stake", -1))


@trips("POOL-12")
def active_orchestrator_loses_the_round(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.manager.orchestrators[stage.first], "activation_round", 3))


@trips("POOL-13")
def size_of_the_set_changes(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.manager, "current_round_active_set_size", 1))


@trips("POOL-14")
def stake_of_a_leaving_one_is_not_tracked(stage: LiveStage) -> None:
    evict_second(stage)
    stage.unseen(lambda: stage.add(stage.row(stage.second), "total_stake", -1))


@trips("POOL-15")
def new_stake_behind_a_leaving_one(stage: LiveStage) -> None:
    evict_second(stage)
    stage.patch(stage.manager, "_require_rewarded_if_leaving", lambda original, delegate: None)
    stage.take(stage.call(stage.newcomer, MANAGER, "bond", LPT, stage.second), stage.unpatch)


# ---- rates


@trips("POOL-16")
def rates_change_by_themselves(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.manager.orchestrators[stage.first], "reward_cut_ppm", 1))


@trips("POOL-17")
def rates_change_before_the_reward(stage: LiveStage) -> None:
    stage.patch(stage.manager, "is_active_transcoder", lambda original, account: False)
    stage.take(set_rates(stage, stage.second), stage.unpatch)


@trips("POOL-17")
def rates_change_in_the_lock(stage: LiveStage) -> None:
    while not stage.clock.current_round_locked():
        stage.wait()
    stage.patch(stage.clock, "current_round_locked", lambda original: False)
    stage.take(set_rates(stage, stage.first), stage.unpatch)


@trips("POOL-18")
def rates_of_the_round_change(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.row(stage.first), "reward_cut_ppm", 1))
