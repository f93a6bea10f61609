"""Cuts a video file into MPEG-TS segments of about two seconds that decode on their own.

Packets are copied when the source has clean key frames often enough; otherwise it is re-encoded once, nearly
losslessly, with key frames where the cuts will be.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from offchain_worker.media import errors
from offchain_worker.media.encode import TIME_BASE, SegmentEncoder
from offchain_worker.media.probe import (
    FILE_LIMITS,
    SEGMENT_FORMAT,
    TICKS_PER_SECOND,
    MediaInfo,
    MediaLimits,
    decode_frames,
    open_video,
)
from offchain_worker.media.segment_index import PacketIndex, index_packets, to_ticks

ORIGIN_TICKS = TICKS_PER_SECOND
"""The first frame is shown at one second: room for the decode timestamps of reordered frames, which lie before it."""

REENCODE_CRF = 12


@dataclass(frozen=True)
class Segment:
    """One piece of the source. `frames` counts packets, so it holds for an undamaged source."""

    sequence: int
    data: bytes
    frames: int
    width: int
    height: int
    start_ticks: int
    duration_ticks: int


@dataclass(frozen=True)
class SegmentPlan:
    """Where the source is cut, and whether it has to be encoded anew for that."""

    info: MediaInfo
    first_pts: int
    cut_positions: list[int]
    frames: int
    is_reencoded: bool


def cut_video(
    path: str | os.PathLike, seconds: int = 2, limits: MediaLimits = FILE_LIMITS
) -> Iterator[Segment]:
    """Segments of the file at `path`, each starting with a key frame and lasting about `seconds`.

    Raises a `MediaError` that names the file for anything that is not an H.264 video within `limits`.
    """
    name = Path(path).name
    try:
        file = Path(path).open("rb")  # noqa: SIM115, closed by the block below
    except OSError as error:
        raise errors.UnreadableMedia(source=str(path), required="a file", reason=error.strerror) from error
    with file, Path(path).open("rb") as sound_file:
        plan = plan_segments(file, name, seconds, limits)
        with _open_sound(sound_file, name, plan.first_pts, limits) as sound:
            if plan.is_reencoded:
                with _reencode(file, name, seconds, limits) as copy:
                    yield from _cut(copy, name, plan_segments(copy, name, seconds, limits), sound, limits)
            else:
                yield from _cut(file, name, plan, sound, limits)


def plan_segments(file: io.BufferedIOBase, name: str, seconds: int, limits: MediaLimits) -> SegmentPlan:
    """Cuts at the first clean key frame once `seconds` have passed; asks for encoding if a piece gets twice as long."""
    with open_video(file, name, limits, is_segment=False) as (container, _, info):
        index = index_packets(container, name, limits)
    cuts = _choose_cuts(index, seconds, info.frame_rate)
    pts = index.decode_pts
    ends = [*cuts[1:], len(pts)]
    longest = (
        max(max(pts[start:end]) - min(pts[start:end]) for start, end in zip(cuts, ends, strict=True))
        if cuts
        else None
    )
    is_reencoded = longest is None or cuts[0] != 0 or longest > 2 * seconds * TICKS_PER_SECOND
    return SegmentPlan(info, index.display_pts[0], cuts, len(pts), is_reencoded)


def _choose_cuts(index: PacketIndex, seconds: int, frame_rate: Fraction) -> list[int]:
    half_frame = TICKS_PER_SECOND / frame_rate / 2
    chosen: list[int] = []
    for position in index.cuts:
        if (
            not chosen
            or index.decode_pts[position] - index.decode_pts[chosen[-1]]
            >= seconds * TICKS_PER_SECOND - half_frame
        ):
            chosen.append(position)
    return chosen


def _reencode(file: io.BufferedIOBase, name: str, seconds: int, limits: MediaLimits) -> io.BytesIO:
    """The whole picture track again with a key frame every `seconds`."""
    copy = io.BytesIO()
    with open_video(file, name, limits, is_segment=False) as (container, stream, info):
        encoder = SegmentEncoder(
            info.width & ~1, info.height & ~1, info.frame_rate, crf=REENCODE_CRF, file=copy
        )
        ticks = stream.time_base * TICKS_PER_SECOND
        next_key = first = None
        for frame in decode_frames(container, stream, name, limits):
            pts = to_ticks(frame.pts, ticks)
            first = pts if first is None else first
            is_key = next_key is None or pts >= next_key
            if is_key:
                next_key = pts + seconds * TICKS_PER_SECOND
            if (frame.width, frame.height) != (info.width & ~1, info.height & ~1):
                frame = frame.reformat(width=info.width & ~1, height=info.height & ~1)
            encoder.encode(frame, pts - first + ORIGIN_TICKS, is_key)
        encoder.finish()
    copy.seek(0)
    return copy


class _Sound:
    """The source's AAC packets in time order, read as far as they are needed."""

    def __init__(self, container: InputContainer, first_pts: int) -> None:
        streams = [stream for stream in container.streams.audio if stream.codec_context.name == "aac"]
        self.stream = streams[0] if streams else None
        self._packets = container.demux(self.stream) if streams else iter(())
        self._shift = ORIGIN_TICKS - first_pts
        self._held: tuple[Packet, int] | None = None

    def take_until(self, end: int | None) -> Iterator[tuple[Packet, int]]:
        """Packets that begin before `end` (all if None) and were not taken before, with their times."""
        while (item := self._held or self._next()) is not None:
            self._held = item
            if end is not None and item[1] >= end:
                return
            self._held = None
            yield item

    def _next(self) -> tuple[Packet, int] | None:
        for packet in self._packets:
            if packet.size and packet.pts is not None:
                pts = to_ticks(packet.pts, packet.time_base * TICKS_PER_SECOND) + self._shift
                if pts >= 0:
                    return packet, pts
        return None


@contextlib.contextmanager
def _open_sound(file: io.BufferedIOBase, name: str, first_pts: int, limits: MediaLimits) -> Iterator[_Sound]:
    with open_video(file, name, limits, is_segment=False) as (container, _, _info):
        yield _Sound(container, first_pts)


class _SegmentWriter:
    """Muxes the packets of one segment."""

    def __init__(self, video: VideoStream, sound: _Sound) -> None:
        self._file = io.BytesIO()
        self._output = av.open(self._file, "w", format=SEGMENT_FORMAT, options={"fflags": "+bitexact"})
        self._video = self._output.add_stream_from_template(video)
        self._audio = None if sound.stream is None else self._output.add_stream_from_template(sound.stream)
        self._sound = sound
        self.pts: list[int] = []

    def add(self, packet: Packet, pts: int, dts: int | None) -> None:
        self.pts.append(pts)
        self._mux(packet, self._video, pts, dts)

    def finish(self, next_pts: int | None) -> bytes:
        """Adds the sound up to the next segment and closes the container."""
        for packet, pts in self._sound.take_until(next_pts):
            self._mux(packet, self._audio, pts, pts)
        self._output.close()
        return self._file.getvalue()

    def _mux(self, packet: Packet, stream: Stream, pts: int, dts: int | None) -> None:
        packet.time_base = TIME_BASE
        packet.pts, packet.dts = pts, dts
        packet.stream = stream
        self._output.mux_one(packet)


def _cut(
    file: io.BufferedIOBase, name: str, plan: SegmentPlan, sound: _Sound, limits: MediaLimits
) -> Iterator[Segment]:
    """Copies packets into one container after the other."""
    with open_video(file, name, limits, is_segment=False) as (container, video, info):
        repeat_headers = _header_repeater(video)
        cuts = set(plan.cut_positions)
        ticks = video.time_base * TICKS_PER_SECOND
        shift = ORIGIN_TICKS - plan.first_pts
        writer: _SegmentWriter | None = None
        position, sequence = 0, 0
        for packet in container.demux(video):
            if packet.size == 0 or (writer is None and not packet.is_keyframe):
                continue
            pts = to_ticks(packet.pts, ticks) + shift
            dts = None if packet.dts is None else to_ticks(packet.dts, ticks) + shift
            if position in cuts:
                if writer is not None:
                    yield _segment(writer, sequence, info, pts)
                    sequence += 1
                writer = _SegmentWriter(video, sound)
            position += 1
            for part in repeat_headers(packet):
                writer.add(part, pts, dts)
        if writer is not None:
            yield _segment(writer, sequence, info, None)


def _header_repeater(video: VideoStream) -> Callable[[Packet], list[Packet]]:
    """Byte-stream sources may carry parameter sets only once; a segment that decodes on its own needs its own copy."""
    extradata = video.codec_context.extradata or b""
    if not extradata.startswith(b"\x00\x00"):
        return lambda packet: [
            packet
        ]  # the muxer converts length-prefixed packets and adds the headers itself
    return BitStreamFilterContext("dump_extra=freq=keyframe", video).filter


def _segment(writer: _SegmentWriter, sequence: int, info: MediaInfo, next_pts: int | None) -> Segment:
    start, last = min(writer.pts), max(writer.pts)
    duration = last - start + round(TICKS_PER_SECOND / info.frame_rate)
    return Segment(
        sequence, writer.finish(next_pts), len(writer.pts), info.width, info.height, start, duration
    )
