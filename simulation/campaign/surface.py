"""What there is to reach: every entry point and every error of the contracts that a run deploys."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulation.calls import CONTRACT_TYPES, Call
from simulation.staging import ATTRIBUTES, GOVERNANCE_ATTRIBUTES
from tools.artifacts import Artifact

WRITING = ("nonpayable", "payable")
# Beside the contracts of the protocol: what proxies answer themselves, and the clock that takes the place of the real
# one, of which only what it adds counts.
CLOCK, ADJUSTABLE_CLOCK, PROXY = "RoundsManager", "AdjustableRoundsManager", "ManagerProxy"
POLL = "Poll"


@dataclass(frozen=True)
class Surface:
    """`entry_points`: functions that change state, as Contract.function; `errors`: by name, with who declares them."""

    entry_points: tuple[str, ...]
    errors: Mapping[str, tuple[str, ...]]


def entry_point_of(call: Call) -> str:
    """Contract.function of a call: the second Minter is a Minter, and the code behind a proxy is what runs there."""
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
    return Surface(tuple(entry_points), errors)


def _functions(artifact: Artifact) -> list[str]:
    return [
        entry["name"]
        for entry in artifact.abi
        if entry["type"] == "function" and entry["stateMutability"] in WRITING
    ]
