"""`ape run list_contracts`: what is deployed where."""

import json
import sys

import click
from ape.cli import ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import errors_as_words, json_option, registry_option
from scripts._deployment.network import NetworkCommand
from scripts._governance.command import open_context


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@registry_option
@click.option("--ids", is_flag=True, help="Show the ids in the Controller's registry, too.")
@json_option
def cli(cli_ctx, provider, registry, ids, as_json):
    """List every contract: address, what is behind a proxy, owner, size of the code, and the commit that the Controller
    has for it. Sends nothing and needs no account.

    What the Controller and the registry file say differently is remarked on.

    \b
    ape run list_contracts --network ethereum:local:http://127.0.0.1:8545
    ape run list_contracts --network arbitrum:mainnet:node --registry arbitrum --json

    Exit codes: 0 listed, 1 could not be read, 2 wrong options, 3 listed, with remarks.
    """
    from scripts._operations.inventory import take_inventory

    with errors_as_words(as_json):
        context = open_context(provider, registry)
        items = take_inventory(context.reader)
    if as_json:
        click.echo(json.dumps([item.to_json() for item in items]))
    else:
        _show(items, ids)
    sys.exit(3 if any(item.remark for item in items) else 0)


def _show(items: list, ids: bool) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from scripts._governance.output import wide_console

    names = {item.address: item.name for item in reversed(items)}
    table = Table(box=SIMPLE)
    for column in ("name", "kind", "address", "target or owner"):
        table.add_column(column, no_wrap=True)
    table.add_column("bytes", justify="right", no_wrap=True)
    table.add_column("commit", no_wrap=True)
    table.add_column("remark")
    if ids:
        table.add_column("id", no_wrap=True)
    for item in items:
        other = item.target or item.owner or ""
        commit = (item.commit or "").removeprefix("0x")[:10]
        row = [
            item.name,
            item.kind,
            item.address,
            names.get(other, other),
            f"{item.code_bytes:,}",
            commit,
            item.remark,
        ]
        table.add_row(*row, *([item.id] if ids else []))
    wide_console(190 + 70 * ids).print(table)
