"""What the commands of governance show."""

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from scripts._deployment.registry import Registry
from scripts._governance.actions import TreasuryCall
from scripts._governance.command import format_lpt, round_lpt
from scripts._governance.proposals import Proposal, Standing
from scripts._governance.rehearsal import Rehearsal


def wide_console(width: int = 140, stderr: bool = False) -> Console:
    """A terminal as wide as it is; in a file or a pipe nothing is cut off."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=width)


def show_calls(calls: Sequence[TreasuryCall], number: int, as_json: bool) -> None:
    """What the treasury would do, call by call."""
    table = Table(box=SIMPLE, title="Calls of the treasury")
    table.add_column("#", justify="right")
    table.add_column("what", overflow="fold")
    table.add_column("target", no_wrap=True)
    table.add_column("wei", justify="right")
    table.add_column("calldata", overflow="fold")
    for position, call in enumerate(calls, 1):
        table.add_row(str(position), call.title, call.target, str(call.value), "0x" + call.data.hex())
    console = wide_console(stderr=as_json)
    console.print(table)
    console.print(f"proposal {number}")


def show_changes(rehearsal: Rehearsal, registry: Registry, as_json: bool) -> None:
    """What would be different afterwards."""
    names = {entry.address: name for name, entry in registry.contracts.items()}
    table = Table(box=SIMPLE, title="What changes when it is executed now")
    table.add_column("account")
    table.add_column("what", overflow="fold")
    table.add_column("before", justify="right", overflow="fold")
    table.add_column("after", justify="right", overflow="fold")
    for change in sorted(rehearsal.changes, key=lambda c: (c.what.startswith("storage"), c.what, c.account)):
        if change.what.startswith("storage"):
            values = (hex(change.before), hex(change.after))
        elif change.what == "LPT":
            moved = change.after - change.before
            values = ("", ("+" if moved > 0 else "") + f"{format_lpt(moved)} LPT")
        else:
            values = (f"{format_lpt(change.before)} ETH", f"{format_lpt(change.after)} ETH")
        what = "balance" if change.what in ("LPT", "ETH") else change.what
        table.add_row(names.get(change.account, change.account), what, *values)
    console = wide_console(stderr=as_json)
    console.print(table)
    console.print(f"{rehearsal.gas_used:,} gas for the calls alone")


def describe_standing(proposal: Proposal, standing: Standing) -> dict:
    """A proposal as a script reads it; amounts in LPT base units, as texts."""
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
            proposal.title,
            standing.state.name.lower(),
            round_lpt(standing.for_votes),
            round_lpt(standing.against_votes),
            round_lpt(standing.abstain_votes),
            quorum,
            standing.explain(proposal),
        )
    wide_console().print(table)
