"""Does the suite bite? Plants faults into a copy of the contracts and shows which claim breaks.

    python -m foundry.exam                      all of them, a few minutes
    python -m foundry.exam ReplayedTickets …    some
    python -m foundry.exam --json               for other programs

Each fault is a text replaced in one file. The copy and what Foundry makes of it lie in .forge/exam. The exit status
is 0 when every fault was caught by the claim that is named for it, 1 when not, 2 when the exam could not be held.
"""

import argparse
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from foundry.runner import Campaign, ForgeFailed, Result, build, run_campaign
from simulation.planted_faults import FaultNotPlanted, PlantedFault
from tools.solidity import ROOT

FOLDER = ROOT / ".forge" / "exam"
LINKED = ("node_modules", ".solcx")
COPIED = ("contracts", "foundry")
PROFILE = "invariants-fast"
RUNS, DEPTH, SEED = 64, 200, 1

MANAGER = "contracts/bonding/BondingManager.sol"
LEDGER = "contracts/bonding/BondingLedger.sol"
VOTES = "contracts/bonding/BondingVotes.sol"
EARNINGS = "contracts/libraries/EarningsLib.sol"
RESERVES = "contracts/libraries/ReserveLib.sol"
BROKER = "contracts/payments/TicketBroker.sol"
MINTER = "contracts/token/Minter.sol"
ROUNDS = "contracts/rounds/RoundsManager.sol"


@dataclass(frozen=True)
class Question:
    """A fault, in words, and the beginnings of the claims that may catch it."""

    fault: PlantedFault
    says: str
    caught_by: tuple[str, ...]


def _question(name: str, path: str, old: str, new: str, says: str, *caught_by: str) -> Question:
    return Question(PlantedFault(Path(path).stem, name, ((path, old, new),)), says, caught_by)


QUESTIONS = (
    _question(
        "RebondMissesTotal",
        MANAGER,
        "        _grow(delegate, amount, round);\n        if (delegate != account)",
        "        _storage().delegators[delegate].delegatedAmount += uint112(amount);\n"
        "        if (delegate != account)",
        "a rebond is missing in the total of the pool",
        "POOL-1",
    ),
    _question(
        "LockIsKept",
        LEDGER,
        "        delete _storage().unbondingLocks[msg.sender][lockId];",
        "",
        "a lock that was paid out can be used again",
        "BOND-12",
    ),
    _question(
        "OrchestratorMoves",
        MANAGER,
        "            require(currentDelegate != owner, RegisteredTranscoderCannotMove(owner, to));",
        "",
        "an orchestrator points its bond elsewhere and stays in the pool",
        "POOL-2",
    ),
    _question(
        "DelegateNotCheckpointed",
        MANAGER,
        "        if (to != owner) _checkpoint(to, round);",
        "",
        "a bond does not reach the votes of its delegate",
        "BOND-14, VOTE-1",
    ),
    _question(
        "SlashedStaysInPool",
        MANAGER,
        "            _resign(_transcoder, round);",
        "",
        "a slashed orchestrator stays in the pool",
        "POOL-4",
        "POOL-2",
    ),
    _question(
        "CommissionPaidTwice",
        EARNINGS,
        "uint256 delegatorRewards = rewards - commission;",
        "uint256 delegatorRewards = rewards;",
        "delegators get the commission once more",
        "EARN-8",
        "BOND-2",
    ),
    _question(
        "FeesUnderstated",
        MANAGER,
        "        delegator.fees = uint128(fees - _amount);",
        "        delegator.fees = uint128(fees - _amount / 2);",
        "a withdrawal of fees takes half of it off the books",
        "EARN-1",
        "EARN-9",
    ),
    _question(
        "NewRoundKeepsMinted",
        MINTER,
        "mintedTokens: 0});",
        "mintedTokens: $.issuance.mintedTokens});",
        "what earlier rounds minted counts against this one",
        "MINT-1",
        "RewardExceedsMintableTokens",
    ),
    _question(
        "PenaltyNotBurnt",
        MINTER,
        "        _token().burn(_amount);",
        "        _amount;",
        "the penalty of a slash stays with the Minter",
        "MINT-4",
        "BOND-5",
    ),
    _question(
        "LengthCountsFromZero",
        ROUNDS,
        "            SafeCast.toUint64(previous.lastRoundLengthUpdateStartBlock + roundsSinceUpdate * countedLength);",
        "            0;\n        clock.lastRoundLengthUpdateRound = toRound(0);",
        "a longer round brings an earlier round number back",
        "ROUND-1",
    ),
    _question(
        "ReplayedTickets",
        BROKER,
        "        _ticketBrokerStorage().usedTickets[ticketHash] = true;",
        "        _ticketBrokerStorage().usedTickets[ticketHash] = false;",
        "a ticket can be redeemed twice",
        "TICKET-4",
        "FN-1",
    ),
    _question(
        "WholeReserveForEach",
        RESERVES,
        "(fundsRemaining + claimedByAll) / activeSetSize;",
        "(fundsRemaining + claimedByAll);",
        "one orchestrator can draw the whole reserve",
        "RESERVE-2",
        "RESERVE-3",
    ),
    _question(
        "OthersCancelUnlock",
        BROKER,
        "        return msg.sender == sender;",
        "        return msg.sender != address(0) || sender != address(0);",
        "somebody else's funding keeps a sender from leaving",
        "TICKET-5",
    ),
    _question(
        "AnybodySetsPoolSize",
        MANAGER,
        "function setNumActiveTranscoders(uint256 _numActiveTranscoders) external onlyControllerOwner {",
        "function setNumActiveTranscoders(uint256 _numActiveTranscoders) external {",
        "anybody can enlarge the pool",
        "AUTH-3",
        "UnexpectedFailure",
    ),
    _question(
        "PausedBonds",
        LEDGER,
        "    function _startedRound() internal view returns (Round) {\n        _requireRunning();",
        "    function _startedRound() internal view returns (Round) {",
        "staking goes on while the system is paused",
        "AUTH-3, AUTH-4",
        "UnexpectedFailure",
    ),
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="FAULT", help="names of faults; default: all")
    parser.add_argument("--list", action="store_true", help="only name the faults")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs per fault (default: %(default)s)")
    parser.add_argument("--depth", type=int, default=DEPTH, help="actions per run (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="of the fuzzer (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="the results as JSON")
    given = parser.parse_args(arguments)
    known = {question.fault.name: question for question in QUESTIONS}
    if unknown := [name for name in given.names if name not in known]:
        parser.error(f"no fault is called {', '.join(unknown)}; there are {', '.join(known)}")
    if given.list:
        print("\n".join(f"{name}: {question.says}" for name, question in known.items()))
        return 0
    questions = [known[name] for name in given.names] or list(QUESTIONS)
    try:
        results = hold(questions, given.runs, given.depth, given.seed)
    except (FaultNotPlanted, ForgeFailed, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps([_as_data(q, r) for q, r in zip(questions, results, strict=True)], indent=2))
    else:
        print(table(questions, results))
    return 0 if all(is_caught(q, r) for q, r in zip(questions, results, strict=True)) else 1


def hold(questions: list[Question], runs: int, depth: int, seed: int) -> list[Result]:
    """Plant one fault after the other, and run the campaign on each; the sound contracts first."""
    _copy_project()
    campaign = Campaign(runs, depth, seed, profile=PROFILE, folder=FOLDER)
    print("the contracts without a fault", file=sys.stderr)
    build(PROFILE, FOLDER)
    if (sound := run_campaign(campaign)).failure:
        raise ForgeFailed(f"the contracts without a fault fail: {sound.failure}")
    results = []
    for number, question in enumerate(questions, 1):
        print(f"{number}/{len(questions)} {question.fault.name}", file=sys.stderr)
        results.append(_examine(question, campaign))
    return results


def _examine(question: Question, campaign: Campaign) -> Result:
    faulty = question.fault.sources()
    sound = {path: (FOLDER / path).read_text(encoding="utf-8") for path in faulty}
    try:
        for path, text in faulty.items():
            (FOLDER / path).write_text(text, encoding="utf-8")
        # A failure that an earlier exam left behind would be replayed first.
        shutil.rmtree(FOLDER / ".forge" / PROFILE / "failures", ignore_errors=True)
        build(PROFILE, FOLDER)
        return run_campaign(campaign)
    finally:
        for path, text in sound.items():
            (FOLDER / path).write_text(text, encoding="utf-8")


def _copy_project() -> None:
    """Bring the copy up to date; what Foundry made of it stays, so that little has to be compiled."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in LINKED:
        if not (FOLDER / name).is_symlink():
            (FOLDER / name).symlink_to(ROOT / name)
    for name in COPIED:
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        shutil.copytree(
            ROOT / name, FOLDER / name, ignore=shutil.ignore_patterns("*.py", "__pycache__", ".cache")
        )
    shutil.copy(ROOT / "foundry.toml", FOLDER)


def is_caught(question: Question, result: Result) -> bool:
    """Whether one of the claims named for the fault broke."""
    return result.failure is not None and any(claim in result.failure for claim in question.caught_by)


def broken_claim(failure: str) -> str:
    """The claim in a failure of ours; the name of the error where it is another's."""
    start = 'InvariantBroken("'
    if failure.startswith(start):
        return failure[len(start) : failure.index('"', len(start))]
    return failure.split("(", 1)[0].strip()


def table(questions: list[Question], results: list[Result]) -> str:
    """The outcome as Markdown."""
    lines = ["| fault | in words | caught by | actions | shrunk to |", "|---|---|---|---:|---:|"]
    for question, result in zip(questions, results, strict=True):
        name = f"{question.fault.contract}: {question.fault.name}"
        if result.failure is None:
            lines.append(f"| {name} | {question.says} | **not caught** | {result.calls} | |")
            continue
        claim = broken_claim(result.failure)
        claim = claim if is_caught(question, result) else f"**not as expected**: {claim}"
        lines.append(f"| {name} | {question.says} | {claim} | {result.calls} | {len(result.shortest)} |")
    return "\n".join(lines)


def _as_data(question: Question, result: Result) -> dict:
    return {
        "contract": question.fault.contract,
        "fault": question.fault.name,
        "says": question.says,
        "caught": is_caught(question, result),
        "failure": result.failure,
        "calls": result.calls,
        "shortest": list(result.shortest),
    }


if __name__ == "__main__":
    sys.exit(main())
