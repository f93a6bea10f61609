"""Faults for VOTE."""

from reference_model.exceptions import MissingEarningsPool
from simulation.model_stage import LPT
from tests.model.perturbations.stage import MANAGER, LiveStage, trips


def more_votes(stage: LiveStage, view: str, round_number: int | None = None) -> None:
    """Let a view of votes give one more to somebody without any."""

    def add(original, account, *asked):
        found = original(account, *asked)
        if account != stage.loose or (round_number is not None and asked != (round_number,)):
            return found
        return (found[0] + 1, found[1]) if isinstance(found, tuple) else found + 1

    stage.patch(stage.votes, view, add)


def bond_of_a_newcomer(stage: LiveStage):
    return stage.call(stage.newcomer, MANAGER, "bond", LPT, stage.first)


@trips("VOTE-1")
def round_begins_with_other_votes(stage: LiveStage) -> None:
    more_votes(stage, "get_votes_and_delegate_at_round_start", stage.clock.current_round() + 1)
    stage.next_round()


@trips("VOTE-2")
def past_votes_change(stage: LiveStage) -> None:
    # They are looked at once as they are.
    stage.wait()
    more_votes(stage, "get_votes_and_delegate_at_round_start", stage.clock.current_round())
    stage.wait()


@trips("VOTE-3")
def past_total_changes(stage: LiveStage) -> None:
    past = stage.clock.current_round() - 1
    stage.patch(
        stage.votes, "get_total_active_stake_at", lambda original, number: original(number) + (number == past)
    )
    for _ in range(8):
        stage.wait()


@trips("VOTE-4")
def total_is_not_what_counts(stage: LiveStage) -> None:
    stage.next_round()
    current = stage.clock.current_round()
    totals = stage.votes.total_active_stakes
    stage.initialize(lambda: totals.__setitem__(current, totals[current] + 1))


@trips("VOTE-5")
def next_total_is_not_the_pool(stage: LiveStage) -> None:
    later = stage.clock.current_round() + 1
    stage.patch(
        stage.votes,
        "get_total_active_stake_at",
        lambda original, number: original(number) + (number == later),
    )
    stage.wait()


@trips("VOTE-5")
def skipped_round_has_another_total(stage: LiveStage) -> None:
    skipped = stage.clock.current_round() + 1
    stage.next_round(skipped=1)
    stage.initialize()
    stage.patch(
        stage.votes,
        "get_total_active_stake_at",
        lambda original, number: original(number) + (number == skipped),
    )
    # One that was never looked at yet.
    stage.chronicle.seen.pop(("total", skipped), None)
    for _ in range(8):
        stage.wait()


@trips("VOTE-6")
def past_checkpoint_changes(stage: LiveStage) -> None:
    checkpoints = stage.votes.checkpoints[stage.behind_first]
    first = min(checkpoints)
    stage.wait(lambda: checkpoints.__setitem__(first, checkpoints[first]._replace(last_reward_round=1)))


@trips("VOTE-7")
def delegate_is_not_told(stage: LiveStage) -> None:
    stage.take(bond_of_a_newcomer(stage), lambda: stage.drop_event("DelegateChanged"))


@trips("VOTE-8")
def votes_are_not_told(stage: LiveStage) -> None:
    stage.take(bond_of_a_newcomer(stage), lambda: stage.drop_event("DelegateVotesChanged"))


@trips("VOTE-9")
def bonded_amount_is_not_told(stage: LiveStage) -> None:
    stage.take(bond_of_a_newcomer(stage), lambda: stage.drop_event("DelegatorBondedAmountChanged"))


@trips("VOTE-10")
def present_votes_are_more(stage: LiveStage) -> None:
    more_votes(stage, "get_votes")
    stage.wait()


@trips("VOTE-11")
def end_of_a_round_differs_from_the_next_start(stage: LiveStage) -> None:
    more_votes(stage, "get_past_votes")
    for _ in stage.world.cast.watched:
        stage.wait()


@trips("VOTE-12")
def account_is_reported_twice(stage: LiveStage) -> None:
    stage.take(
        bond_of_a_newcomer(stage),
        lambda: stage.emit("DelegateVotesChanged", **stage.event("DelegateVotesChanged")),
    )


@trips("VOTE-13")
def votes_of_an_old_round_cannot_be_read(stage: LiveStage) -> None:
    old = stage.clock.current_round() - 8

    def fail(original, account, number):
        if number == old:
            raise MissingEarningsPool(account, number)
        return original(account, number)

    stage.patch(stage.votes, "get_votes_and_delegate_at_round_start", fail)
    for _ in range(10):
        stage.wait()
