"""What packets say without decoding: timestamps, key frames, and whether a cut before a packet is clean."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from av.container import InputContainer
from av.error import FFmpegError

from offchain_worker.media import errors
from offchain_worker.media.probe import TICKS_PER_SECOND, MediaLimits


@dataclass(frozen=True)
class PacketIndex:
    """Times in 90 kHz ticks. `cuts` are positions, in decode order, of packets before which the stream may be cut."""

    decode_pts: list[int]
    cuts: list[int]

    @property
    def display_pts(self) -> list[int]:
        return sorted(self.decode_pts)


def index_packets(container: InputContainer, name: str, limits: MediaLimits) -> PacketIndex:
    """Reads all video packets of `container`. Packets before the first key frame cannot be decoded and are left out.

    Raises `NoKeyFrame`, `CorruptMedia` for missing or repeated timestamps, `TooManyFrames`.
    """
    stream = container.streams.video[0]
    ticks = stream.time_base * TICKS_PER_SECOND
    decode_pts: list[int] = []
    key_positions: list[int] = []
    try:
        for packet in container.demux(stream):
            if packet.size == 0:
                continue
            if packet.is_keyframe:
                key_positions.append(len(decode_pts))
            elif not key_positions:
                continue
            if packet.pts is None:
                raise errors.CorruptMedia(source=name, frame=len(decode_pts), reason="it has no timestamp")
            decode_pts.append(to_ticks(packet.pts, ticks))
            if len(decode_pts) > limits.max_frames:
                raise errors.TooManyFrames(source=name, required=limits.max_frames)
    except FFmpegError as error:
        raise errors.CorruptMedia(
            source=name, frame=len(decode_pts), reason=error.strerror or str(error)
        ) from error
    if not key_positions:
        raise errors.NoKeyFrame(source=name)
    if len(set(decode_pts)) != len(decode_pts):
        raise errors.CorruptMedia(
            source=name, frame=len(decode_pts), reason="two frames have the same timestamp"
        )
    return PacketIndex(decode_pts, _clean_cuts(decode_pts, key_positions))


def to_ticks(value: int, ticks: Fraction) -> int:
    """A timestamp in 90 kHz ticks, rounded to the nearest."""
    return round(value * ticks)


def _clean_cuts(decode_pts: list[int], key_positions: list[int]) -> list[int]:
    """Key frames that nothing later in the stream precedes on screen: such frames would refer across the cut."""
    earliest_from = [0] * len(decode_pts)
    earliest = None
    for position in range(len(decode_pts) - 1, -1, -1):
        earliest = decode_pts[position] if earliest is None else min(earliest, decode_pts[position])
        earliest_from[position] = earliest
    return [position for position in key_positions if earliest_from[position] == decode_pts[position]]
