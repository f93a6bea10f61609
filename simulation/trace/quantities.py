"""In which unit a view answers, and how an amount is shown."""

from enum import Enum
from typing import Any

from simulation.trace.pictures import ETHER

BASE_UNITS = 10**18
# Smaller amounts are shown as a count of base units: eighteen decimals of zeros are hard to compare.
SMALLEST_SHOWN = 10**9


class Unit(Enum):
    """The unit; the value is its sign."""

    LPT = "LPT"
    ETH = "ETH"
    PPM = "ppm"
    PPB = "ppb"
    RAY = "× 1e-27"
    ROUND = "round"
    BLOCK = "block"
    ROUNDS = "rounds"
    BLOCKS = "blocks"
    STATUS_OF_DELEGATOR = "0 pending, 1 bonded, 2 unbonded"
    STATUS_OF_ORCHESTRATOR = "0 not registered, 1 registered"
    NONE = ""


# By name of an output; where a view has one output without a name, by the view's own.
_NAMES = {
    Unit.LPT: (
        "bondedAmount delegatedAmount activeCumulativeRewards cumulativeRewards totalStake amount pendingStake "
        "transcoderTotalStake currentRoundTotalActiveStake nextRoundTotalActiveStake getTotalBonded "
        "treasuryBalanceCeiling currentMintableTokens currentMintedTokens getGlobalTotalSupply totalSupply balanceOf "
        "allowance votes getTotalActiveStakeAt getPastTotalSupply"
    ),
    Unit.ETH: (
        "fees cumulativeFees pendingFees deposit fundsRemaining claimedInCurrentRound claimedReserve claimableReserve "
        "balance"
    ),
    Unit.PPM: "rewardCut feeShare transcoderRewardCut transcoderFeeShare roundLockAmount",
    Unit.PPB: "inflation inflationChange targetBondingRate",
    Unit.RAY: (
        "cumulativeRewardFactor cumulativeFeeFactor treasuryRewardCutRate nextRoundTreasuryRewardCutRate "
        "rewardFactorOfRound"
    ),
    Unit.ROUND: (
        "startRound lastClaimRound lastRewardRound lastActiveStakeUpdateRound activationRound deactivationRound "
        "lastFeeRound withdrawRound currentRound lastInitializedRound lastRoundLengthUpdateRound clock round"
    ),
    Unit.BLOCK: "currentRoundStartBlock lastRoundLengthUpdateStartBlock",
    Unit.ROUNDS: "unbondingPeriod unlockPeriod ticketValidityPeriod",
    Unit.BLOCKS: "roundLength",
    Unit.STATUS_OF_DELEGATOR: "delegatorStatus",
    Unit.STATUS_OF_ORCHESTRATOR: "transcoderStatus",
}
_STATUSES = (Unit.STATUS_OF_DELEGATOR, Unit.STATUS_OF_ORCHESTRATOR)
_UNITS = {name: unit for unit, names in _NAMES.items() for name in names.split()}


def unit_of(contract: str, function: str, field: str) -> Unit:
    """The unit of one output of a view."""
    if contract == ETHER:
        return Unit.ETH
    return _UNITS.get(field.rpartition(".")[2] or function, Unit.NONE)


def show(value: Any, unit: Unit) -> str:
    """A value with its unit; every digit is there."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int):
        return str(value)
    if unit in _STATUSES:
        return dict(word.split(" ", 1) for word in unit.value.split(", ")).get(str(value), str(value))
    if unit in (Unit.LPT, Unit.ETH):
        return _show_amount(value, unit)
    text = f"{value:,}"
    if unit in (Unit.ROUND, Unit.BLOCK):
        return f"{unit.value} {text}"
    return f"{text} {unit.value}".strip()


def show_difference(before: Any, after: Any, unit: Unit) -> str:
    """By how much an amount grew; nothing for what has no difference."""
    is_amount = isinstance(before, int) and isinstance(after, int)
    if not is_amount or isinstance(before, bool) or isinstance(after, bool) or unit in _STATUSES:
        return ""
    sign = "+" if after >= before else "−"
    plain = {Unit.ROUND: Unit.ROUNDS, Unit.BLOCK: Unit.BLOCKS}.get(unit, unit)
    return sign + show(abs(after - before), plain)


def _show_amount(value: int, unit: Unit) -> str:
    if 0 < abs(value) < SMALLEST_SHOWN:
        return f"{value:,} {'wei' if unit is Unit.ETH else 'base units of LPT'}"
    whole, part = divmod(abs(value), BASE_UNITS)
    decimals = f"{part:018d}".rstrip("0")
    sign = "−" if value < 0 else ""
    return f"{sign}{whole:,}{'.' + decimals if decimals else ''} {unit.value}"
