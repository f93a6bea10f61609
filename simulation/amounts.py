"""Amounts that matter: none, dust, a part, all, one too much, and plenty."""

from simulation.choices import Choices, one_in

DUST = 1_000


def part_of(choices: Choices, whole: int) -> int:
    """An amount between nothing and one more than the whole."""
    kind = choices.integer(0, 9)
    if kind <= 2:
        return whole // (choices.integer(1, 9) + 1)
    if kind <= 5:
        return whole
    if kind == 6:
        return min(whole, 1)
    if kind == 7:
        return max(0, whole - choices.integer(0, 2))
    if kind == 8:
        return choices.integer(0, DUST)
    return whole + 1 if one_in(choices, 2) else 0


def stake_amount(choices: Choices, balance: int) -> int:
    """An amount to bond: round numbers often, so that stakes tie."""
    kind = choices.integer(0, 7)
    if kind <= 3:
        # Now and then a little more than the other, less than a rounded comparison could see.
        more = choices.integer(0, 3) if one_in(choices, 4) else 0
        return min(balance, choices.integer(1, 5) * 10**18 + more)
    if kind == 4:
        return choices.integer(0, 3)
    if kind == 5:
        return part_of(choices, balance)
    if kind == 6:
        return balance // (10 ** choices.integer(1, 9))
    return min(balance, choices.integer(1, DUST))


def face_value(choices: Choices, available: int) -> int:
    """Wei of a ticket, around what its sender has."""
    kind = choices.integer(0, 5)
    if kind <= 1:
        return available // (choices.integer(1, 20) + 1)
    if kind == 2:
        return choices.integer(0, DUST)
    return part_of(choices, available)
