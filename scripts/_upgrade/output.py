"""What `ape run upgrade` shows: findings, gas, differences; one JSON document for scripts."""

import json
import sys
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from scripts._upgrade.findings import UpgradeRefused
from scripts._upgrade.record import Files, Record
from scripts._upgrade.rehearsal import Rehearsal
from scripts._upgrade.run import Proposed
from scripts._upgrade.standing import Owner

WIDTH = 120


class Output:
    """With `as_json` everything but the final document goes to standard error."""

    def __init__(self, as_json: bool):
        self._as_json = as_json
        console = Console(stderr=as_json, highlight=False)
        # In a file or a pipe nothing is cut off.
        self._console = (
            console if console.is_terminal else Console(stderr=as_json, highlight=False, width=WIDTH)
        )
        self._document: dict = {}

    def say(self, text: str) -> None:
        """Progress."""
        print(f"… {text}", file=sys.stderr, flush=True)

    def proposed(self, proposed: Proposed) -> None:
        """What was found, and what the rehearsal gave."""
        standing = proposed.standing
        self._console.print(
            f"{standing.name}: code at {standing.target}, commit {standing.commit}\n"
            f"decides: {standing.owner}\n"
            f"new code: {len(proposed.candidate.artifact.runtime_bytecode):,} bytes, "
            + (f"at {proposed.target}" if proposed.target else "to be deployed")
        )
        for finding in proposed.findings:
            self._console.print(f"  {finding}", soft_wrap=True)
        self._document |= {
            "contract": standing.name,
            "previous": standing.target,
            "owner": {"address": standing.owner.address, "kind": standing.owner.kind},
            "findings": [vars(one) for one in [*proposed.findings, *proposed.rehearsal.findings]],
        }
        self.rehearsed(proposed.rehearsal)

    def rehearsed(self, rehearsal: Rehearsal) -> None:
        """The two courses side by side."""
        table = Table(box=SIMPLE, title="Smoke run on the fork")
        for column, justify in (
            ("operation", "left"),
            ("outcome", "left"),
            ("gas now", "right"),
            ("gas then", "right"),
            ("change", "right"),
        ):
            table.add_column(column, justify=justify)
        for one, other in zip(rehearsal.before, rehearsal.after, strict=False):
            gas = [f"{used:,}" if used else "" for used in (one.gas_used, other.gas_used)]
            change = other.gas_used - one.gas_used
            table.add_row(one.title, one.outcome[:60], *gas, f"{change:+,}" if change else "")
        self._console.print(table)
        costs = ", ".join(f"{title} {gas:,}" for title, gas in rehearsal.gas.items())
        self._console.print(
            f"{rehearsal.views:,} views about {rehearsal.accounts} accounts and {rehearsal.facts} facts compared; "
            f"gas: {costs}"
        )
        for finding in rehearsal.findings:
            self._console.print(f"  {finding}", soft_wrap=True)
        self._document |= {
            "views": rehearsal.views,
            "accounts": rehearsal.accounts,
            "facts": rehearsal.facts,
            "gas": rehearsal.gas,
            "operations": [
                {"title": one.title, "outcome": one.outcome, "gas": one.gas_used, "gas_then": other.gas_used}
                for one, other in zip(rehearsal.before, rehearsal.after, strict=False)
            ],
        }

    def not_sent(self, what: str) -> None:
        """A dry run ends here."""
        self._finish({"sent": False}, f"Nothing was sent: add --broadcast to {what}.")

    def staged(self, record: Record, owner: Owner, files: Files) -> None:
        """What was done, and what is next."""
        lines = [f"{record.name}: new code at {record.target}."]
        for file, use in (
            (files.proposal, f"ape run propose {files.proposal}"),
            (files.safe, f"load {files.safe} into the Safe's Transaction Builder"),
        ):
            if file.exists():
                lines.append(f"Next: {use}; then ape run upgrade {record.name} --execute.")
        if record.status == "deployed" and owner.kind == "account" and owner.governor:
            again = f"ape run upgrade {record.name} --target {record.target} --discard --broadcast"
            lines.append(f"Next, as {owner.address}, who decides: {again}.")
        elif len(lines) == 1:
            wait = f" after {record.delay_blocks} blocks" if record.delay_blocks else ""
            done = f"Staged as {record.update_hash}. " if record.status == "staged" else ""
            lines.append(f"{done}Next{wait}: ape run upgrade {record.name} --execute.")
        self._finish({"sent": True, **_of_record(record, files)}, "\n".join(lines))

    def executed(self, record: Record, differing: list[str]) -> None:
        """The end."""
        if record.moved:
            lines = [
                f"{record.name}: {len(record.moved)} contracts obey {record.target} now; {record.previous} was before.",
                "Clients that are configured with its address must be told.",
            ]
        else:
            lines = [f"{record.name}: {record.target} is registered now; {record.previous} was before."]
        lines += [f"  differs from the parameter file: {fact}" for fact in differing]
        lines.append(f"Back: ape run upgrade {record.name} --target {record.previous}.")
        document = {"sent": True, "status": record.status, "target": record.target, "differs": differing}
        self._finish(document, "\n".join(lines))

    def failed(self, error: Exception) -> None:
        """What went wrong, and what would be right."""
        if not self._as_json:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            return
        document = {"error": type(error).__name__, "message": str(error)}
        if isinstance(error, UpgradeRefused):
            document["findings"] = [vars(finding) for finding in error.findings]
        print(json.dumps(document))

    def _finish(self, document: dict, text: str) -> None:
        self._console.print(text, soft_wrap=True)
        if self._as_json:
            print(json.dumps(self._document | document))


def _of_record(record: Record, files: Files) -> dict:
    written = {"safe_file": files.safe, "proposal_file": files.proposal}
    return {
        "status": record.status,
        "target": record.target,
        "update_hash": record.update_hash,
        "record": str(files.record),
    } | {name: str(path) for name, path in written.items() if Path(path).exists()}
