"""`make-video`: a source for demonstrations."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from offchain_worker.cli.common import command_errors, json_option, verbose_option


@click.command("make-video")
@click.argument("output", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--seconds", default=8.0, show_default=True, type=click.FloatRange(0.1, 600), help="Length.")
@click.option(
    "--width", default=1280, show_default=True, type=click.IntRange(64, 4096), help="Even number of pixels."
)
@click.option(
    "--height", default=720, show_default=True, type=click.IntRange(36, 4096), help="Even number of pixels."
)
@click.option("--fps", default=30, show_default=True, type=click.IntRange(1, 120), help="Frames per second.")
@click.option("--seed", default=0, show_default=True, help="Another number, another scene.")
@json_option
@verbose_option
@command_errors
def make_video(
    output: Path, seconds: float, width: int, height: int, fps: int, seed: int, as_json: bool
) -> None:
    """Write a natural-looking H.264 video to OUTPUT (.mp4, .ts, .mkv): a pan over textured leaves with sensor noise."""
    if width % 2 or height % 2:
        raise click.UsageError(f"--width {width} and --height {height} must both be even")
    from offchain_worker.media.source_video import make_video as make

    started = time.perf_counter()
    frames = make(output, seconds=seconds, width=width, height=height, frames_per_second=fps, seed=seed)
    took = round(time.perf_counter() - started, 1)
    facts = {"file": str(output), "frames": frames, "bytes": output.stat().st_size, "seconds": took}
    click.echo(
        json.dumps(facts)
        if as_json
        else f"{output}: {frames} frames, {facts['bytes']} bytes, made in {took} s"
    )
