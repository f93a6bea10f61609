"""Where set-up puts things, and how it runs other programs and says what the machine lacks.

Set-up runs on whatever Python the machine has, so these files keep to old syntax.
"""

import re
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "tools"
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"

NETWORK_SIGNS = re.compile(
    r"dns error|failed to lookup|name resolution|getaddrinfo|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET"
    r"|ETIMEDOUT|error sending request|client error \(Connect\)|NewConnectionError|ConnectTimeout"
    r"|Connection refused|Network is unreachable|Could not connect|Failed to fetch"
    r"|\(from versions: none\)",
    re.IGNORECASE,
)
DISK_SIGNS = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded", re.IGNORECASE)

START = time.time()


class SetupError(Exception):
    """What is missing, and what would be right; shown without a stack trace."""


def say(text):
    print(f"[{time.time() - START:5.1f}s] {text}", flush=True)


def run(command, what, env=None):
    """Run `command` silently; on failure say why in terms of the machine, not of the tool."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=str(ROOT),
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode == 0:
        return output
    tail = "\n".join("    " + line for line in output.strip().splitlines()[-8:])
    if DISK_SIGNS.search(output):
        raise SetupError(f"{what}: no space left on the disk of {ROOT}.\n{tail}")
    if NETWORK_SIGNS.search(output):
        raise SetupError(
            f"{what}: the package registry cannot be reached. Check the network, the proxy (HTTPS_PROXY) and the "
            f"certificates (SSL_CERT_FILE), then run the same command again; it goes on where it stopped.\n{tail}"
        )
    raise SetupError(f"{what} failed with exit status {done.returncode}:\n{tail}")


def remove(path):
    if path.exists():
        path.unlink()


def write_script(path, lines):
    remove(path)  # it can be a hard link into uv's cache
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
