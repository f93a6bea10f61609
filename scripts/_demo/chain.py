"""The embedded chain as the demo drives it: transactions by role, and rounds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scripts._demo.actors import Actors
from scripts._demo.anvil import start_anvil
from scripts._demo.errors import ChainRefused
from scripts._demo.processes import Children
from scripts._deployment.execution import contract_at
from scripts._deployment.registry import Registry


@contextmanager
def open_chain(children: Children) -> Iterator[Any]:
    """A new Anvil, as an Ape provider. Ape could start one by itself, on a port that it guesses is free; this one takes
    the port that the system gives it, and ends with the other children in every case.
    """
    from ape import networks
    from ape.exceptions import ApeException

    url, _ = start_anvil(children, "--block-base-fee-per-gas", "0")
    # It would win over the address given here.
    os.environ.pop("APE_FOUNDRY_HOST", None)
    try:
        context = networks.parse_network_choice("ethereum:local:foundry", provider_settings={"host": url})
        provider = context.__enter__()
    except ApeException as error:
        raise ChainRefused(f"Ape does not connect to {url}: {_reason(error)}") from error
    try:
        yield provider
    finally:
        context.__exit__(None, None, None)


class DemoChain:
    """Contracts of one deployment, and the accounts that act on them."""

    def __init__(self, provider, project, registry: Registry, actors: Actors):
        self.provider = provider
        self.registry = registry
        self.actors = actors
        self.deployed_at = provider.get_block("latest").number
        self.contracts = {name: contract_at(registry, name, project) for name in registry.contracts}

    def send(self, role: str, contract: str, function: str, *arguments, value: int = 0) -> None:
        """Sends a transaction that has to succeed."""
        from ape.exceptions import ApeException

        method = getattr(self.contracts[contract], function)
        try:
            method(*arguments, sender=self.actors[role], value=value)
        except ApeException as error:
            raise ChainRefused(f"{contract}.{function} by {role}: {_reason(error)}") from error

    def view(self, contract: str, function: str, *arguments):
        return getattr(self.contracts[contract], function)(*arguments)

    def abis(self, project) -> dict[str, tuple[str, list[dict]]]:
        """Address and ABI of every contract that has state; proxies speak their target's ABI."""
        targets = {name for name in self.contracts if name.endswith("Target")}
        return {
            name: (
                entry.address,
                [
                    part.model_dump(by_alias=True)
                    for part in project.get_contract(entry.abi_name).contract_type.abi
                ],
            )
            for name, entry in self.registry.contracts.items()
            if name not in targets
        }

    def address(self, role: str) -> str:
        return str(self.actors[role].address)

    def mine(self, blocks: int) -> None:
        self.provider.make_request("anvil_mine", [hex(blocks)])

    def begin_round(self) -> int:
        """Lets the current round pass and initializes the next; returns its number."""
        length = self.view("RoundsManager", "roundLength")
        start = self.view("RoundsManager", "currentRoundStartBlock")
        self.mine(max(1, start + length - self.view("RoundsManager", "blockNum")))
        self.send("round initializer", "RoundsManager", "initializeRound")
        return self.view("RoundsManager", "currentRound")


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
