"""What there is to reach: every entry point and every error of the contracts that a run deploys."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulation.staging import ATTRIBUTES
from tools.artifacts import Artifact


@dataclass(frozen=True)
class Surface:
    """`entry_points`: functions that change state, as Contract.function; `errors`: by name, with who declares them."""

    entry_points: tuple[str, ...]
    errors: Mapping[str, tuple[str, ...]]


def surface_of(artifacts: Mapping[str, Artifact]) -> Surface:
    """The surface of a build."""
    entry_points: dict[str, None] = {}
    errors: dict[str, tuple[str, ...]] = {}
    for contract in ATTRIBUTES:
        for entry in artifacts[contract].abi:
            if entry["type"] == "error":
                errors[entry["name"]] = (*errors.get(entry["name"], ()), contract)
            elif entry["type"] == "function" and entry["stateMutability"] in ("nonpayable", "payable"):
                entry_points[f"{contract}.{entry['name']}"] = None
    return Surface(tuple(entry_points), errors)
