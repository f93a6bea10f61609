"""A devnet as a person starts it, in a process of its own, and commands that are run against it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import requests

ROOT = Path(__file__).resolve().parents[2]
APE = Path(sys.executable).parent / "ape"
PATIENCE_SECONDS = 120


class RunningDevnet:
    """What the ready line says, and the process behind it."""

    def __init__(self, process: subprocess.Popen, ready: dict) -> None:
        self.process, self.ready = process, ready

    def account(self, role: str) -> str:
        return self.ready["actors"][role]["account"]

    def address(self, role: str) -> str:
        return self.ready["actors"][role]["address"]

    def request(self, method: str, *parameters):
        """The result of a JSON-RPC method."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(parameters)}
        return requests.post(self.ready["rpc_url"], json=body, timeout=PATIENCE_SECONDS).json()["result"]

    def run(self, command: str, *arguments: str, role: str | None = None) -> subprocess.CompletedProcess:
        """`ape run` as that person."""
        words = [APE, "run", command, *arguments, "--network", self.ready["network"]]
        words += ["--registry", self.ready["registry"]]
        words += ["--account", self.account(role)] if role else []
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS)

    def run_json(self, command: str, *arguments: str, role: str | None = None, code: int = 0):
        """The JSON that a command prints; it has to end with `code`."""
        done = self.run(command, *arguments, "--json", role=role)
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Asks it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def running_devnet(*arguments: str, registry: Path) -> Iterator[RunningDevnet]:
    """Starts one on a free port, and waits for its ready line."""
    words = [APE, "run", "devnet", "--port", "0", "--json", "--registry", str(registry), *arguments]
    with subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watchdog = Timer(PATIENCE_SECONDS, process.kill)
        watchdog.start()
        try:
            line = process.stdout.readline()
            watchdog.cancel()
            ready = json.loads(line or "{}")
            assert ready.get("ready"), f"{line}{process.stderr.read()}"
            yield RunningDevnet(process, ready)
        finally:
            watchdog.cancel()
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def start_in_vain(*arguments: str) -> subprocess.CompletedProcess:
    """A devnet that has to refuse to start."""
    words = [APE, "run", "devnet", "--port", "0", *arguments]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
