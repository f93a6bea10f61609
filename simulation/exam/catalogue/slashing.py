"""Slashing."""

from simulation.exam.fault import MANAGER, fault

FAULTS = (
    fault(
        "SlashMissesTotals",
        "a penalty lowers the delegated amount, and neither the pool nor the total active stake",
        MANAGER,
        "_shrink(delegate, penalty, round);",
        "_storage().delegators[delegate].delegatedAmount -= uint112(penalty);",
    ),
    fault(
        "SlashedStaysInPool",
        "a slashed orchestrator stays in the pool",
        MANAGER,
        "_resign(_transcoder, round);\n            if (penalty",
        "if (penalty",
    ),
    fault(
        "SlashedKeepsDelegate",
        "who loses its whole bond keeps its delegate and start round",
        MANAGER,
        "if (penalty == bondedAmount) _endBond(delegator);",
    ),
    fault(
        "FinderPaidOfBond",
        "the finder's share is that of the bond, and not of the penalty",
        MANAGER,
        "toPpm(_finderFee).partDown(penalty)",
        "toPpm(_finderFee).partDown(bondedAmount)",
    ),
    fault(
        "SlashBurnsFindersPart",
        "what the finder got is burned as well",
        MANAGER,
        "minter.trustedBurnTokens(penalty - finderReward);",
        "minter.trustedBurnTokens(penalty);",
    ),
    fault(
        "SlashWithoutClaim",
        "a penalty does not claim earnings first",
        MANAGER,
        "_settle(_transcoder, round);",
    ),
    fault(
        "AnybodySlashes",
        "who slashes is not looked at",
        MANAGER,
        "_requireCaller(ContractIds.VERIFIER);",
    ),
    fault(
        "SlashWithoutCheckpoint",
        "a penalty leaves no checkpoint of the delegate",
        MANAGER,
        "if (delegate != _transcoder) _checkpoint(delegate, round);",
    ),
)
