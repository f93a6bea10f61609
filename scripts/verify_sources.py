"""`ape run verify_sources`: the sources of what is deployed, for explorers and for doubters."""

import json
import sys
from pathlib import Path

import click
from ape.cli import ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import errors_as_words, json_option, registry_option
from scripts._deployment.network import NetworkCommand
from scripts._governance.command import open_context

ROOT = Path(__file__).resolve().parents[1]


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@registry_option
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="A contract of the registry file; may be given several times.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the compiler inputs.  [default: .build/sources/NETWORK]",
)
@click.option(
    "--publish", is_flag=True, help="Hand the sources to the network's explorer, where Ape knows one."
)
@json_option
def cli(cli_ctx, provider, registry, only, output, publish, as_json):
    """Write the exact compiler input of every deployed contract, compile it once more, and compare with the chain.

    Code must be equal but for immutable values, and so must the hash of all sources and settings that the compiler
    puts at its end. One standard JSON for each contract is written, which any explorer takes by hand, with
    contracts.json for what it asks besides: address, compiler, constructor arguments.

    \b
    ape run verify_sources --network ethereum:local:http://127.0.0.1:8545
    ape run verify_sources --network arbitrum:mainnet:node --registry arbitrum --only BondingManagerTarget
    ape run verify_sources --network arbitrum:mainnet:node --registry arbitrum --publish

    Publishing needs the explorer's plugin of Ape (`ape plugins install etherscan`) and its key in the environment.

    Exit codes: 0 all is as compiled (and published), 1 something differs or failed, 2 wrong options.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from scripts._operations.errors import OperationError
    from scripts._operations.publishing import PUBLISHED, publish_all, require_explorer
    from scripts._operations.sources import check, deployed_here, recompile, write_inputs
    from tools.solidity import CompileError

    with errors_as_words(as_json):
        context = open_context(provider, registry)
        explorer = require_explorer(provider.network) if publish else None
        reader = context.reader
        entries = deployed_here(reader, only)
        folder = output or ROOT / ".build" / "sources" / reader.registry.network
        inputs = write_inputs(folder, entries, reader.artifacts)
        columns = (TextColumn("compiling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        try:
            with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task("", total=len(inputs))
                made = recompile(inputs, reader.artifacts, lambda: bar.advance(task))
        except CompileError as error:
            raise OperationError(str(error)) from error
        found = [
            check(name, entry, context.node.code(entry.address), made[entry.contract])
            for name, entry in entries.items()
        ]
        same = [one for one in found if one.is_same]
        published = publish_all(explorer, same, cli_ctx.local_project) if explorer else {}
    lines = [
        vars(one) | ({"published": published[one.name]} if one.name in published else {}) for one in found
    ]
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "contracts": lines}))
    else:
        for line in lines:
            told = f"{line['name']:24} {line['address']}  {line['contract']:24} {line['verdict']}"
            click.echo(told + (f", {line['published']}" if "published" in line else ""))
        click.echo(
            f"{len(same)} of {len(found)} are what these sources compile to. Compiler inputs: {folder}"
        )
    failed = len(same) < len(found) or any(words != PUBLISHED for words in published.values())
    sys.exit(1 if failed else 0)
