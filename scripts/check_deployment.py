"""`ape run check_deployment`: compare what is on the chain with the parameter file."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from ape.cli import ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import parameters_option
from scripts._deployment.errors import DeploymentError
from scripts._deployment.network import NetworkCommand
from scripts._deployment.registry import registry_path

COLOURS = {"ok": "green", "differs": "bold red", "unknown": "yellow"}


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@parameters_option
@click.option(
    "--registry", "registry_file", type=click.Path(path_type=Path), help="What the deployment wrote."
)
@click.option("--all", "show_all", is_flag=True, help="Show what is as planned, too.")
@click.option("--json", "as_json", is_flag=True, help="Every fact as JSON on standard output.")
def cli(cli_ctx, provider, name, registry_file, show_all, as_json):
    """Read everything that a deployment has set, and say what differs from the parameter file.

    Addresses and code, registry entries and commits, proxies, parameters, owners, holders of roles now and before,
    whether everything is set up for good, and what was left behind to take effect later: updates that wait in the
    Governor, operations in the treasury, allowances. Sends nothing and needs no account.

    \b
    ape run check_deployment --network arbitrum:mainnet:node --parameters arbitrum

    Exit codes: 0 all as planned, 1 something differs or the check could not be made, 2 wrong options, 3 nothing
    differs, but something could not be read from this node.
    """
    from scripts._deployment.checks import collect_facts
    from scripts._deployment.execution import check_before
    from scripts._deployment.node import Node
    from scripts._deployment.parameters import load_parameters
    from scripts._deployment.plan import build_plan
    from scripts._deployment.reader import Reader
    from scripts._deployment.registry import Registry
    from tools.artifacts import load_artifacts

    try:
        parameters = load_parameters(name)
        path = registry_file or registry_path(parameters.network)
        if not path.is_file():
            raise DeploymentError(
                f"--registry: there is no {path}; must be the file that a deployment has written"
            )
        registry = Registry.load_complete(path)
        plan = build_plan(parameters, registry.commit)
        node = Node(provider.web3)
        check_before(plan, node)
        facts = collect_facts(plan, Reader(node, registry, load_artifacts()))
    except DeploymentError as error:
        if as_json:
            click.echo(json.dumps({"error": type(error).__name__, "message": str(error)}))
        else:
            click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(1)
    verdicts = [fact.verdict for fact in facts]
    counts = {verdict: verdicts.count(verdict) for verdict in COLOURS}
    if as_json:
        lines = [asdict(fact) | {"verdict": fact.verdict} for fact in facts]
        click.echo(json.dumps({"counts": counts, "facts": lines}, default=str))
    else:
        _show([fact for fact in facts if show_all or fact.verdict != "ok"])
        click.echo(f"{counts['ok']} ok, {counts['differs']} differ, {counts['unknown']} unknown")
    sys.exit(1 if counts["differs"] else 3 if counts["unknown"] else 0)


def _show(facts: list) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    if not facts:
        return
    table = Table(box=SIMPLE)
    table.add_column("fact")
    table.add_column("found", overflow="fold")
    table.add_column("planned", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    for fact in facts:
        colour = COLOURS[fact.verdict]
        found = fact.cannot_tell or str(fact.found)
        table.add_row(fact.name, found, str(fact.planned), f"[{colour}]{fact.verdict}[/]")
    Console(highlight=False).print(table)
