"""`ape run unpause`: let users go on."""

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.network import NetworkCommand
from scripts._operations.changing import change_options
from scripts._operations.switch import switch


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@change_options
def cli(cli_ctx, account, provider, registry, as_json, **options):
    """Unpause the protocol. The round that has begun meanwhile is then to be initialized: `ape run initialize_round`.

    \b
    ape run unpause --network ethereum:local:http://127.0.0.1:8545 --account TEST::0
    ape run unpause --network … --account me --broadcast

    Who may depends on who owns the Controller; without the right the command shows what has to be sent, and by whom.

    Exit codes: 0 unpaused (or shown, or so already), 1 refused, 2 wrong options.
    """
    switch(provider, account, False, registry, as_json, options)
