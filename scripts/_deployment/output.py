"""What the deployment command shows: tables and progress for people, one JSON document for scripts."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from scripts._deployment.execution import StepResult
from scripts._deployment.plan import Plan
from scripts._deployment.registry import Registry


class Output:
    """With `as_json` everything but the final document goes to standard error."""

    def __init__(self, as_json: bool):
        self._as_json = as_json
        self._console = Console(stderr=as_json, highlight=False)
        self._gas_used = 0

    def plan(self, plan: Plan, deployer: str, path: Path) -> None:
        table = Table(
            box=SIMPLE, title=f"Plan for {plan.parameters.network}, chain {plan.parameters.chain_id}"
        )
        table.add_column("#", justify="right")
        table.add_column("step")
        table.add_column("arguments", overflow="fold")
        for number, step in enumerate(plan.steps, 1):
            table.add_row(str(number), step.title, _arguments(getattr(step, "arguments", ())))
        self._console.print(table)
        self._console.print(f"deployer {deployer}\nregistry {path}\nplan     {plan.digest}")

    def not_sent(self, reason: str) -> None:
        self._console.print(f"Nothing was sent: {reason}.")
        if self._as_json:
            print(json.dumps({"sent": False}))

    @contextmanager
    def progress(self, total: int) -> Iterator[Callable[[StepResult], None]]:
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task("", total=total)

            def on_step(result: StepResult) -> None:
                self._gas_used += result.gas_used
                bar.update(task, completed=result.number, description=result.step.title)

            yield on_step

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
