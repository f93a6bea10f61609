"""The one switch of the protocol: paused or not."""

import click

from scripts._deployment.command import errors_as_words
from scripts._governance.command import open_context
from scripts._operations.changing import change, report_unchanged

WORDS = {True: "paused", False: "not paused"}


def switch(provider, account, wanted: bool, registry: str, as_json: bool, options: dict) -> None:
    """Takes the system to `wanted`, by the path that is open to the account."""
    from scripts._deployment.signing import ApeSigner
    from scripts._operations.owner_calls import OwnerCall
    from scripts._operations.rounds import read_clock

    with errors_as_words(as_json):
        context = open_context(provider, registry)
        found = context.reader.view("Controller", "paused")
        if found is wanted:
            report_unchanged(f"The system is {WORDS[wanted]} already: nothing to do.", as_json)
            return
        function = "pause" if wanted else "unpause"
        change(
            context,
            ApeSigner(account),
            OwnerCall("Controller", function),
            title=f"{function.capitalize()} the protocol",
            what=f"Controller.paused: {found} → {wanted}",
            as_json=as_json,
            read_back=lambda: f"the system is {WORDS[context.reader.view('Controller', 'paused')]}",
            **options,
        )
        if not wanted and not as_json and not (clock := read_clock(context.reader)).initialized:
            click.echo(f"{clock.describe()} Next: ape run initialize_round")
