"""What the commands have in common: options, errors in words, a copy of the chain to try things on."""

import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from scripts._deployment.errors import DeploymentError
from scripts._deployment.registry import registry_path

# The copy asks the connected node for every account that it has not seen yet.
SECONDS_TO_ANSWER = 300


class FiniteRange(click.FloatRange):
    """A number in a range; click takes `nan` and `inf` for numbers."""

    def convert(self, value, param, ctx) -> float:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is no amount", param, ctx)
        return number


registry_option = click.option(
    "--registry",
    default="local",
    show_default=True,
    metavar="NAME|FILE",
    help="What `ape run deploy` wrote: a name under deployments/registry, or the file.",
)
broadcast_option = click.option(
    "--broadcast", is_flag=True, help="Send. Without it nothing leaves this machine."
)
json_option = click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
max_fee_option = click.option(
    "--max-fee",
    "max_fee_gwei",
    type=FiniteRange(min=0),
    help="Pay at most so many gwei for gas, or stop.",
)
parameters_option = click.option(
    "--parameters",
    "name",
    default="local",
    show_default=True,
    metavar="NAME|FILE",
    help="A name under deployments/parameters, or a YAML file.",
)


def registry_file(registry: str) -> Path:
    """The file that the option means."""
    return Path(registry) if registry.endswith(".json") else registry_path(registry)


@contextmanager
def errors_as_words(as_json: bool) -> Iterator[None]:
    """Ends the process with status 1 and the words of the error."""
    try:
        yield
    except DeploymentError as error:
        if as_json:
            click.echo(json.dumps({"error": type(error).__name__, "message": str(error)}))
        else:
            click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(1)


@contextmanager
def development_node(provider) -> Iterator[tuple]:
    """A copy of the connected chain as it is now, on a node of one's own: whatever is tried there, nobody sees it.

    Yields (Node, function that sends a JSON-RPC method). Raises AnvilEnded if it cannot be made.
    """
    import requests
    from web3 import HTTPProvider, Web3

    from scripts._deployment.anvil import running_anvil
    from scripts._deployment.errors import NodeRefused
    from scripts._deployment.node import Node

    with running_anvil("--fork-url", provider.http_uri or provider.connection_str) as url:
        own = HTTPProvider(url, session=requests.Session(), request_kwargs={"timeout": SECONDS_TO_ANSWER})

        def request(method: str, parameters: list) -> object:
            answer = own.make_request(method, parameters)
            if error := answer.get("error"):
                raise NodeRefused(f"{method}: {error.get('message')}", error.get("data"))
            return answer["result"]

        yield Node(Web3(own)), request


def requester(provider) -> Callable[[str, list], object]:
    """Sends a JSON-RPC method through Ape's provider."""

    def request(method: str, parameters: list) -> object:
        return provider.make_request(method, parameters)

    return request


def wei_of(max_fee_gwei: float | None) -> int | None:
    """The option as wei."""
    return None if max_fee_gwei is None else int(max_fee_gwei * 10**9)
