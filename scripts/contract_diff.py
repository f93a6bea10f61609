"""`ape run contract_diff`: what is deployed against this checkout."""

import json
import sys
from dataclasses import asdict

import click
from ape.cli import ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import errors_as_words, json_option, registry_option
from scripts._deployment.network import NetworkCommand


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@click.argument("contracts", nargs=-1)
@registry_option
@click.option("--diff", "show_diff", is_flag=True, help="Show the changed lines of the sources.")
@json_option
def cli(cli_ctx, provider, contracts, registry, show_diff, as_json):
    """Compare the code of deployed CONTRACTS, all if none is named, with what this checkout compiles to.

    Equal, the same but for the compiler's metadata, different, or unknown. Where the code differs, so do the sources:
    against the build that was kept beside the registry when it was deployed, else against the commit that is
    registered for it, if Git has it. What runs behind a proxy is asked of the Controller. Sends nothing.

    \b
    ape run contract_diff --network arbitrum:mainnet:node --registry arbitrum
    ape run contract_diff BondingManagerTarget --diff --network ethereum:local:http://127.0.0.1:8545

    Exit codes: 0 nothing differs, 1 something differs or the comparison failed, 2 wrong options, 3 nothing differs,
    but something is unknown.
    """
    from scripts._deployment.command import registry_file
    from scripts._governance.command import open_context
    from scripts._upgrade.difference import DIFFERS, UNKNOWN, compare_contracts
    from scripts._upgrade.findings import UpgradeError
    from tools.build import build
    from tools.solidity import CompileError

    with errors_as_words(as_json):
        try:
            build()
        except CompileError as error:
            raise UpgradeError(str(error)) from None
        context = open_context(provider, registry)
        found = list(compare_contracts(context.reader, registry_file(registry), list(contracts)))
    verdicts = {one.verdict for one in found}
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found]))
    else:
        _show(found, show_diff)
    sys.exit(1 if DIFFERS in verdicts else 3 if UNKNOWN in verdicts else 0)


def _show(found: list, show_diff: bool) -> None:
    width = max(len(one.name) for one in found)
    for one in found:
        click.echo(f"{one.name:{width}}  {one.address}  {one.verdict}")
        for note in one.notes:
            click.echo(f"    {note}")
        for path, text in one.sources.items():
            added, removed = (
                sum(line.startswith(mark) and not line.startswith(mark * 3) for line in text.splitlines())
                for mark in "+-"
            )
            click.echo(f"    {path}: +{added} -{removed}, against {one.from_where}")
            if show_diff:
                click.echo(text)
