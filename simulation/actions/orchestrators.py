"""What orchestrators do, and what is done to them; and the clock, which anybody may wind."""

from reference_model.constants import PPM_WHOLE, ZERO_ADDRESS
from reference_model.exceptions import ProtocolError
from simulation.actions.who import (
    anybody,
    hints,
    orchestrator,
    staker,
    staker_who,
)
from simulation.calls import Call, Mine, Step
from simulation.cast import Stage
from simulation.choices import Choices, one_in

MANAGER, CLOCK = "BondingManager", "RoundsManager"


def set_rates(world: Stage, choices: Choices) -> Call:
    manager, current_round = world.model.bonding_manager, world.model.rounds_manager.current_round()

    def may_set(account: str) -> bool:
        has_rewarded = manager.orchestrators[account].last_reward_round == current_round
        is_free = has_rewarded or not manager.is_active_transcoder(account)
        return is_free and manager.is_registered_transcoder(account)

    sender = staker_who(world, choices, may_set)
    rates = [choices.pick((0, 1, 100_000, 500_000, 999_999, PPM_WHOLE)) for _ in range(2)]
    if one_in(choices, 15):
        rates[choices.integer(0, 1)] = PPM_WHOLE + 1
    if one_in(choices, 6):
        return Call(sender, MANAGER, "transcoderWithHint", (*rates, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "transcoder", tuple(rates))


def reward(world: Stage, choices: Choices) -> Call:
    sender = rewarding(world, choices)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "rewardWithHint", hints(world, choices, 2))
    return Call(sender, MANAGER, "reward")


def rewarding(world: Stage, choices: Choices) -> str:
    """An orchestrator that can reward mostly."""
    manager, current_round = world.model.bonding_manager, world.model.rounds_manager.current_round()

    def may_reward(account: str) -> bool:
        has_rewarded = manager.orchestrators[account].last_reward_round == current_round
        return manager.is_active_transcoder(account) and not has_rewarded

    return staker_who(world, choices, may_reward)


def set_reward_caller(world: Stage, choices: Choices) -> Call:
    caller = choices.pick((*world.cast.stakers[:2], world.cast.attacker, ZERO_ADDRESS))
    return Call(staker(world, choices), MANAGER, "setRewardCaller", (caller,))


def reward_for(world: Stage, choices: Choices) -> Call:
    callers = world.model.bonding_manager.reward_callers
    account = rewarding(world, choices)
    if callers[account] == ZERO_ADDRESS:
        account = staker_who(world, choices, lambda one: callers[one] != ZERO_ADDRESS)
    sender = callers[account] if not one_in(choices, 8) else staker(world, choices)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "rewardForTranscoderWithHint", (account, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "rewardForTranscoder", (account,))


def slash(world: Stage, choices: Choices) -> Call:
    sender = staker(world, choices) if one_in(choices, 8) else world.cast.verifier
    account = orchestrator(world, choices) if one_in(choices, 2) else anybody(world, choices)
    finder = choices.pick((world.cast.attacker, ZERO_ADDRESS, *world.cast.stakers))
    shares = [choices.pick((500_000, 1, 0, 100_000, 999_999, PPM_WHOLE)) for _ in range(2)]
    if one_in(choices, 15):
        shares[choices.integer(0, 1)] = PPM_WHOLE + 1
    return Call(sender, MANAGER, "slashTranscoder", (account, finder, *shares))


def next_round(world: Stage, choices: Choices) -> Step:
    """To the first block of a later round."""
    rounds = world.model.rounds_manager
    skipped = choices.integer(1, 3) if one_in(choices, 6) else 0
    first_block = rounds.current_round_start_block() + (1 + skipped) * rounds.round_length
    return _pass_blocks(world, first_block - rounds.block_num())


def mine(world: Stage, choices: Choices) -> Step:
    return _pass_blocks(world, choices.integer(1, world.model.rounds_manager.round_length // 3 + 1))


def _pass_blocks(world: Stage, blocks: int) -> Step:
    if world.model.rounds_manager.is_adjustable:
        return Call(world.cast.attacker, "AdjustableClock", "mineBlocks", (blocks,))
    return Mine(blocks)


def turn_back_clock(world: Stage, choices: Choices) -> Call | None:
    """Some blocks, or another hash, where anybody sets the clock."""
    rounds = world.model.rounds_manager
    if not rounds.is_adjustable:
        return None
    if one_in(choices, 2):
        block_hash = bytes([choices.integer(0, 3)]) * 32
        return Call(staker(world, choices), "AdjustableClock", "setBlockHash", (block_hash,))
    number = max(0, rounds.number - choices.integer(0, 2 * rounds.round_length))
    return Call(staker(world, choices), "AdjustableClock", "setBlockNum", (number,))


def initialize_round(world: Stage, choices: Choices) -> Call:
    return Call(anybody(world, choices), CLOCK, "initializeRound")


def lacks_round(world: Stage) -> bool:
    """Whether little can happen until somebody initializes the round."""
    try:
        return not world.model.rounds_manager.current_round_initialized()
    except ProtocolError:
        return False
