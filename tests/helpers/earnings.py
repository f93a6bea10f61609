"""The formulas of rewards and fees (LIP-36), literally: for expected values.

All divisions round down, and `frac` rounds down twice; both are part of the protocol.
"""

PPM = 10**6
RAY = 10**27


def cut6(amount: int, share_ppm: int) -> int:
    """A share in parts per million."""
    return amount * share_ppm // PPM


def cut27(amount: int, share_ray: int) -> int:
    """A share with 27 decimals."""
    return amount * share_ray // RAY


def frac(amount: int, numerator: int, denominator: int) -> int:
    """amount * (numerator / denominator), the ratio first: frac(3, 1, 3) is 0."""
    return amount * (numerator * RAY // denominator) // RAY


def reward_factor(base: int, rewards: int, reward_cut_ppm: int, stake: int) -> int:
    """The reward factor after a reward of `rewards` on `stake`; `base` is the factor before."""
    delegator_rewards = rewards - cut6(rewards, reward_cut_ppm)
    return base + frac(base, delegator_rewards, stake)


def own_rewards(rewards: int, reward_cut_ppm: int, active_rewards: int, stake: int) -> int:
    """What an orchestrator keeps of a reward: commission, and the yield of rewards that it has not claimed."""
    commission = cut6(rewards, reward_cut_ppm)
    return commission + frac(rewards - commission, active_rewards, stake)


def fee_factor(base: int, factor_before: int, fees: int, fee_share_ppm: int, stake: int) -> int:
    """The fee factor after `fees`; `base` is the fee factor, `factor_before` the reward factor of the round before."""
    return base + frac(factor_before, cut6(fees, fee_share_ppm), stake)


def estimated_factor(
    factor: int, mintable: int, stake: int, total: int, reward_cut_ppm: int, treasury_cut_ray: int = 0
) -> int:
    """The reward factor of the round before, worked back from `factor` and what the round allots (staking 4.3)."""
    rewards = frac(mintable, stake, total)
    rewards -= cut27(rewards, treasury_cut_ray)
    return frac(factor, stake, rewards - cut6(rewards, reward_cut_ppm) + stake)


def own_fees(fees: int, fee_share_ppm: int, active_rewards: int, stake: int) -> int:
    """What an orchestrator keeps of fees."""
    delegator_fees = cut6(fees, fee_share_ppm)
    return fees - delegator_fees + frac(delegator_fees, active_rewards, stake)


def pending_stake(bonded: int, end_factor: int, start_factor: int = RAY) -> int:
    """A bond with what the factors have added since its claim."""
    return frac(bonded, end_factor, start_factor)


def pending_fees(bonded: int, end_fees: int, start_fees: int = 0, start_factor: int = RAY) -> int:
    """Fees since the claim of a bond."""
    return frac(bonded, end_fees - start_fees, start_factor)
