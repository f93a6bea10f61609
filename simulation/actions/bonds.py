"""What holders of LPT do."""

from reference_model.constants import ZERO_ADDRESS
from simulation.actions.who import (
    anybody,
    bonded_staker,
    delegate_for,
    hints,
    staker,
    staker_who,
)
from simulation.amounts import part_of, stake_amount
from simulation.calls import Call
from simulation.cast import Stage
from simulation.choices import Choices, one_in

MANAGER = "BondingManager"


def bond(world: Stage, choices: Choices) -> Call:
    sender = staker(world, choices)
    amount = stake_amount(choices, world.model.token.balances[sender])
    to = delegate_for(world, choices, sender)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "bondWithHint", (amount, to, *hints(world, choices, 4)))
    return Call(sender, MANAGER, "bond", (amount, to))


def challenge(world: Stage, choices: Choices) -> Call:
    """Bond as much as the last of the pool has, or a little more or less: ties never evict."""
    manager = world.model.bonding_manager
    sender = staker_who(world, choices, lambda account: account not in manager.pool)
    target = manager.delegators[manager.pool.last()].delegated_amount if manager.pool.size else 10**18
    missing = target - manager.delegators[sender].delegated_amount + choices.integer(0, 2) - 1
    return Call(sender, MANAGER, "bond", (max(0, missing), sender))


def move_bond(world: Stage, choices: Choices) -> Call:
    delegators = world.model.bonding_manager.delegators

    def has_delegate(account: str) -> bool:
        return delegators[account].bonded_amount > 0 and delegators[account].delegate != account

    sender = staker_who(world, choices, has_delegate)
    return Call(sender, MANAGER, "bond", (0, delegate_for(world, choices, sender)))


def bond_for(world: Stage, choices: Choices) -> Call:
    sender = world.cast.migrator if one_in(choices, 3) else anybody(world, choices)
    owner = anybody(world, choices)
    amount = stake_amount(choices, world.model.token.balances[sender])
    to = delegate_for(world, choices, owner)
    return Call(sender, MANAGER, "bondForWithHint", (amount, owner, to, *hints(world, choices, 4)))


def unbond(world: Stage, choices: Choices) -> Call:
    sender = bonded_staker(world, choices)
    amount = part_of(choices, world.model.bonding_manager.pending_stake(sender))
    if one_in(choices, 6):
        return Call(sender, MANAGER, "unbondWithHint", (amount, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "unbond", (amount,))


def rebond(world: Stage, choices: Choices) -> Call:
    sender, lock_id = lock_of_somebody(world, choices)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "rebondWithHint", (lock_id, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "rebond", (lock_id,))


def rebond_from_unbonded(world: Stage, choices: Choices) -> Call:
    sender, lock_id = lock_of_somebody(world, choices)
    to = delegate_for(world, choices, sender)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "rebondFromUnbondedWithHint", (to, lock_id, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "rebondFromUnbonded", (to, lock_id))


def rebond_somehow(world: Stage, choices: Choices) -> Call:
    """The one of the two that fits the bond of the lock's owner."""
    sender, lock_id = lock_of_somebody(world, choices)
    if world.model.bonding_manager.delegators[sender].bonded_amount > 0:
        return Call(sender, MANAGER, "rebond", (lock_id,))
    to = delegate_for(world, choices, sender)
    return Call(sender, MANAGER, "rebondFromUnbonded", (to, lock_id))


def transfer_bond(world: Stage, choices: Choices) -> Call:
    sender = bonded_staker(world, choices)
    receiver = anybody(world, choices)
    amount = part_of(choices, world.model.bonding_manager.pending_stake(sender))
    return Call(sender, MANAGER, "transferBond", (receiver, amount, *hints(world, choices, 4)))


def withdraw_stake(world: Stage, choices: Choices) -> Call:
    return Call(*_with_lock(*lock_of_somebody(world, choices)))


def _with_lock(sender: str, lock_id: int) -> tuple:
    return sender, MANAGER, "withdrawStake", (lock_id,)


def lock_of_somebody(world: Stage, choices: Choices) -> tuple[str, int]:
    """An open lock mostly; else an id that may not exist."""
    locks = [
        (account, lock_id)
        for account in world.cast.stakers
        for lock_id, lock in world.model.bonding_manager.locks[account].items()
        if lock.withdraw_round > 0
    ]
    if locks and not one_in(choices, 8):
        return choices.pick(locks)
    return staker(world, choices), choices.integer(0, 3)


def withdraw_fees(world: Stage, choices: Choices) -> Call:
    manager = world.model.bonding_manager
    earning = [account for account in world.cast.stakers if manager.pending_fees(account) > 0]
    sender = choices.pick(earning) if earning else staker(world, choices)
    amount = part_of(choices, manager.pending_fees(sender))
    recipient = sender
    if one_in(choices, 5):
        recipient = choices.pick((world.cast.attacker, ZERO_ADDRESS, world.model.token.address))
    return Call(sender, MANAGER, "withdrawFees", (recipient, amount))


def claim_earnings(world: Stage, choices: Choices) -> Call:
    return Call(anybody(world, choices), MANAGER, "claimEarnings", (choices.integer(0, 9),))


def checkpoint(world: Stage, choices: Choices) -> Call:
    account = anybody(world, choices)
    return Call(world.cast.attacker, MANAGER, "checkpointBondingState", (account,))
