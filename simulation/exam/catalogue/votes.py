"""BondingVotes and the histories under it."""

from simulation.exam.fault import CHECKPOINTS, HISTORY, LEDGER, MANAGER, VOTES, fault

FAULTS = (
    fault(
        "EverybodyVotes",
        "a delegator votes whose delegate is no orchestrator (V16)",
        VOTES,
        "if (!_isOrchestrator(delegateAddress, ofDelegate)) return (0, delegateAddress);",
    ),
    fault(
        "ClaimRoundUntold",
        "a claim that earns nothing is not told (V16)",
        VOTES,
        " || previous.lastClaimRound != current.lastClaimRound",
    ),
    fault(
        "OwnerTwice",
        "the owner of a bond has its checkpoint twice (V16)",
        MANAGER,
        "if (to != owner) _checkpoint(to, round);",
        "_checkpoint(to, round);",
    ),
    fault(
        "CheckpointOfThisRound",
        "a checkpoint holds from the start of its round, and not of the next",
        LEDGER,
        "checkpointStake(account, round.next(), current)",
        "checkpointStake(account, round, current)",
    ),
    fault(
        "TotalWithoutCheckpoint",
        "the total active stake has no checkpoint",
        MANAGER,
        "_bondingVotes().checkpointTotal(totalActiveStake, _currentRound());",
    ),
    fault(
        "VotesOfRoundStart",
        "votes of now are those at the start of the round, and not of the next",
        VOTES,
        "(votes,) = getVotesAndDelegateAtRoundStart(_account, uint256(clock()) + 1);",
        "(votes,) = getVotesAndDelegateAtRoundStart(_account, uint256(clock()));",
    ),
    fault(
        "PastVotesOfRoundStart",
        "votes of a past round are those at its start, and not at its end",
        VOTES,
        "(votes,) = getVotesAndDelegateAtRoundStart(_account, _round + 1);",
        "(votes,) = getVotesAndDelegateAtRoundStart(_account, _round);",
    ),
    fault(
        "LostVotesUntold",
        "event DelegateVotesChanged is missing when votes become fewer",
        VOTES,
        "if (previousVotes != currentVotes) emit",
        "if (previousVotes < currentVotes) emit",
    ),
    fault(
        "VotesFromClaimRoundStart",
        "rewards of the claim round count in the votes again",
        VOTES,
        "own.lastClaimRound.toUint256() + 1",
        "own.lastClaimRound.toUint256()",
    ),
    fault(
        "SkippedRoundHasOldTotal",
        "a round that was not initialized has the total of the one before",
        VOTES,
        "return isBeforeFirst ? 0 : total.value;",
        "return isBeforeFirst ? 0 : totals.valueAt(_round);",
    ),
    fault(
        "SearchOffByOne",
        "a search of the past ends one entry too late",
        HISTORY,
        "if (self.earlier[middle].round.toUint256() < round) low = middle + 1;",
        "if (self.earlier[middle].round.toUint256() <= round) low = middle + 1;",
    ),
    fault(
        "LatestEntryTooLate",
        "the latest entry does not hold in its own round",
        HISTORY,
        "if (latest.round.toUint256() <= round) return latest.value;",
        "if (latest.round.toUint256() < round) return latest.value;",
    ),
    fault(
        "PastOverwritten",
        "each entry that becomes past overwrites the one before",
        HISTORY,
        "++index;",
    ),
    fault(
        "LatestForTheFuture",
        "the latest entry is found for rounds after it",
        HISTORY,
        "if (latest.round.toUint256() < round) delete latest;",
    ),
    fault(
        "FirstDelegateIsItself",
        "delegates are numbered from the number that stands for the account itself",
        CHECKPOINTS,
        "SafeCast.toUint32(FIRST_NUMBER + self.delegates.length)",
        "SafeCast.toUint32(ITSELF + self.delegates.length)",
    ),
)
