"""Everything that a run found out, as data."""

from dataclasses import dataclass
from typing import Any

from scripts._demo.checks import Check, DustCheck
from scripts._demo.eth_ledger import EthLedger
from scripts._demo.gas import GasRow
from scripts._demo.lpt_ledger import LptLedger
from scripts._demo.renditions import Rendition
from scripts._demo.source import Source
from scripts._demo.tickets import TicketAccount


@dataclass(frozen=True)
class Result:
    source: Source
    transcoding: dict[str, Any]
    """The gateway's own report."""
    renditions: list[Rendition]
    tickets: TicketAccount
    lpt: LptLedger
    eth: EthLedger
    gas: list[GasRow]
    contracts: dict[str, str]
    rounds: int
    seconds: dict[str, float]

    @property
    def checks(self) -> list[Check | DustCheck]:
        return [*self.lpt.checks, *self.eth.checks, *self.tickets.checks]

    @property
    def is_balanced(self) -> bool:
        return all(check.holds for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Amounts of LPT and ETH are decimal texts in base units; numbers are counts, gas, seconds and decibels."""
        totals = self.transcoding["totals"]
        work = sum(s["frames"] / s["encode_fps"] for s in self.transcoding["segments"] if s["encode_fps"])
        return {
            "balanced": self.is_balanced,
            "lpt": self.lpt.to_json(),
            "eth": self.eth.to_json(),
            "checks": [check.to_json() for check in self.checks],
            "tickets": self.tickets.to_json(),
            "video": {
                "source": str(self.source.path),
                "width": self.source.width,
                "height": self.source.height,
                "frames": self.source.frames,
                "segments": totals["segments"],
                "frames_per_second": totals["frames_per_second"],
                "worker_frames_per_second": round(totals["frames"] / work, 1) if work else 0.0,
                "fees_wei": totals["fee_wei"],
                "renditions": [rendition.to_json() for rendition in self.renditions],
                "failovers": self.transcoding["failovers"],
                "sessions": self.transcoding["sessions"],
            },
            "gas": [row.to_json() for row in self.gas],
            "contracts": self.contracts,
            "last_round": self.rounds,
            "seconds": self.seconds,
        }
