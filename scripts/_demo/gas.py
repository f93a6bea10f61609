"""Gas per operation, from receipts."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from statistics import median_low

from scripts._demo.records import Transaction

DEPLOYMENT = "(deployment)"


@dataclass(frozen=True)
class GasRow:
    operation: str
    count: int
    min: int
    median: int
    max: int
    total: int

    def to_json(self) -> dict:
        return asdict(self)


def gas_table(transactions: list[Transaction], deployed_at: int) -> list[GasRow]:
    """One row per operation, the dearest first; everything up to block `deployed_at` is one row of its own."""
    used: dict[str, list[int]] = defaultdict(list)
    for transaction in transactions:
        operation = DEPLOYMENT if transaction.block <= deployed_at else transaction.operation
        used[operation].append(transaction.gas_used)
    rows = [
        GasRow(operation, len(gas), min(gas), median_low(gas), max(gas), sum(gas))
        for operation, gas in used.items()
    ]
    return sorted(rows, key=lambda row: (row.operation != DEPLOYMENT, -row.median, row.operation))
