"""The ledger of a step: who has more or less of what afterwards, and what the model expects where it disagrees."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulation.observation.observer import View
from simulation.trace.pictures import ETHER, Answer, Picture, fields_of
from simulation.trace.player import Player
from simulation.trace.quantities import Unit, show, show_difference, unit_of

# What comes first: money, then what is stored of stake and tickets, then what follows from that.
_ORDER = ("ETH", "LivepeerToken", "BondingManager", "TicketBroker", "Minter", "RoundsManager", "Controller")
# Views that say again, in other words, what another one says.
RESTATEMENTS = frozenset(
    {
        ("BondingManager", "getTotalBonded"),
        ("BondingManager", "transcoderTotalStake"),
        ("BondingManager", "getNextTranscoderInPool"),
        ("BondingManager", "isRegisteredTranscoder"),
        ("BondingVotes", "getVotes"),
        ("BondingVotes", "delegates"),
        ("BondingVotes", "totalSupply"),
        ("BondingVotes", "clock"),
        ("Minter", "getGlobalTotalSupply"),
        ("RoundsManager", "blockNum"),
        ("RoundsManager", "currentRound"),
        ("RoundsManager", "currentRoundInitialized"),
        ("RoundsManager", "currentRoundLocked"),
        ("TicketBroker", "getReserveInfo"),
    }
)
# Their last argument is a round that they ignore.
_IGNORE_ROUND = frozenset({("BondingManager", "pendingStake"), ("BondingManager", "pendingFees")})


@dataclass(frozen=True)
class Entry:
    """One quantity. `expected` is set where the model expects something else than `after`."""

    who: str
    quantity: str
    unit: Unit
    before: Any
    after: Any
    expected: Any = None
    is_wrong: bool = False
    is_restatement: bool = False

    def texts(self) -> tuple[str, str, str, str, str]:
        """Who, quantity, before, after, difference: for people."""
        before, after = show(self.before, self.unit), show(self.after, self.unit)
        return self.who, self.quantity, before, after, show_difference(self.before, self.after, self.unit)


def ledger_of(player: Player, before: Picture, after: Picture) -> list[Entry]:
    """What changed between two pictures, and what is wrong in the second one; wrong entries first."""
    entries = []
    for view in sorted(after.answers, key=_rank):
        answer = after.answers[view]
        earlier = before.answers.get(view)
        if earlier is not None and (earlier.found != answer.found or answer.found != answer.expected):
            entries += _entries(player, view, earlier, answer)
    return sorted(entries, key=lambda entry: not entry.is_wrong)


def _entries(player: Player, view: View, before: Answer, after: Answer) -> Iterable[Entry]:
    contract, function, _ = view
    was, now, expected = (
        fields_of(player.world, view, words) for words in (before.found, after.found, after.expected)
    )
    for field in dict.fromkeys((*was, *now)):
        is_wrong = now.get(field) != expected.get(field)
        if was.get(field) == now.get(field) and not is_wrong:
            continue
        yield Entry(
            who=_who(player, view),
            quantity=_quantity(player, view, field),
            unit=unit_of(contract, function, field),
            before=_named(player, was.get(field)),
            after=_named(player, now.get(field)),
            expected=_named(player, expected.get(field)) if is_wrong else None,
            is_wrong=is_wrong,
            is_restatement=(contract, function) in RESTATEMENTS and not is_wrong,
        )


def _rank(view: View) -> tuple:
    contract, function, arguments = view
    position = _ORDER.index(contract) if contract in _ORDER else len(_ORDER)
    return position, str(arguments), function


def _who(player: Player, view: View) -> str:
    """The account that the view is about; the contract where it is about nobody."""
    contract, _, arguments = view
    owner = next((player.accounts.label(part) for part in arguments if player.accounts.label(part)), None)
    return owner or contract


def _quantity(player: Player, view: View, field: str) -> str:
    """The view with its further arguments, and the field: getDelegatorUnbondingLock(2).amount."""
    contract, function, arguments = view
    if contract == ETHER:
        return "ETH"
    if (contract, function) == ("LivepeerToken", "balanceOf"):
        return "LPT"
    owner = _who(player, view)
    rest = [part for part in arguments if player.accounts.label(part) != owner]
    if (contract, function) in _IGNORE_ROUND:
        rest = []
    shown = ", ".join(str(_named(player, part)) for part in rest)
    name = f"{function}({shown})" if shown else function
    return f"{name}.{field}" if field else name


def _named(player: Player, value: Any) -> Any:
    """Addresses and what has a name by it; other bytes in hexadecimal."""
    name = player.accounts.label(value) or player.names.of(value)
    return name if name is not None else ("0x" + value.hex() if isinstance(value, bytes) else value)
