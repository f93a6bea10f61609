"""What may happen: each action makes one step out of the state of the model and some choices.

An action knows what would work and mostly proposes that, but not always; whether a call may succeed is for the
model to say.  `ACTIONS_BY_AREA` gives each a weight.
"""

from collections.abc import Callable

from simulation.actions.bonds import (
    approve,
    bond,
    bond_for,
    challenge,
    checkpoint,
    claim_earnings,
    move_bond,
    move_tokens,
    rebond,
    rebond_from_unbonded,
    rebond_somehow,
    transfer_bond,
    unbond,
    withdraw_fees,
    withdraw_stake,
)
from simulation.actions.orchestrators import (
    initialize_round,
    mine,
    next_round,
    reward,
    reward_for,
    set_rates,
    set_reward_caller,
    slash,
)
from simulation.actions.owners import (
    hand_over,
    pause,
    register_role,
    set_lip_upgrade_round,
    set_parameter,
    trespass,
    unpause,
    upgrade,
)
from simulation.actions.payments import fund, leave, redeem, redeem_batch
from simulation.calls import Step
from simulation.cast import Stage
from simulation.choices import Choices

Action = Callable[[Stage, Choices], Step | None]

STAKING: tuple[tuple[int, Action], ...] = (
    (12, bond),
    (5, challenge),
    (5, move_bond),
    (5, bond_for),
    (10, unbond),
    (2, rebond),
    (2, rebond_from_unbonded),
    (6, rebond_somehow),
    (6, transfer_bond),
    (4, withdraw_stake),
    (5, withdraw_fees),
    (6, claim_earnings),
    (2, checkpoint),
    (1, approve),
    (2, move_tokens),
    (6, set_rates),
    (16, reward),
    (2, set_reward_caller),
    (3, reward_for),
)
ROUNDS: tuple[tuple[int, Action], ...] = ((14, next_round), (3, mine), (1, initialize_round))
PAYMENTS: tuple[tuple[int, Action], ...] = (
    (5, fund),
    (14, redeem),
    (3, redeem_batch),
    (5, leave),
)
OWNER: tuple[tuple[int, Action], ...] = (
    (5, set_parameter),
    (1, set_lip_upgrade_round),
    (1, pause),
    (12, unpause),
    (1, register_role),
    (1, upgrade),
    (1, hand_over),
    (1, trespass),
)
SLASHING: tuple[tuple[int, Action], ...] = ((3, slash),)

ACTIONS_BY_AREA = {
    "staking": STAKING + ROUNDS,
    "payments": STAKING + ROUNDS + PAYMENTS,
    "whole protocol": STAKING + ROUNDS + PAYMENTS + OWNER + SLASHING,
}
