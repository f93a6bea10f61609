"""What a fault of the exam is: a slip that a developer could make, as a change of a few words in the sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simulation.planted_faults import PlantedFault, compile_faults
from tools.artifacts import Artifact

LEDGER = "contracts/bonding/BondingLedger.sol"
MANAGER = "contracts/bonding/BondingManager.sol"
VIEWS = "contracts/bonding/BondingViews.sol"
VOTES = "contracts/bonding/BondingVotes.sol"
GOVERNOR = "contracts/governance/Governor.sol"
COUNTING = "contracts/governance/GovernorCountingOverridable.sol"
LIVEPEER_GOVERNOR = "contracts/governance/LivepeerGovernor.sol"
POLL_CREATOR = "contracts/governance/PollCreator.sol"
EARNINGS = "contracts/libraries/EarningsLib.sol"
POOL = "contracts/libraries/OrchestratorPool.sol"
RESERVE = "contracts/libraries/ReserveLib.sol"
HISTORY = "contracts/libraries/RoundHistory.sol"
CHECKPOINTS = "contracts/libraries/StakeCheckpoints.sol"
TICKET_LIB = "contracts/libraries/TicketLib.sol"
BROKER = "contracts/payments/TicketBroker.sol"
CONTROLLER = "contracts/registry/Controller.sol"
BASE = "contracts/registry/Manager.sol"
PROXY = "contracts/registry/ManagerProxy.sol"
SERVICES = "contracts/registry/ServiceRegistry.sol"
ROUNDS = "contracts/rounds/RoundsManager.sol"
TOKEN = "contracts/token/LivepeerToken.sol"
MINTER = "contracts/token/Minter.sol"
PPB = "contracts/types/Ppb.sol"
PPM = "contracts/types/Ppm.sol"
RAY_FACTOR = "contracts/types/RayFactor.sol"
ROUND_AMOUNT = "contracts/types/RoundAmount.sol"
SENDER_ACCOUNT = "contracts/types/SenderAccount.sol"

# Libraries and bases are part of the code of several contracts: a fault in one is planted into each.
CONTRACTS_WITH: dict[str, tuple[str, ...]] = {
    LEDGER: ("BondingManager",),
    MANAGER: ("BondingManager",),
    VIEWS: ("BondingManager",),
    VOTES: ("BondingVotes",),
    GOVERNOR: ("Governor",),
    COUNTING: ("LivepeerGovernor",),
    LIVEPEER_GOVERNOR: ("LivepeerGovernor",),
    POLL_CREATOR: ("PollCreator",),
    EARNINGS: ("BondingManager",),
    POOL: ("BondingManager",),
    RESERVE: ("TicketBroker",),
    HISTORY: ("BondingVotes",),
    CHECKPOINTS: ("BondingVotes",),
    TICKET_LIB: ("TicketBroker",),
    BROKER: ("TicketBroker",),
    CONTROLLER: ("Controller",),
    BASE: ("BondingManager", "Minter", "RoundsManager", "TicketBroker"),
    PROXY: ("ManagerProxy",),
    SERVICES: ("ServiceRegistry",),
    ROUNDS: ("RoundsManager",),
    TOKEN: ("LivepeerToken",),
    MINTER: ("Minter",),
    PPB: ("Minter",),
    PPM: ("BondingManager", "RoundsManager"),
    RAY_FACTOR: ("BondingManager", "BondingVotes"),
    ROUND_AMOUNT: ("TicketBroker",),
    SENDER_ACCOUNT: ("TicketBroker",),
}


@dataclass(frozen=True)
class Fault:
    """One fault, planted into every contract that has the text."""

    name: str
    what: str
    """What is wrong, as a clause: "a bond made anew is not pending"."""
    planted: tuple[PlantedFault, ...]

    @property
    def contracts(self) -> tuple[str, ...]:
        """The contracts that differ from the sound ones."""
        return tuple(planted.contract for planted in self.planted)

    @property
    def sources(self) -> tuple[str, ...]:
        """The changed files, without folder and ending: `BondingLedger`."""
        paths = {path: None for planted in self.planted for path, _, _ in planted.patches}
        return tuple(path.rpartition("/")[2].removesuffix(".sol") for path in paths)


def fault(
    name: str,
    what: str,
    path: str,
    old: str,
    new: str = "",
    *,
    contracts: tuple[str, ...] | None = None,
) -> Fault:
    """A fault of one text, which is there once: `old` becomes `new`, or nothing."""
    patches = ((path, old, new),)
    planted_into = contracts or CONTRACTS_WITH[path]
    return Fault(name, what, tuple(PlantedFault(one, name, patches) for one in planted_into))


def with_fault(one: Fault, artifacts: Mapping[str, Artifact]) -> dict[str, Artifact]:
    """The build with the fault in it, under the names of the sound contracts; compiles what is not kept."""
    return next(iter(with_faults([one], artifacts).values()))


def with_faults(faults: Iterable[Fault], artifacts: Mapping[str, Artifact]) -> dict[str, dict[str, Artifact]]:
    """`with_fault` for many, by name: they compile at the same time."""
    faults = list(faults)
    compiled = compile_faults([planted for one in faults for planted in one.planted], artifacts)
    return {
        one.name: {
            **artifacts,
            **{planted.contract: compiled[planted.artifact_name] for planted in one.planted},
        }
        for one in faults
    }
