"""What the deployment command shows: tables and progress for people, one JSON document for scripts."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from scripts._deployment.encoding import creation_address
from scripts._deployment.errors import DeploymentError
from scripts._deployment.execution import StepResult
from scripts._deployment.node import Fees
from scripts._deployment.plan import Deploy, Plan, Step
from scripts._deployment.registry import Registry
from scripts._deployment.rehearsal import Rehearsed


class Output:
    """With `as_json` everything but the final document goes to standard error."""

    def __init__(self, as_json: bool):
        self._as_json = as_json
        console = Console(stderr=as_json, highlight=False)
        # In a file or a pipe nothing is cut off.
        self._console = (
            console if console.is_terminal else Console(stderr=as_json, highlight=False, width=120)
        )
        self._gas_used = self._cost_wei = 0

    def plan(self, plan: Plan, deployer: str, nonces: Sequence[int], path: Path) -> None:
        """The steps, with the address of each new contract if the deployer sends nothing else meanwhile. `nonces` are
        those of the steps: `step_nonces`.
        """
        table = Table(
            box=SIMPLE, title=f"Plan for {plan.parameters.network}, chain {plan.parameters.chain_id}"
        )
        table.add_column("#", justify="right")
        table.add_column("step")
        table.add_column("arguments or address", overflow="fold")
        for number, (step, nonce) in enumerate(zip(plan.steps, nonces, strict=True), 1):
            words = _arguments(getattr(step, "arguments", ()))
            if isinstance(step, Deploy):
                words = f"{creation_address(deployer, nonce)}" + (f" ({words})" if words else "")
            table.add_row(str(number), step.title, words)
        self._console.print(table)
        self._console.print(
            f"deployer {deployer}\nregistry {path}\nplan     {plan.digest}\n"
            "The addresses hold if the deployer sends nothing else before the end."
        )

    def rehearsed(self, steps: Sequence[Rehearsed], fees: Fees) -> None:
        """Gas of each step, and the cost of all at the fees of now."""
        table = Table(box=SIMPLE, title="Rehearsal")
        table.add_column("#", justify="right")
        table.add_column("step")
        table.add_column("gas", justify="right", no_wrap=True)
        for number, result in enumerate(steps, 1):
            table.add_row(str(number), result.step.title, f"{result.gas_used:,}" if result.gas_used else "")
        self._console.print(table)
        self._gas_used = sum(result.gas_used for result in steps)
        self._cost_wei = self._gas_used * fees.max_fee_wei
        self._console.print(
            f"{len(steps)} steps, {self._gas_used:,} gas; at most {self._cost_wei / 10**18:.6f} ETH at "
            f"{fees.max_fee_wei / 10**9:.3f} gwei. Networks that charge for data besides (Arbitrum) add to that."
        )

    def not_sent(self, reason: str) -> None:
        """A dry run ends here."""
        self._console.print(f"Nothing was sent: {reason}.")
        if self._as_json:
            document = {"sent": False, "gas_used": self._gas_used, "cost_wei_at_most": self._cost_wei}
            print(json.dumps(document))

    def failed(self, error: DeploymentError) -> None:
        """What went wrong, and what to do about it."""
        if self._as_json:
            print(json.dumps({"error": type(error).__name__, "message": str(error)}))
        else:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)

    @contextmanager
    def progress(self, total: int) -> Iterator["StepProgress"]:
        """A bar over the steps."""
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=self._console, transient=True) as bar:
            progress = StepProgress(bar, bar.add_task("", total=total))
            yield progress
        self._gas_used = progress.gas_used
        if progress.earlier:
            self._console.print(f"{progress.earlier} steps were done by an earlier run.")

    def done(self, registry: Registry, path: Path, facts: int) -> None:
        table = Table(title="Deployed", box=SIMPLE)
        table.add_column("name", no_wrap=True)
        table.add_column("address", no_wrap=True)
        table.add_column("gas", justify="right", no_wrap=True)
        for name, entry in registry.contracts.items():
            gas = f"{entry.gas_used:,}" if entry.gas_used else ""
            table.add_row(name, entry.address, gas)
        self._console.print(table)
        self._console.print(
            f"{registry.steps_done} steps, {self._gas_used:,} gas; {facts} facts read back, all as planned.\n"
            f"Registry: {path}"
        )
        if self._as_json:
            document = {
                "sent": True,
                "gas_used": self._gas_used,
                "facts_checked": facts,
                "registry": str(path),
            }
            print(json.dumps(document | {"deployment": asdict(registry)}, sort_keys=True))


def _arguments(arguments: tuple) -> str:
    """Long hexadecimal words are shortened: whole ones are in the registry."""
    texts = (str(argument) for argument in arguments)
    return ", ".join(text if len(text) <= 42 else f"{text[:18]}…{text[-6:]}" for text in texts)


class StepProgress:
    """Moves the bar on."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task
        self.gas_used = self.earlier = 0

    def done(self, result: StepResult) -> None:
        """A step is on the chain."""
        self.gas_used += result.gas_used
        self.earlier += result.earlier
        self._bar.update(self._task, completed=result.number, description=result.step.title)

    def rehearsing(self, number: int, step: Step) -> None:
        """A step is being rehearsed."""
        self._bar.update(self._task, completed=number, description=step.title)
