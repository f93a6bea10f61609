"""The chain that a command is for: Ape's `--network`, with nodes named by the environment."""

import os
import re
from pathlib import Path

import click
import requests
import yaml
from ape.cli import ConnectedProviderCommand
from ape.exceptions import ApeException

CONFIGURATION = Path(__file__).resolve().parents[2] / "ape-config.yaml"
VARIABLE = re.compile(r"\$\{(\w+)\}")


class NetworkCommand(ConnectedProviderCommand):
    """Connects to `--network` before it runs; says in words what keeps it from that.

    A live network takes the address of its node from the variable that ape-config.yaml names. Left to itself, Ape would
    take some public node where the variable is empty.
    """

    def invoke(self, ctx: click.Context):
        provider = ctx.params.get("network")
        _require_address(provider)
        try:
            return super().invoke(ctx)
        except ApeException as error:
            raise click.ClickException(" ".join(str(error).split())) from error
        except requests.ConnectionError as error:
            # Where no node answers at a local address, Ape tries to start a geth, and complains that there is none.
            address = provider.provider_settings.get("uri") if provider else None
            raise click.ClickException(
                f"--network: no node answers at {address or 'the configured address'}"
            ) from error


def address_variable(ecosystem: str, network: str) -> str | None:
    """The environment variable with the address of a network's node; None where it is configured otherwise."""
    nodes = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["node"]
    address = nodes.get(ecosystem, {}).get(network.removesuffix("-fork"), {}).get("uri", "")
    found = VARIABLE.fullmatch(address)
    return found[1] if found else None


def _require_address(provider) -> None:
    if provider is None or provider.provider_settings.get("uri"):
        return
    ecosystem, network = provider.network.ecosystem.name, provider.network.name
    variable = address_variable(ecosystem, network)
    if variable and not os.environ.get(variable):
        raise click.UsageError(
            f"--network: {ecosystem}:{network} needs the address of a node, and {variable} is not set; "
            f"export {variable}=https://…"
        )
