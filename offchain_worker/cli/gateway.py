"""`gateway transcode`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import click

from offchain_worker.cli import common
from offchain_worker.settings import require_setting


@click.group()
def gateway() -> None:
    """Buy work for tickets."""


@gateway.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the renditions.",
)
@click.option(
    "--orchestrator", "orchestrators", multiple=True, help="URL or ADDRESS@URL; repeat it for fail-over."
)
@click.option(
    "--profile", "profiles", multiple=True, help="Rendition, e.g. P360p30fps16x9; repeat it for several."
)
@click.option(
    "--budget-wei", type=click.IntRange(0), help="Expected value of all tickets of this run, at most."
)
@click.option("--max-price-wei", type=click.IntRange(0), help="Price per million pixels, at most.")
@click.option("--database", help="SQLAlchemy URL of the gateway's nonces.")
@common.config_option
@common.rpc_option
@common.controller_option
@common.key_file_option
@common.json_option
@common.verbose_option
@common.command_errors
def transcode(
    video: Path,
    output: Path,
    orchestrators: tuple[str, ...],
    profiles: tuple[str, ...],
    budget_wei: int | None,
    max_price_wei: int | None,
    database: str | None,
    config: Path | None,
    rpc_url: str | None,
    controller: str | None,
    key_file: Path | None,
    as_json: bool,
) -> None:
    """Have VIDEO (H.264) transcoded, segment by segment, and write one MPEG-TS file per profile to the output folder.

    Each segment is paid with signed tickets after the result before it was decoded and compared with the source. If an
    orchestrator fails, the next in the list takes over. Exit code 1 if not all of the video could be delivered.
    """
    from offchain_worker.services.gateway.assembly import build_gateway, build_order

    settings = common.settings_with(
        config,
        chain={"rpc_url": rpc_url, "controller": controller},
        gateway={
            "orchestrators": orchestrators or None,
            "profiles": profiles or None,
            "budget_wei": budget_wei,
            "max_price_wei_per_million_pixels": max_price_wei,
            "database": database,
        },
    )
    require_setting(
        "gateway.orchestrators", settings.gateway.orchestrators, "must name at least one (--orchestrator)"
    )
    signer = common.make_signer(settings, key_file)
    buyer = build_gateway(settings, signer, common.make_chain(settings))
    buyer.on_segment = _print_progress
    report = asyncio.run(buyer.transcode(build_order(settings, video, output)))
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        _print_report(report)
    if report.error is not None:
        sys.exit(1)


def _print_progress(segment) -> None:
    worst = min(rendition.worst_psnr_db for rendition in segment.renditions)
    click.echo(
        f"segment {segment.sequence}: {segment.frames} frames in {segment.seconds:.2f} s, "
        f"{segment.tickets_sent} tickets, fee {segment.fee_wei} wei, worst frame {worst} dB",
        err=True,
    )


def _print_report(report) -> None:
    totals = report.totals()
    for failover in report.failovers:
        click.echo(
            f"gave up {failover.url} at segment {failover.sequence}: {failover.error}: {failover.message}"
        )
    click.echo(
        f"{totals['segments']} segments, {totals['frames']} frames, {totals['frames_per_second']} frames/s, "
        f"{totals['tickets_sent']} tickets, fees {totals['fee_wei']} wei"
    )
    for name, path in report.files.items():
        click.echo(f"{name}: {path}")
    if report.error is not None:
        click.echo(f"{report.error['error']}: {report.error['message']}", err=True)
