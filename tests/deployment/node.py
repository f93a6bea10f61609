"""An Anvil of the tests' own, and a deployment on it without Ape: what a kill or a failing node is tried on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from web3 import HTTPProvider, Web3

from scripts._deployment.anvil import running_anvil
from scripts._deployment.execution import Execution, Limits, StepResult, digest_of_build, open_journal
from scripts._deployment.node import Node
from scripts._deployment.parameters import load_parameters
from scripts._deployment.plan import Plan, build_plan
from scripts._deployment.registry import Registry
from scripts._deployment.signing import LocalSigner
from tools.artifacts import load_artifacts

# The first account of Anvil's published mnemonic.
DEPLOYER_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
COMMIT = "0x" + "ab" * 20
QUICK = Limits(poll_seconds=0.005, patience_seconds=5)


class LocalNode:
    """A running Anvil."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connect()

    def connect(self) -> None:
        """Takes a connection of one's own: one that is shared with a parent process mixes their answers up."""
        self.web3 = Web3(HTTPProvider(self.url, session=requests.Session()))
        self.node = Node(self.web3)

    def request(self, method: str, *parameters: Any) -> Any:
        """The result of a JSON-RPC method."""
        answer = self.web3.provider.make_request(method, list(parameters))
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]


@contextmanager
def local_node() -> Iterator[LocalNode]:
    """Starts Anvil on a port that the system chooses, and stops it."""
    with running_anvil() as url:
        yield LocalNode(url)


class Deployer:
    """Runs one plan on one node, again and again."""

    def __init__(
        self, local: LocalNode, path: Path, *, network: str = "local", limits: Limits = QUICK
    ) -> None:
        self.local, self.path, self.limits = local, path, limits
        self.artifacts = load_artifacts()
        self.plan: Plan = build_plan(load_parameters(network), COMMIT)
        self.signer = LocalSigner(DEPLOYER_KEY)
        self.steps: list[StepResult] = []

    def run(
        self,
        node: Node | None = None,
        limits: Limits | None = None,
        on_step: Callable[[StepResult], None] = lambda result: None,
        pause: Callable[[float], None] = time.sleep,
    ) -> Registry:
        """One run of the command, so to speak; `steps` has its results."""
        node = node or self.local.node
        build = digest_of_build(self.plan, self.artifacts)
        journal = open_journal(self.plan, build, node, self.signer, self.path)
        self.steps.clear()

        def remember(result: StepResult) -> None:
            self.steps.append(result)
            on_step(result)

        execution = Execution(
            self.plan,
            self.artifacts,
            node,
            self.signer,
            journal,
            self.path,
            limits=limits or self.limits,
            on_step=remember,
            pause=pause,
        )
        return execution.run()
