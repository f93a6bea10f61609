"""What may happen: each action makes one step out of the state of the model and some choices.

An action knows what would work and mostly proposes that, but not always; whether a call may succeed is for the
model to say.  `ACTIONS_BY_AREA` gives each a weight.
"""

from simulation.actions.ballots import vote_by_signature
from simulation.actions.bonds import (
    bond,
    bond_for,
    challenge,
    checkpoint,
    claim_earnings,
    move_bond,
    rebond,
    rebond_from_unbonded,
    rebond_somehow,
    transfer_bond,
    unbond,
    withdraw_fees,
    withdraw_stake,
)
from simulation.actions.council import (
    advance,
    bond_plenty,
    cancel,
    entrust,
    execute,
    fund_treasury,
    propose,
    queue,
    vote,
)
from simulation.actions.insiders import act_as_contract, trespass
from simulation.actions.orchestrators import (
    initialize_round,
    mine,
    next_round,
    reward,
    reward_for,
    set_rates,
    set_reward_caller,
    slash,
    turn_back_clock,
)
from simulation.actions.owners import (
    cancel_update,
    execute_update,
    hand_over,
    pause,
    set_largest_parameter,
    set_lip_upgrade_round,
    set_parameter,
    stage_something,
    unpause,
)
from simulation.actions.payments import fund, leave, redeem, redeem_batch
from simulation.actions.polls import create_poll, set_snapshot, use_poll
from simulation.actions.probes import Action, probe
from simulation.actions.registry import (
    attach,
    damage,
    migrate,
    move_code,
    move_controller,
    register,
    repair,
    report_l1_supply,
    set_service_uri,
    upgrade,
)
from simulation.actions.tokens import (
    approve,
    change_allowance,
    change_roles,
    change_supply,
    move_tokens,
    permit,
    use_faucet,
)
from simulation.actions.treasury import trespass_council, use_treasury

Actions = tuple[tuple[int, Action], ...]

STAKING: Actions = (
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
    (6, set_rates),
    (16, reward),
    (2, set_reward_caller),
    (3, reward_for),
)
ROUNDS: Actions = ((14, next_round), (3, mine), (1, initialize_round))
PAYMENTS: Actions = ((5, fund), (14, redeem), (3, redeem_batch), (5, leave))
SLASHING: Actions = ((3, slash),)
TOKENS: Actions = (
    (1, approve),
    (2, move_tokens),
    (1, change_allowance),
    (1, permit),
    (1, change_supply),
    (1, use_faucet),
)
# The same with roles for others, and more of it.
RIGHTS: Actions = (*((4 * weight, action) for weight, action in TOKENS), (12, change_roles))
OWNER: Actions = (
    (5, set_parameter),
    (1, set_lip_upgrade_round),
    (1, pause),
    (12, unpause),
    (1, hand_over),
    (1, stage_something),
    (6, execute_update),
    (1, cancel_update),
)
REGISTRY: Actions = (
    (1, register),
    (1, upgrade),
    (1, attach),
    (1, set_service_uri),
    (1, move_controller),
    (1, trespass),
)
DAMAGE: Actions = (
    (8, damage),
    (2, set_largest_parameter),
    (60, repair),
    (10, migrate),
    (6, turn_back_clock),
    (16, act_as_contract),
    (6, probe),
    (6, register),
    (6, upgrade),
    (3, move_controller),
    (8, move_code),
    (6, set_service_uri),
    (14, stage_something),
    (6, execute_update),
)
# The areas with a LivepeerGovernor and its treasury.
GOVERNED = frozenset(["governance", "whole protocol"])
COUNCIL: Actions = (
    (6, propose),
    (24, advance),
    (20, vote),
    (6, vote_by_signature),
    (2, cancel),
    (3, queue),
    (3, execute),
    (2, fund_treasury),
    (4, trespass_council),
    (6, use_treasury),
)
# Beside everything else: a run of the whole protocol is as long as any other.
COUNCIL_IN_PASSING: Actions = tuple((max(1, weight // 2), action) for weight, action in COUNCIL)
POLLS: Actions = ((2, create_poll), (3, use_poll), (1, set_snapshot))


def _area(*parts: Actions) -> Actions:
    return tuple(entry for part in parts for entry in part)


ACTIONS_BY_AREA: dict[str, Actions] = {
    "bonding": _area(STAKING, ROUNDS, SLASHING, TOKENS),
    "rounds": _area(
        ROUNDS,
        ((6, bond), (8, reward), (2, reward_for), (4, unbond), (3, fund), (3, redeem)),
        ((12, set_parameter), (2, set_lip_upgrade_round), (1, pause), (12, unpause), (4, report_l1_supply)),
    ),
    "tickets": _area(STAKING, ROUNDS, tuple((3 * weight, action) for weight, action in PAYMENTS)),
    "votes": _area(
        ROUNDS,
        ((12, bond), (8, move_bond), (6, bond_for), (8, unbond), (5, rebond_somehow), (8, transfer_bond)),
        ((16, reward), (6, checkpoint), (6, claim_earnings), (4, slash), (4, challenge), (2, trespass)),
    ),
    "registry": _area(STAKING, ROUNDS, PAYMENTS, OWNER, RIGHTS, REGISTRY, DAMAGE),
    "governance": _area(
        ROUNDS,
        ((8, bond), (6, bond_plenty), (8, move_bond), (2, bond_for), (4, unbond), (3, rebond_somehow)),
        ((4, transfer_bond), (8, reward), (3, slash), (3, challenge), (2, checkpoint), (1, claim_earnings)),
        COUNCIL,
        POLLS,
        ((3, entrust), (3, set_parameter)),
    ),
    "whole protocol": _area(
        STAKING,
        ROUNDS,
        PAYMENTS,
        SLASHING,
        TOKENS,
        OWNER,
        REGISTRY,
        COUNCIL_IN_PASSING,
        POLLS,
        ((1, report_l1_supply),),
    ),
}

__all__ = ["ACTIONS_BY_AREA", "GOVERNED", "Action"]
