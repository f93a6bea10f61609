"""Child processes that never outlive the demo."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scripts._demo.errors import ServiceFailed

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
STOP_SECONDS = 5.0
INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


@dataclass
class Child:
    """A process in a group of its own, with its standard error in `log`."""

    name: str
    process: subprocess.Popen
    log: Path

    def is_running(self) -> bool:
        return self.process.poll() is None

    def log_tail(self, lines: int = 8) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def require_running(self) -> None:
        if not self.is_running():
            code = self.process.returncode
            raise ServiceFailed(f"{self.name} ended with exit code {code}\n{self.log_tail()}".rstrip())

    def wait(self) -> None:
        """Until it ends; raises ServiceFailed unless with exit code 0."""
        if self.process.wait() != 0:
            self.require_running()

    def kill(self) -> None:
        """At once, without a chance to tidy up."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Asks, waits, then kills whatever of the group is left."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class Children(contextlib.AbstractContextManager):
    """All child processes; leaving the context ends them, whatever the reason."""

    def __init__(self, logs: Path):
        self._logs = logs
        self._children: list[Child] = []

    def start_worker_command(self, name: str, *arguments: str, **options) -> Child:
        """Starts `python -m offchain_worker ARGUMENTS`; options as in `start`."""
        return self.start(name, sys.executable, "-m", "offchain_worker", *arguments, **options)

    def start(self, name: str, *command: str, env: dict[str, str] | None = None, **streams) -> Child:
        """Starts a command with `env` added to our environment. Its output goes to a log unless `streams` differs."""
        log = self._logs / f"{name.replace(' ', '-')}.log"
        with log.open("ab") as file:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=_environment() | (env or {}),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                **{"stdout": file, "stderr": file} | streams,
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def __exit__(self, *_) -> None:
        # A second Ctrl-C must not leave half of them running.
        previous = {number: signal.signal(number, signal.SIG_IGN) for number in INTERRUPTS}
        try:
            for child in self._children:
                child._signal(signal.SIGTERM)
            for child in self._children:
                child.stop()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def free_port() -> int:
    """A port that nobody listens on now. Who takes it between this call and its use is found out by the caller."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment() -> dict[str, str]:
    """Ours without settings of services that the user may run himself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OW_")}


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
