"""What a devnet says: progress and a table for people, one line of JSON for scripts."""

import json
from contextlib import AbstractContextManager

from rich.box import SIMPLE
from rich.table import Table

from scripts._demo.narrator import Narrator, Step
from scripts._deployment.amounts import format_lpt
from scripts._devnet.chain import DevChain


class Output:
    """With `as_json` everything but the line that says what to connect to goes to standard error."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._narrator = Narrator(as_json)

    def step(self, title: str) -> AbstractContextManager[Step]:
        return self._narrator.step(title)

    def round(self, number: int) -> None:
        self._narrator.console.print(f"round {number}", style="dim")

    def trouble(self, words: str) -> None:
        self._narrator.console.print(f"keeper: {words}", style="yellow", soft_wrap=True)

    def ready(self, chain: DevChain, registry_file, round_seconds: float | None) -> None:
        """What to connect to."""
        if self._as_json:
            print(json.dumps(describe(chain, registry_file, round_seconds)), flush=True)
            return
        people = Table(box=SIMPLE, title="People")
        for column in ("who", "--account", "address", "private key"):
            people.add_column(column, no_wrap=True)
        for column in ("LPT", "bonded LPT"):
            people.add_column(column, justify="right", no_wrap=True)
        for name, actor in chain.actors.items():
            balance = chain.view("LivepeerToken", "balanceOf", actor.address)
            bonded = chain.view("BondingManager", "getDelegator", actor.address)[0]
            amounts = (format_lpt(balance), format_lpt(bonded))
            people.add_row(name, actor.account, actor.address, actor.private_key, *amounts)
        console = self._narrator.console
        console.width = max(console.width, 190)
        console.print(people)
        contracts = Table(box=SIMPLE, title="Contracts")
        contracts.add_column("name")
        contracts.add_column("address")
        for name, entry in chain.reader.registry.contracts.items():
            contracts.add_row(name, entry.address)
        console.print(contracts)
        console.print(_connection(chain, registry_file, round_seconds), soft_wrap=True)

    def stopped(self, saved) -> None:
        """The end, and where the state is."""
        where = f" State saved in {saved}." if saved else ""
        self._narrator.console.print(f"Stopped.{where}", soft_wrap=True)


def describe(chain: DevChain, registry_file, round_seconds: float | None) -> dict:
    """What to connect to, as a script reads it."""
    return {
        "ready": True,
        "rpc_url": chain.url,
        "chain_id": chain.node.chain_id(),
        "network": f"ethereum:local:{chain.url}",
        "registry": str(registry_file),
        "round": chain.round(),
        "round_seconds": round_seconds,
        "contracts": {name: entry.address for name, entry in chain.reader.registry.contracts.items()},
        "actors": {
            name: {"account": actor.account, "address": actor.address, "private_key": actor.private_key}
            for name, actor in chain.actors.items()
        },
    }


def _connection(chain: DevChain, registry_file, round_seconds: float | None) -> str:
    length = chain.view("RoundsManager", "roundLength")
    if round_seconds is None:
        pace = f"Round {chain.round()} of {length} blocks; only transactions make blocks (--no-rounds)."
    else:
        pace = f"Round {chain.round()}; a round is {length} blocks, {round_seconds:g} s."
    return (
        f"RPC       {chain.url}   chain id {chain.node.chain_id()}\n"
        f"Registry  {registry_file}\n"
        f"{pace}\n\n"
        "The keys are public: send nothing of value there. In another terminal:\n"
        f"  ape run proposals --network ethereum:local:{chain.url}\n"
        "Ctrl-C stops it."
    )
