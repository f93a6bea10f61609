"""What all commands share: options, settings, output and exit codes.

Exit code 0: done. 1: stopped by a named error. 2: wrong use or settings. With --json, standard output holds exactly one
JSON object, the error included; logs go to standard error.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from offchain_worker.errors import NamedError
from offchain_worker.logs import configure_logs
from offchain_worker.settings import Settings, SettingsInvalid, load_settings

config_option = click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="OW_CONFIG",
    help="TOML file with settings; environment variables OW_<SECTION>__<NAME> win over it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
verbose_option = click.option(
    "--verbose", is_flag=True, help="Log every event to standard error, not only warnings."
)
key_file_option = click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with a hexadecimal private key (development); default: keystore of the settings, or OW_PRIVATE_KEY.",
)
rpc_option = click.option("--rpc-url", help="JSON-RPC address of the chain node.")
controller_option = click.option("--controller", help="Address of the protocol's Controller.")


def command_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turns named errors into a message (or JSON) and an exit code; starts the logs."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        configure_logs(kwargs.pop("verbose", False))
        try:
            function(*args, **kwargs)
        except NamedError as error:
            fail(error, kwargs.get("as_json", False))

    return wrapper


def fail(error: NamedError, as_json: bool) -> None:
    """Prints the error and ends the process."""
    if as_json:
        click.echo(json.dumps(error.to_json()))
    else:
        click.echo(f"{error.name}: {error}", err=True)
    sys.exit(2 if isinstance(error, SettingsInvalid) else 1)


def settings_with(config: Path | None, **sections: dict[str, Any]) -> Settings:
    """Settings with the given options on top; options that were not given (None) change nothing."""
    given = {
        section: {name: value for name, value in values.items() if value is not None}
        for section, values in sections.items()
    }
    return load_settings(config, {section: values for section, values in given.items() if values})


def make_signer(settings: Settings, key_file: Path | None):
    from offchain_worker.chain.keys import load_signer

    key = settings.key
    return (
        load_signer(None, None, key_file)
        if key_file
        else load_signer(key.keystore, key.password_file, key.key_file)
    )


def make_chain(settings: Settings, signer: Any = None):
    from offchain_worker.chain.client import ProtocolClient
    from offchain_worker.settings import require_setting

    chain = settings.chain
    controller = require_setting(
        "chain.controller", chain.controller, "must be the Controller's address (--controller)"
    )
    return ProtocolClient(chain.rpc_url, controller, signer, chain.abi_file, chain.transaction_seconds)
