"""`orchestrator serve`."""

from __future__ import annotations

from pathlib import Path

import click

from offchain_worker.cli import common


@click.group()
def orchestrator() -> None:
    """Sell work: offers, tickets, balances, and the queue for workers."""


@orchestrator.command()
@common.config_option
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--database", help="SQLAlchemy URL of the money state, e.g. sqlite:////var/lib/orchestrator.db."
)
@common.rpc_option
@common.controller_option
@common.key_file_option
@common.verbose_option
@common.command_errors
def serve(
    config: Path | None,
    host: str | None,
    port: int | None,
    database: str | None,
    rpc_url: str | None,
    controller: str | None,
    key_file: Path | None,
) -> None:
    """Serve gateways and workers over HTTP until interrupted.

    The key is the recipient's: its address must be a registered, active orchestrator. Winners are kept in the database;
    run `redeemer run` beside this process to redeem them. GET /healthz says how many workers are connected.
    """
    import uvicorn

    from offchain_worker.services.orchestrator.assembly import build_app

    settings = common.settings_with(
        config,
        chain={"rpc_url": rpc_url, "controller": controller},
        orchestrator={"host": host, "port": port, "database": database},
    )
    signer = common.make_signer(settings, key_file)
    app = build_app(settings, signer, common.make_chain(settings))
    section = settings.orchestrator
    uvicorn.run(app, host=section.host, port=section.port, log_level="warning", timeout_graceful_shutdown=3)
