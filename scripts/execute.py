"""`ape run execute`: queue and execute a proposal that succeeded."""

import json

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import (
    broadcast_option,
    errors_as_words,
    json_option,
    max_fee_option,
    registry_option,
    wei_of,
)
from scripts._deployment.network import NetworkCommand
from scripts._governance.command import open_context


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@click.argument("proposal")
@registry_option
@broadcast_option
@max_fee_option
@json_option
def cli(cli_ctx, account, provider, proposal, registry, broadcast, max_fee_gwei, as_json):
    """Take PROPOSAL one step on: into the treasury's queue if it succeeded, out of it if its delay is over.

    Anybody may. PROPOSAL is an id or the position that `ape run proposals` shows. What it does is shown first.

    \b
    ape run execute 1 --network ethereum:local:http://127.0.0.1:8545 --account TEST::1 --broadcast

    Exit codes: 0 done (or shown), 1 refused, 2 wrong options.
    """
    from scripts._deployment.signing import ApeSigner
    from scripts._governance.actions import encode_call
    from scripts._governance.errors import WrongState
    from scripts._governance.output import show_proposal
    from scripts._governance.proposals import State, find_proposal, standing_of
    from scripts._governance.sending import estimate, send

    with errors_as_words(as_json):
        context = open_context(provider, registry)
        node, reader = context.node, context.reader
        found = find_proposal(node, reader, proposal)
        standing = standing_of(found, reader)
        functions = {State.SUCCEEDED: "queue", State.QUEUED: "execute"}
        if standing.state not in functions:
            hint = standing.explain(found) or "there is nothing left to do"
            raise WrongState(standing.state.name, "SUCCEEDED or QUEUED", hint)
        function = functions[standing.state]
        show_proposal(found, reader, as_json)
        signer = ApeSigner(account)
        data = encode_call(reader, "LivepeerGovernor", function, list(found.by_hash))
        what = f"{function} {found.title!r}"
        gas = estimate(node, reader.artifacts, signer.address, context.governor, data, what)
        document = {"proposal": str(found.id), "step": function, "sent": broadcast, "gas": gas}
        if broadcast:
            fee = wei_of(max_fee_gwei)
            receipt = send(node, reader.artifacts, signer, context.governor, data, what, max_fee_wei=fee)
            document |= {"transaction": receipt.hash, "gas": receipt.gas_used}
        if as_json:
            click.echo(json.dumps(document))
        elif broadcast:
            standing = standing_of(found, reader)
            state, hint = standing.state.name.lower(), standing.explain(found)
            click.echo(f"{found.title}: {state}, in {document['transaction']}, {document['gas']:,} gas.")
            if hint:
                click.echo(f"It {hint}")
        else:
            click.echo(f"Nothing was sent: add --broadcast to {function} {found.title!r} ({gas:,} gas).")
