"""What the migration command shows: tables for people, one JSON document for scripts."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from scripts._deployment.amounts import format_lpt
from scripts._deployment.facts import Fact, differing
from scripts._deployment.node import Fees
from scripts._deployment.plan import Call, Plan
from scripts._deployment.rehearsal import Rehearsed
from scripts._migration.plan import estimated_gas
from scripts._migration.state import State
from scripts._migration.state_file import root_of

ETHER = 10**18


class Output:
    """With `as_json` everything but the final document goes to standard error."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._console = Console(stderr=as_json, highlight=False)

    @contextmanager
    def reading(self) -> Iterator:
        """A bar over what is read from the chain; yields what `NodeLedger` reports to."""
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task("")

            def report(what: str, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total, description=what)

            yield report

    def state(self, state: State, path: Path) -> None:
        """What is in a file."""
        origin, totals = state.origin, state.totals
        table = Table(box=SIMPLE, title=f"State of {origin.controller} at block {origin.block:,}")
        table.add_column("what")
        table.add_column("", justify="right")
        for what, value in (
            ("chain", f"{origin.chain_id}"),
            ("round; views of the past from round", f"{origin.round}; {origin.since}"),
            ("paused", "yes" if origin.paused else "no: for rehearsal only"),
            ("accounts", f"{totals.accounts:,}"),
            ("orchestrators, of them in the pool", f"{totals.orchestrators:,}; {len(state.bonding.pool):,}"),
            ("LPT bonded", format_lpt(totals.bonded)),
            ("LPT delegated, rewards included", format_lpt(totals.delegated)),
            ("LPT waiting for withdrawal", format_lpt(totals.locked)),
            ("LPT in the Minter", format_lpt(state.issuance.held_lpt)),
            ("ETH in the Minter", f"{state.issuance.held_wei / ETHER:.6f}"),
            ("ETH in deposits and reserves", f"{(totals.deposits + totals.reserves) / ETHER:.6f}"),
            ("redeemed tickets that are not out of date", f"{len(state.tickets.used):,}"),
            ("gas of an import, about", f"{estimated_gas(state):,}"),
        ):
            table.add_row(what, value)
        self._console.print(table)
        self._console.print(f"file {path}\nroot {root_of(state)}")
        if self._as_json:
            document = {"file": str(path), "root": root_of(state), "origin": origin.model_dump(mode="json")}
            document |= {"totals": totals.model_dump(mode="json"), "estimated_gas": estimated_gas(state)}
            print(json.dumps(document))

    def plan(self, plan: Plan, path: Path) -> None:
        """What would be sent, by contract and function."""
        counts: dict[str, int] = {}
        for step in plan.steps:
            if isinstance(step, Call):
                name = f"{step.target}.{step.function}"
                counts[name] = counts.get(name, 0) + 1
        table = Table(
            box=SIMPLE, title=f"Import into {plan.parameters.network}, {plan.transactions} transactions"
        )
        table.add_column("call")
        table.add_column("times", justify="right")
        for name, count in counts.items():
            table.add_row(name, str(count))
        self._console.print(table)
        self._console.print(f"record {path}\nplan   {plan.digest}")

    def rehearsed(self, steps: Sequence[Rehearsed], fees: Fees, reason: str) -> None:
        """What it costs; nothing was sent."""
        gas, largest = sum(step.gas_used for step in steps), max(step.gas_used for step in steps)
        cost = gas * fees.max_fee_wei
        self._console.print(
            f"Rehearsed: {gas:,} gas in all, {largest:,} in the largest transaction; at most {cost / ETHER:.6f} ETH "
            f"at {fees.max_fee_wei / 10**9:.3f} gwei. Networks that charge for data besides (Arbitrum) add to that.\n"
            f"Nothing was sent: {reason}."
        )
        if self._as_json:
            print(
                json.dumps({"sent": False, "gas_used": gas, "largest_gas": largest, "cost_wei_at_most": cost})
            )

    def imported(
        self, gas_used: int, facts: Sequence[Fact], plan: Plan, remaining: Sequence[str], path: Path
    ) -> None:
        """The end of an import; `remaining` calls move the money, if it has not been moved."""
        rest = ""
        if remaining:
            calls = "".join(f"\n  {title}" for title in remaining)
            rest = f"\nLPT and ETH are still in the source's Minter. Its owner and the token's have to call:{calls}"
        self._console.print(
            f"{plan.transactions} transactions, {gas_used:,} gas; {len(facts)} values read back, all as in the file."
            f"\nRecord: {path}{rest}\nThe system is still paused: unpause it when its clients are ready."
        )
        if self._as_json:
            print(
                json.dumps(
                    {
                        "sent": True,
                        "gas_used": gas_used,
                        "values_checked": len(facts),
                        "record": str(path),
                        "remaining": list(remaining),
                    }
                )
            )

    def verified(self, facts: Sequence[Fact]) -> None:
        """Every difference, or that there is none."""
        faults = differing(facts)
        for fault in faults:
            self._console.print(str(fault))
        self._console.print(f"{len(facts)} values compared, {len(faults)} differ.")
        if self._as_json:
            differences = [{"name": f.name, "found": str(f.found), "planned": str(f.planned)} for f in faults]
            print(json.dumps({"values_checked": len(facts), "differences": differences}))
