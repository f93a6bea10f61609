"""The source revision that is deployed, as the Controller's registry stores it."""

import subprocess
from pathlib import Path

from scripts._deployment.errors import DeploymentError

ROOT = Path(__file__).resolve().parents[2]


def source_revision(live: bool) -> str:
    """The commit of the working tree, 20 bytes in hexadecimal; zeros outside of Git.

    Raises DeploymentError if a live network would get what no commit holds.
    """
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        if live:
            raise DeploymentError("commit: not a Git checkout; a live network needs a committed revision")
        return "0x" + "00" * 20
    changes = subprocess.run(
        ["git", "status", "--porcelain", "contracts"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    if live and changes:
        raise DeploymentError(
            "commit: contracts has uncommitted changes; a live network needs a committed revision"
        )
    return "0x" + done.stdout.strip()
