"""`ape run demo`: the whole protocol at work, from deployment to the last wei."""

import json
import signal
import sys
from pathlib import Path

import click
from ape.cli import ape_cli_context
from ape.logging import LogLevel

from scripts._demo.errors import DemoError

ROOT = Path(__file__).resolve().parents[1]


@click.command()
# Ape logs every transaction to standard output, among the progress or before the JSON: -v INFO shows them.
@ape_cli_context(default_log_level=LogLevel.WARNING)
@click.option("--video", type=click.Path(path_type=Path), help="An H.264 video of yours; else one is made.")
@click.option(
    "--seconds",
    type=click.FloatRange(1, 600),
    default=8.0,
    show_default=True,
    help="Length of the video that is made.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "demo-output",
    help="Folder for video and report.  [default: demo-output in the project]",
)
@click.option(
    "--rounds",
    # In the round of an orchestrator's first reward its reward factor is estimated, and fees leave more than dust.
    type=click.IntRange(2, 100),
    default=3,
    show_default=True,
    help="Rounds with rewards before the video is bought.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="The report as JSON on standard output, nothing else there."
)
def cli(cli_ctx, video, seconds, output, rounds, as_json):
    """Deploy the protocol on a chain that lives as long as the command, stake, buy work on a video for tickets, redeem
    the winners, reward, claim, withdraw, and account for every LPT and every wei.

    Exit codes: 0 all is accounted for, 1 something failed or does not balance, 2 wrong options or an unusable video,
    130 interrupted.
    """
    from scripts._demo.narrator import Narrator
    from scripts._demo.report import print_report
    from scripts._demo.run import Options, run_demo

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    narrator = Narrator(as_json)
    options = Options(output.resolve(), video and video.resolve(), seconds, rounds)
    try:
        result = run_demo(options, narrator, cli_ctx.local_project)
    except DemoError as error:
        _fail(error, as_json)
    except KeyboardInterrupt:
        click.echo("interrupted; all processes are stopped", err=True)
        sys.exit(130)
    document = json.dumps(result.to_json(), indent=2)
    report = options.output / "report.json"
    report.write_text(document + "\n")
    print_report(result, report, narrator.console)
    if as_json:
        click.echo(document)
    sys.exit(0 if result.is_balanced else 1)


def _fail(error: DemoError, as_json: bool) -> None:
    notes = "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))
    if as_json:
        click.echo(json.dumps({"error": error.name, "message": f"{error}{notes}"}))
    else:
        click.echo(f"{error.name}: {error}{notes}", err=True)
    sys.exit(error.exit_code)
