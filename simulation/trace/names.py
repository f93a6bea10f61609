"""Words for what differs between engines, so that a trace made on one is the same on the other.

An engine has block hashes of its own.  A ticket holds the hash of its round; its own hash, its signature and its draw
follow from it, and the account that a damaged signature seems to be of.  Wherever one of these comes up in an event,
an error or a view, a trace has a name instead: "block hash of round 7", "draw of ticket 2".
"""

from typing import Any

from simulation.trace.values import to_json

NO_HASH = bytes(32)


class Names:
    """Names by value; the first name of a value stays."""

    def __init__(self) -> None:
        self._names: dict[bytes | int | str, str] = {}

    def add(self, value: bytes | int | str, name: str) -> None:
        self._names.setdefault(value, name)

    def add_round(self, round_number: int, block_hash: bytes) -> None:
        """The recorded hash of a round; none is no hash."""
        if block_hash != NO_HASH:
            self.add(block_hash, f"block hash of round {round_number}")

    def of(self, value: Any) -> str | None:
        """The name of a value that has one."""
        is_named = isinstance(value, (bytes, int, str)) and not isinstance(value, bool)
        return self._names.get(value) if is_named else None

    def to_json(self, value: Any) -> Any:
        """A value of an event or error: by name, else as `values.to_json` has it."""
        if (name := self.of(value)) is not None:
            return name
        if hasattr(value, "_asdict"):
            value = value._asdict()
        if isinstance(value, dict):
            return {key: self.to_json(part) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.to_json(part) for part in value]
        return to_json(value)
