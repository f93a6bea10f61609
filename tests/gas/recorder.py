"""Measures everything that the snapshots hold."""

from collections.abc import Callable, Mapping

from simulation.chain.actors import actor
from simulation.chain.codecs import Codec
from simulation.protocol import contract_id
from tests.gas import (  # noqa: F401  (importing registers the operations)
    measure_governance,
    measure_payments,
    measure_registry_and_token,
    measure_rounds,
    measure_staking,
)
from tests.gas.bench import ZERO_BYTE_DISCOUNT, Bench, Stage
from tests.gas.operations import ALL_SIZES, OPERATIONS
from tests.gas.tracing import TracingChain
from tools.artifacts import Artifact

# Gas by operation and pool size.
Figures = dict[str, dict[int, int]]

# The compiler's metadata at the end of the code.
TRAILER_BYTES = 53
# The pool has room for as many, although nobody is there yet.
EMPTY_POOL_MAX_SIZE = 10
SOME_CONTROLLER = actor("deployer").address
PROXIED = (
    "BondingManager",
    "BondingVotes",
    "LivepeerGovernor",
    "RoundsManager",
    "ServiceRegistry",
    "TicketBroker",
)
CONSTRUCTOR_ARGUMENTS = {
    "Controller": (),
    "Governor": (),
    "LivepeerToken": (),
    "LivepeerTokenFaucet": (SOME_CONTROLLER, 10 * 10**18, 1),
    "MerkleSnapshot": (SOME_CONTROLLER,),
    "Minter": (SOME_CONTROLLER, 218_500, 500, 500_000_000),
    "PollCreator": (SOME_CONTROLLER,),
    "Treasury": (),
}


def measure_operations(chain: TracingChain, progress: Callable[[str], None] = print) -> dict[str, Figures]:
    """Gas of every operation, by area, name and pool size."""
    figures: dict[str, Figures] = {}
    for size in ALL_SIZES:
        with chain.isolate():
            bench = Bench(chain, size)
            for stage in bench.stages():
                for operation, recorded_size in _rows(size, stage):
                    with chain.isolate():
                        area = figures.setdefault(operation.area, {})
                        area.setdefault(operation.name, {})[recorded_size] = operation.gas(bench)
            progress(f"gas: pool of {size} measured")
    return figures


def measure_deployments(chain: TracingChain, artifacts: Mapping[str, Artifact]) -> dict[str, dict[str, int]]:
    """Size and creation gas of every contract that is deployed."""
    figures = {}
    for name, arguments in CONSTRUCTOR_ARGUMENTS.items():
        figures[name] = _deployment(chain, artifacts[name], arguments)
    for name in PROXIED:
        figures[f"{name}Target"] = _deployment(chain, artifacts[name], (SOME_CONTROLLER,))
        proxy_arguments = (SOME_CONTROLLER, contract_id(f"{name}Target"))
        figures[f"{name}Proxy"] = _deployment(chain, artifacts["ManagerProxy"], proxy_arguments)
    return figures


def scenarios() -> dict[str, str]:
    """What is done, by operation."""
    return {operation.name: operation.scenario for operation in reversed(OPERATIONS)}


def _rows(size: int, stage: Stage):
    for operation in OPERATIONS:
        if operation.stage is not stage:
            continue
        if size in operation.sizes:
            yield operation, size
        elif size == EMPTY_POOL_MAX_SIZE and 0 in operation.sizes:
            yield operation, 0


def _deployment(chain: TracingChain, artifact: Artifact, arguments: tuple) -> dict[str, int]:
    constructor = next((item for item in artifact.abi if item["type"] == "constructor"), {"inputs": []})
    code = artifact.bytecode + Codec(constructor["inputs"]).encode(arguments)
    with chain.isolate():
        gas = chain.creation_gas(code, chain.actor("deployer"))
    trailer = artifact.bytecode[-TRAILER_BYTES:]
    return {
        # The trailer hashes the source with its comments: its zero bytes are counted like any other.
        "gas": gas + ZERO_BYTE_DISCOUNT * trailer.count(0),
        "initcode bytes": len(artifact.bytecode),
        "runtime bytes": len(artifact.runtime_bytecode),
    }
