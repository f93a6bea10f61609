"""Prices and tickets of the demo, chosen so that a few seconds of video show every way in which a ticket ends."""

from dataclasses import dataclass

GWEI = 10**9
PIXELS_PER_PRICE = 10**6

EXPECTED_VALUE_WEI = 3 * 10**14
FACE_VALUE_WEI = 10**15
"""Three of ten tickets win, and a winner is worth its redemption, which costs 1e14 to 2e14 wei of gas at 1 gwei."""

MAX_EXPECTED_VALUE_WEI = 2 * EXPECTED_VALUE_WEI
"""Of one ticket, as the gateway accepts it: a win probability is rounded up."""

REDEEM_GAS = 250_000
TICKETS_AIMED_AT = 60
"""For the whole video, whatever its length: two winners or fewer among 60 come once in five million runs."""

DEPOSIT_WEI = 5 * FACE_VALUE_WEI // 2
"""Pays two winners, and half of the third; every other one is paid from the reserve."""

RESERVE_WEI = 300 * FACE_VALUE_WEI
"""One orchestrator may draw on half of it: more than all tickets could win."""

PARAMETERS_LIFETIME_BLOCKS = 10


@dataclass(frozen=True)
class Economics:
    """What the orchestrators charge and the gateway accepts."""

    price_wei_per_million_pixels: int
    budget_wei: int


def plan_economics(units: int) -> Economics:
    """The price at which `units` pixels cost the expected value of the tickets aimed at."""
    total_wei = TICKETS_AIMED_AT * EXPECTED_VALUE_WEI
    price_wei = -(-total_wei * PIXELS_PER_PRICE // units)
    return Economics(price_wei, budget_wei=4 * total_wei)
