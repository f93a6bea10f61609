"""What happens to the registry: plain registrations and upgrades, and damage with its repair.

Damage takes away something that the protocol needs, one thing at a time: an entry, the code of a proxy, a contract's
Controller, the clock.  What then still works, and with which error the rest fails, has to agree as well.
"""

from reference_model.constants import BLOCK_HASHES_KEPT, ZERO_ADDRESS
from reference_model.protocol import PROXIED, Protocol
from reference_model.token import BURNER_ROLE, MINTER_ROLE
from simulation.actions.owners import by_owner
from simulation.actions.who import anybody, staker
from simulation.calls import Call, Mine, Step
from simulation.cast import Stage
from simulation.choices import Choices, one_in

CONTROLLER, MINTER, CLOCK, CLOCK_CODE = "Controller", "Minter", "RoundsManager", "RoundsManagerTarget"
NO_COMMIT = bytes(20)
COMMITS = (NO_COMMIT, bytes(range(20)))
# Whatever has one of these ids is needed.
VITAL = (
    *PROXIED,
    *(f"{name}Target" for name in PROXIED),
    "JobsManager",
    MINTER,
    "LivepeerToken",
    "L2LPTDataCache",
)
MANAGERS = (*PROXIED, MINTER)


# ---- what breaks nothing


def register(world: Stage, choices: Choices) -> Call:
    """A role given or taken, an entry written again, an id that nobody reads; or what cannot be registered."""
    cast = world.cast
    kind = choices.integer(0, 5)
    if kind <= 1:
        name = choices.pick(("Verifier", "L2Migrator"))
        address = choices.pick((cast.home[name], cast.home[name], ZERO_ADDRESS, cast.attacker))
    elif kind == 2:
        name = choices.pick(tuple(cast.home))
        address = world.model.controller.contracts[name]
    elif kind == 3:
        name, address = choices.pick((("MerkleSnapshot", cast.verifier), ("MerkleSnapshot", ZERO_ADDRESS)))
    elif kind == 4:
        name, address = "Treasury", choices.pick((cast.home["Treasury"], cast.verifier, cast.migrator))
    else:
        # No code for a proxy: the proxy itself, another one, a contract that was not built for it.
        proxied = choices.pick(PROXIED)
        name = f"{proxied}Target"
        address = choices.pick((cast.home[proxied], cast.home[PROXIED[0]], cast.verifier))
    return by_owner(world, choices, CONTROLLER, "setContractInfo", name, address, choices.pick(COMMITS))


def upgrade(world: Stage, choices: Choices) -> Call:
    """Put another copy of the code behind a proxy; nothing may change by that."""
    name, target = choices.pick(world.cast.targets)
    return by_owner(world, choices, CONTROLLER, "setContractInfo", name, target, NO_COMMIT)


def attach(world: Stage, choices: Choices) -> Call:
    name = choices.pick((*world.cast.home, "MerkleSnapshot"))
    return Call(anybody(world, choices), CONTROLLER, "attach", (name,))


def set_service_uri(world: Stage, choices: Choices) -> Call:
    contract = "ServiceRegistryTarget" if one_in(choices, 10) else "ServiceRegistry"
    uri = choices.pick(("https://orchestrator:8935", "", "x" * 70))
    return Call(anybody(world, choices), contract, "setServiceURI", (uri,))


def move_controller(world: Stage, choices: Choices) -> Call:
    """Attempts to let a contract follow another Controller that must fail."""
    cast = world.cast
    kind = choices.integer(0, 2)
    if kind == 0:
        contract = choices.pick((*MANAGERS, "RoundsManagerProxy", "SecondMinter"))
        return Call(cast.attacker, contract, "setController", (cast.attacker,))
    if kind == 1:
        name = choices.pick(("Nobody", "LivepeerToken", "Treasury"))
        return by_owner(world, choices, CONTROLLER, "updateController", name, cast.second_controller)
    arguments = (MINTER, cast.second_controller)
    return Call(staker(world, choices), "SecondController", "updateController", arguments)


def move_code(world: Stage, choices: Choices) -> Call:
    """Let code that is registered as a target follow another Controller, which nobody notices behind a proxy."""
    cast = world.cast
    name = f"{choices.pick(PROXIED)}Target"
    controller = choices.pick((cast.second_controller, cast.attacker))
    return by_owner(world, choices, CONTROLLER, "updateController", name, controller)


def report_l1_supply(world: Stage, choices: Choices) -> Call:
    """LPT on L1, told by a cache that takes the place of the first."""
    cache = world.cast.caches[1]
    if world.model.controller.contracts["L2LPTDataCache"] != cache:
        return by_owner(world, choices, CONTROLLER, "setContractInfo", "L2LPTDataCache", cache, NO_COMMIT)
    supply = choices.pick((0, 10**24, 10**27, 2**96))
    return Call(world.cast.attacker, "L2LPTDataCache", "setL1CirculatingSupply", (supply,))


# ---- a new Minter


def migrate(world: Stage, choices: Choices) -> Call:
    """Give all to the other Minter, which `repair` then registers; or fail to."""
    cast, registered = world.cast, world.model.minter.address
    current, other = (
        ("Minter", "SecondMinter") if registered == cast.minters[0] else ("SecondMinter", "Minter")
    )
    if one_in(choices, 2):
        return by_owner(world, choices, current, "migrateToNewMinter", cast.addresses[other])
    if one_in(choices, 3):
        return by_owner(world, choices, other, "migrateToNewMinter", registered)
    wrong = (registered, ZERO_ADDRESS, cast.minters[2], cast.attacker, cast.verifier)
    return by_owner(world, choices, current, "migrateToNewMinter", choices.pick(wrong))


# ---- damage


def damage(world: Stage, choices: Choices) -> Call | None:
    """Take away something that is needed; nothing while something is missing already."""
    if find_problem(world) is not None:
        return None
    cast = world.cast
    kind = choices.integer(0, 6)
    if kind == 0:
        elsewhere = choices.pick((cast.second_controller, cast.attacker))
        return by_owner(world, choices, CONTROLLER, "updateController", choices.pick(MANAGERS), elsewhere)
    if kind == 1:
        is_adjustable = world.model.rounds_manager.is_adjustable
        name, address = CLOCK_CODE, cast.home[CLOCK_CODE] if is_adjustable else cast.adjustable_target
    elif kind == 2:
        name, address = f"{choices.pick(PROXIED)}Target", cast.foreign_target
    elif kind == 3:
        name = choices.pick(("BondingManager", "TicketBroker", "ServiceRegistry"))
        address = choices.pick((cast.addresses[f"{name}Target"], cast.verifier))
    elif kind == 4:
        name, address = MINTER, choices.pick(cast.minters)
    else:
        name, address = choices.pick(VITAL), ZERO_ADDRESS
    return by_owner(world, choices, CONTROLLER, "setContractInfo", name, address, NO_COMMIT)


def repair(world: Stage, choices: Choices) -> Step | None:
    """Mend one thing that is missing; nothing while all is there."""
    problem = find_problem(world)
    if problem is None:
        return None
    kind, name = problem
    model, cast = world.model, world.cast
    if kind == "clock":
        return _wind_clock(world, choices)
    if kind == "role":
        return Call(cast.owner, "LivepeerToken", "grantRole", (name, _treasurer(world)))
    if kind == "entry":
        address = _treasurer(world) if name == MINTER else cast.home[name]
        return by_owner(world, choices, CONTROLLER, "setContractInfo", name, address, NO_COMMIT)
    if kind == "attachment":
        return Call(cast.attacker, CONTROLLER, "attach", (name,))
    address = model.controller.contracts[name]
    controller = model.contracts[address].controller
    second = model.contracts[cast.second_controller]
    if controller != second.address:
        contract = name if address == cast.addresses[name] else "SecondMinter"
        return Call(controller, contract, "setController", (model.controller.address,))
    if second.contracts[name] != address:
        return Call(second.owner, "SecondController", "setContractInfo", (name, address, NO_COMMIT))
    return Call(second.owner, "SecondController", "updateController", (name, model.controller.address))


def _wind_clock(world: Stage, choices: Choices) -> Step:
    clock, lag = world.model.rounds_manager, _clock_lag(world.model)
    if not clock.is_adjustable:
        return Mine(lag)
    number = clock.number + lag + choices.integer(0, 2 * clock.round_length)
    return Call(world.cast.attacker, "AdjustableClock", "setBlockNum", (number,))


# ---- what is missing


def find_problem(world: Stage) -> tuple[str, str] | None:
    """Kind and name of the first thing that is missing."""
    model, token = world.model, world.model.token
    for role in (MINTER_ROLE, BURNER_ROLE):
        if not token.has_role(role, _treasurer(world)):
            return "role", role
    for name in VITAL:
        address = model.controller.contracts[name]
        if address not in _fitting(world, name):
            return "entry", name
        manager = model.subscriber(address)
        if manager is not None and manager.controller != model.controller.address:
            return "controller", name
        if manager is not None and name not in model.controller.registered_under[address]:
            return "attachment", name
    return ("clock", CLOCK) if _clock_lag(model) > 0 else None


def _fitting(world: Stage, name: str) -> tuple[str, ...]:
    """Who can have an id so that nothing is missing."""
    cast = world.cast
    if name == MINTER:
        return (_treasurer(world),)
    if name == "L2LPTDataCache":
        return cast.caches
    adjustable = (cast.adjustable_target,) if name == CLOCK_CODE else ()
    return (cast.home[name], *(code for target, code in cast.targets if target == name), *adjustable)


def _treasurer(world: Stage) -> str:
    """The Minter that has the LPT and the ETH."""
    model, registered = world.model, world.model.minter.address

    def wealth(minter: str) -> tuple[int, bool]:
        return model.token.balances[minter] + model.ether[minter], minter == registered

    return max(world.cast.minters[:2], key=wealth)


def _clock_lag(model: Protocol) -> int:
    """Blocks until the clock is where it was when a round was last initialized."""
    clock = model.rounds_manager
    rounds = max(0, clock.last_initialized_round - clock.last_round_length_update_round)
    reached = clock.last_round_length_update_start_block + rounds * clock.round_length
    first = BLOCK_HASHES_KEPT if clock.is_adjustable else 0
    return max(reached, first) - clock.block_num()
