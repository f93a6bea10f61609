"""What the commands have in common that read a deployment with its governor."""

from dataclasses import dataclass

from scripts._deployment.command import registry_file


@dataclass(frozen=True)
class Context:
    """A deployment on a connected chain."""

    node: "Node"  # noqa: F821  (imported where it is made: commands are imported to be listed)
    reader: "Reader"  # noqa: F821

    @property
    def governor(self) -> str:
        return self.reader.address("LivepeerGovernor")

    @property
    def treasury(self) -> str:
        return self.reader.address("Treasury")


def open_context(provider, registry: str) -> Context:
    """Raises GovernanceError if the registry file or the chain is another one."""
    from scripts._deployment.node import Node
    from scripts._deployment.reader import Reader
    from scripts._deployment.registry import Registry
    from scripts._governance.errors import GovernanceError
    from tools.artifacts import load_artifacts

    path = registry_file(registry)
    if not path.is_file():
        raise GovernanceError(
            f"--registry: there is no {path}; must be the file that `ape run deploy` has written"
        )
    found = Registry.load_complete(path)
    node = Node(provider.web3)
    if (chain_id := node.chain_id()) != found.chain_id:
        raise GovernanceError(f"chain_id: connected to chain {chain_id}, {path} is of chain {found.chain_id}")
    for name in ("LivepeerGovernor", "Treasury"):
        if name not in found.contracts or not node.code(found.contracts[name].address):
            raise GovernanceError(f"{name}: found no contract on this chain, {path} must name one")
    return Context(node, Reader(node, found, load_artifacts()))
