"""`ape run proposals`: what is, or was, up for a vote."""

import json

import click
from ape.cli import ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import errors_as_words, json_option, registry_option
from scripts._deployment.network import NetworkCommand
from scripts._governance.command import open_context


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@click.argument("proposal", required=False)
@registry_option
@json_option
def cli(cli_ctx, provider, proposal, registry, as_json):
    """List all proposals: state, votes, quorum, and what is next. Sends nothing and needs no account.

    With PROPOSAL, an id or a position in the list: that one with its text and its calls, decoded as far as the
    contracts are those of this deployment.

    \b
    ape run proposals --network ethereum:local:http://127.0.0.1:8545
    ape run proposals 1 --network ethereum:local:http://127.0.0.1:8545

    Exit codes: 0 listed, 1 could not be read, 2 wrong options.
    """
    from scripts._governance.output import describe_standing, show_proposal, show_proposals
    from scripts._governance.proposals import find_proposal, list_proposals, standing_of

    with errors_as_words(as_json):
        context = open_context(provider, registry)
        node, reader = context.node, context.reader
        if proposal is None:
            found = list_proposals(node, reader)
        else:
            found = [find_proposal(node, reader, proposal)]
        standings = [standing_of(one, reader) for one in found]
        if as_json:
            pairs = zip(found, standings, strict=True)
            documents = [describe_standing(*pair, reader) for pair in pairs]
            click.echo(json.dumps(documents if proposal is None else documents[0]))
        else:
            show_proposals(found, standings)
            if proposal is not None:
                show_proposal(found[0], reader, as_json)
