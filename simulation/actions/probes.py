"""Plain calls that need no look at the state: for moments in which not even the clock can be read."""

from collections.abc import Callable

from reference_model.exceptions import ProtocolError
from simulation.actions.who import hints, staker
from simulation.calls import Call, Step
from simulation.cast import Stage
from simulation.choices import Choices, one_in

Action = Callable[[Stage, Choices], Step | None]
MANAGER, BROKER = "BondingManager", "TicketBroker"


def probe(world: Stage, choices: Choices) -> Call:
    """Any function of the protocol that accounts call, with plain arguments."""
    cast, sender = world.cast, staker(world, choices)
    other, lpt = staker(world, choices), 10**18
    calls = (
        (MANAGER, "bond", (lpt, other)),
        (MANAGER, "bondWithHint", (lpt, other, *hints(world, choices, 4))),
        (MANAGER, "bondForWithHint", (lpt, other, other, *hints(world, choices, 4))),
        (MANAGER, "unbond", (1,)),
        (MANAGER, "unbondWithHint", (1, *hints(world, choices, 2))),
        (MANAGER, "rebond", (0,)),
        (MANAGER, "rebondWithHint", (0, *hints(world, choices, 2))),
        (MANAGER, "rebondFromUnbonded", (other, 0)),
        (MANAGER, "rebondFromUnbondedWithHint", (other, 0, *hints(world, choices, 2))),
        (MANAGER, "transferBond", (other, 1, *hints(world, choices, 4))),
        (MANAGER, "withdrawStake", (0,)),
        (MANAGER, "withdrawFees", (other, 0)),
        (MANAGER, "claimEarnings", (0,)),
        (MANAGER, "transcoder", (0, 0)),
        (MANAGER, "transcoderWithHint", (0, 0, *hints(world, choices, 2))),
        (MANAGER, "reward", ()),
        (MANAGER, "rewardWithHint", hints(world, choices, 2)),
        (MANAGER, "setRewardCaller", (other,)),
        (MANAGER, "checkpointBondingState", (other,)),
        (BROKER, "unlock", ()),
        (BROKER, "cancelUnlock", ()),
        (BROKER, "withdraw", ()),
        (BROKER, "fundDeposit", ()),
        (BROKER, "fundReserve", ()),
        (BROKER, "fundDepositAndReserve", (0, 0)),
        (BROKER, "fundDepositAndReserveFor", (other, 0, 0)),
        ("RoundsManager", "initializeRound", ()),
        ("AdjustableClock", "mineBlocks", (1,)),
        ("AdjustableClock", "setBlockNum", (1,)),
        ("AdjustableClock", "setBlockHash", (bytes([7]) * 32,)),
        ("ServiceRegistry", "setServiceURI", ("https://somewhere",)),
    )
    contract, function, arguments = choices.pick(calls)
    # Past its proxy, code finds no collaborator.
    if contract in (MANAGER, BROKER) and one_in(choices, 12):
        contract += "Target"
    return Call(cast.gateways[0] if contract == BROKER else sender, contract, function, arguments)


def propose(action: Action, world: Stage, choices: Choices) -> Step | None:
    """What the action proposes; a probe where the state that it looks at cannot be read."""
    try:
        return action(world, choices)
    except ProtocolError:
        return probe(world, choices)
