"""`ape run deploy`: deploy the protocol from a parameter file."""

import sys
from pathlib import Path

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import FiniteRange, max_fee_option, parameters_option, wei_of
from scripts._deployment.errors import DeploymentError
from scripts._deployment.network import NetworkCommand
from scripts._deployment.registry import registry_path


@click.command(cls=NetworkCommand)
# Ape logs every transaction to standard output, between the progress bar or before the JSON: -v INFO shows them.
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@parameters_option
@click.option(
    "--registry", "registry_file", type=click.Path(path_type=Path), help="Where to write the result."
)
@click.option("--broadcast", is_flag=True, help="Send. Needed on every network but a local one.")
@click.option("--dry-run", is_flag=True, help="Rehearse the plan and stop, on a local network too.")
@max_fee_option
@click.option(
    "--confirmations",
    type=click.IntRange(min=0),
    help="Blocks on top of the last transaction before the deployment counts as done. [default: the network's]",
)
@click.option(
    "--patience",
    "patience_seconds",
    type=FiniteRange(min=1),
    default=180,
    show_default=True,
    help="Seconds until a transaction that is not mined is sent again with a higher fee.",
)
@click.option(
    "--discard-journal", is_flag=True, help="Start anew beside an unfinished deployment; its journal is kept."
)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
def cli(
    cli_ctx,
    account,
    provider,
    name,
    registry_file,
    broadcast,
    dry_run,
    max_fee_gwei,
    confirmations,
    patience_seconds,
    discard_journal,
    as_json,
):
    """Deploy the whole protocol from one parameter file, wire it, and check it.

    The plan is shown first: every step, its arguments, and where each contract will be. On a local network it is then
    carried out; on any other it is rehearsed on a copy, with gas and cost, and sent only with --broadcast.

    Whatever interrupts a deployment, run the same command again: the journal beside the registry says which
    transactions may be on the chain, the chain says which are, and the rest is sent. No step is done twice.

    \b
    ape run deploy --network ethereum:local:foundry --account TEST::0
    ape run deploy --network arbitrum:sepolia:node --account me --parameters my.yaml
    ape run deploy --network arbitrum:sepolia:node --account me --parameters my.yaml --broadcast --max-fee 0.5

    Exit codes: 0 deployed and checked (or plan shown), 1 refused or failed, 2 wrong options.
    """
    from scripts._deployment.builds import record_builds
    from scripts._deployment.checks import collect_facts, require_as_planned
    from scripts._deployment.execution import (
        Execution,
        Limits,
        check_before,
        digest_of_build,
        open_journal,
        step_nonces,
    )
    from scripts._deployment.node import Node
    from scripts._deployment.output import Output
    from scripts._deployment.parameters import load_parameters
    from scripts._deployment.plan import build_plan
    from scripts._deployment.reader import Reader
    from scripts._deployment.revision import source_revision
    from scripts._deployment.signing import ApeSigner
    from tools.artifacts import load_artifacts

    output = Output(as_json)
    is_local = provider.network.name == "local"
    try:
        parameters = load_parameters(name)
        plan = build_plan(parameters, source_revision(parameters.live))
        path = registry_file or registry_path(parameters.network)
        artifacts, node, signer = load_artifacts(), Node(provider.web3), ApeSigner(account)
        nonces = step_nonces(plan, node, signer.address, path, discard=discard_journal)
        output.plan(plan, signer.address, nonces, path)
        if dry_run or not (is_local or broadcast):
            check_before(plan, node)
            with output.progress(len(plan.steps)) as progress:
                rehearsed = _rehearse(plan, artifacts, provider, signer.address, progress)
            output.rehearsed(rehearsed, node.fees())
            output.not_sent("--dry-run" if dry_run else "add --broadcast to send")
            return
        build = digest_of_build(plan, artifacts)
        journal = open_journal(plan, build, node, signer, path, discard=discard_journal)
        limits = Limits(
            wei_of(max_fee_gwei),
            provider.network.required_confirmations if confirmations is None else confirmations,
            patience_seconds,
            0.05 if is_local else 1.0,
        )
        record_builds(path, artifacts, plan.contracts, plan.commit)
        with output.progress(len(plan.steps)) as progress:
            execution = Execution(
                plan, artifacts, node, signer, journal, path, limits=limits, on_step=progress.done
            )
            registry = execution.run()
        facts = collect_facts(plan, Reader(node, registry, artifacts))
        require_as_planned(facts)
        output.done(registry, path, len(facts))
    except DeploymentError as error:
        output.failed(error)
        sys.exit(1)


def _rehearse(plan, artifacts, provider, deployer: str, progress):
    from scripts._deployment.command import development_node
    from scripts._deployment.rehearsal import rehearse

    with development_node(provider) as (copy, request):
        return rehearse(plan, artifacts, copy, request, deployer, progress.rehearsing)
