"""LIP-36 as it is meant: what a bond earns, followed round by round.

There are no factors here, hence nothing to look up, to seed or to estimate.  Behind an orchestrator each round has

    g   growth of a unit of stake by the round's reward, 1 + dr / S; 1 without a reward
    f   fees for a unit of stake, Σ df / S

and stake that claimed in round c has, at the end of a later round,

    G = Π g over the rounds after c
    φ = Σ f · (Π g of the rounds after c and before that of f)      fees count on the stake before the round's reward

Beside each amount runs the bound of what the integers can have lost so far.  With u = 10⁻²⁷:

- A reward takes K to K′ > K · g − K · u − 1 (in units of u), and K ≥ 10²⁷: K′ > K · g · (1 − 2u).  After n rewards
  K₁ / K₀ > G · (1 − 2nu), and never more than G.
- A claim of stake: b · G − credited < b · G · 2nu + 1 + b · u.
- A ticket raises L by more than K · df / S − K · u − 1, for a bond by more than
  G · df / S · (1 − 2nu) − (G + 1) · u per unit of stake, G and n counted up to the round before.
- Where K was estimated (a share `estimated` too small), it is smaller by that share of itself.
- What an earlier rounding took does not grow: bounds are multiplied by the same growth as the amounts.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from reference_model.constants import RAY_WHOLE

GRAIN = 10**9
ONE, ZERO = Fraction(1), Fraction(0)


def round_up(bound: Fraction) -> Fraction:
    """A bound, to the next 10⁻⁹ above, so that its digits do not grow with the run."""
    return Fraction(ceil(bound * GRAIN), GRAIN)


@dataclass
class ExactRound:
    """What a round has brought to a unit of stake behind an orchestrator."""

    growth: Fraction = ONE
    fees: Fraction = ZERO
    tickets: int = 0
    estimated: Fraction = ZERO
    """Σ df / S · (share by which the factor may have been estimated too small)."""


@dataclass
class Stretch:
    """What a unit of stake has earned since a claim, and what bounds the roundings on the way."""

    growth: Fraction = ONE
    fees: Fraction = ZERO
    rewards: int = 0
    fee_units: Fraction = ZERO
    """Bound of lost fees per unit of stake, in 10⁻²⁷."""
    estimated: Fraction = ZERO

    def add(self, one: ExactRound) -> None:
        """Go on by a round."""
        self.fees += self.growth * one.fees
        self.fee_units += one.tickets * (self.growth + 1) + 2 * self.rewards * self.growth * one.fees
        self.estimated += self.growth * one.estimated
        if one.growth != 1:
            self.growth *= one.growth
            self.rewards += 1

    def stake_bound(self, bonded: int) -> Fraction:
        """Bound of what a claim rounds off a bond with its rewards."""
        return 1 + Fraction(bonded, RAY_WHOLE) * (1 + 2 * self.rewards * self.growth)

    def fees_bound(self, bonded: int) -> Fraction:
        """Bound of what a claim rounds off the fees of a bond."""
        return 1 + Fraction(bonded, RAY_WHOLE) * (1 + self.fee_units) + bonded * self.estimated


@dataclass
class Amount:
    """An exact amount, and the bound of what the credited one lacks."""

    exact: Fraction = ZERO
    bound: Fraction = ZERO

    def add(self, amount: Fraction | int, bound: Fraction | int = 0) -> None:
        """Credit something."""
        self.exact += amount
        self.bound = round_up(self.bound + bound)

    def take_all(self) -> "Amount":
        """What it was; it is nothing now."""
        taken = Amount(self.exact, self.bound)
        self.exact = self.bound = ZERO
        return taken


@dataclass
class ExactOrchestrator:
    """What an orchestrator has brought to its delegators and to itself."""

    rounds: list[int] = field(default_factory=list)
    earned: list[ExactRound] = field(default_factory=list)
    rewards: Amount = field(default_factory=Amount)
    """For itself, since its last claim."""
    active_rewards: Amount = field(default_factory=Amount)
    """`rewards` before the last reward."""
    fees: Amount = field(default_factory=Amount)
    whole: Stretch = field(default_factory=Stretch)
    """Everything before the round of `pending`."""
    last_reward_round: int = 0

    def since(self, claim_round: int) -> Stretch:
        """What a unit of stake has earned in the rounds after a claim."""
        stretch = Stretch()
        for one in self.earned[bisect_right(self.rounds, claim_round) :]:
            stretch.add(one)
        return stretch

    def add_reward(self, round_number: int, rewards: int, commission: int, stake: int) -> None:
        """Share a reward: `rewards` for all stake, of which the orchestrator's own unclaimed rewards are part."""
        growth = 1 + Fraction(rewards, stake)
        self.active_rewards = Amount(self.rewards.exact, self.rewards.bound)
        self.rewards = Amount(
            self.rewards.exact * growth + commission,
            round_up(self.rewards.bound * growth + 1 + Fraction(rewards, RAY_WHOLE)),
        )
        self._round(round_number).growth = growth
        self.last_reward_round = round_number

    def add_fees(
        self, round_number: int, fees: int, commission: int, stake: int, estimated: Fraction
    ) -> None:
        """Share the fees of a ticket; `estimated` is the share by which a factor may be too small."""
        own = self.active_rewards if self.last_reward_round == round_number else self.rewards
        share = Fraction(fees, stake)
        self.fees.add(own.exact * share + commission, own.bound * share + 1 + Fraction(fees, RAY_WHOLE))
        one = self._round(round_number)
        one.fees += share
        one.tickets += 1
        one.estimated += share * estimated

    def _round(self, round_number: int) -> ExactRound:
        if not self.rounds or self.rounds[-1] != round_number:
            if self.earned:
                self.whole.add(self.earned[-1])
            self.rounds.append(round_number)
            self.earned.append(ExactRound())
        return self.earned[-1]

    def so_far(self) -> Stretch:
        """What a unit of the first stake has earned."""
        whole = self.whole
        stretch = Stretch(whole.growth, whole.fees, whole.rewards, whole.fee_units, whole.estimated)
        if self.earned:
            stretch.add(self.earned[-1])
        return stretch


@dataclass
class ExactBond:
    """A delegator: stake of its bond and fees, exact and as credited."""

    stake: Amount = field(default_factory=Amount)
    fees: Amount = field(default_factory=Amount)
    credited_stake: int = 0
    credited_fees: int = 0

    def claim(self, stretch: Stretch) -> None:
        """Fold what a stretch has earned into stake and fees."""
        bonded = self.credited_stake
        self.fees.add(
            self.stake.exact * stretch.fees, self.stake.bound * stretch.fees + stretch.fees_bound(bonded)
        )
        self.stake = Amount(
            self.stake.exact * stretch.growth,
            round_up(self.stake.bound * stretch.growth + stretch.stake_bound(bonded)),
        )

    def move(self, amount: int) -> None:
        """Stake that comes or goes."""
        self.stake.add(amount)
        self.credited_stake += amount
