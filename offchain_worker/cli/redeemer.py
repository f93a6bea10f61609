"""`redeemer run`."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from offchain_worker.cli import common


@click.group()
def redeemer() -> None:
    """Turn winning tickets into fees on chain."""


@redeemer.command()
@common.config_option
@click.option(
    "--once", is_flag=True, help="Try every open winner once and end; otherwise again every few seconds."
)
@click.option("--database", help="SQLAlchemy URL of the orchestrator's database.")
@common.rpc_option
@common.controller_option
@common.key_file_option
@common.json_option
@common.verbose_option
@common.command_errors
def run(
    config: Path | None,
    once: bool,
    database: str | None,
    rpc_url: str | None,
    controller: str | None,
    key_file: Path | None,
    as_json: bool,
) -> None:
    """Redeem the winners in an orchestrator's database.

    Any funded account may redeem; use a hot key, not the orchestrator's. A ticket waits until its parameters have
    expired, its recipient is active, and deposit plus claimable reserve cover its face value; the report says why.
    """
    from offchain_worker.errors import NamedError
    from offchain_worker.tickets.database import open_database
    from offchain_worker.tickets.recipient_store import RecipientStore
    from offchain_worker.tickets.redeemer import Redeemer, RedeemerPolicy

    settings = common.settings_with(
        config, chain={"rpc_url": rpc_url, "controller": controller}, redeemer={"database": database}
    )
    section = settings.redeemer
    policy = RedeemerPolicy(
        redeem_gas=settings.tickets.redeem_gas,
        max_gas_price_wei=section.max_gas_price_wei,
        min_face_value_to_cost=section.min_face_value_to_cost,
        retry_after_blocks=section.retry_after_blocks,
    )
    chain = common.make_chain(settings, common.make_signer(settings, key_file))
    worker = Redeemer(RecipientStore(open_database(section.database)), chain, policy)
    while True:
        try:
            _print(worker.run_once(), as_json)
        except NamedError as error:
            if once:
                raise
            click.echo(f"{error.name}: {error}", err=True)
        if once:
            return
        time.sleep(section.poll_seconds)


def _print(reports: list, as_json: bool) -> None:
    if as_json:
        entries = [
            {
                "ticket_hash": "0x" + report.ticket_hash.hex(),
                "sender": report.sender,
                "face_value_wei": str(report.face_value_wei),
                "state": report.state.value,
                "reason": report.reason,
                "transaction_hash": None
                if report.transaction_hash is None
                else "0x" + report.transaction_hash.hex(),
                "paid_wei": None if report.paid_wei is None else str(report.paid_wei),
                "gas_used": report.gas_used,
            }
            for report in reports
        ]
        paid_wei = sum(report.paid_wei or 0 for report in reports)
        redeemed = sum(1 for report in reports if report.paid_wei is not None)
        click.echo(json.dumps({"winners": entries, "redeemed": redeemed, "paid_wei": str(paid_wei)}))
        return
    for report in reports:
        outcome = f"paid {report.paid_wei} wei" if report.paid_wei is not None else report.reason
        click.echo(f"0x{report.ticket_hash.hex()} {report.state.value}: {outcome}")
