"""One run of an import: checks, then the plan in the journal of the deployment scripts, then everything read back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts._deployment.execution import (
    Execution,
    Limits,
    StepResult,
    digest_of_build,
    journal_path,
    open_journal,
)
from scripts._deployment.facts import Fact
from scripts._deployment.node import Node
from scripts._deployment.plan import Plan
from scripts._deployment.registry import Registry
from scripts._deployment.signing import Signer
from scripts._migration.errors import AlreadyMigrated
from scripts._migration.ledger import NodeLedger
from scripts._migration.plan import Destination, build_import_plan, funding_steps, import_path
from scripts._migration.preflight import block_hash_at, require_fit
from scripts._migration.state import State
from scripts._migration.verify import collect_state_facts, require_state
from tools.artifacts import Artifact


@dataclass(frozen=True)
class Import:
    """A state on its way into a deployment; `path` is where the record of the import stands."""

    state: State
    destination: Destination
    artifacts: Mapping[str, Artifact]
    plan: Plan
    path: Path
    with_funds: bool

    @classmethod
    def prepare(
        cls,
        state: State,
        registry: Path,
        artifacts: Mapping[str, Artifact],
        commit: str,
        *,
        live: bool,
        batch_gas: int,
        with_funds: bool,
    ) -> "Import":
        """The import of a state into the deployment of a registry file."""
        destination = Destination(Registry.load(registry), live)
        plan = build_import_plan(
            state, destination, artifacts, commit, batch_gas=batch_gas, with_funds=with_funds
        )
        return cls(state, destination, artifacts, plan, import_path(registry), with_funds)

    @property
    def remaining(self) -> list[str]:
        """Calls that move the money, where the import does not."""
        steps = [] if self.with_funds else funding_steps(self.state, self.destination, self.plan.commit)
        return [step.title for step in steps]

    @property
    def has_begun(self) -> bool:
        """Whether an earlier run may have sent something."""
        return journal_path(self.path).exists()

    def check(self, web3, sender: str) -> None:
        """Raises DestinationRefused, AlreadyMigrated."""
        if self.path.exists() and Registry.load(self.path).complete:
            raise AlreadyMigrated(self.path)
        require_fit(
            self.state,
            self.destination,
            NodeLedger(web3),
            self.artifacts,
            sender,
            block_hash=block_hash_at(web3, self.state.origin.block),
            has_begun=self.has_begun,
            with_funds=self.with_funds,
        )

    def run(
        self,
        node: Node,
        signer: Signer,
        limits: Limits,
        on_step: Callable[[StepResult], None] = lambda result: None,
    ) -> Registry:
        """Sends what has not been sent yet. Raises a DeploymentError at the step that could not be done."""
        build = digest_of_build(self.plan, self.artifacts)
        journal = open_journal(self.plan, build, node, signer, self.path)
        execution = Execution(
            self.plan, self.artifacts, node, signer, journal, self.path, limits=limits, on_step=on_step
        )
        return execution.run()

    def verify(self, web3) -> list[Fact]:
        """Everything read back. Raises StateDiffers."""
        controller = self.destination.address("Controller")
        facts = collect_state_facts(
            self.state, NodeLedger(web3), self.artifacts, controller, with_funds=self.with_funds
        )
        require_state(facts)
        return facts
