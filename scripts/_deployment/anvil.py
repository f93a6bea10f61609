"""An Anvil of one's own, on a port that the system chooses, for as long as it is needed."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from scripts._deployment.errors import DeploymentError
from simulation.chain.engine_anvil import KEPT_STATES, anvil_binary

LISTENING = re.compile(r"Listening on (\S+)")


class AnvilEnded(DeploymentError):
    """The node did not start."""

    def __init__(self, output: str):
        super().__init__(f"anvil ended before it listened: {output.strip()[-500:]}")


@contextmanager
def running_anvil(*arguments: str) -> Iterator[str]:
    """Starts Anvil and stops it; its URL. Raises AnvilEnded."""
    command = [anvil_binary(), "--port", "0", "--hardfork", "cancun", "--prune-history", str(KEPT_STATES)]
    process = subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        printed = []
        for line in process.stdout:
            printed.append(line)
            if found := LISTENING.search(line):
                break
        else:
            raise AnvilEnded("".join(printed))
        # What it goes on printing has to be read, or it waits for a reader in the end.
        Thread(target=process.stdout.read, daemon=True).start()
        yield f"http://{found[1]}"
    finally:
        process.kill()
        process.wait()
