"""What a campaign is asked for, checked before anything starts."""

import re
from dataclasses import dataclass
from pathlib import Path

from simulation.actions import ACTIONS_BY_AREA

DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
MIN_STEPS, MAX_STEPS = 1, 2_000


class BadInput(Exception):
    """An option that cannot be used; the message names it, what was found, and what would be right."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(f"{option}: {message}")
        self.option = option


@dataclass(frozen=True)
class Options:
    """See `ape run campaign --help`."""

    seconds: float
    workers: int
    seed: int
    areas: tuple[str, ...]
    steps: int
    out: Path
    engine: str = "pyrevm"
    runs: int | None = None
    """Stop after so many runs, even if time is left."""
    databases: tuple[str, ...] = ()
    ray: str | None = None
    faulty: str | None = None
    command: str = ""
    """The command line, for the report."""


def parse_duration(text: str) -> float:
    """Seconds of a text such as 90s, 10m or 1h30m. Raises BadInput."""
    match = DURATION.fullmatch(text.strip())
    parts = match.groups(default="0") if match else ()
    seconds = sum(int(part) * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    if not seconds:
        raise BadInput(
            "--time", f"found {text!r}, must be hours, minutes and seconds such as 90s, 10m or 1h30m"
        )
    return float(seconds)


def parse_areas(text: str | None) -> tuple[str, ...]:
    """Areas of the actions, separated by commas; all of them by default. Raises BadInput."""
    if text is None:
        # Some have two names.
        first_name_of: dict[int, str] = {}
        for area, actions in ACTIONS_BY_AREA.items():
            first_name_of.setdefault(id(actions), area)
        return tuple(first_name_of.values())
    by_name = {_plain(area): area for area in ACTIONS_BY_AREA}
    areas = [part.strip() for part in text.split(",") if part.strip()]
    for area in areas:
        if _plain(area) not in by_name:
            raise BadInput("--areas", f"found {area!r}, must be among {', '.join(by_name)}")
    if not areas:
        raise BadInput("--areas", f"found {text!r}, must be one or more of {', '.join(by_name)}")
    return tuple(dict.fromkeys(by_name[_plain(area)] for area in areas))


def _plain(area: str) -> str:
    """As it is written on a command line."""
    return area.replace(" ", "-")
