"""The group of commands."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "gateway": "offchain_worker.cli.gateway:gateway",
    "orchestrator": "offchain_worker.cli.orchestrator:orchestrator",
    "worker": "offchain_worker.cli.worker:worker",
    "redeemer": "offchain_worker.cli.redeemer:redeemer",
    "make-video": "offchain_worker.cli.make_video:make_video",
}
ALIASES = {"redeem": "redeemer"}


class LazyGroup(click.Group):
    """Imports a command's module when it is used: `--help` needs neither torch nor web3."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        target = COMMANDS.get(ALIASES.get(name, name))
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        return getattr(importlib.import_module(module), attribute)


@click.group(cls=LazyGroup)
def cli() -> None:
    """Off-chain services of the protocol: buy, sell and do video work for tickets.

    Start `orchestrator serve` and `worker run`, then buy with `gateway transcode`; `redeemer run` turns winning tickets
    into fees. Settings come from one TOML file (--config or OW_CONFIG) and variables OW_<SECTION>__<NAME>.
    """
