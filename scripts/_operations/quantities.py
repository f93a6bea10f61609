"""Values with their units: as people write them, and as contracts store them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from scripts._deployment.amounts import format_lpt
from scripts._operations.errors import UnusableValue

WRITTEN = re.compile(r"\s*([0-9][0-9_,]*(?:\.[0-9]+)?)\s*([A-Za-z%]*)\s*")
LPT = 10**18


@dataclass(frozen=True)
class Unit:
    """How many of the contract's steps one of each written unit is; `examples` are shown when a value does not fit.

    Where a number alone could be taken for two things it needs its unit: `bare` is False.
    """

    scales: dict[str, Decimal]
    examples: str
    bare: bool = False

    def parse(self, name: str, given: str) -> int:
        """The value as the contract takes it. Raises UnusableValue for another unit or a part of a step."""
        found = WRITTEN.fullmatch(given)
        if found is None:
            raise UnusableValue(name, given, f"a number with its unit, such as {self.examples}")
        unit = found[2]
        if unit not in self.scales and not (self.bare and not unit):
            raise UnusableValue(name, given, f"in {' or '.join(self.scales)}, such as {self.examples}")
        amount = Decimal(found[1].replace("_", "").replace(",", ""))
        steps = amount * (self.scales[unit] if unit else 1)
        if steps != steps.to_integral_value():
            raise UnusableValue(
                name, given, f"a whole number of the contract's steps, such as {self.examples}"
            )
        return int(steps)


def _count(*names: str) -> Unit:
    return Unit(dict.fromkeys(names, Decimal(1)), f"7 {names[0]}", bare=True)


def _share(step: str, whole: int) -> Unit:
    scales = {"%": Decimal(whole) / 100, "ppm": Decimal(whole) / 10**6}
    return Unit(scales | {step: Decimal(1)}, "10% or 100000ppm")


ROUNDS = _count("rounds", "round")
BLOCKS = _count("blocks", "block")
SECONDS = _count("seconds", "s")
ORCHESTRATORS = _count("orchestrators")
PPM, PPB, RAY = _share("ppm", 10**6), _share("ppb", 10**9), _share("ray", 10**27)
AMOUNT = Unit({"LPT": Decimal(LPT)}, "100 LPT")


def spell(unit: Unit, value: int) -> str:
    """A stored value for people."""
    if unit is AMOUNT:
        return f"{format_lpt(value)} LPT"
    if "%" in unit.scales:
        return f"{Decimal(value) / unit.scales['%']:f}%"
    return f"{value:,} {next(iter(unit.scales))}"
