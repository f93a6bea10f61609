"""Commands run in this process against a node of the tests: what they print, and how they end."""

import importlib
import json
from dataclasses import dataclass

from click.testing import CliRunner

from tests.deployment.stage import Stage


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    output: str
    errors: str

    @property
    def json(self):
        """What it printed for scripts."""
        return json.loads(self.output)


def run(stage: Stage, command: str, *arguments: str, person: int | None = 0) -> Ended:
    """`ape run COMMAND` as test account number `person`; None for a command without an account."""
    words = [
        *arguments,
        "--network",
        f"ethereum:local:{stage.local.url}",
        "--registry",
        str(stage.deployer.path),
    ]
    words += ["--account", f"TEST::{person}"] if person is not None else []
    done = CliRunner(mix_stderr=False).invoke(
        importlib.import_module(f"scripts.{command}").cli, words, obj=None
    )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ended(done.exit_code, done.stdout, done.stderr)
