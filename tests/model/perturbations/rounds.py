"""Faults for ROUND and MINT."""

from reference_model import minting
from reference_model.constants import PPB_WHOLE
from tests.model.perturbations.pool import idle
from tests.model.perturbations.stage import LiveStage, trips

CLOCK = "RoundsManager"
OTHER_HASH = b"\1" * 32


@trips("ROUND-1")
def round_falls(stage: LiveStage) -> None:
    stage.next_round()
    stage.initialize()
    stage.past(round=stage.clock.current_round() + 1)
    stage.take(idle(stage))


@trips("ROUND-2")
def round_begins_after_its_blocks(stage: LiveStage) -> None:
    stage.patch(stage.clock, "current_round_start_block", lambda original: original() + 100)
    stage.wait()


@trips("ROUND-3")
def round_is_initialized_again(stage: LiveStage) -> None:
    stage.next_round()
    clock = stage.chronicle.moment.now.clock
    stage.past(clock=clock._replace(last_initialized=stage.clock.current_round()))
    stage.initialize()


@trips("ROUND-4")
def hash_changes(stage: LiveStage) -> None:
    past = stage.clock.current_round() - 1
    stage.wait(lambda: stage.clock.block_hashes.__setitem__(past, OTHER_HASH))


@trips("ROUND-5")
def lock_comes_at_once(stage: LiveStage) -> None:
    stage.patch(stage.clock, "current_round_locked", lambda original: True)
    stage.wait()


@trips("ROUND-6")
def upgrade_round_changes(stage: LiveStage) -> None:
    stage.take(stage.call(stage.owner, CLOCK, "setLIPUpgradeRound", 1, 50))
    stage.wait(lambda: stage.clock.lip_upgrade_rounds.__setitem__(1, 51))


@trips("ROUND-7")
def new_length_moves_the_first_block(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.owner, CLOCK, "setRoundLength", 50),
        lambda: stage.add(stage.clock, "last_round_length_update_start_block", -1),
    )


@trips("ROUND-8")
def anchor_moves_by_itself(stage: LiveStage) -> None:
    def move() -> None:
        stage.add(stage.clock, "last_round_length_update_start_block", -stage.clock.round_length)
        stage.add(stage.clock, "last_round_length_update_round", -1)

    stage.wait(move)


@trips("ROUND-9")
def new_round_tells_another_hash(stage: LiveStage) -> None:
    stage.next_round()
    stage.initialize(lambda: stage.event("NewRound").update(blockHash=OTHER_HASH))


@trips("ROUND-10")
def hash_without_a_round(stage: LiveStage) -> None:
    stage.wait(lambda: stage.clock.block_hashes.__setitem__(500, OTHER_HASH))


@trips("ROUND-11")
def round_cannot_be_initialized(stage: LiveStage) -> None:
    stage.next_round()
    stage.refuse(stage.clock, "initialize_round")
    stage.wait()


# ---- issuance and custody


@trips("MINT-1")
def minted_tokens_are_forgotten(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.minter, "current_minted_tokens", -1))


@trips("MINT-2")
def inflation_moves_by_itself(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.minter, "inflation", 500))


def start_with_inflation(stage: LiveStage, inflation: int) -> None:
    """A round whose issuance follows the given inflation."""
    stage.next_round()

    def change() -> None:
        stage.minter.inflation = inflation
        stage.minter.current_mintable_tokens = stage.minter.get_global_total_supply() * inflation // PPB_WHOLE

    stage.initialize(change)


@trips("MINT-2")
def inflation_moves_by_two_steps(stage: LiveStage) -> None:
    start_with_inflation(stage, stage.minter.inflation + 1_000)


@trips("MINT-6")
def inflation_stands_still(stage: LiveStage) -> None:
    start_with_inflation(stage, stage.minter.inflation)


@trips("MINT-3")
def round_may_mint_a_unit_more(stage: LiveStage) -> None:
    stage.next_round()
    stage.initialize(lambda: stage.add(stage.minter, "current_mintable_tokens", 1))


@trips("MINT-7")
def issuance_changes_in_the_round(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.minter, "current_mintable_tokens", 1))


@trips("MINT-8")
def reward_mints_a_unit_less(stage: LiveStage) -> None:
    stage.patch(minting, "fraction_ppb_down", lambda original, *given: original(*given) - 1)
    stage.reward(stage.second, stage.unpatch)


@trips("MINT-5")
def minter_loses_a_wei(stage: LiveStage) -> None:
    stage.wait(lambda: stage.model.pay(stage.minter.address, stage.attacker, 1))


@trips("MINT-9")
def wei_out_of_nothing(stage: LiveStage) -> None:
    stage.wait(lambda: stage.model.ether.__setitem__(stage.attacker, stage.model.ether[stage.attacker] + 1))


@trips("MINT-10")
def bonding_manager_receives_tokens(stage: LiveStage) -> None:
    stage.take(idle(stage), lambda: stage.move_lpt(stage.newcomer, stage.manager.address, 1))


@trips("MINT-12")
def minter_cannot_be_replaced(stage: LiveStage) -> None:
    stage.refuse(stage.minter, "migrate_to_new_minter")
    stage.wait()


@trips("MINT-12")
def new_minter_receives_less(stage: LiveStage) -> None:
    def migrate(original, sender, new_minter) -> None:
        original(sender, new_minter)
        stage.model.pay(new_minter, stage.attacker, 1)

    stage.patch(stage.minter, "migrate_to_new_minter", migrate)
    stage.wait()


@trips("MINT-13")
def global_supply_counts_a_unit_more(stage: LiveStage) -> None:
    stage.patch(stage.minter, "get_global_total_supply", lambda original: original() + 1)
    stage.wait()
