"""`ape run deploy`: deploy the protocol from a parameter file."""

import json
import subprocess
import sys
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand, account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.errors import DeploymentError
from scripts._deployment.registry import registry_path

ROOT = Path(__file__).resolve().parents[1]


@click.command(cls=ConnectedProviderCommand)
# Ape logs every transaction to standard output, between the progress bar or before the JSON: -v INFO shows them.
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@click.option(
    "--parameters",
    "name",
    default="local",
    show_default=True,
    metavar="NAME|FILE",
    help="A name under deployments/parameters, or a YAML file.",
)
@click.option(
    "--registry", "registry_file", type=click.Path(path_type=Path), help="Where to write the result."
)
@click.option("--broadcast", is_flag=True, help="Send. Needed on every network but a local one.")
@click.option("--dry-run", is_flag=True, help="Show the plan and stop, on a local network too.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
def cli(cli_ctx, account, provider, name, registry_file, broadcast, dry_run, as_json):
    """Deploy the whole protocol from one parameter file, wire it, and check it.

    The plan is shown first. On a local network it is then carried out; on any other only with --broadcast.
    After each transaction the result stands in deployments/registry/NETWORK.json.

    \b
    ape run deploy --network ethereum:local:foundry --account TEST::0
    ape run deploy --network arbitrum:sepolia:node --account me --parameters my.yaml --broadcast

    Exit codes: 0 deployed and checked (or plan shown), 1 refused or failed, 2 wrong options.
    """
    from scripts._deployment.checks import check_deployment
    from scripts._deployment.execution import check_before, execute
    from scripts._deployment.output import Output
    from scripts._deployment.parameters import load_parameters
    from scripts._deployment.plan import build_plan

    output = Output(as_json)
    try:
        parameters = load_parameters(name)
        commit = _commit(parameters.live)
        plan = build_plan(parameters, commit)
        path = registry_file or registry_path(parameters.network)
        output.plan(plan, str(account.address), path)
        check_before(plan, provider, path)
        is_local = provider.network.name == "local"
        if dry_run or not (is_local or broadcast):
            output.not_sent("--dry-run" if dry_run else "add --broadcast to send")
            return
        with output.progress(len(plan.steps)) as on_step:
            registry = execute(plan, cli_ctx.local_project, provider, account, path, on_step)
        facts = check_deployment(plan, registry, cli_ctx.local_project)
        output.done(registry, path, facts)
    except DeploymentError as error:
        if as_json:
            click.echo(json.dumps({"error": type(error).__name__, "message": str(error)}))
        else:
            click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(1)


def _commit(live: bool) -> str:
    """The revision that is deployed, as the registry stores it."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        if live:
            raise DeploymentError("commit: not a Git checkout; a live network needs a committed revision")
        return "0x" + "00" * 20
    changes = subprocess.run(
        ["git", "status", "--porcelain", "contracts"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    if live and changes:
        raise DeploymentError(
            "commit: contracts has uncommitted changes; a live network needs a committed revision"
        )
    return "0x" + done.stdout.strip()
