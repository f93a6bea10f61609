"""The journal of a deployment: what was signed and what was mined, one line of JSON each, on the disk before anything
else happens.

A line is appended and synced before the transaction that it describes is sent, and after it was mined. Whatever
interrupts a run, the next one reads here which transactions may be on the chain, and asks the chain.

    {"record": "begin", "format": 1, "plan": …, "build": …, "chain_id": …, "genesis": …, "deployer": …, "commit": …}
    {"record": "signed", "step": 1, "nonce": 0, "hash": "0x…", "raw": "0x…", "max_fee_wei": 1, "priority_fee_wei": 0}
    {"record": "mined", "step": 1, "hash": "0x…", "block": 5, "block_hash": "0x…", "gas_used": 21000}
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts._deployment.errors import JournalDamaged, JournalInUse

FORMAT = 1


@dataclass(frozen=True)
class Origin:
    """What a journal belongs to; a run with another origin must not go on with it."""

    plan: str
    build: str
    chain_id: int
    genesis: str
    deployer: str
    commit: str
    format: int = FORMAT


@dataclass(frozen=True)
class Signed:
    """A transaction that may have been sent."""

    step: int
    nonce: int
    hash: str
    raw: str
    max_fee_wei: int
    priority_fee_wei: int


@dataclass(frozen=True)
class Mined:
    """A transaction that was seen in a block, as successful."""

    step: int
    hash: str
    block: int
    block_hash: str
    gas_used: int


@dataclass
class Journal:
    """All records of one deployment, in the order in which they were written."""

    path: Path
    origin: Origin
    signed: dict[int, list[Signed]] = field(default_factory=dict)
    mined: dict[int, Mined] = field(default_factory=dict)

    @classmethod
    def begin(cls, path: Path, origin: Origin) -> "Journal":
        """A new journal; one that is there already is replaced."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(_line("begin", origin))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
        return cls(path, origin)

    @classmethod
    def load(cls, path: Path) -> "Journal":
        """What stands on the disk. A last line without its end was cut off by a crash, before its transaction was sent:
        it is taken away. Raises JournalDamaged for anything else that does not read.
        """
        content = path.read_bytes()
        complete = content[: content.rfind(b"\n") + 1]
        lines = complete.splitlines()
        if not lines:
            raise JournalDamaged(path, 1, "there is no complete line")
        journal = None
        for number, line in enumerate(lines, 1):
            try:
                values = json.loads(line)
                kind = values.pop("record")
                if journal is None:
                    journal = cls(path, _origin(kind, values))
                else:
                    journal._remember(_RECORDS[kind](**values))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise JournalDamaged(path, number, str(error)) from None
        if len(complete) < len(content):
            with path.open("r+b") as file:
                file.truncate(len(complete))
                os.fsync(file.fileno())
        return journal

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps a second run away from the same journal. Raises JournalInUse."""
        with self.path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise JournalInUse(self.path) from None
            yield

    def append(self, record: Signed | Mined) -> None:
        """Writes a record, to the disk before it returns."""
        with self.path.open("ab") as file:
            file.write(journal_line(record))
            file.flush()
            os.fsync(file.fileno())
        self._remember(record)

    def _remember(self, record: Signed | Mined) -> None:
        if isinstance(record, Signed):
            self.signed.setdefault(record.step, []).append(record)
        else:
            self.mined[record.step] = record


_RECORDS = {"signed": Signed, "mined": Mined}
_NAMES = {record: name for name, record in _RECORDS.items()}


def _origin(kind: str, values: dict) -> Origin:
    if kind != "begin":
        raise ValueError(f"record: found {kind!r}, the first must be 'begin'")
    if values.get("format") != FORMAT:
        raise ValueError(f"format: found {values.get('format')!r}, this version reads {FORMAT}")
    return Origin(**values)


def journal_line(record: Signed | Mined) -> bytes:
    """A record as it stands in the file."""
    return _line(_NAMES[type(record)], record)


def _line(kind: str, record) -> bytes:
    return json.dumps({"record": kind} | asdict(record)).encode() + b"\n"


def _sync_folder(folder: Path) -> None:
    """Makes a new name in a folder as durable as the file under it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
