"""What a run did, as data: per segment and in total. Amounts in wei are decimal strings in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class RenditionReport:
    name: str
    width: int
    height: int
    frames: int
    pixels: int
    bytes: int
    psnr_db: float
    worst_psnr_db: float


@dataclass
class SegmentReport:
    """One delivered and checked segment. `encode_fps` is the worker's, `seconds` the gateway's whole wait."""

    sequence: int
    orchestrator: str
    url: str
    session_id: str
    frames: int
    pixels: int
    fee_wei: int
    tickets_sent: int
    face_value_sent_wei: int
    winners: int
    seconds: float
    encode_fps: float
    renditions: list[RenditionReport]


@dataclass
class RefusedAttempt:
    """An orchestrator that was given up, and why."""

    sequence: int
    url: str
    error: str
    message: str


@dataclass
class SessionReport:
    """The ledger of one session: expected value sent, fees debited, refused tickets, rest left behind."""

    url: str
    orchestrator: str
    session_id: str
    tickets_sent: int
    face_value_sent_wei: int
    expected_value_sent_wei: int
    debited_wei: int
    written_off_wei: int
    balance_left_wei: int


@dataclass
class VideoReport:
    """A whole video. `error` is set if the run ended early; everything before it is still reported."""

    source: str
    gateway: str
    segments: list[SegmentReport] = field(default_factory=list)
    failovers: list[RefusedAttempt] = field(default_factory=list)
    sessions: list[SessionReport] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    error: dict[str, Any] | None = None

    def totals(self) -> dict[str, Any]:
        segments = self.segments
        frames = sum(segment.frames for segment in segments)
        return {
            "segments": len(segments),
            "frames": frames,
            "pixels": sum(segment.pixels for segment in segments),
            "fee_wei": sum(segment.fee_wei for segment in segments),
            "tickets_sent": sum(session.tickets_sent for session in self.sessions),
            "expected_value_sent_wei": sum(session.expected_value_sent_wei for session in self.sessions),
            "face_value_sent_wei": sum(session.face_value_sent_wei for session in self.sessions),
            "winners": sum(segment.winners for segment in segments),
            "frames_per_second": round(frames / self.seconds, 1) if self.seconds else 0.0,
            "worst_psnr_db": min(
                (rendition.worst_psnr_db for segment in segments for rendition in segment.renditions),
                default=None,
            ),
        }

    def to_json(self) -> dict[str, Any]:
        return _plain({**self.__dict__, "totals": self.totals()})


def _plain(value: Any, key: str = "") -> Any:
    if key.endswith("_wei") and isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if hasattr(value, "__dataclass_fields__"):
        return _plain(value.__dict__)
    return value
