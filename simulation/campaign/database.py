"""What is worth running again: failures, and runs that reached something new, in Hypothesis example databases.

Bytes decode to some run whatever the actions are, so what is kept stays good for a start when the actions change.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase, MultiplexedDatabase

from simulation.campaign.options import BadInput
from simulation.campaign.plan import Kept

CONNECT_SECONDS = 5
REDIS_SCHEMES = ("redis", "rediss", "unix")


class Store:
    """Kept runs by area. `scope` keeps apart what is not comparable, such as runs against a planted fault."""

    def __init__(self, database: ExampleDatabase, scope: str) -> None:
        self._database, self._scope = database, scope

    def load(self, areas: Iterable[str]) -> list[Kept]:
        """Failures first, then the rest, short ones before long ones."""
        found: list[Kept] = []
        for kind in ("failures", "reached"):
            of_kind = [
                Kept(area, data)
                for area in areas
                for data in set(self._database.fetch(self._key(kind, area)))
            ]
            found += sorted(of_kind, key=lambda kept: (len(kept.data), kept.data, kept.area))
        return list(dict.fromkeys(found))

    def keep(self, kept: Kept) -> None:
        """The run reached something new."""
        self._database.save(self._key("reached", kept.area), kept.data)

    def keep_failure(self, kept: Kept) -> None:
        """The run failed, or took its worker with it."""
        self._database.save(self._key("failures", kept.area), kept.data)

    def release(self, kept: Kept) -> None:
        """A run that is replayed does not fail; if it once did, it is a good start now."""
        if kept.data in set(self._database.fetch(self._key("failures", kept.area))):
            self._database.move(self._key("failures", kept.area), self._key("reached", kept.area), kept.data)

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
