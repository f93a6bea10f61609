"""A worker as a process of this machine."""

import faulthandler
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

Work = Callable[[Any], Any]
END_SECONDS = 5.0


class ProcessWorker:
    """`make` is called in the new process, and gives the function that does the work; both travel there by pickle.

    An executor of one process each, since one that ends breaks its whole executor. What the process writes to standard
    error goes to `log`.
    """

    def __init__(self, make: Callable[[], Work], log: Path) -> None:
        self._log = log
        # By way of a file: who starts a process waits for it to read all that it is given, and would wait for ever if
        # it ended before that.
        self._made = log.with_suffix(".pickle")
        self._made.write_bytes(pickle.dumps(make))
        others = set(multiprocessing.active_children())
        # The process must not take an interrupt of the terminal for its own; it inherits that from here on.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN) if _is_main_thread() else None
        try:
            self._executor = ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(str(self._made), str(log)),
            )
            self._executor.submit(os.getpid)
        finally:
            if before is not None:
                signal.signal(signal.SIGINT, before)
        (self._process,) = set(multiprocessing.active_children()) - others

    def submit(self, item: Any) -> Future:
        return self._executor.submit(_do, item)

    def kill(self) -> None:
        # Its group has what it started too, such as a node.
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            self._process.kill()
        self._process.join(END_SECONDS)
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._made.unlink(missing_ok=True)
        if self._log.exists() and not self._log.stat().st_size:
            self._log.unlink()

    def obituary(self, error: BaseException) -> str:
        if not isinstance(error, BrokenExecutor):
            return f"{type(error).__name__}: {error}"
        self._executor.shutdown()  # which waits for the process, and so knows how it ended
        code = self._process.exitcode
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return f"the process ended {how}, see {self._log.name}"


_work: Work | None = None
_failure: Exception | None = None


def _begin(made: str, log: str) -> None:
    global _work, _failure
    os.setsid()
    descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, sys.stderr.fileno())
    faulthandler.enable()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _work = pickle.loads(Path(made).read_bytes())()
    except Exception as error:
        _failure = error


def _end_with_parent() -> None:
    wait([multiprocessing.parent_process().sentinel])
    os.killpg(0, signal.SIGKILL)


def _do(item: Any) -> Any:
    if _failure is not None:
        raise _failure
    return _work(item)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
