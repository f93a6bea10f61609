"""What a table of views is made of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reference_model.exceptions import ProtocolError
from reference_model.protocol import Protocol as Model
from reference_model.registry import Contract
from simulation.chain.addresses import raw_address

# (function, arguments, what the model says: a value, `Unordered`, or the error with which the view fails)
Row = tuple[str, tuple, Any]

# Wei, which no contract has a view of, are asked for under this name.
ETHER = "ETH"


@dataclass(frozen=True)
class Scene:
    """The model, and whom to look at."""

    model: Model
    contracts: Mapping[str, Contract]
    """Of the model, by the names that steps use."""
    accounts: tuple[str, ...]
    """Whoever may have a bond, fees or escrow; and the zero address, which must have nothing."""
    holders: tuple[str, ...]
    """Whoever may have LPT or ETH."""
    spender: str
    """The BondingManager, which is allowed to take LPT."""

    @property
    def round(self) -> int:
        """The current round; 0 while there is no clock."""
        answer = ask(self.model.rounds_manager.current_round)
        return 0 if isinstance(answer, ProtocolError) else answer


class Unordered(frozenset):
    """A list of which only the members count."""


def ask(view: Callable[..., Any], *arguments: Any) -> Any:
    """What a view of the model answers, be it an error."""
    try:
        return view(*arguments)
    except ProtocolError as error:
        return error


class Table:
    """The views of one contract; each method leaves out what the contract has not got.

    What is read when is for the observer to say (`Depth`): what is stored must show what every call wrote, what is
    derived follows from it by a formula.  A view that must fail is expected to with the error that the model raises
    (`ask`).
    """

    contract: str

    def totals(self, scene: Scene) -> Iterable[Row]:
        """Sums over everybody: few, since they are read after every step."""
        return ()

    def of_system(self, scene: Scene) -> Iterable[Row]:
        """All other views that are about nobody: parameters, the clock."""
        return ()

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        """Views that are read one by one, such as those that fail: one after the other, from block to block."""
        return ()

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        """Entries that hardly ever change: registered contracts, roles, redeemed tickets."""
        return ()

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        """What is stored of one of `scene.accounts`."""
        return ()

    def derived_of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        """What follows for the account from what is stored."""
        return ()

    def of_holder(self, scene: Scene, holder: str) -> Iterable[Row]:
        """What is stored of one of `scene.holders`."""
        return ()

    def of_round(self, scene: Scene, round_number: int) -> Iterable[Row]:
        """Views of a round: an earlier one, the current one, or one of the next two."""
        return ()

    def of_account_in_round(self, scene: Scene, account: str, round_number: int) -> Iterable[Row]:
        """Views of one of `scene.accounts` in such a round."""
        return ()


@lru_cache(maxsize=4096)
def _encode_address(address: str) -> bytes:
    return raw_address(address).rjust(32, b"\0")


def encode_words(value: Any) -> bytes:
    """The ABI encoding of a value, or of several, of static types."""
    if isinstance(value, tuple):
        return b"".join([encode_words(part) for part in value])
    if isinstance(value, str):
        return _encode_address(value)
    if isinstance(value, bytes):
        return value.ljust(32, b"\0")
    return int(value).to_bytes(32, "big")
