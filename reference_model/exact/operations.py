"""What the protocol rounds, and by how much at most.

Every division rounds down, so "exact − credited" is never negative; it is less than the bound.  Two shapes occur:

    ⌊x · p / Q⌋                          loses less than 1
    ⌊x · ⌊n · Q / d⌋ / Q⌋                loses less than 1 + x / Q: the ratio is rounded to one part in Q first

The derivations of the compound bounds stand where they are computed: `estimate_bound` here, the others in `history`.
"""

from fractions import Fraction
from typing import NamedTuple

from reference_model.constants import PPB_WHOLE, RAY_WHOLE

BASE_UNIT = "base unit"
FACTOR_UNIT = "10⁻²⁷ of a factor"


class Operation(NamedTuple):
    """One rounding of the protocol."""

    formula: str
    gainer: str
    """Who keeps what is rounded off."""
    bound: str
    unit: str = BASE_UNIT


class Rounding(NamedTuple):
    """One amount that was credited, with what it would be without rounding; the difference is below the bound."""

    operation: str
    exact: Fraction
    credited: int
    bound: Fraction

    @property
    def error(self) -> Fraction:
        """What the owner of the amount lost, in the operation's unit."""
        return self.exact - self.credited

    @property
    def holds(self) -> bool:
        """Whether the error lies where it must; nothing is lost where nothing was rounded, and the bound is 0."""
        return self.error == 0 or 0 < self.error < self.bound


MINTABLE = "mintable tokens"
MINTED = "minted reward"
TREASURY = "treasury cut"
COMMISSION = "reward commission"
OWN_REWARDS = "own rewards"
REWARD_FACTOR = "reward factor"
CLAIMED_STAKE = "claimed stake"
FEE_SHARE = "fee share"
OWN_FEES = "own fees"
FEE_FACTOR = "fee factor"
ESTIMATE = "estimated factor"
CLAIMED_FEES = "claimed fees"
RESERVE_SHARE = "reserve share"
PENALTY = "slashing penalty"
FINDER = "finder's reward"
WHOLE_REWARD_FACTOR = "reward factor since its start"
WHOLE_FEE_FACTOR = "fee factor since its start"
WHOLE_REWARDS = "orchestrator's rewards since its claim"
WHOLE_FEES = "orchestrator's fees since its claim"
BOND_STAKE = "stake since the bond began"
BOND_FEES = "fees since the first bond"
DUST = "dust of a bond that ended"

OPERATIONS: dict[str, Operation] = {
    # One step, from the integers that the model had before it.
    MINTABLE: Operation("supply · inflation / 10⁹", "nobody: not minted", "1"),
    MINTED: Operation("m · ⌊S · 10⁹ / T⌋ / 10⁹", "nobody: not minted", "1 + m / 10⁹"),
    TREASURY: Operation("M · treasury cut / 10²⁷", "orchestrator and delegators", "1"),
    COMMISSION: Operation("R · reward cut / 10⁶", "delegators", "1"),
    OWN_REWARDS: Operation("dr · ⌊acr · 10²⁷ / S⌋ / 10²⁷", "Minter", "1 + dr / 10²⁷"),
    REWARD_FACTOR: Operation("K · ⌊dr · 10²⁷ / S⌋ / 10²⁷", "Minter", "1 + K / 10²⁷", FACTOR_UNIT),
    CLAIMED_STAKE: Operation("b · ⌊K₁ · 10²⁷ / K₀⌋ / 10²⁷", "Minter", "1 + b / 10²⁷"),
    FEE_SHARE: Operation("F · fee share / 10⁶", "orchestrator", "1 per ticket"),
    OWN_FEES: Operation("df · ⌊acr · 10²⁷ / S⌋ / 10²⁷", "Minter", "1 + df / 10²⁷ per ticket"),
    FEE_FACTOR: Operation("K · ⌊df · 10²⁷ / S⌋ / 10²⁷", "Minter", "1 + K / 10²⁷ per ticket", FACTOR_UNIT),
    ESTIMATE: Operation(
        "K before r from K of r", "Minter", "K · (m / 10⁹ + 3) / (S + dr) + (K + K′) / 10²⁷ + 2", FACTOR_UNIT
    ),
    CLAIMED_FEES: Operation("b · ⌊(L₁ − L₀) · 10²⁷ / K₀⌋ / 10²⁷", "Minter", "1 + b / 10²⁷"),
    RESERVE_SHARE: Operation("(reserve + drawn in the round) / N", "sender", "1"),
    PENALTY: Operation("bonded · slash amount / 10⁶", "the slashed", "1"),
    FINDER: Operation("penalty · finder fee / 10⁶", "nobody: burnt", "1"),
    # Everything since a start, against a history without any rounding.
    WHOLE_REWARD_FACTOR: Operation("Π (1 + dr / S)", "Minter", "2 · n · C", FACTOR_UNIT),
    WHOLE_FEE_FACTOR: Operation(
        "Σ C · df / S", "Minter", "Σ (C + 1 + 2 · n · C · df / S) + est", FACTOR_UNIT
    ),
    WHOLE_REWARDS: Operation("Σ com + own", "Minter", "B ← B · g + 1 + dr / 10²⁷ per reward"),
    WHOLE_FEES: Operation("Σ cf + own", "Minter", "B ← B + B(acr) · df / S + 1 + df / 10²⁷ per ticket"),
    BOND_STAKE: Operation("b · Π g", "Minter", "B ← B · G + 1 + b / 10²⁷ · (1 + 2 · n · G) per claim"),
    BOND_FEES: Operation(
        "Σ b · φ",
        "Minter",
        "B ← B + B(b) · φ + 1 + b / 10²⁷ · (1 + Σ (G + 1 + 2 · n · G · df / S)) + est per claim",
    ),
    DUST: Operation("exact stake when the credited one is 0", "Minter", "that of the stake"),
}


def ratio_bound(amount: int, whole: int = RAY_WHOLE) -> Fraction:
    """Bound of ⌊amount · ⌊n · whole / d⌋ / whole⌋."""
    return 1 + Fraction(amount, whole)


def estimate_bound(factor: int, next_factor: int, mintable: int, stake: int, rewards: int) -> Fraction:
    """Bound of the factor K before a reward, worked backwards from K′ after it, in 10⁻²⁷.

    The estimate takes m · S / T for what was minted, which was rounded to 10⁻⁹ of m: M > m · S / T − m / 10⁹ − 1.
    Treasury cut and commission shrink the difference and round once each, so its part dr′ of the delegators is less
    than dr + m / 10⁹ + 3.  With K′ > K · (S + dr) / S − K / 10²⁷ − 1 and
    estimate > K′ · S / (S + dr′) − K′ / 10²⁷ − 1:

        K − estimate < K · (dr′ − dr) / (S + dr) + K / 10²⁷ + K′ / 10²⁷ + 2
    """
    missing = Fraction(mintable, PPB_WHOLE) + 3
    return factor * missing / (stake + rewards) + Fraction(factor + next_factor, RAY_WHOLE) + 2
