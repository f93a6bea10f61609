"""A worker as an actor on a Ray cluster: the same work on more machines."""

import logging
import os
import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from simulation.campaign.options import BadInput
from tools.solidity import ROOT

# What a worker imports of the project; machines of the cluster get it from here, and need the packages of
# requirements.lock themselves.
PACKAGES = ("reference_model", "simulation", "tools")
CONNECT_SECONDS = 5


class RayWorker:
    """`make` is called on the machine of the actor, and gives the function that does the work."""

    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        import ray

        self._ray = ray
        # One core each; an actor that ends is replaced by the crew and not by Ray.
        self._actor = ray.remote(num_cpus=1, max_restarts=0)(_Actor).remote(make)

    def submit(self, item: Any) -> Future:
        return self._actor.do.remote(item).future()

    def kill(self) -> None:
        with suppress(self._ray.exceptions.RayError):
            self._ray.kill(self._actor)

    def obituary(self, error: BaseException) -> str:
        cause = getattr(error, "cause", None) or error
        return f"{type(cause).__name__}: {str(cause).strip().partition(chr(10))[0]}"


class _Actor:
    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        self._work = make()

    def do(self, item: Any) -> Any:
        return self._work(item)


def connect(address: str, workers: int) -> Callable[[], None]:
    """Connect to a cluster, or start one of this machine alone (`local`); what ends it. Raises BadInput."""
    # Ray reports its use to its makers unless told not to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ModuleNotFoundError:
        raise BadInput(
            "--ray",
            "Ray is not installed; `.venv/bin/uv pip install '.[cluster]'` installs it in the project",
        ) from None
    _require_listener(address)
    try:
        ray.init(
            address=address,
            runtime_env={"py_modules": [str(ROOT / package) for package in PACKAGES]},
            logging_level=logging.ERROR,
            log_to_driver=False,
            include_dashboard=False if address == "local" else None,
        )
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise BadInput("--ray", f"found {address!r}, no cluster to work on there: {error}") from None
    if (cores := int(ray.cluster_resources().get("CPU", 0))) < workers:
        ray.shutdown()
        raise BadInput("--workers", f"found {workers}, must be at most the {cores} cores of the Ray cluster")
    return ray.shutdown


def _require_listener(address: str) -> None:
    """Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        raise BadInput("--ray", f"found {address!r}, nobody listens there: {error}") from None
