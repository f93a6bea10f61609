"""Polls and Merkle snapshots, on which nothing in the protocol depends."""

from reference_model.polls import POLL_CREATION_COST, POLL_PERIOD, Poll
from simulation.actions.owners import by_owner
from simulation.actions.who import anybody, staker, staker_who
from simulation.calls import POLLS, Call, Mine, Step
from simulation.cast import Stage
from simulation.choices import Choices, one_in


def create_poll(world: Stage, choices: Choices) -> Call | None:
    """By somebody with stake enough mostly; as many as steps can name."""
    if not world.cast.has_governance or len(_opened(world)) == len(POLLS):
        return None
    manager = world.model.bonding_manager

    def has_enough(account: str) -> bool:
        stakes = (manager.pending_stake(account), manager.transcoder_total_stake(account))
        return max(stakes) >= POLL_CREATION_COST

    proposal = choices.pick((b"LIP-1", b"", bytes(70)))
    return Call(staker_who(world, choices, has_enough), "PollCreator", "createPoll", (proposal,))


def use_poll(world: Stage, choices: Choices) -> Step | None:
    """A vote mostly; or the end of a poll, once it is over."""
    opened = _opened(world)
    if not opened:
        return None
    name, poll = choices.pick(tuple(opened.items()))
    is_over = world.model.block_number > poll.end_block
    if one_in(choices, 20) and not is_over:
        # To the last block of the poll or its neighbours: more than a thousand rounds.
        left = poll.end_block - world.model.block_number
        return Mine(max(1, left - choices.integer(0, 2))) if left <= POLL_PERIOD else None
    if one_in(choices, 2 if is_over else 8):
        return Call(staker(world, choices), name, "destroy")
    return Call(anybody(world, choices), name, "vote", (choices.pick((0, 1, 7)),))


def set_snapshot(world: Stage, choices: Choices) -> Call | None:
    """A root; or another Controller for the contract that has it."""
    if not world.cast.has_governance:
        return None
    if one_in(choices, 8):
        # The snapshots obey the owner of either Controller; code that has moved would be damage (REG-8).
        cast = world.cast
        name, controller = choices.pick(
            (
                ("MerkleSnapshot", cast.second_controller),
                ("LivepeerGovernorTarget", world.model.controller.address),
            )
        )
        return by_owner(world, choices, "Controller", "updateController", name, controller)
    snapshot_id, root = bytes([choices.integer(1, 2)]) * 32, bytes([choices.integer(0, 3)]) * 32
    return by_owner(world, choices, "MerkleSnapshot", "setSnapshot", snapshot_id, root)


def _opened(world: Stage) -> dict[str, Poll]:
    """Polls that steps can name."""
    if not world.cast.has_governance:
        return {}
    addresses = world.cast.addresses
    polls = world.model.contracts[addresses["PollCreator"]].polls
    return {name: polls[addresses[name]] for name in POLLS if addresses[name] in polls}
