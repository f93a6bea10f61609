"""`ape run migrate_state`: the state of a deployment, with whatever storage layout, into a fresh one of ours."""

from pathlib import Path

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import errors_as_words, json_option, max_fee_option, wei_of
from scripts._deployment.network import NetworkCommand

state_argument = click.argument("state_file", metavar="STATE", type=click.Path(path_type=Path))
root_option = click.option("--root", metavar="HASH", help="Refuse the file unless this is its root.")
registry_option = click.option(
    "--registry",
    "registry_file",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What `ape run deploy` wrote of the destination.",
)
funds_option = click.option(
    "--without-funds",
    is_flag=True,
    help="Leave LPT and ETH in the source's Minter, for its owner to move: docs/migration.md, Money.",
)


@click.group()
def cli():
    """Move a live deployment into a fresh one: export, import, verify.

    \b
    1  pause the source; deploy the destination with the source's token, paused (ape run deploy)
    2  ape run migrate_state export --controller 0x… --output state.json     views and events, nothing is sent
    3  ape run migrate_state import state.json --registry new.json           a rehearsal with gas and cost
    4  ape run migrate_state import state.json --registry new.json --broadcast
    5  ape run migrate_state verify state.json --registry new.json           account by account, and totals

    What is moved and what is not: docs/migration.md.
    """


@cli.command("export", cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@click.option("--controller", required=True, metavar="ADDRESS", help="Controller of the source.")
@click.option(
    "--output", "output_file", required=True, type=click.Path(path_type=Path), help="File to write."
)
@click.option("--block", type=click.IntRange(min=0), help="Block to read at. [default: the latest]")
@click.option(
    "--first-block",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Where the source's logs begin.",
)
@click.option(
    "--since",
    type=click.IntRange(min=0),
    help="First round of which the past is carried: votes, earnings, tickets. [default: the current one]",
)
@click.option(
    "--lip",
    "lips",
    type=click.IntRange(min=0),
    multiple=True,
    help="A LIP whose upgrade round is carried; repeat it.",
)
@click.option("--rehearsal", is_flag=True, help="Read a system that runs; the file cannot be imported.")
@json_option
def export_command(
    cli_ctx, provider, controller, output_file, block, first_block, since, lips, rehearsal, as_json
):
    """Read the whole state of a paused deployment into a file with a root hash. Sends nothing.

    \b
    ape run migrate_state export --network arbitrum:mainnet:node --controller 0xD8E8…6ee4 --first-block 5856334 \\
        --output state.json

    Exit codes: 0 written, 1 refused, 2 wrong options.
    """
    from eth_utils import is_checksum_address

    from scripts._migration.export import export_state
    from scripts._migration.ledger import NodeLedger
    from scripts._migration.output import Output
    from scripts._migration.state_file import save_state
    from tools.artifacts import load_artifacts

    if not is_checksum_address(controller):
        raise click.BadParameter(f"found {controller}, must be an address in checksummed spelling")
    output = Output(as_json)
    with errors_as_words(as_json):
        with output.reading() as report:
            ledger = NodeLedger(provider.web3, block=block, first_block=first_block, on_progress=report)
            state = export_state(
                ledger, load_artifacts(), controller, since=since, lips=lips, rehearsal=rehearsal
            )
        save_state(state, output_file)
        output.state(state, output_file)


@cli.command("show")
@state_argument
@root_option
@json_option
def show_command(state_file, root, as_json):
    """Check a state file and say what is in it; needs no network.

    Exit codes: 0 sound, 1 refused, 2 wrong options.
    """
    from scripts._migration.output import Output
    from scripts._migration.state_file import load_state

    with errors_as_words(as_json):
        Output(as_json).state(load_state(state_file, root=root), state_file)


@cli.command("import", cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@state_argument
@root_option
@registry_option
@funds_option
@click.option("--broadcast", is_flag=True, help="Send. Without it the import is rehearsed.")
@click.option(
    "--batch-gas",
    type=click.IntRange(min=200_000),
    default=12_000_000,
    show_default=True,
    help="Most gas of a transaction.",
)
@max_fee_option
@json_option
def import_command(
    cli_ctx,
    account,
    provider,
    state_file,
    root,
    registry_file,
    without_funds,
    broadcast,
    batch_gas,
    max_fee_gwei,
    as_json,
):
    """Write a state file into a fresh, paused deployment, in batches, and read everything back.

    Without --broadcast the import is rehearsed on a copy of the chain, with gas and cost.
    Whatever interrupts an import, run the same command again: no batch is written twice, none is left out; the
    contracts see to that as well as the journal beside the registry file.

    \b
    ape run migrate_state import state.json --registry new.json --network … --account me --broadcast

    Exit codes: 0 imported and verified (or rehearsed), 1 refused or failed, 2 wrong options.
    """
    from scripts._deployment.command import development_node
    from scripts._deployment.execution import Limits
    from scripts._deployment.node import Node
    from scripts._deployment.output import Output as StepOutput
    from scripts._deployment.rehearsal import rehearse
    from scripts._deployment.revision import source_revision
    from scripts._deployment.signing import ApeSigner
    from scripts._migration.errors import HasBegun
    from scripts._migration.importing import Import
    from scripts._migration.output import Output
    from scripts._migration.state_file import load_state
    from tools.artifacts import load_artifacts

    output, steps = Output(as_json), StepOutput(as_json)
    is_local = provider.network.name == "local"
    with errors_as_words(as_json):
        prepared = Import.prepare(
            load_state(state_file, root=root),
            registry_file,
            load_artifacts(),
            source_revision(live=not is_local),
            live=not is_local,
            batch_gas=batch_gas,
            with_funds=not without_funds,
        )
        signer, node = ApeSigner(account), Node(provider.web3)
        prepared.check(provider.web3, signer.address)
        if prepared.has_begun and not broadcast:
            raise HasBegun(prepared.path)
        output.plan(prepared.plan, prepared.path)
        with steps.progress(len(prepared.plan.steps)) as progress:
            if not broadcast:
                with development_node(provider) as (tried, request):
                    rehearsed = rehearse(
                        prepared.plan, prepared.artifacts, tried, request, signer.address, progress.rehearsing
                    )
            else:
                limits = Limits(wei_of(max_fee_gwei), poll_seconds=0.05 if is_local else 1.0)
                prepared.run(node, signer, limits, progress.done)
        if not broadcast:
            output.rehearsed(rehearsed, node.fees(), "add --broadcast to send")
            return
        facts = prepared.verify(provider.web3)
        output.imported(progress.gas_used, facts, prepared.plan, prepared.remaining, prepared.path)


@cli.command("verify", cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@state_argument
@root_option
@registry_option
@funds_option
@json_option
def verify_command(cli_ctx, provider, state_file, root, registry_file, without_funds, as_json):
    """Compare a deployment with a state file: every account, everything else, and the totals. Sends nothing.

    Exit codes: 0 nothing differs, 1 something does, or the file was refused, 2 wrong options.
    """
    from scripts._deployment.facts import differing
    from scripts._deployment.registry import Registry
    from scripts._migration.ledger import NodeLedger
    from scripts._migration.output import Output
    from scripts._migration.state_file import load_state
    from scripts._migration.verify import collect_state_facts
    from tools.artifacts import load_artifacts

    output = Output(as_json)
    with errors_as_words(as_json):
        state = load_state(state_file, root=root)
        controller = Registry.load(registry_file).contracts["Controller"].address
        with output.reading() as report:
            ledger = NodeLedger(provider.web3, on_progress=report)
            facts = collect_state_facts(
                state, ledger, load_artifacts(), controller, with_funds=not without_funds
            )
    output.verified(facts)
    raise SystemExit(1 if differing(facts) else 0)
