"""One segment in, its renditions out: decode once, resize exactly, encode each rendition in its own thread."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from offchain_worker.media import errors
from offchain_worker.media.encode import SegmentEncoder
from offchain_worker.media.planes import new_frame, plane_view
from offchain_worker.media.probe import (
    SEGMENT_LIMITS,
    TICKS_PER_SECOND,
    MediaInfo,
    MediaLimits,
    decode_frames,
    open_video,
)
from offchain_worker.media.profiles import Profile, compute_rendition_size, plan_frames
from offchain_worker.media.resize import get_resizer
from offchain_worker.media.segment_index import index_packets

FRAMES_IN_FLIGHT = 8


@dataclass(frozen=True)
class Rendition:
    """One finished rendition of one segment."""

    profile: Profile
    width: int
    height: int
    frames: int
    data: bytes

    @property
    def pixels(self) -> int:
        """The unit that is paid for: pixels encoded."""
        return self.frames * self.width * self.height


@dataclass(frozen=True)
class TranscodedSegment:
    """Renditions in the order asked for, and how long the work took."""

    renditions: tuple[Rendition, ...]
    source_frames: int
    seconds: float


class _RenditionThread(threading.Thread):
    """Resizes and encodes the frames it is given. A failure is kept for the caller and stops the intake."""

    def __init__(self, profile: Profile, info: MediaInfo, plan: list[tuple[int, int]], device: str) -> None:
        super().__init__(name=f"rendition-{profile.name}", daemon=True)
        self.profile = profile
        self.width, self.height = compute_rendition_size(info.width, info.height, profile)
        rate = profile.frame_rate or info.frame_rate
        gop_frames = round(rate * profile.gop_milliseconds / 1000)
        self.encoder = SegmentEncoder(
            self.width, self.height, rate, bitrate=profile.bitrate, gop_frames=gop_frames
        )
        self.intake: queue.Queue = queue.Queue(FRAMES_IN_FLIGHT)
        self.error: BaseException | None = None
        self._output_pts: dict[int, list[int]] = {}
        for index, pts in plan:
            self._output_pts.setdefault(index, []).append(pts)
        self._device = device

    def run(self) -> None:
        try:
            while (item := self.intake.get()) is not None:
                if isinstance(item, Packet):
                    self.encoder.copy_sound(item)
                else:
                    self._encode(*item)
            self.encoder.finish()
        except BaseException as error:
            self.error = error
            while self.intake.get() is not None:
                pass

    def _encode(self, index: int, frame: VideoFrame) -> None:
        pts_list = self._output_pts.get(index, ())
        if not pts_list:
            return
        resized = [self._resize_plane(frame, plane) for plane in range(3)]
        for pts in pts_list:
            output = new_frame(self.width, self.height)
            for plane, samples in enumerate(resized):
                plane_view(output, plane)[:] = samples
            self.encoder.encode(output, pts)

    def _resize_plane(self, frame: VideoFrame, plane: int):
        samples = plane_view(frame, plane)
        height, width = samples.shape
        shift = 1 if plane else 0
        resizer = get_resizer(width, height, self.width >> shift, self.height >> shift, self._device)
        return resizer.resize(torch.from_numpy(samples)).cpu().numpy()

    def result(self) -> Rendition:
        return Rendition(
            self.profile, self.width, self.height, self.encoder.frames, self.encoder.file.getvalue()
        )


def transcode_segment(
    data: bytes,
    profiles: tuple[Profile, ...],
    source_size: tuple[int, int],
    source_frames: int,
    rendition_frames: tuple[int, ...],
    limits: MediaLimits = SEGMENT_LIMITS,
    device: str = "cpu",
    name: str = "segment",
) -> TranscodedSegment:
    """Transcodes an MPEG-TS segment to `profiles`; AAC audio is copied, other audio is left out.

    Raises a `MediaError` for a bad segment, also when size or frame numbers are not the declared ones: the payment was
    checked against those.
    """
    started = time.perf_counter()
    with open_video(data, name, limits, is_segment=True) as (container, _, info):
        pts = index_packets(container, name, limits).display_pts
    if (info.width, info.height) != source_size or len(pts) != source_frames:
        raise errors.SourceNotAsDeclared(
            source=name,
            found=f"{len(pts)} frames of {info.width}x{info.height}",
            required=f"{source_frames} frames of {source_size[0]}x{source_size[1]}",
        )
    plans = [plan_frames(pts, info.frame_rate, profile, TICKS_PER_SECOND) for profile in profiles]
    if tuple(len(plan) for plan in plans) != rendition_frames:
        found, required = ([*numbers] for numbers in ((len(plan) for plan in plans), rendition_frames))
        raise errors.SourceNotAsDeclared(
            source=name, found=f"renditions of {found} frames", required=f"renditions of {required} frames"
        )
    threads = [
        _RenditionThread(profile, info, plan, device) for profile, plan in zip(profiles, plans, strict=True)
    ]
    with open_video(data, name, limits, is_segment=True) as (container, stream, _):
        audio = container.streams.audio[0] if info.audio_codec == "aac" else None
        for thread in threads:
            if audio is not None:
                thread.encoder.add_sound(audio)
            thread.start()
        try:
            count = _feed(container, stream, audio, threads, name, limits)
        finally:
            for thread in threads:
                thread.intake.put(None)
            for thread in threads:
                thread.join()
    for thread in threads:
        if thread.error is not None:
            raise thread.error
    if count != source_frames:
        raise errors.CorruptMedia(
            source=name, frame=count, reason=f"only {count} of {source_frames} frames can be decoded"
        )
    return TranscodedSegment(
        tuple(thread.result() for thread in threads), count, time.perf_counter() - started
    )


def _feed(
    container: InputContainer, stream, audio, threads: list[_RenditionThread], name: str, limits: MediaLimits
) -> int:
    """Decodes frames into every thread, then hands out the audio packets; returns the number of frames."""
    count = 0
    for frame in decode_frames(container, stream, name, limits):
        for thread in threads:
            thread.intake.put((count, frame))
        count += 1
    if audio is not None:
        for packet in _packets(container, audio):
            for thread in threads:
                thread.intake.put(packet)
    return count


def _packets(container: InputContainer, audio) -> Iterator[Packet]:
    container.seek(0)
    for packet in container.demux(audio):
        if packet.size and packet.pts is not None:
            yield packet
