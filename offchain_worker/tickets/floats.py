"""Max float: how much an orchestrator dares to have outstanding against one sender (offchain.md 9)."""

from __future__ import annotations

TRUSTED_DEPOSIT_RATIO = 3
"""A deposit of three times the pending redemptions is taken as evidence that they will be met from it."""


def compute_max_float_wei(claimable_reserve_wei: int, deposit_wei: int, pending_wei: int) -> int:
    """Face value up to which a new ticket is acceptable; may be negative.

    `pending_wei` counts every winner that is not settled yet, queued ones included (weakness W7).
    """
    if pending_wei > 0 and deposit_wei >= TRUSTED_DEPOSIT_RATIO * pending_wei:
        return claimable_reserve_wei
    return claimable_reserve_wei - pending_wei


def is_redeemable(face_value_wei: int, deposit_wei: int, claimable_reserve_wei: int) -> bool:
    """The broker settles a winner only if deposit and claimable reserve cover the whole face value (DEV-1)."""
    return deposit_wei + claimable_reserve_wei >= face_value_wei
