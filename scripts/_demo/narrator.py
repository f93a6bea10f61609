"""Progress for people: a spinner while a step runs, a line with its time once it is done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

WIDTH = 120
"""Of tables where the output is no terminal."""


class Narrator:
    """With `as_json` everything goes to standard error."""

    def __init__(self, as_json: bool):
        self.console = Console(stderr=as_json, highlight=False)
        if not self.console.is_terminal:
            self.console.width = WIDTH
        self.seconds: dict[str, float] = {}
        self._started = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator["Step"]:
        started = time.monotonic()
        with self.console.status(f"{title} …") as status:
            step = Step(title, status)
            yield step
        took = self.seconds[title] = round(time.monotonic() - started, 2)
        detail = f": {step.detail}" if step.detail else ""
        self.console.print(f"[green]✓[/green] {title}{detail} [dim]{took:.1f} s[/dim]", soft_wrap=True)

    def total_seconds(self) -> float:
        return round(time.monotonic() - self._started, 2)


class Step:
    """What is going on within a step, and what is left to say when it is done."""

    def __init__(self, title: str, status):
        self._title, self._status = title, status
        self.detail = ""

    def now(self, text: str) -> None:
        self._status.update(f"{self._title} … {text}")
