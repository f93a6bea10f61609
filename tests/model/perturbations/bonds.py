"""Faults for BOND."""

from reference_model.constants import STATUS_BONDED, ZERO_ADDRESS
from reference_model.exceptions import SystemPaused
from simulation.model_stage import LPT
from tests.model.perturbations.stage import MANAGER, LiveStage, trips

# ---- conservation


@trips("BOND-1")
def lock_out_of_nothing(stage: LiveStage) -> None:
    def forge() -> None:
        lock = stage.manager.locks[stage.leaver][2]
        lock.amount, lock.withdraw_round = 1, 100
        stage.manager.delegators[stage.leaver].next_unbonding_lock_id = 3

    # In a call of the leaver itself, so that its record may change.
    stage.take(stage.call(stage.leaver, MANAGER, "claimEarnings", 0), forge)


@trips("BOND-2")
def delegated_amount_lags_behind_its_delegators(stage: LiveStage) -> None:
    behind = [stage.first, stage.behind_first, stage.also_behind_first]
    pending = sum(stage.manager.pending_stake(account) for account in behind)
    missing = stage.manager.delegators[stage.first].delegated_amount - pending + 1

    def shift() -> None:
        stage.add_delegated(stage.first, -missing)
        stage.add_delegated(stage.attacker, missing)

    stage.unseen(shift)


@trips("BOND-3", also=("BOND-2",), because="pending stake is at least what is bonded (EARN-5)")
def delegated_amount_lags_behind_the_bonds(stage: LiveStage) -> None:
    delegated = stage.manager.delegators[stage.attacker].delegated_amount

    def shift() -> None:
        stage.add_delegated(stage.attacker, -delegated)
        stage.add_delegated(stage.first, delegated)

    stage.unseen(shift)


@trips("BOND-4")
def rewards_wait_that_were_never_minted(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.manager.orchestrators[stage.newcomer], "cumulative_rewards", LPT))


@trips("BOND-5")
def minter_pays_a_stranger(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.behind_first, MANAGER, "claimEarnings", 0),
        lambda: stage.move_lpt(stage.minter.address, stage.attacker, 1),
    )


@trips("BOND-15")
def surplus_moves_between_delegates(stage: LiveStage) -> None:
    def shift() -> None:
        stage.add_delegated(stage.first, -1)
        stage.add_delegated(stage.attacker, 1)
        stage.name(stage.first, stage.attacker)

    stage.take(stage.call(stage.behind_first, MANAGER, "claimEarnings", 0), shift)


# ---- records


@trips("BOND-6")
def fee_round_lies_ahead(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.manager.orchestrators[stage.first], "last_fee_round", 1))


@trips("BOND-7")
def start_round_without_a_bond(stage: LiveStage) -> None:
    stage.unseen(lambda: stage.add(stage.manager.delegators[stage.newcomer], "start_round", 5))


@trips("BOND-8")
def bond_starts_after_the_next_round(stage: LiveStage) -> None:
    stage.unseen(lambda: stage.add(stage.manager.delegators[stage.behind_second], "start_round", 4))


@trips("BOND-9")
def next_lock_id_is_one_in_use(stage: LiveStage) -> None:
    stage.unseen(lambda: stage.add(stage.manager.delegators[stage.leaver], "next_unbonding_lock_id", -1))


@trips("BOND-9")
def lock_without_amount(stage: LiveStage) -> None:
    def forge() -> None:
        stage.manager.locks[stage.leaver][2].withdraw_round = 100
        stage.manager.delegators[stage.leaver].next_unbonding_lock_id = 3

    stage.unseen(forge)


@trips("BOND-16")
def stake_moves_between_locks(stage: LiveStage) -> None:
    def shift() -> None:
        stage.add(stage.manager.locks[stage.leaver][0], "amount", -1)
        stage.add(stage.manager.locks[stage.leaver][1], "amount", 1)

    stage.wait(shift)


@trips("BOND-14")
def checkpoint_has_another_reward_round(stage: LiveStage) -> None:
    checkpoints = stage.votes.checkpoints[stage.behind_first]
    latest = max(checkpoints)
    stage.wait(
        lambda: checkpoints.__setitem__(latest, checkpoints[latest]._replace(last_reward_round=1)),
    )


@trips("BOND-17")
def lock_id_is_used_up_by_nobody(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.manager.delegators[stage.newcomer], "next_unbonding_lock_id", 1))


@trips("BOND-18")
def event_tells_another_amount(stage: LiveStage) -> None:
    stage.take(
        stage.call(
            stage.also_behind_first, MANAGER, "transferBond", stage.behind_first, LPT, *[ZERO_ADDRESS] * 4
        ),
        lambda: stage.event("Unbond").update(amount=LPT + 1),
    )


@trips("BOND-19")
def event_tells_other_fees(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.loose, MANAGER, "claimEarnings", 0),
        lambda: stage.event("EarningsClaimed").update(fees=-1),
    )


@trips("BOND-20")
def claim_without_its_event(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.loose, MANAGER, "claimEarnings", 0), lambda: stage.drop_event("EarningsClaimed")
    )


@trips("BOND-20")
def claim_from_a_later_round(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.newcomer, MANAGER, "claimEarnings", 0),
        lambda: stage.event("EarningsClaimed").update(startRound=7),
    )


@trips("BOND-21")
def more_bond_starts_anew(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.behind_first, MANAGER, "bond", LPT, stage.first),
        lambda: stage.add(stage.manager.delegators[stage.behind_first], "start_round", 3),
    )


# ---- operations


@trips("BOND-10")
def bond_unbonds_a_unit(stage: LiveStage) -> None:
    def unbond() -> None:
        stage.event("Bond")["bondedAmount"] -= 1
        stage.also(lambda: stage.manager.unbond(stage.behind_first, 1))

    stage.take(stage.call(stage.behind_first, MANAGER, "bond", LPT, stage.first), unbond)


@trips("BOND-22")
def somebody_else_pays(stage: LiveStage) -> None:
    def swap() -> None:
        stage.token.balances[stage.behind_first] += LPT
        stage.token.balances[stage.third] -= LPT
        stage.event("Transfer")["from"] = stage.third

    stage.take(stage.call(stage.behind_first, MANAGER, "bond", LPT, stage.first), swap)


@trips("BOND-23")
def bond_names_another_delegate(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.behind_first, MANAGER, "bond", LPT, stage.first),
        lambda: stage.event("Bond").update(oldDelegate=ZERO_ADDRESS),
    )


@trips("BOND-24")
def orchestrator_points_elsewhere(stage: LiveStage) -> None:
    stage.patch(
        stage.manager,
        "is_registered_transcoder",
        lambda original, account: account != stage.third and original(account),
    )
    stage.take(stage.call(stage.third, MANAGER, "bond", 0, stage.first), stage.unpatch)


@trips("BOND-25")
def pending_bond_is_unbonded(stage: LiveStage) -> None:
    stage.take(stage.call(stage.newcomer, MANAGER, "bond", 2 * LPT, stage.first))
    stage.patch(stage.manager, "delegator_status", lambda original, account: STATUS_BONDED)
    stage.take(stage.call(stage.newcomer, MANAGER, "unbond", LPT), stage.unpatch)


@trips("BOND-26")
def lock_is_due_later(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.behind_first, MANAGER, "unbond", LPT),
        lambda: stage.add(stage.manager.locks[stage.behind_first][0], "withdraw_round", 1),
    )


@trips("BOND-27")
def rebond_names_another_delegate(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.leaver, MANAGER, "rebondFromUnbonded", stage.first, 0),
        lambda: stage.event("Rebond").update(delegate=stage.second),
    )


@trips("BOND-11")
def transfer_moves_tokens(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.behind_first, MANAGER, "transferBond", stage.newcomer, LPT, *[ZERO_ADDRESS] * 4),
        lambda: stage.move_lpt(stage.newcomer, stage.third, 1),
    )


@trips("BOND-28")
def transfer_uses_up_another_lock_id(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.behind_first, MANAGER, "transferBond", stage.newcomer, LPT, *[ZERO_ADDRESS] * 4),
        lambda: stage.add(stage.manager.delegators[stage.newcomer], "next_unbonding_lock_id", 1),
    )


@trips("BOND-12")
def withdrawal_tells_another_round(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.leaver, MANAGER, "withdrawStake", 0),
        lambda: stage.event("WithdrawStake").update(withdrawRound=1),
    )


@trips("BOND-29")
def withdrawal_before_its_round(stage: LiveStage) -> None:
    stage.patch(stage.manager, "_require_started_round", lambda original: original() + 1)
    stage.take(stage.call(stage.leaver, MANAGER, "withdrawStake", 1), stage.unpatch)


@trips("BOND-30")
def fees_are_told_to_another(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.behind_first, MANAGER, "withdrawFees", stage.behind_first, 5),
        lambda: stage.event("WithdrawFees").update(recipient=stage.third),
    )


@trips("BOND-13")
def others_claim_before_the_reward(stage: LiveStage) -> None:
    stage.patch(stage.manager, "_require_may_claim", lambda original, *given: None)
    hints = [ZERO_ADDRESS] * 4
    stage.take(
        stage.call(
            stage.newcomer, MANAGER, "bondForWithHint", LPT, stage.behind_second, stage.second, *hints
        ),
        stage.unpatch,
    )


# ---- slashing


@trips("BOND-31")
def finder_is_told_more(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.verifier, MANAGER, "slashTranscoder", stage.loose, stage.attacker, 500_000, 100_000),
        lambda: stage.event("TranscoderSlashed").update(finderReward=1),
    )


@trips("BOND-32")
def slashed_orchestrator_stays_in_the_pool(stage: LiveStage) -> None:
    stage.patch(stage.manager, "_leave", lambda original, account: None)
    stage.take(
        stage.call(stage.verifier, MANAGER, "slashTranscoder", stage.first, stage.attacker, 10_000, 0),
        stage.unpatch,
    )


# ---- it can always be done


@trips("BOND-33")
def due_lock_cannot_be_withdrawn(stage: LiveStage) -> None:
    stage.refuse(stage.manager, "withdraw_stake")
    stage.wait()


@trips("BOND-34")
def bond_cannot_be_ended(stage: LiveStage) -> None:
    stage.refuse(stage.manager, "unbond")
    stage.wait()


@trips("BOND-35")
def view_fails_for_a_stranger(stage: LiveStage) -> None:
    def fail(original, account, *given):
        if account not in stage.world.cast.watched:
            raise SystemPaused()
        return original(account, *given)

    stage.patch(stage.manager, "delegator_status", fail)
    stage.wait()


@trips("BOND-35")
def view_fails_for_a_delegator(stage: LiveStage) -> None:
    stage.refuse(stage.manager, "pending_fees")
    stage.wait()
