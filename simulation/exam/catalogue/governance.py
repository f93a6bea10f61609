"""The LivepeerGovernor, how it counts, and polls."""

from simulation.exam.fault import COUNTING, LIVEPEER_GOVERNOR, POLL_CREATOR, fault

_OVERRIDES = "    // --- INTERNAL ---\n"


def _overriding(name: str, what: str, function: str):
    """A fault in code of the library: a function of it is overridden."""
    return fault(name, what, LIVEPEER_GOVERNOR, _OVERRIDES, f"{_OVERRIDES}\n    {function}\n")


FAULTS = (
    fault(
        "OverrideVotesTwice",
        "a delegator's override leaves its orchestrator's vote as it was (G2)",
        COUNTING,
        "            tally.votes[uint8(voter.support)] -= taken;\n",
    ),
    fault(
        "OverrideForgotten",
        "an orchestrator that votes after its delegators counts what they have voted as well (G2)",
        COUNTING,
        "        voter.deductions += SafeCast.toUint120(weight);\n",
    ),
    fault(
        "TiePasses",
        "a tie passes, and so do abstentions alone (G3)",
        COUNTING,
        "forVotes * PPM_WHOLE > opinionated * quota()",
        "forVotes * PPM_WHOLE >= opinionated * quota()",
    ),
    fault(
        "AbstentionsMissQuorum",
        "abstentions do not count for the quorum",
        COUNTING,
        " || opinionated + votes[uint8(VoteType.Abstain)] >= required",
    ),
    fault(
        "VotesBeforeSnapshot",
        "votes of a proposal are those at the start of its snapshot, and not at its end",
        LIVEPEER_GOVERNOR,
        "getVotesAndDelegateAtRoundStart(account, timepoint + 1)",
        "getVotesAndDelegateAtRoundStart(account, timepoint)",
    ),
    _overriding(
        "ProposerSuffixIgnored",
        "what is reserved to a proposer can be proposed by anybody (G4)",
        "function _isValidDescriptionForProposer(address, string memory) internal pure override returns (bool) "
        "{ return true; }",
    ),
    _overriding(
        "QuorumOfToday",
        "the quorum of a past proposal is that of now (G5)",
        "function quorumNumerator(uint256) public view override returns (uint256) { return quorumNumerator(); }",
    ),
    _overriding(
        "ExecutorGoverns",
        "whoever executes may set the governor, without a proposal (G6)",
        "function _checkGovernance() internal view override "
        "{ require(msg.sender == _executor(), GovernorOnlyExecutor(msg.sender)); }",
    ),
    fault(
        "PollOfOwnStake",
        "stake that is delegated to its creator does not open a poll",
        POLL_CREATOR,
        "IBondingManager(bondingManager).transcoderTotalStake(creator)",
        "0",
    ),
)
