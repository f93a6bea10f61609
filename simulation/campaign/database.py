"""What is worth running again: failures, and runs that reached something new, in Hypothesis example databases.

Bytes decode to some run whatever the actions are, so what is kept stays good for a start when the actions change.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase, MultiplexedDatabase

from simulation.campaign.options import BadInput
from simulation.campaign.plan import Kept

CONNECT_SECONDS = 5
FAILURES, REACHED = "failures", "reached"
REDIS_SCHEMES = ("redis", "rediss", "unix")


class Store:
    """Kept runs by area. `scope` keeps apart what is not comparable, such as runs against a planted fault.

    A database that fails is used no more, and `failure` says why: a campaign does not end for that.
    """

    def __init__(self, database: ExampleDatabase, scope: str) -> None:
        self._database, self._scope = database, scope
        self._failures: set[Kept] = set()
        self.failure: str | None = None

    def load(self, areas: Iterable[str]) -> list[Kept]:
        """Failures first, then the rest, short ones before long ones. Raises what the database raises."""
        areas = tuple(areas)
        failures, reached = self._fetch(FAILURES, areas), self._fetch(REACHED, areas)
        self._failures.update(failures)
        return list(dict.fromkeys([*failures, *reached]))

    def keep(self, kept: Kept) -> None:
        """The run reached something new."""
        self._change(self._database.save, self._key(REACHED, kept.area), kept.data)

    def keep_failure(self, kept: Kept) -> None:
        """The run failed, or took its worker with it."""
        self._change(self._database.save, self._key(FAILURES, kept.area), kept.data)

    def release(self, kept: Kept) -> None:
        """A run that was loaded does not fail; if it once did, it is a good start now."""
        if kept in self._failures:
            source, destination = self._key(FAILURES, kept.area), self._key(REACHED, kept.area)
            self._change(self._database.move, source, destination, kept.data)

    def _fetch(self, kind: str, areas: Iterable[str]) -> list[Kept]:
        found = [
            Kept(area, data) for area in areas for data in set(self._database.fetch(self._key(kind, area)))
        ]
        return sorted(found, key=lambda kept: (len(kept.data), kept.data, kept.area))

    def _change(self, change: Callable[..., None], *arguments: bytes) -> None:
        if self.failure is not None:
            return
        try:
            change(*arguments)
        except Exception as error:  # each kind of database has its own
            self.failure = f"{type(error).__name__}: {error}"

    def _key(self, kind: str, area: str) -> bytes:
        return f"livepeer campaign: {self._scope}: {area}: {kind}".encode()


def open_database(places: Sequence[str]) -> ExampleDatabase:
    """A folder, a Redis by URL, or several of them at once. Raises BadInput."""
    databases = [_open_redis(place) if _is_url(place) else _open_folder(place) for place in places]
    return databases[0] if len(databases) == 1 else MultiplexedDatabase(*databases)


def _is_url(place: str) -> bool:
    return "://" in place


def _open_folder(place: str) -> ExampleDatabase:
    folder = Path(place).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        raise BadInput(
            "--database", f"found {place!r}, must be a folder to write to: {error.strerror}"
        ) from None
    return DirectoryBasedExampleDatabase(folder)


def _open_redis(url: str) -> ExampleDatabase:
    parts = urlsplit(url)
    if parts.scheme not in REDIS_SCHEMES:
        schemes = ", ".join(f"{scheme}://" for scheme in REDIS_SCHEMES)
        raise BadInput("--database", f"found {url!r}, must be a folder or a URL that begins with {schemes}")
    try:
        from hypothesis.extra.redis import RedisExampleDatabase
        from redis import Redis
        from redis.exceptions import RedisError
    except ModuleNotFoundError:
        raise BadInput("--database", "redis-py is not installed; `make setup` installs it") from None
    shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    try:
        client = Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS)
        client.ping()
    except (RedisError, ValueError) as error:
        raise BadInput("--database", f"found {shown!r}, no Redis answers there: {error}") from None
    return RedisExampleDatabase(client)
