"""What is measured: functions from a `Bench` in some stage to the gas of one transaction.

@operation("unbond.partial", hinted=True)
def unbond_partial(bench, hints):
    "Scenario, for docs/gas.md."
    return bench.unbond(bench.D0, 5 * LPT, hints)

A hinted operation is recorded twice: NAME.nohint with `hints=None`, and NAME.hint with the exact hints that
`around` names.
"""

from collections.abc import Callable
from typing import NamedTuple

from simulation.chain.receipts import Receipt
from tests.gas.bench import Bench, Stage

ALL_SIZES = (1, 10, 50, 100)
SEVERAL = (10, 50, 100)
TEN = (10,)
NONE = (0,)  # an empty system

Measure = Callable[[Bench], int | Receipt]
Hints = Callable[[Bench], tuple]


class Operation(NamedTuple):
    """One row of the record; `area` is the name of its snapshot."""

    name: str
    area: str
    sizes: tuple[int, ...]
    stage: Stage
    scenario: str
    measure: Measure

    def gas(self, bench: Bench) -> int:
        measured = self.measure(bench)
        return measured.gas_used if isinstance(measured, Receipt) else measured


OPERATIONS: list[Operation] = []


def operation(
    name: str,
    sizes: tuple[int, ...] = ALL_SIZES,
    stage: Stage = Stage.OPEN,
    hints: Hints | None = None,
) -> Callable:
    """Record the function as operation `name`, or, with `hints`, as NAME.nohint and NAME.hint."""

    def register(function):
        area = function.__module__.rpartition(".")[2].removeprefix("measure_")
        scenario = " ".join(function.__doc__.split())

        def add(row: str, text: str, measure: Measure) -> None:
            OPERATIONS.append(Operation(row, area, sizes, stage, text, measure))

        if hints is None:
            add(name, scenario, function)
        else:
            add(f"{name}.nohint", scenario, lambda bench: function(bench, None))
            add(f"{name}.hint", "the same with exact hints", lambda bench: function(bench, hints(bench)))
        return function

    return register
