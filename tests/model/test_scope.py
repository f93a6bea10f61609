"""What ends the catalogue's claims about a run: a step that takes away something vital, and nothing else."""

from collections.abc import Callable

import pytest

from reference_model.constants import ZERO_ADDRESS
from reference_model.token import BURNER_ROLE, MINTER_ROLE
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Weighted, draw_parameters
from simulation.calls import Call, Mine, Step
from simulation.choices import ByteChoices, Exhausted
from simulation.invariants import Chronicle
from simulation.invariants.scope import Scope
from simulation.model_stage import ModelWorld
from simulation.rounding import Follower, Tally

NO_COMMIT = bytes(20)
Steps = Callable[[ModelWorld], list[Step]]


def by_owner(contract: str, function: str, *arguments: object) -> Steps:
    return lambda world: [Call(world.cast.owner, contract, function, arguments)]


def register(name: str, address_of: Callable[[ModelWorld], str]) -> Steps:
    return lambda world: [
        Call(world.cast.owner, "Controller", "setContractInfo", (name, address_of(world), NO_COMMIT))
    ]


def migrate(world: ModelWorld) -> list[Step]:
    return [Call(world.cast.owner, "Minter", "migrateToNewMinter", (world.cast.minters[1],))]


def give_the_role_to_mint(world: ModelWorld) -> list[Step]:
    return [Call(world.cast.owner, "LivepeerToken", "grantRole", (MINTER_ROLE, world.cast.attacker))]


def take_the_role_to_burn(world: ModelWorld) -> list[Step]:
    return [Call(world.cast.owner, "LivepeerToken", "revokeRole", (BURNER_ROLE, world.model.minter.address))]


def credit_fees_that_nobody_paid(world: ModelWorld) -> list[Step]:
    staker, broker = world.cast.stakers[0], world.model.ticket_broker.address
    length = world.model.rounds_manager.round_length
    start = [Mine(length), Call(staker, "RoundsManager", "initializeRound")]
    bond = Call(staker, "BondingManager", "bond", (10**18, staker))
    credit = Call(broker, "BondingManager", "updateTranscoderWithFees", (staker, 1, 0))
    return [*start, bond, *start, credit]


DAMAGE: dict[str, Steps] = {
    "no RoundsManager": register("RoundsManager", lambda world: ZERO_ADDRESS),
    "no code of the broker": register("TicketBrokerTarget", lambda world: ZERO_ADDRESS),
    "code of another kind": register("TicketBrokerTarget", lambda world: world.cast.foreign_target),
    "a clock that anybody sets": register("RoundsManagerTarget", lambda world: world.cast.adjustable_target),
    "another Minter": register("Minter", lambda world: world.cast.minters[1]),
    "no JobsManager": register("JobsManager", lambda world: ZERO_ADDRESS),
    "no L2LPTDataCache": register("L2LPTDataCache", lambda world: ZERO_ADDRESS),
    "another Controller": lambda world: [
        Call(
            world.cast.owner,
            "Controller",
            "updateController",
            ("BondingVotes", world.cast.second_controller),
        )
    ],
    "migrated": migrate,
    "another may mint": give_the_role_to_mint,
    "the Minter may not burn": take_the_role_to_burn,
    "unpaid fees": credit_fees_that_nobody_paid,
}
HARMLESS: dict[str, Steps] = {
    "no Verifier": register("Verifier", lambda world: ZERO_ADDRESS),
    "another treasury": register("Treasury", lambda world: world.cast.verifier),
    "an upgrade": register(
        "BondingManagerTarget", lambda world: dict(world.cast.targets)["BondingManagerTarget"]
    ),
    "another cache": register("L2LPTDataCache", lambda world: world.cast.caches[1]),
    "the entry again": register("Minter", lambda world: world.model.minter.address),
    "a pause": by_owner("Controller", "pause"),
}


def ended(world: ModelWorld, steps: Steps) -> str:
    scope = Scope(world.model)
    for step in steps(world):
        succeeded = world.act(step)
        assert succeeded, step
        scope.after(step, succeeded)
    return scope.ended_by


@pytest.mark.unit
@pytest.mark.parametrize("name", DAMAGE)
def test_scope__something_vital_is_taken_away__ends_with_that_step(name: str) -> None:
    world = ModelWorld()
    assert ended(world, DAMAGE[name]) == str(world.trace[-1])


@pytest.mark.unit
@pytest.mark.parametrize("name", HARMLESS)
def test_scope__nothing_vital_is_missing__goes_on(name: str) -> None:
    assert ended(ModelWorld(), HARMLESS[name]) == ""


@pytest.mark.property
def test_chronicle__runs_that_damage_the_registry__claims_hold_up_to_there() -> None:
    """Neither the catalogue nor the exact layer complains of what an owner has broken on purpose."""
    looked = 0
    for seed in range(20):
        choices = ByteChoices.of_seed(seed, 200 * 24)
        world = ModelWorld(**draw_parameters(choices))
        chronicle, follower = Chronicle(world.model, world.cast.watched), Follower(world.model, Tally())
        weighted = Weighted(ACTIONS_BY_AREA["registry"])
        try:
            for _ in range(200):
                if (step := weighted.next_step(world, choices)) is not None:
                    chronicle.before(step)
                    succeeded = world.act(step)
                    chronicle.after(succeeded)
                    follower.after(step, succeeded)
        except Exhausted:
            pass
        assert chronicle.scope.ended_by
        looked += chronicle.checked["BOND-1"]
    assert looked > 50
