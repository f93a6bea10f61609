"""What the owner of the Controller does, and what others try that only contracts may."""

from reference_model.constants import PPB_WHOLE, PPM_WHOLE, RAY_WHOLE, ZERO_ADDRESS
from simulation.actions.who import (
    owner,
    staker,
)
from simulation.calls import Call
from simulation.cast import Stage
from simulation.choices import Choices

MANAGER, BROKER = "BondingManager", "TicketBroker"


def set_parameter(world: Stage, choices: Choices) -> Call:
    model, length = world.model, world.model.rounds_manager.round_length
    treasury_lpt = model.token.balances[model.controller.contracts["Treasury"]]
    supply = model.minter.get_global_total_supply()
    bonded = model.bonding_manager.next_round_total_active_stake
    bonding_rate_ppb = bonded * PPB_WHOLE // supply if supply else 0
    settings = (
        (MANAGER, "setUnbondingPeriod", choices.integer(0, 3)),
        (
            MANAGER,
            "setTreasuryRewardCutRate",
            choices.pick((0, RAY_WHOLE // 10, RAY_WHOLE, RAY_WHOLE + 1, 7)),
        ),
        (
            MANAGER,
            "setTreasuryBalanceCeiling",
            choices.pick((0, 1, treasury_lpt, treasury_lpt + 10**18)),
        ),
        (MANAGER, "setNumActiveTranscoders", model.bonding_manager.pool.max_size + choices.integer(0, 1)),
        (
            "Minter",
            "setTargetBondingRate",
            choices.pick((500_000_000, 0, bonding_rate_ppb, PPB_WHOLE, PPB_WHOLE + 1)),
        ),
        ("Minter", "setInflationChange", choices.pick((500, 0, 10**6, 10**9 + 1))),
        ("RoundsManager", "setRoundLength", choices.pick((length - 9, length + 9, length - 1, length, 0))),
        (
            "RoundsManager",
            "setRoundLockAmount",
            choices.pick((100_000, 0, 500_000, PPM_WHOLE, PPM_WHOLE + 1)),
        ),
        (BROKER, "setUnlockPeriod", choices.integer(0, 3)),
        (BROKER, "setTicketValidityPeriod", choices.integer(0, 3)),
    )
    contract, function, value = choices.pick(settings)
    return Call(owner(world, choices), contract, function, (max(0, value),))


def set_lip_upgrade_round(world: Stage, choices: Choices) -> Call:
    arguments = (choices.integer(0, 2), choices.integer(0, 9))
    return Call(owner(world, choices), "RoundsManager", "setLIPUpgradeRound", arguments)


def pause(world: Stage, choices: Choices) -> Call:
    return Call(owner(world, choices), "Controller", choices.pick(("pause", "unpause")))


def unpause(world: Stage, choices: Choices) -> Call | None:
    """Most runs should not stand still for long."""
    if not world.model.controller.paused:
        return None
    return Call(world.model.controller.owner, "Controller", "unpause")


def register_role(world: Stage, choices: Choices) -> Call:
    """Take a role away, give it back, or try to give it to an account without code."""
    name, address = choices.pick((("Verifier", world.cast.verifier), ("L2Migrator", world.cast.migrator)))
    address = choices.pick((address, address, ZERO_ADDRESS, world.cast.attacker))
    return Call(owner(world, choices), "Controller", "setContractInfo", (name, address, bytes(20)))


def upgrade(world: Stage, choices: Choices) -> Call:
    """Put another copy of the code behind a proxy; nothing may change by that."""
    name, target = choices.pick(world.cast.targets)
    sender = world.model.controller.owner
    return Call(sender, "Controller", "setContractInfo", (name, target, bytes(20)))


def hand_over(world: Stage, choices: Choices) -> Call:
    """Give the Controller to somebody, or back."""
    new_owner = choices.pick((world.cast.owner, world.cast.owner, *world.cast.stakers, ZERO_ADDRESS))
    return Call(owner(world, choices), "Controller", "transferOwnership", (new_owner,))


def trespass(world: Stage, choices: Choices) -> Call:
    """Call what only a contract of the protocol may call."""
    account = staker(world, choices)
    calls = (
        (MANAGER, "updateTranscoderWithFees", (account, 1, 1)),
        (MANAGER, "setCurrentRoundTotalActiveStake", ()),
        ("BondingVotes", "checkpointBondingState", (account, 1, 1, account, 1, 1, 1)),
        ("BondingVotes", "checkpointTotalActiveStake", (1, 1)),
        ("BondingVotes", "delegate", (account,)),
        ("Minter", "createReward", (1, 1)),
        ("Minter", "trustedTransferTokens", (account, 1)),
        ("Minter", "trustedBurnTokens", (1,)),
        ("Minter", "trustedWithdrawETH", (account, 1)),
        ("Minter", "setCurrentRewardTokens", ()),
        ("Minter", "depositETH", ()),
    )
    return Call(world.cast.attacker, *choices.pick(calls))
