"""Exact balances: whole numbers of a unit so small that every credit and every fee is one (design notes 4.4).

One wei is `UNITS_PER_WEI` units. A ticket credits faceValue · winProbability · 10^6 units, a fee costs
pixels · price · MAX_WIN_PROBABILITY units; nothing is ever rounded.
"""

from __future__ import annotations

from offchain_worker.tickets.parameters import PRICE_UNIT_PIXELS
from offchain_worker.tickets.ticket import MAX_WIN_PROBABILITY

UNITS_PER_WEI = MAX_WIN_PROBABILITY * PRICE_UNIT_PIXELS


def compute_ticket_units(face_value_wei: int, win_probability: int) -> int:
    """Balance units that one ticket is worth."""
    return face_value_wei * win_probability * PRICE_UNIT_PIXELS


def compute_fee_units(pixels: int, price_wei: int) -> int:
    """Balance units that `pixels` cost at `price_wei` per million pixels."""
    return pixels * price_wei * MAX_WIN_PROBABILITY


def compute_fee_wei_up(pixels: int, price_wei: int) -> int:
    """The same fee in whole wei, rounded up; for people and budgets, never for balances."""
    return -(-pixels * price_wei // PRICE_UNIT_PIXELS)


def units_to_wei_down(units: int) -> int:
    """Whole wei in `units`, rounded towards minus infinity; for messages."""
    return units // UNITS_PER_WEI


def units_to_wei_up(units: int) -> int:
    """Whole wei that cover `units`, rounded up; for budgets and messages."""
    return -(-units // UNITS_PER_WEI)


def compute_tickets_needed(balance_units: int, min_credit_units: int, ticket_units: int) -> int:
    """Fewest tickets that lift `balance_units` to `min_credit_units` (offchain.md 7.3); 0 for worthless tickets."""
    if balance_units >= min_credit_units or ticket_units == 0:
        return 0
    return -(-(min_credit_units - balance_units) // ticket_units)
