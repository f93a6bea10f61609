"""One fact found in several independent ways. A ledger balances when every fact is the same in all of its ways."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """`ways`: how the number was found, and the number: base units (1e-18 LPT, wei) unless the title says otherwise.

    `account`: whose number it is, where the same fact is checked for several accounts.
    """

    title: str
    ways: dict[str, int]
    account: str | None = None

    @property
    def holds(self) -> bool:
        return len(set(self.ways.values())) == 1

    def to_json(self) -> dict:
        ways = {way: str(value) for way, value in self.ways.items()}
        return {"title": self.title, "account": self.account, "ways": ways, "holds": self.holds}


@dataclass(frozen=True)
class DustCheck:
    """Rounding may leave dust behind, never create claims: from zero to `limit`, which grows with roundings only."""

    title: str
    dust: int
    limit: int
    account: None = None

    @property
    def holds(self) -> bool:
        return 0 <= self.dust <= self.limit

    def to_json(self) -> dict:
        ways = {"at least": "0", "found": str(self.dust), "at most": str(self.limit)}
        return {"title": self.title, "account": None, "ways": ways, "holds": self.holds}
