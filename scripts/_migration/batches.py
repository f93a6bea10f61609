"""Records packed into transactions that fit into blocks."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

# Gas of a transaction with no record: its price, the proxy, the guards, the digest.
GAS_PER_BATCH = 75_000
# Gas of a word that is written for the first time, with what reading and checking it costs.
GAS_PER_SLOT = 24_000
# Gas of a record besides: its calldata (about eight words, mostly zeros), and words that are only looked at.
GAS_PER_RECORD = 14_000


class Weighted(NamedTuple):
    """A record as the importer takes it, and how many storage words it takes."""

    item: Any
    slots: int

    @property
    def gas(self) -> int:
        """About; never less than it takes."""
        return GAS_PER_RECORD + self.slots * GAS_PER_SLOT


class Batch(NamedTuple):
    """One transaction, without its number."""

    function: str
    arguments: tuple
    size: str


def batches_of(
    function: str,
    records: Iterable[Weighted],
    batch_gas: int,
    shape: Callable[[tuple], tuple],
) -> Iterator[Batch]:
    """As many records in each batch as `batch_gas` allows, one at least, in the given order."""
    some: list[Any] = []
    gas = GAS_PER_BATCH
    for record in records:
        if some and gas + record.gas > batch_gas:
            yield _batch(function, some, shape)
            some, gas = [], GAS_PER_BATCH
        some.append(record.item)
        gas += record.gas
    if some:
        yield _batch(function, some, shape)


def _batch(function: str, items: list, shape: Callable[[tuple], tuple]) -> Batch:
    return Batch(function, shape(tuple(items)), f"{len(items)} record{'s' if len(items) > 1 else ''}")
