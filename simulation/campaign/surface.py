"""What there is to reach: every entry point and every error of the contracts that a run deploys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from simulation import out_of_reach
from simulation.calls import CONTRACT_TYPES, Call, snake_case
from simulation.staging import ATTRIBUTES, GOVERNANCE_ATTRIBUTES
from tools.artifacts import Artifact

WRITING = ("nonpayable", "payable")
# Beside the contracts of the protocol: what proxies answer themselves, and the clock that takes the place of the real
# one, of which only what it adds counts.
CLOCK, ADJUSTABLE_CLOCK, PROXY = "RoundsManager", "AdjustableRoundsManager", "ManagerProxy"
POLL = "Poll"
ANSWERED_BY_PROXIES = frozenset(["setController", "onRegistryUpdate", "onPauseUpdate"])


@dataclass(frozen=True)
class Surface:
    """`entry_points`: functions that change state, as Contract.function; `errors`: by name, with who declares them.

    `out_of_reach` says of some of them why no run can reach them.
    """

    entry_points: tuple[str, ...]
    errors: Mapping[str, tuple[str, ...]]
    out_of_reach: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def inside(self) -> dict[tuple[str, str], str]:
        """Entry points by contract and function in the model's words."""
        pairs = (name.split(".") for name in self.entry_points)
        return {(contract, snake_case(function)): f"{contract}.{function}" for contract, function in pairs}

    @cached_property
    def reachable_entry_points(self) -> frozenset[str]:
        """Entry points that runs can reach."""
        return frozenset(self.entry_points) - self.out_of_reach.keys()

    @cached_property
    def reachable_errors(self) -> frozenset[str]:
        """Errors that runs can reach."""
        return frozenset(self.errors) - self.out_of_reach.keys()


def entry_point_of(call: Call) -> str:
    """Contract.function of a call: the second Minter is a Minter, and the code behind a proxy is what runs there."""
    if f"{call.contract}Proxy" in CONTRACT_TYPES and call.function in ANSWERED_BY_PROXIES:
        return f"{PROXY}.{call.function}"
    return f"{CONTRACT_TYPES.get(call.contract, call.contract)}.{call.function}"


def surface_of(artifacts: Mapping[str, Artifact]) -> Surface:
    """The surface of a build."""
    entry_points: dict[str, None] = {}
    errors: dict[str, tuple[str, ...]] = {}
    inherited = set(_functions(artifacts[CLOCK]))
    for contract in (*ATTRIBUTES, *GOVERNANCE_ATTRIBUTES, POLL, PROXY, ADJUSTABLE_CLOCK):
        for function in _functions(artifacts[contract]):
            if contract != ADJUSTABLE_CLOCK or function not in inherited:
                entry_points[f"{contract}.{function}"] = None
        for entry in artifacts[contract].abi:
            if entry["type"] == "error":
                errors[entry["name"]] = (*errors.get(entry["name"], ()), contract)
    return Surface(tuple(entry_points), errors, {**out_of_reach.ENTRY_POINTS, **out_of_reach.ERRORS})


def _functions(artifact: Artifact) -> list[str]:
    return [
        entry["name"]
        for entry in artifact.abi
        if entry["type"] == "function" and entry["stateMutability"] in WRITING
    ]
