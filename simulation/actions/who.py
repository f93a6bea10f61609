"""Who does something, and to whom: mostly somebody for whom it can work."""

from collections.abc import Callable

from reference_model.constants import STATUS_BONDED, ZERO_ADDRESS
from simulation.cast import Stage
from simulation.choices import Choices, one_in


def staker(world: Stage, choices: Choices) -> str:
    return choices.pick(world.cast.stakers)


def staker_who(world: Stage, choices: Choices, suits: Callable[[str], bool]) -> str:
    """A staker for whom something holds mostly, if there is one."""
    suitable = [account for account in world.cast.stakers if suits(account)]
    if suitable and not one_in(choices, 8):
        return choices.pick(suitable)
    return staker(world, choices)


def bonded_staker(world: Stage, choices: Choices) -> str:
    """A staker whose bond counts mostly."""
    status_of = world.model.bonding_manager.delegator_status
    return staker_who(world, choices, lambda account: status_of(account) == STATUS_BONDED)


def anybody(world: Stage, choices: Choices) -> str:
    """A staker mostly; now and then somebody who should not be there."""
    if not one_in(choices, 12):
        return staker(world, choices)
    cast = world.cast
    return choices.pick((cast.attacker, cast.migrator, cast.owner, ZERO_ADDRESS, *cast.gateways))


def owner(world: Stage, choices: Choices) -> str:
    """Whoever owns the Controller mostly."""
    return staker(world, choices) if one_in(choices, 8) else world.model.controller.owner


def delegate_for(world: Stage, choices: Choices, account: str) -> str:
    """Somebody to point a bond at: its delegate, itself, an orchestrator, nobody, anybody."""
    kind = choices.integer(0, 9)
    delegator = world.model.bonding_manager.delegators[account]
    if kind <= 2:
        return account
    if kind <= 4 and delegator.delegate != ZERO_ADDRESS:
        return delegator.delegate
    if kind <= 7:
        members = world.model.bonding_manager.pool.members
        return choices.pick(members) if members else account
    return ZERO_ADDRESS if one_in(choices, 3) else anybody(world, choices)


def orchestrator(world: Stage, choices: Choices) -> str:
    """Somebody active mostly."""
    manager = world.model.bonding_manager
    active = [account for account in world.cast.stakers if manager.is_active_transcoder(account)]
    if active and not one_in(choices, 8):
        return choices.pick(active)
    return anybody(world, choices)


def hints(world: Stage, choices: Choices, count: int) -> tuple[str, ...]:
    return tuple(choices.pick((ZERO_ADDRESS, *world.cast.stakers)) for _ in range(count))
