"""A whole deployment in one call, for chains that live as long as a command."""

from collections.abc import Callable
from pathlib import Path

from scripts._deployment.checks import collect_facts, require_as_planned
from scripts._deployment.execution import Execution, Limits, StepResult, digest_of_build, open_journal
from scripts._deployment.facts import Fact
from scripts._deployment.node import Node
from scripts._deployment.plan import Plan
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Registry
from scripts._deployment.signing import Signer
from tools.artifacts import load_artifacts


def deploy_fresh(
    plan: Plan, node: Node, signer: Signer, path: Path, on_step: Callable[[StepResult], None]
) -> tuple[Registry, list[Fact]]:
    """Carries the plan out, with its registry file at `path`, and reads everything back. Raises a DeploymentError."""
    artifacts = load_artifacts()
    journal = open_journal(plan, digest_of_build(plan, artifacts), node, signer, path)
    limits = Limits(poll_seconds=0.02)
    registry = Execution(plan, artifacts, node, signer, journal, path, limits=limits, on_step=on_step).run()
    facts = collect_facts(plan, Reader(node, registry, artifacts))
    require_as_planned(facts)
    return registry, facts
