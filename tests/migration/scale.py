"""Moves a deployment of real size on Anvil, and says how long it takes and what it costs.

    .venv/bin/python -m tests.migration.scale                                  100 orchestrators, 2,000 delegators
    .venv/bin/python -m tests.migration.scale --delegators 200 --json

Everything that a view of the moved contracts answers about every account is then asked of both deployments, and must
be the same.  The gas of what depends on the number of delegators is what grows with it; from two sizes the third
follows.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts._deployment.encoding import encode_step
from scripts._deployment.execution import StepResult
from scripts._deployment.plan import Call, Plan
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Registry
from scripts._deployment.signing import LocalSigner
from scripts._migration.state import State
from scripts._migration.state_file import load_state, save_state
from scripts._upgrade.fork import Fork
from scripts._upgrade.views import compare_views, read_views
from tests.deployment.node import DEPLOYER_KEY, LocalNode, local_node
from tests.migration.crowd import (
    BLOCK_GAS,
    Crowd,
    Mover,
    deploy,
    export_of,
    source_parameters,
)
from tests.migration.stage import destination_parameters
from tools.artifacts import load_artifacts

BATCH_GAS = 12_000_000
EXTRAPOLATED_DELEGATORS = 10_000
GWEI = 10**9
# Live fees of Arbitrum One have been at their floor, a hundredth of a gwei, most of the time.
FEE_GWEI = 0.01
MOVED = ("BondingManager", "BondingVotes", "TicketBroker", "RoundsManager", "ServiceRegistry")
# Whose contracts they are; tickets by the ids of contracts, which are no tickets.
OF_DEPLOYMENT = frozenset(["controller", "usedTickets"])


@dataclass(frozen=True)
class Measurement:
    """One migration."""

    orchestrators: int
    delegators: int
    accounts: int
    file_bytes: int
    transactions: int
    gas_used: int
    largest_gas: int
    calldata_bytes: int
    gas_by_call: dict[str, int]
    values_compared: int
    views_compared: int
    fill_seconds: float
    export_seconds: float
    import_seconds: float
    verify_seconds: float


def measure(orchestrators: int, delegators: int, batch_gas: int, say=lambda words: None) -> Measurement:
    """Fills a source, moves it, and compares everything."""
    artifacts = load_artifacts()
    with local_node() as local, tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        started = time.perf_counter()
        source = deploy(local, path / "source.json", source_parameters())
        Crowd(local, source, artifacts, (orchestrators, delegators)).fill()
        shared = (source.contracts[name].address for name in ("LivepeerToken", "L2LPTDataCache"))
        deploy(local, path / "destination.json", destination_parameters(*shared))
        filled = time.perf_counter()
        say(f"filled in {filled - started:.1f} s")
        save_state(export_of(local, source, artifacts), path / "state.json")
        state: State = load_state(path / "state.json")
        exported = time.perf_counter()
        say(f"exported in {exported - filled:.1f} s")
        signer = LocalSigner(DEPLOYER_KEY)
        mover = Mover(local, state, path / "destination.json", artifacts, signer, batch_gas=batch_gas)
        results: list[StepResult] = []
        mover.run(on_step=results.append)
        imported = time.perf_counter()
        say(f"imported in {imported - exported:.1f} s")
        facts = mover.prepared.verify(local.web3)
        verified = time.perf_counter()
        accounts = [account.address for account in state.accounts]
        destination = Registry.load(path / "destination.json")
        before, after = (_views(local, one, artifacts, accounts) for one in (source, destination))
        if different := compare_views(before, after):
            raise SystemExit(f"{len(different)} views differ, the first: {different[0]}")
        say(f"{len(before):,} views are the same")
        return Measurement(
            orchestrators=orchestrators,
            delegators=delegators,
            accounts=state.totals.accounts,
            file_bytes=(path / "state.json").stat().st_size,
            transactions=mover.prepared.plan.transactions,
            gas_used=sum(result.gas_used for result in results),
            largest_gas=max(result.gas_used for result in results),
            calldata_bytes=_calldata_bytes(mover.prepared.plan, artifacts),
            gas_by_call=_gas_by_call(mover.prepared.plan, results),
            values_compared=len(facts),
            views_compared=len(before),
            fill_seconds=filled - started,
            export_seconds=exported - filled,
            import_seconds=imported - exported,
            verify_seconds=verified - imported,
        )


def _views(local: LocalNode, registry: Registry, artifacts: dict, accounts: list[str]) -> dict[str, str]:
    """What the moved contracts answer as things stand, by view; not which contracts there are, nor what was."""
    reader = Reader(local.node, registry, artifacts)
    not_moved = {name: set() for name in registry.contracts if name not in MOVED}
    asked = read_views(Fork(local.url), reader, accounts, not_moved, OF_DEPLOYMENT)
    current_round = reader.view("RoundsManager", "currentRound")
    past = tuple(f"{bracket}{number})" for number in range(current_round) for bracket in ("(", ", "))
    return {view: answer for view, answer in asked.items() if not view.endswith(past)}


def extrapolate(small: Measurement, large: Measurement, figure: str, delegators: int) -> int:
    """A figure for another number of delegators with as many orchestrators: a line through both measurements."""
    of_small, of_large = getattr(small, figure), getattr(large, figure)
    per_delegator = (of_large - of_small) / (large.delegators - small.delegators)
    return round(of_large + per_delegator * (delegators - large.delegators))


def _calldata_bytes(plan: Plan, artifacts: dict) -> int:
    """Of all batches, which is nearly everything."""
    return sum(
        len(encode_step(step, step.arguments, f"{step.target}Importer", artifacts))
        for step in plan.steps
        if isinstance(step, Call) and step.function.startswith("import")
    )


def _gas_by_call(plan: Plan, results: list[StepResult]) -> dict[str, int]:
    gas: Counter[str] = Counter()
    for result in results:
        step = result.step
        name = f"{step.target}.{step.function}" if isinstance(step, Call) else "deployment of the importers"
        gas[name] += result.gas_used
    return {name: amount for name, amount in gas.most_common() if amount}


def _describe(found: Measurement) -> str:
    lines = [
        f"{found.orchestrators:,} orchestrators, {found.delegators:,} delegators; {found.accounts:,} accounts, "
        f"{found.file_bytes / 2**20:.1f} MiB",
        f"  {found.transactions} transactions, {found.gas_used:,} gas, the largest {found.largest_gas:,}; "
        f"{found.calldata_bytes:,} bytes of batches",
        f"  export {found.export_seconds:.1f} s, import {found.import_seconds:.1f} s, "
        f"verification of {found.values_compared:,} values {found.verify_seconds:.1f} s; "
        f"{found.views_compared:,} views are the same in both deployments",
    ]
    lines += [f"  {amount:13,}  {name}" for name, amount in list(found.gas_by_call.items())[:8]]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orchestrators", type=int, default=100)
    parser.add_argument("--delegators", type=int, default=2_000)
    parser.add_argument("--batch-gas", type=int, default=BATCH_GAS)
    parser.add_argument("--json", action="store_true", dest="as_json", help="figures as JSON")
    given = parser.parse_args()

    def say(words: str) -> None:
        if not given.as_json:
            print(words, flush=True)

    sizes = (given.delegators // 4, given.delegators)
    small, large = (measure(given.orchestrators, size, given.batch_gas, say) for size in sizes)
    gas, calldata = (
        extrapolate(small, large, figure, EXTRAPOLATED_DELEGATORS)
        for figure in ("gas_used", "calldata_bytes")
    )
    blocks = -(-gas // BLOCK_GAS)
    cost = gas * FEE_GWEI * GWEI / 10**18
    if given.as_json:
        figures = {"measured": [asdict(small), asdict(large)], "gas": gas, "calldata_bytes": calldata}
        print(json.dumps(figures | {"delegators": EXTRAPOLATED_DELEGATORS}, indent=1))
        return
    print(_describe(small))
    print(_describe(large))
    print(
        f"{EXTRAPOLATED_DELEGATORS:,} delegators: {gas:,} gas, at least {blocks} blocks of {BLOCK_GAS:,}; "
        f"{cost:.3f} ETH at {FEE_GWEI} gwei, without what a network charges for {calldata:,} bytes of data"
    )


if __name__ == "__main__":
    main()
