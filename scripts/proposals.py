"""`ape run proposals`: what is, or was, up for a vote."""

import json

import click
from ape.cli import ConnectedProviderCommand, ape_cli_context
from ape.logging import LogLevel

from scripts._governance.command import errors_as_words, json_option, open_context, registry_option


@click.command(cls=ConnectedProviderCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@registry_option
@json_option
def cli(cli_ctx, provider, registry, as_json):
    """List all proposals: state, votes, quorum, and what is next. Sends nothing and needs no account.

    \b
    ape run proposals --network ethereum:local:http://127.0.0.1:8545

    Exit codes: 0 listed, 1 could not be read, 2 wrong options.
    """
    from scripts._governance.output import describe_standing, show_proposals
    from scripts._governance.proposals import list_proposals, standing_of

    with errors_as_words(as_json):
        context = open_context(provider, registry)
        proposals = list_proposals(context.node, context.reader)
        standings = [standing_of(proposal, context.reader) for proposal in proposals]
        if as_json:
            pairs = zip(proposals, standings, strict=True)
            click.echo(json.dumps([describe_standing(*pair) for pair in pairs]))
        else:
            show_proposals(proposals, standings)
