"""What the owner of the Controller does: directly, or through the Governor when that is the owner."""

from reference_model.constants import PPB_WHOLE, PPM_WHOLE, RAY_WHOLE, ZERO_ADDRESS
from simulation.actions.who import owner, staker
from simulation.calls import Call, Update, UpdateCall, to_model_update
from simulation.cast import Stage
from simulation.choices import Choices, one_in

MANAGER, BROKER, CONTROLLER, GOVERNOR = "BondingManager", "TicketBroker", "Controller", "Governor"


def by_owner(world: Stage, choices: Choices, contract: str, function: str, *arguments: object) -> Call:
    """A call of the owner of the Controller mostly; if that is the Governor, an update that makes it."""
    sender = owner(world, choices)
    call = Call(sender, contract, function, arguments)
    return stage_update(world, choices, call) if sender == world.model.governor.address else call


# ---- parameters, pause, ownership


def set_parameter(world: Stage, choices: Choices) -> Call:
    """A parameter of any contract: a plain value mostly, else one just beyond what is accepted."""
    settings = _refused_settings(choices) if one_in(choices, 3) else _plain_settings(world, choices)
    contract, function, value = choices.pick(settings)
    return by_owner(world, choices, contract, function, max(0, value))


def set_largest_parameter(world: Stage, choices: Choices) -> Call:
    """The most that is accepted: some operations then fail until a plain value comes."""
    settings = (
        (MANAGER, "setUnbondingPeriod", 2**64 - 1),
        (BROKER, "setUnlockPeriod", 2**32 - 1),
        (BROKER, "setTicketValidityPeriod", 2**32 - 1),
    )
    contract, function, value = choices.pick(settings)
    return by_owner(world, choices, contract, function, value)


def _plain_settings(world: Stage, choices: Choices) -> tuple[tuple[str, str, int], ...]:
    model, length = world.model, world.model.rounds_manager.round_length
    treasury_lpt = model.token.balances[model.controller.contracts["Treasury"]]
    supply = model.minter.get_global_total_supply()
    bonding_rate_ppb = model.bonding_manager.next_round_total_active_stake * PPB_WHOLE // max(1, supply)
    return (
        (MANAGER, "setUnbondingPeriod", choices.integer(1, 3)),
        (MANAGER, "setTreasuryRewardCutRate", choices.pick((0, RAY_WHOLE // 10, RAY_WHOLE, 7))),
        (
            MANAGER,
            "setTreasuryBalanceCeiling",
            choices.pick((0, 1, treasury_lpt, treasury_lpt + 10**18)),
        ),
        (MANAGER, "setNumActiveTranscoders", model.bonding_manager.pool.max_size + choices.integer(0, 2)),
        ("Minter", "setTargetBondingRate", choices.pick((500_000_000, 0, bonding_rate_ppb, PPB_WHOLE))),
        ("Minter", "setInflationChange", choices.pick((500, 0, 10**6))),
        ("RoundsManager", "setRoundLength", choices.pick((length - 9, length + 9, length - 1, length))),
        ("RoundsManager", "setRoundLockAmount", choices.pick((100_000, 0, 500_000, PPM_WHOLE))),
        (BROKER, "setUnlockPeriod", choices.integer(1, 3)),
        (BROKER, "setTicketValidityPeriod", choices.integer(1, 3)),
    )


def _refused_settings(choices: Choices) -> tuple[tuple[str, str, int], ...]:
    return (
        (MANAGER, "setUnbondingPeriod", 0),
        (MANAGER, "setTreasuryRewardCutRate", RAY_WHOLE + 1),
        (MANAGER, "setNumActiveTranscoders", choices.pick((0, 2**16))),
        ("Minter", "setTargetBondingRate", PPB_WHOLE + 1),
        ("Minter", "setInflationChange", PPB_WHOLE + 1),
        ("RoundsManager", "setRoundLength", choices.pick((0, 2**64))),
        ("RoundsManager", "setRoundLockAmount", PPM_WHOLE + 1),
        (BROKER, "setUnlockPeriod", choices.pick((0, 2**32))),
        (BROKER, "setTicketValidityPeriod", choices.pick((0, 2**32))),
    )


def set_lip_upgrade_round(world: Stage, choices: Choices) -> Call:
    lip, upgrade_round = choices.integer(0, 2), choices.integer(0, 9)
    return by_owner(world, choices, "RoundsManager", "setLIPUpgradeRound", lip, upgrade_round)


def pause(world: Stage, choices: Choices) -> Call:
    return by_owner(world, choices, CONTROLLER, choices.pick(("pause", "unpause")))


def unpause(world: Stage, choices: Choices) -> Call | None:
    """Most runs should not stand still for long."""
    if not world.model.controller.paused:
        return None
    return by_owner(world, choices, CONTROLLER, "unpause")


def hand_over(world: Stage, choices: Choices) -> Call:
    """Give the Controller to the Governor, to somebody, or back."""
    cast = world.cast
    heirs = (cast.owner, world.model.governor.address, cast.owner, *cast.stakers[:2], ZERO_ADDRESS)
    return by_owner(world, choices, CONTROLLER, "transferOwnership", choices.pick(heirs))


# ---- the Governor


def stage_update(world: Stage, choices: Choices, *calls: Call) -> Call:
    """An update of these calls, to be executed at once or a few blocks later."""
    update = Update(tuple(_entry(world, call) for call in calls), nonce=len(world.trace))
    delay = choices.integer(1, 40) if one_in(choices, 3) else 0
    return Call(_governor_owner(world, choices), GOVERNOR, "stage", (update, delay))


def stage_something(world: Stage, choices: Choices) -> Call:
    """An update that does not need the Controller's ownership, or one that cannot work."""
    cast, governor = world.cast, world.model.governor.address
    kind = choices.integer(0, 8)
    sender = choices.pick(cast.stakers)
    uri = Call(governor, "ServiceRegistry", "setServiceURI", ("https://governor",))
    if kind == 0:
        return stage_update(world, choices, uri, uri)
    if kind == 1:
        heir = choices.pick((cast.owner, cast.owner, *cast.stakers[:2], ZERO_ADDRESS))
        return stage_update(world, choices, Call(governor, GOVERNOR, "transferOwnership", (heir,)))
    if kind == 2:
        # To an account without code, which takes every call and all ETH.
        paid = Call(governor, "ServiceRegistry", "setServiceURI", ("",), value=choices.integer(0, 2))
        update = Update((_entry(world, paid)._replace(target=cast.attacker),), nonce=len(world.trace))
        return Call(_governor_owner(world, choices), GOVERNOR, "stage", (update, 0))
    if kind == 3:
        update = Update((_entry(world, uri),), nonce=len(world.trace), missing=1)
        return Call(_governor_owner(world, choices), GOVERNOR, "stage", (update, 0))
    if kind == 4:
        return Call(_governor_owner(world, choices), GOVERNOR, "stage", (Update((), 0), 2**256 - 1))
    if kind == 5 and (waiting := staged_updates(world)):
        return Call(_governor_owner(world, choices), GOVERNOR, "stage", (choices.pick(waiting), 1))
    if kind == 6:
        return Call(sender, GOVERNOR, "transferOwnership", (sender,))
    # Wei for a function that takes none, and for one that takes none of the Governor.
    paid = Call(governor, "ServiceRegistry", "setServiceURI", ("paid",), value=1)
    refused = Call(governor, "Minter", "depositETH", (), value=1)
    if kind == 7:
        return stage_update(world, choices, choices.pick((paid, refused)))
    # To a contract that has no such function.
    misdirected = _entry(world, uri)._replace(target=cast.addresses[choices.pick((CONTROLLER, BROKER))])
    update = Update((misdirected,), nonce=len(world.trace))
    return Call(_governor_owner(world, choices), GOVERNOR, "stage", (update, 0))


def execute_update(world: Stage, choices: Choices) -> Call | None:
    """One that waits mostly, with the wei that it pays out mostly."""
    waiting = staged_updates(world)
    if waiting and not one_in(choices, 12):
        update = choices.pick(waiting)
    else:
        update = Update((_entry(world, Call(ZERO_ADDRESS, CONTROLLER, "pause")),), nonce=0)
    wei = 0 if one_in(choices, 6) else sum(entry.value for entry in update.calls)
    return Call(staker(world, choices), GOVERNOR, "execute", (update,), value=wei)


def cancel_update(world: Stage, choices: Choices) -> Call:
    waiting = staged_updates(world)
    update = choices.pick(waiting) if waiting else Update((), nonce=1)
    return Call(_governor_owner(world, choices), GOVERNOR, "cancel", (update,))


def staged_updates(world: Stage) -> list[Update]:
    """The updates that wait."""
    governor = world.model.governor
    if not any(governor.updates.values()):
        return []
    staged = [step.arguments[0] for step in world.trace if _stages(step)]
    hash_update = world.model.cryptography.hash_update
    waiting = {update: governor.updates[hash_update(to_model_update(update))] for update in staged}
    return [update for update, executable_from_block in waiting.items() if executable_from_block > 0]


def _entry(world: Stage, call: Call) -> UpdateCall:
    return UpdateCall(
        world.cast.addresses[call.contract], call.contract, call.function, call.arguments, call.value
    )


def _stages(step: object) -> bool:
    return isinstance(step, Call) and step.function == "stage"


def _governor_owner(world: Stage, choices: Choices) -> str:
    return staker(world, choices) if one_in(choices, 10) else world.model.governor.owner
