"""`ape run pause`: stop what users can do."""

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
    """Pause the protocol: no bonds, rewards, tickets, withdrawals or new rounds until it is unpaused.

    Time goes on meanwhile: rounds pass without being initialized, tickets expire, unbonding periods run. Views, owners'
    setters, votes, the treasury and the rescue of a Minter's funds go on working.

    \b
    ape run pause --network ethereum:local:http://127.0.0.1:8545 --account TEST::0
    ape run pause --network … --account me --broadcast
    ape run pause --network … --account anybody --proposal pause.yaml      # where votes decide

    Who may depends on who owns the Controller; without the right the command shows what has to be sent, and by whom.

    Exit codes: 0 paused (or shown, or so already), 1 refused, 2 wrong options.
    """
    switch(provider, account, True, registry, as_json, options)
