"""What people see while a campaign runs: a live table on a terminal, else a line now and then."""

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from simulation.campaign.campaign import State
from simulation.campaign.findings import Finding
from simulation.campaign.plan import name_of

LINE_SECONDS = 10.0
SHOWN_NAMES = 8
REFRESHES_PER_SECOND = 4


class Progress:
    """A context; `update` and `announce` are for `Campaign`. Everything goes to the console."""

    def __init__(
        self,
        console: Console,
        *,
        title: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console, self._title, self._clock = console, title, clock
        self._live = Live(console=console, refresh_per_second=REFRESHES_PER_SECOND, transient=True)
        self._last_line = clock()

    def __enter__(self) -> "Progress":
        self._say(self._title)
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._live.stop()

    def update(self, state: State) -> None:
        """Show how things stand."""
        if self._console.is_terminal:
            self._live.update(self._picture(state))
        elif self._clock() - self._last_line >= LINE_SECONDS:
            self._last_line = self._clock()
            self._say(f"{state.seconds:6.0f} s  {_coverage(state)}; {_troubles(state)}")

    def announce(self, finding: Finding) -> None:
        """Say that there is a new failure, or that one is cut down."""
        names = ", ".join(finding.signature)
        if (minimised := finding.minimised) is None:
            self._say(f"{name_of(finding.runs[0])} fails: {names}")
        else:
            self._say(f"{name_of(minimised.number)} cut down to {minimised.steps} steps: {names}")
            self._say(f"  {finding.replay}")

    def conclude(self, state: State, page: Path) -> None:
        """The last words."""
        self._say(f"{state.phase} after {state.seconds:.0f} s: {_coverage(state)}; {_troubles(state)}")
        for finding in state.findings:
            self._say(f"  {', '.join(finding.signature)}: {finding.replay or finding.note}")
        if names := [name for kind in state.tally.missing().values() for name in kind]:
            shown = ", ".join(names[:SHOWN_NAMES]) + (", …" if len(names) > SHOWN_NAMES else "")
            self._say(f"not reached: {shown}")
        if names := state.tally.unforeseen():
            self._say(f"reached, though simulation/out_of_reach.py says that nothing can: {', '.join(names)}")
        self._say(f"report: {page}")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def _picture(self, state: State) -> Group:
        table = Table("worker", "runs", "steps", "steps/s", "ended", box=None, pad_edge=False)
        for column in table.columns[1:]:
            column.justify = "right"
        for number, line in state.workers.items():
            rate = line.steps / line.seconds if line.seconds else 0
            table.add_row(
                str(number), f"{line.runs:,}", f"{line.steps:,}", f"{rate:,.0f}", str(line.losses or "")
            )
        left = max(0.0, state.seconds_given - state.seconds)
        phase = f"{_clock_text(left)} left" if state.phase == "running" else state.phase
        troubles = Text(_troubles(state), style="red" if len(state.findings) or state.lost else "green")
        return Group(Text(f"{phase}  {_coverage(state)}"), troubles, table)


def _coverage(state: State) -> str:
    rate = state.steps_done / state.seconds if state.seconds else 0
    now, surface = state.tally.now(), state.tally.surface
    return (
        f"{state.steps_done:,} steps, {rate:,.0f}/s; entry points {now.entry_points} of "
        f"{len(surface.reachable_entry_points)}, errors {now.errors} of {len(surface.reachable_errors)}"
    )


def _troubles(state: State) -> str:
    failing = sum(finding.count for finding in state.findings)
    text = (
        f"{_count(len(state.findings), 'failure')} in {_count(failing, 'run')}"
        if failing
        else "no divergence"
    )
    return f"{text}, {_count(len(state.lost), 'worker')} ended" if state.lost else text


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _clock_text(seconds: float) -> str:
    minutes, rest = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
