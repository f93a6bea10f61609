"""What becomes of proposals in random runs with governance, and how much of the stake at their snapshots counts.

    python -m simulation.decisions --steps 100000                # the reference model alone
    python -m simulation.decisions --steps 2000 --contracts      # contracts beside the model, in process

Every step is held to all invariants, among them GOV-7: counted votes never exceed the stake at the snapshot.  Printed
is how often each deep state was reached, and the largest share of the stake that ever counted.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Any

from rich.progress import Progress

from reference_model.proposals import ProposalState
from simulation.actions import ACTIONS_BY_AREA, GOVERNED
from simulation.burst import BYTES_PER_STEP, COMPARE_EVERY, STEPS, Chains, Weighted, draw_parameters
from simulation.choices import ByteChoices, Exhausted
from simulation.invariants import Chronicle, InvariantBroken, Moment, check_world
from simulation.invariants.proposals import VOTES
from simulation.model_stage import ModelWorld
from simulation.world import Divergence, World

REACHED = (
    "proposals",
    "executed",
    "canceled by their proposer",
    "canceled in the treasury",
    "defeated without quorum",
    "defeated by quota",
    "succeeded, not queued",
    "queued, not executed",
    "executions that failed",
    "votes",
    "overrides before the orchestrator's vote",
    "overrides after the orchestrator's vote",
    "orchestrators' votes less overrides",
    "votes of stake that has moved since the snapshot",
    "votes of orchestrators evicted since the snapshot",
)
AT_THE_END = {
    ProposalState.EXECUTED: "executed",
    ProposalState.SUCCEEDED: "succeeded, not queued",
    ProposalState.QUEUED: "queued, not executed",
}


@dataclass
class Decisions:
    """What runs have reached; `largest_share` of the stake at a snapshot was counted."""

    runs: int = 0
    steps: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    largest_share: Fraction = Fraction(0)

    def follow(self, moment: Moment) -> None:
        """Count what a step did."""
        model = moment.model
        for given in moment.told(*VOTES):
            self._count_vote(moment, given)
        step = moment.step
        if not moment.succeeded and getattr(step, "function", "") == "execute":
            self.reached["executions that failed"] += step.contract == "LivepeerGovernor"
        for proposal_id in {given["proposalId"] for given in moment.told(*VOTES)}:
            snapshot = moment.council.governor.proposal_snapshot(proposal_id)
            source = model.bonding_votes
            orchestrators = [a for a in moment.accounts if source.delegated_at(a, snapshot) == a]
            stake = sum(source.get_past_votes(account, snapshot) for account in orchestrators)
            if stake:
                share = Fraction(sum(moment.now.council.votes[proposal_id]), stake)
                self.largest_share = max(self.largest_share, share)

    def end(self, moment: Moment) -> None:
        """Count what has become of all proposals of a run."""
        governor, picture = moment.council.governor, moment.now.council
        self.runs += 1
        self.reached["proposals"] += len(picture.states)
        for proposal_id, state in picture.states.items():
            if state in AT_THE_END:
                self.reached[AT_THE_END[state]] += 1
            elif state is ProposalState.CANCELED:
                by_proposer = governor.proposals[proposal_id].is_canceled
                self.reached[f"canceled {'by their proposer' if by_proposer else 'in the treasury'}"] += 1
            elif state is ProposalState.DEFEATED:
                votes = picture.votes[proposal_id]
                has_quorum = sum(votes) >= governor.quorum(governor.proposal_snapshot(proposal_id))
                self.reached[f"defeated {'by quota' if has_quorum else 'without quorum'}"] += 1

    def _count_vote(self, moment: Moment, given: dict[str, Any]) -> None:
        model, voter, proposal_id = moment.model, given["voter"], given["proposalId"]
        source, snapshot = model.bonding_votes, moment.council.governor.proposal_snapshot(proposal_id)
        delegate = source.delegated_at(voter, snapshot)
        self.reached["votes"] += 1
        if source.get_votes(voter) != given["weight"]:
            self.reached["votes of stake that has moved since the snapshot"] += 1
        if given["weight"] == 0:
            return
        if delegate != voter:
            has_voted = delegate in moment.before.council.voters[proposal_id]
            self.reached[f"overrides {'after' if has_voted else 'before'} the orchestrator's vote"] += 1
            return
        if moment.council.governor.proposals[proposal_id].tally.voters[voter].deductions:
            self.reached["orchestrators' votes less overrides"] += 1
        record = model.bonding_manager.orchestrators[voter]
        was_active = record.activation_round <= snapshot < record.deactivation_round
        if was_active and voter not in model.bonding_manager.pool:
            self.reached["votes of orchestrators evicted since the snapshot"] += 1

    def to_data(self) -> dict[str, Any]:
        return {
            "runs": self.runs,
            "steps": self.steps,
            "reached": {name: self.reached[name] for name in REACHED},
            "largestShareOfStakeCounted": float(self.largest_share),
        }

    def __str__(self) -> str:
        lines = [f"{self.runs} runs, {self.steps} steps, all invariants held", ""]
        lines += [f"{self.reached[name]:7d}  {name}" for name in REACHED]
        return "\n".join([*lines, "", f"most of the stake that was counted: {float(self.largest_share):.4%}"])


def measure(
    steps: int,
    seed: int,
    *,
    area: str = "governance",
    contracts: bool = False,
    on_run: Callable[[int], None] = lambda taken: None,
) -> Decisions:
    """Random runs, counting up from a seed. Raises InvariantBroken and Divergence."""
    decisions, chains = Decisions(), Chains() if contracts else None
    try:
        for run_seed in count(seed):
            before = decisions.steps
            if before >= steps:
                break
            _run(run_seed, min(STEPS, steps - before), area, chains, decisions)
            on_run(decisions.steps - before)
    finally:
        if chains is not None:
            chains.drop()
    return decisions


def _run(seed: int, limit: int, area: str, chains: Chains | None, decisions: Decisions) -> None:
    choices = ByteChoices.of_seed(seed, STEPS * BYTES_PER_STEP)
    weighted = Weighted(ACTIONS_BY_AREA[area])
    with _stage(chains, draw_parameters(choices, area)) as world:
        chronicle = Chronicle(world.model, world.cast.watched)
        taken = 0
        while taken < limit:
            try:
                step = weighted.next_step(world, choices)
            except Exhausted:
                break
            if step is None:
                continue
            chronicle.before(step)
            chronicle.after(world.act(step))
            taken += 1
            if chronicle.moment is None:  # nothing is claimed any more
                break
            last = chronicle.moment
            decisions.follow(last)
        decisions.steps += taken
        if taken:
            decisions.end(last)
        if isinstance(world, World):
            world.finish()
            check_world(world)


@contextmanager
def _stage(chains: Chains | None, parameters: dict[str, Any]) -> Iterator[World | ModelWorld]:
    if chains is None:
        yield ModelWorld(**parameters)
        return
    with chains.next().isolate() as chain:
        yield World(chain, compare_every=COMPARE_EVERY, **parameters)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m simulation.decisions",
        description="Random runs with governance: what becomes of proposals, and how much of the stake at their "
        "snapshots counts. All invariants are checked after each step.",
        epilog="Exit codes: 0 all invariants held, 1 one did not, or contracts and model disagree, 2 wrong options.",
    )
    parser.add_argument("--steps", type=int, default=10_000, help="calls and waits in all (default: 10000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first run; the next ones count up")
    parser.add_argument("--area", choices=sorted(GOVERNED), default="governance")
    parser.add_argument("--contracts", action="store_true", help="run the contracts beside the model")
    parser.add_argument("--json", action="store_true", help="counts as JSON on standard output")
    given = parser.parse_args()
    if given.steps < 1:
        parser.error(f"--steps: found {given.steps}, must be at least 1")
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("steps", total=given.steps)
        try:
            found = measure(
                given.steps,
                given.seed,
                area=given.area,
                contracts=given.contracts,
                on_run=lambda taken: progress.advance(task, taken),
            )
        except (InvariantBroken, Divergence) as broken:
            print(f"{broken}", file=sys.stderr)
            return 1
    print(json.dumps(found.to_data(), indent=2) if given.json else found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
