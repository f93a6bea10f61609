"""Campaigns: what is kept between them, in a folder or in Redis.

failures come first, short runs before long ones; a failure that is gone is a good start; scopes and areas do not mix;
several machines share a Redis; what cannot be opened is refused by name
"""

import socket
import threading

import pytest
from fakeredis import TcpFakeServer
from hypothesis.database import InMemoryExampleDatabase

from simulation.campaign.database import Store, open_database
from simulation.campaign.options import BadInput
from simulation.campaign.plan import Kept

LONG, SHORT = Kept("bonding", b"a long run"), Kept("bonding", b"short")


@pytest.fixture
def redis_url():
    """A server on a port of the system's choice."""
    server = TcpFakeServer(("127.0.0.1", 0))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"redis://127.0.0.1:{server.server_address[1]}/0"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_store__several_kept__failures_first_then_short_ones():
    store = Store(InMemoryExampleDatabase(), "sound")
    failure = Kept("tickets", b"a run that fails, and is long")
    for kept in (LONG, SHORT):
        store.keep(kept)
    store.keep_failure(failure)

    assert store.load(("bonding", "tickets")) == [failure, SHORT, LONG]


def test_store__failure_is_gone__is_kept_as_a_start():
    store = Store(InMemoryExampleDatabase(), "sound")
    store.keep_failure(LONG)
    store.keep(SHORT)
    store.load(("bonding",))

    store.release(LONG)

    assert store.load(("bonding",)) == [SHORT, LONG]


def test_store__run_that_was_no_failure_is_released__nothing_changes():
    store = Store(InMemoryExampleDatabase(), "sound")
    store.keep(SHORT)
    store.load(("bonding",))

    store.release(SHORT)

    assert store.load(("bonding",)) == [SHORT]


def test_store__other_area_or_scope__is_not_seen():
    database = InMemoryExampleDatabase()
    Store(database, "sound").keep(SHORT)

    assert Store(database, "sound").load(("tickets",)) == []
    assert Store(database, "TicketBroker__MutantReplay").load(("bonding",)) == []


def test_store__database_fails__is_used_no_more_and_says_why():
    class Gone(InMemoryExampleDatabase):
        tried = 0

        def save(self, key: bytes, value: bytes) -> None:
            self.tried += 1
            raise ConnectionError("the server has gone")

    database = Gone()
    store = Store(database, "sound")

    store.keep(SHORT)
    store.keep_failure(LONG)

    assert store.failure == "ConnectionError: the server has gone"
    assert database.tried == 1


def test_database__folder__is_made_and_keeps(tmp_path):
    folder = tmp_path / "new" / "examples"
    Store(open_database([str(folder)]), "sound").keep(SHORT)

    assert Store(open_database([str(folder)]), "sound").load(("bonding",)) == [SHORT]


def test_database__redis__is_shared(redis_url):
    Store(open_database([redis_url]), "sound").keep_failure(SHORT)
    other_machine = Store(open_database([redis_url]), "sound")

    assert other_machine.load(("bonding",)) == [SHORT]
    other_machine.release(SHORT)
    assert Store(open_database([redis_url]), "sound").load(("bonding",)) == [SHORT]


def test_database__folder_and_redis__both_have_it(redis_url, tmp_path):
    Store(open_database([str(tmp_path), redis_url]), "sound").keep(SHORT)

    for place in (str(tmp_path), redis_url):
        assert Store(open_database([place]), "sound").load(("bonding",)) == [SHORT]


def test_database__nobody_answers__is_refused_without_the_password(closed_port):
    url = f"redis://user:secret@127.0.0.1:{closed_port}/0"

    with pytest.raises(BadInput) as refused:
        open_database([url])

    assert str(refused.value).startswith(
        f"--database: found 'redis://127.0.0.1:{closed_port}/0', no Redis answers there"
    )
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("place", ["http://127.0.0.1:80", "redis://127.0.0.1:no-port", "postgres://x"])
def test_database__no_such_kind_of_url__is_refused_by_name(place):
    with pytest.raises(BadInput, match=f"--database: found '{place}'"):
        open_database([place])


def test_database__file_in_the_way__is_refused_by_name(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(BadInput, match=r"--database: found '.*file', must be a folder"):
        open_database([str(tmp_path / "file")])
