"""What the commands of governance show."""

from collections.abc import Sequence

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scripts._deployment.amounts import format_lpt, round_lpt
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Registry
from scripts._governance.actions import TreasuryCall
from scripts._governance.decoding import describe_call
from scripts._governance.printable import printable
from scripts._governance.proposals import Proposal, Standing
from scripts._governance.rehearsal import Rehearsal


def wide_console(width: int = 140, stderr: bool = False) -> Console:
    """A terminal as wide as it is; in a file or a pipe nothing is cut off."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=width)


def show_calls(calls: Sequence[TreasuryCall], number: int, as_json: bool) -> None:
    """What the treasury would do, call by call."""
    lines = ["Calls of the treasury"]
    for position, call in enumerate(calls, 1):
        lines += [f"{position}. {printable(call.title)}", *_details(call.target, call.value, call.data)]
    click.echo("\n".join([*lines, f"proposal {number}"]), err=as_json)


def describe_calls(proposal: Proposal, reader: Reader) -> list[list[str]]:
    """What each call of a proposal does, and the calls inside of it, as far as the registry file tells."""
    contents = zip(proposal.targets, proposal.calldatas, strict=True)
    return [[printable(line) for line in describe_call(*content, reader)] for content in contents]


def show_proposal(proposal: Proposal, reader: Reader, as_json: bool) -> None:
    """Title, text and calls of a proposal that is on the chain."""
    lines = [proposal.title, f"proposal {proposal.id}", f"by {proposal.proposer}"]
    # Marked line by line: what somebody writes must not pass for what follows.
    lines += [f"  | {line}" for line in proposal.text.splitlines()]
    lines.append("Calls of the treasury")
    described = describe_calls(proposal, reader)
    contents = zip(described, proposal.targets, proposal.values, proposal.calldatas, strict=True)
    for position, ((first, *inner), target, value, data) in enumerate(contents, 1):
        lines += [f"{position}. {first}", *(f"   {line}" for line in inner), *_details(target, value, data)]
    click.echo("\n".join(lines), err=as_json)


def _details(target: str, value: int, data: bytes) -> list[str]:
    paid = f"   with {format_lpt(value)} ETH" if value else "   without ETH"
    return [f"   to {target}", paid, f"   0x{data.hex()}"]


def show_changes(rehearsal: Rehearsal, registry: Registry, as_json: bool) -> None:
    """What would be different afterwards."""
    names = {entry.address: name for name, entry in registry.contracts.items()}
    lines = ["What changes when it is executed now"]
    for change in sorted(rehearsal.changes, key=lambda c: (c.what.startswith("storage"), c.what, c.account)):
        account = names.get(change.account, change.account)
        if change.what.startswith("storage"):
            lines += [f"   {account}, {change.what}:", f"      {change.before:#x} → {change.after:#x}"]
        elif change.what == "LPT":
            moved = change.after - change.before
            lines.append(f"   {account}: {'+' if moved > 0 else ''}{format_lpt(moved)} LPT")
        else:
            lines.append(f"   {account}: {format_lpt(change.before)} → {format_lpt(change.after)} ETH")
    lines += ["   nothing"] if not rehearsal.changes else []
    click.echo("\n".join([*lines, f"{rehearsal.gas_used:,} gas for the calls alone"]), err=as_json)


def describe_standing(proposal: Proposal, standing: Standing, reader: Reader) -> dict:
    """A proposal as a script reads it; amounts in LPT base units and wei, as texts."""
    return {
        "position": proposal.position,
        "id": str(proposal.id),
        "title": proposal.title,
        "proposer": proposal.proposer,
        "state": standing.state.name.lower(),
        "snapshot_round": proposal.snapshot_round,
        "deadline_round": proposal.deadline_round,
        "current_round": standing.current_round,
        "for": str(standing.for_votes),
        "against": str(standing.against_votes),
        "abstain": str(standing.abstain_votes),
        "quorum": None if standing.quorum is None else str(standing.quorum),
        "executable_in_seconds": standing.wait_seconds,
        "next": standing.explain(proposal),
        "targets": list(proposal.targets),
        "values": [str(value) for value in proposal.values],
        "calldatas": ["0x" + data.hex() for data in proposal.calldatas],
        "calls": describe_calls(proposal, reader),
    }


def show_proposals(proposals: Sequence[Proposal], standings: Sequence[Standing]) -> None:
    """A table, the newest last."""
    if not proposals:
        print("No proposals yet.")
        return
    table = Table(box=SIMPLE, title="Votes in LPT")
    for column in ("#", "title", "state"):
        table.add_column(column)
    for column in ("for", "against", "abstain", "quorum"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("next")
    for proposal, standing in zip(proposals, standings, strict=True):
        quorum = "not known yet" if standing.quorum is None else round_lpt(standing.quorum)
        table.add_row(
            str(proposal.position),
            # Not as markup: whoever proposes must not style, hide or break it.
            Text(proposal.title),
            standing.state.name.lower(),
            round_lpt(standing.for_votes),
            round_lpt(standing.against_votes),
            round_lpt(standing.abstain_votes),
            quorum,
            standing.explain(proposal),
        )
    wide_console().print(table)
