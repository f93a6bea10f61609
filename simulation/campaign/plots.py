"""Where the lines and bars of a report's plots go; `report.html.j2` draws them as SVG."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 760, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 34
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    position: float
    label: str


@dataclass(frozen=True)
class Line:
    """A named line; `points` as SVG has them."""

    name: str
    points: str


@dataclass(frozen=True)
class LinePlot:
    """Lines over a common horizontal axis."""

    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_name: str
    y_name: str


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class BarPlot:
    """A histogram."""

    bars: tuple[Bar, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_name: str
    y_name: str


def short_number(value: float) -> str:
    """1234567 → 1.2M"""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:.3g}{unit}"
    return f"{value:.3g}"


def line_plot(
    lines: Mapping[str, Points],
    *,
    x_name: str,
    y_name: str,
    y_most: float | None = None,
    is_log: bool = False,
    is_stepped: bool = False,
) -> LinePlot:
    """Lines from zero up; `is_log` for the horizontal axis, `is_stepped` where values hold until the next."""
    points = [point for line in lines.values() for point in line]
    x_most = max((x for x, _ in points), default=1) or 1
    y_top = y_most or max((y for _, y in points), default=1) or 1
    x_least = max(1.0, min((x for x, _ in points if x > 0), default=1)) if is_log else 0
    x_of = _scale(x_least, x_most, LEFT, WIDTH - RIGHT, is_log=is_log)
    y_of = _scale(0, y_top, HEIGHT - BOTTOM, TOP)
    drawn = tuple(
        Line(
            name,
            " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in (_stepped(line) if is_stepped else line)),
        )
        for name, line in lines.items()
    )
    x_values = _log_values(x_least, x_most) if is_log else _round_values(x_most)
    return LinePlot(
        drawn,
        tuple(Tick(x_of(value), short_number(value)) for value in x_values),
        tuple(Tick(y_of(value), short_number(value)) for value in _round_values(y_top)),
        x_name,
        y_name,
    )


def bar_plot(edges: Sequence[float], counts: Sequence[int], *, x_name: str, y_name: str) -> BarPlot:
    """A histogram with a logarithmic vertical axis: `counts[i]` lie between `edges[i]` and `edges[i + 1]`."""
    most = max(10, *counts)
    x_of = _scale(edges[0], edges[-1], LEFT, WIDTH - RIGHT)
    y_of = _scale(0.5, most, HEIGHT - BOTTOM, TOP, is_log=True)
    bottom = y_of(0.5)
    bars = tuple(
        Bar(
            x_of(low),
            y_of(count),
            x_of(high) - x_of(low) - 1,
            bottom - y_of(count),
            f"{low:g} to {high:g}: {count:,}",
        )
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
        if count
    )
    return BarPlot(
        bars,
        tuple(Tick(x_of(value), f"{value:g}") for value in edges[:: max(1, len(edges) // 10)]),
        tuple(Tick(y_of(value), short_number(value)) for value in _log_values(1, most)),
        x_name,
        y_name,
    )


def _scale(
    low: float, high: float, start: float, end: float, *, is_log: bool = False
) -> Callable[[float], float]:
    of = math.log10 if is_log else float
    span = (of(high) - of(low)) or 1

    def position(value: float) -> float:
        return start + (of(max(value, low)) - of(low)) / span * (end - start)

    return position


def _stepped(line: Points) -> list[tuple[float, float]]:
    points = list(line[:1])
    for (_, before), (x, y) in itertools.pairwise(line):
        points += [(x, before), (x, y)]
    return points


def _round_values(most: float) -> list[float]:
    """About five round values from zero to `most`."""
    rough = most / 5
    unit = 10 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= rough)
    return [index * step for index in range(int(most / step + 1e-9) + 1)]


def _log_values(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each power of ten; the powers alone where that would be many."""
    first, last = math.floor(math.log10(low)), math.floor(math.log10(high) + 1e-9)
    factors = (1, 2, 5) if last - first < 4 else (1,)
    values = [factor * 10.0**exponent for exponent in range(first, last + 1) for factor in factors]
    return [value for value in values if low <= value * (1 + 1e-9) and value <= high * (1 + 1e-9)]
