"""ROUND and MINT: the clock and issuance (rounds-and-issuance.md 6)."""

from collections.abc import Iterator

from reference_model.constants import PPB_WHOLE, PPM_WHOLE
from simulation.invariants.chronicle import Moment, invariant


@invariant("ROUND-1", "the round number never falls (6.1)")
def rounds_go_forward(moment: Moment) -> Iterator[str]:
    if moment.now.round < moment.before.round:
        yield f"{moment.before.round} → {moment.now.round}"


@invariant("ROUND-2", "first block ≤ block < first block + length (6.2)")
def block_lies_in_its_round(moment: Moment) -> Iterator[str]:
    clock = moment.model.rounds_manager
    start = clock.current_round_start_block()
    if not start <= clock.block_num() < start + clock.round_length:
        yield f"{start}, {clock.block_num()}"


@invariant(
    "ROUND-3", "last initialized round ≤ current round; NewRound only for the current, once (6.4, 6.5)"
)
def rounds_are_initialized_once(moment: Moment) -> Iterator[str]:
    clock = moment.model.rounds_manager
    if clock.last_initialized_round > moment.now.round:
        yield f"{clock.last_initialized_round} of {moment.now.round}"
    for event in moment.events_named("NewRound"):
        was_initialized = moment.before.is_initialized and moment.before.round == event["round"]
        if event["round"] != moment.now.round or was_initialized:
            yield f"{event}"
        if moment.seen.setdefault(("new round", event["round"]), moment.step) is not moment.step:
            yield f"{event} again"


@invariant("ROUND-4", "a recorded block hash never changes (6.6)")
def block_hashes_stand(moment: Moment) -> Iterator[str]:
    for number, block_hash in moment.model.rounds_manager.block_hashes.items():
        if moment.seen.setdefault(("hash", number), block_hash) != block_hash:
            yield f"{number}"


@invariant("ROUND-5", "locked ⇔ in the last ⌊length · lock⌋ blocks (6.7)")
def lock_is_the_end_of_the_round(moment: Moment) -> Iterator[str]:
    clock = moment.model.rounds_manager
    left = clock.current_round_start_block() + clock.round_length - clock.block_num()
    locked_blocks = clock.round_length * clock.round_lock_amount // PPM_WHOLE
    if clock.current_round_locked() != (left <= locked_blocks):
        yield f"{left} blocks left"


@invariant("ROUND-6", "an upgrade round is set once (6.8)")
def upgrade_rounds_stand(moment: Moment) -> Iterator[str]:
    for lip, number in moment.model.rounds_manager.lip_upgrade_rounds.items():
        if number and moment.seen.setdefault(("lip", lip), number) != number:
            yield f"{lip}"


@invariant("MINT-1", "minted ≤ mintable, and = Σ rewards of the round (6.11, 6.12)")
def no_round_mints_more_than_its_part(moment: Moment) -> Iterator[str]:
    minter = moment.model.minter
    if not moment.sums.minted_in_round == minter.current_minted_tokens <= minter.current_mintable_tokens:
        yield f"{moment.sums.minted_in_round}, {minter.current_minted_tokens}"


@invariant("MINT-2", "inflation moves by one step towards the target, never below zero (6.9)")
def inflation_moves_by_a_step(moment: Moment) -> Iterator[str]:
    change = moment.now.inflation - moment.before.inflation
    if not moment.events_named("SetCurrentRewardTokens"):
        if change:
            yield "without a new round"
        return
    minter = moment.model.minter
    if abs(change) not in (0, minter.inflation_change) and moment.now.inflation != 0:
        yield f"{change}"
    supply = minter.get_global_total_supply()
    gap = minter.target_bonding_rate - moment.now.total_active_stake * PPB_WHOLE // supply
    if change * gap < 0:
        yield f"{change} at a gap of {gap}"


@invariant("MINT-3", "a new round may mint ⌊supply · inflation⌋ (6.10)")
def issuance_follows_inflation(moment: Moment) -> Iterator[str]:
    minter = moment.model.minter
    if moment.events_named("SetCurrentRewardTokens"):
        expected = minter.get_global_total_supply() * minter.inflation // PPB_WHOLE
        if minter.current_mintable_tokens != expected:
            yield f"{minter.current_mintable_tokens}, {expected} expected"


@invariant("MINT-4", "LPT supply = Σ balances (6.19)")
def supply_is_all_balances(moment: Moment) -> Iterator[str]:
    if sum(moment.model.token.balances.values()) != moment.model.token.total_supply:
        yield "supply and balances differ"


@invariant("MINT-5", "ETH of the Minter = escrow + fees not withdrawn (6.15, payments 5.2)")
def minter_holds_all_ether(moment: Moment) -> Iterator[str]:
    sums, held = moment.sums, moment.model.ether[moment.model.minter.address]
    escrow = sums.funded - sums.paid_by_tickets - sums.withdrawn
    if held != escrow + sums.fees_in - sums.fees_out:
        yield f"{held} held, {escrow} of escrow, {sums.fees_in - sums.fees_out} of fees"
