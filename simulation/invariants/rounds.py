"""ROUND: the clock (rounds-and-issuance.md 2, 4 and 6)."""

from collections.abc import Iterator

from reference_model.constants import PPM_WHOLE
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment


@invariant(
    "ROUND-1",
    "the round number never falls (6.1)",
    why="R2: a longer round once brought an old number back",
)
def rounds_go_forward(moment: Moment) -> Iterator[str]:
    if moment.now.round < moment.before.round:
        yield f"{moment.before.round} → {moment.now.round}"


@invariant(
    "ROUND-2",
    "first block ≤ block < first block + length (6.2)",
    why="number and first block follow from the same division",
)
def block_lies_in_its_round(moment: Moment) -> Iterator[str]:
    clock = moment.now.clock
    if not clock.start_block <= clock.block < clock.start_block + moment.clock.round_length:
        yield f"{clock.start_block}, {clock.block}"


@invariant(
    "ROUND-3",
    "last initialized round ≤ current round; NewRound only for the current, once (6.4, 6.5)",
    why="a round initialized twice would mint twice",
)
def rounds_are_initialized_once(moment: Moment) -> Iterator[str]:
    if moment.now.clock.last_initialized > moment.now.round:
        yield f"{moment.now.clock.last_initialized} of {moment.now.round}"
    for event in moment.events_named("NewRound"):
        was_initialized = moment.before.is_initialized and moment.before.round == event["round"]
        if event["round"] != moment.now.round or was_initialized:
            yield f"{event}"
        if moment.seen.setdefault(("new round", event["round"]), moment.step) is not moment.step:
            yield f"{event} again"


@invariant(
    "ROUND-4",
    "a recorded block hash never changes (6.6)",
    why="tickets carry it",
)
def block_hashes_stand(moment: Moment) -> Iterator[str]:
    for number, block_hash in moment.clock.block_hashes.items():
        if moment.seen.setdefault(("hash", number), block_hash) != block_hash:
            yield f"{number}"


@invariant(
    "ROUND-5",
    "locked ⇔ in the last ⌊length · lock⌋ blocks (6.7)",
    why="delegators need that time to react to rates",
)
def lock_is_the_end_of_the_round(moment: Moment) -> Iterator[str]:
    clock = moment.clock
    left = moment.now.clock.start_block + clock.round_length - moment.now.clock.block
    locked_blocks = clock.round_length * clock.round_lock_amount // PPM_WHOLE
    if clock.current_round_locked() != (left <= locked_blocks):
        yield f"{left} blocks left"


@invariant(
    "ROUND-6",
    "an upgrade round is set once (6.8)",
    why="others have relied on it since",
)
def upgrade_rounds_stand(moment: Moment) -> Iterator[str]:
    for lip, number in moment.clock.lip_upgrade_rounds.items():
        if number and moment.seen.setdefault(("lip", lip), number) != number:
            yield f"{lip}"


@invariant(
    "ROUND-7",
    "a new length keeps number and first block if the running round is shorter than it, else the number rises (6.3)",
    why="a round is stretched or ends; it is never repeated",
    on=("ParameterChanged",),
)
def a_new_length_goes_on_from_here(moment: Moment) -> Iterator[str]:
    for told in moment.events_named("ParameterChanged"):
        if told["param"] != "roundLength":
            continue
        was, now = moment.before, moment.now
        elapsed = now.clock.block - was.clock.start_block
        passed = elapsed // moment.before.parameters["roundLength"]
        if (elapsed - passed * told["previousValue"] < told["newValue"]) != (now.round == was.round + passed):
            yield f"{was.round} → {now.round}, {elapsed} blocks into it"
        anchor = now.clock.anchor[1]
        if anchor != was.clock.start_block + passed * told["previousValue"]:
            yield f"anchor {anchor}"


@invariant(
    "ROUND-8",
    "the anchor of the clock moves only with the length",
    why="all round numbers count from it",
)
def the_anchor_stands(moment: Moment) -> Iterator[str]:
    was, now = moment.before.clock.anchor, moment.now.clock.anchor
    if was != now and moment.event_of("ParameterChanged", "param", "roundLength") is None:
        yield f"{was} → {now}"


@invariant(
    "ROUND-9",
    "NewRound carries the hash of the block before, which is recorded for the round; it is initialized then (6.4, 6.6)",
    why="tickets of the round are dated by it",
    on=("NewRound",),
)
def a_new_round_has_its_hash(moment: Moment) -> Iterator[str]:
    for told in moment.events_named("NewRound"):
        expected = moment.model.get_block_hash(moment.now.clock.block - 1)
        recorded = moment.clock.block_hash_for_round(told["round"])
        if told["blockHash"] != expected or recorded != expected:
            yield f"{told}, recorded {recorded.hex()}, {expected.hex()} expected"
        if not moment.now.is_initialized:
            yield f"{told}, and the round is not initialized"


@invariant(
    "ROUND-10",
    "the last initialized round and the recorded hashes change only with NewRound",
    why="nodes follow rounds by this event",
)
def rounds_start_by_event(moment: Moment) -> Iterator[str]:
    was, now = moment.before.clock.last_initialized, moment.now.clock.last_initialized
    if was != now and not moment.events_named("NewRound"):
        yield f"{was} → {now}"
    if extra := moment.clock.block_hashes.keys() - moment.client.block_hashes.keys():
        yield f"hash of {sorted(extra)}"


@invariant(
    "ROUND-11",
    "a round that is not initialized can be, while the system runs",
    why="nothing else works until then (R9); tried, and undone",
)
def rounds_can_be_initialized(moment: Moment) -> Iterator[str]:
    if moment.now.paused or moment.now.is_initialized or not moment.has_turn(3, 4):
        return
    if refusal := moment.refusal(moment.clock.initialize_round, "anybody"):
        yield refusal
