"""The arithmetic of the protocol without rounding, beside the integer model.

Integers lose less than a base unit here and there.  This layer follows a run of the model in fractions, so that for
each amount that is credited the difference "exact − credited" is known, and is held to a bound worked out on paper.

    operations   what is rounded: formula, whom it favours, the bound
    history      LIP-36 as it is meant: stake and fees of a bond, followed round by round, without factors
    ledger       follows a model, call by call, and reports a `Rounding` for each amount credited

    ledger = ExactLedger(protocol)                         # before the first bond
    protocol.bonding_manager.reward("orchestrator")
    for rounding in ledger.follow("reward", ()):           # after each call that succeeds
        assert 0 <= rounding.error < rounding.bound

Splits of whole tokens are taken as made: when a commission is rounded down, the rest belongs to the delegators, by
rule.  What is exact here is what comes after: shares of a share, growth, and their sums over time.
"""

from reference_model.exact.ledger import ExactLedger
from reference_model.exact.operations import OPERATIONS, Operation, Rounding

__all__ = ["OPERATIONS", "ExactLedger", "Operation", "Rounding"]
