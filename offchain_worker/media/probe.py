"""Opens video and decodes it within limits. Everything here treats its input as hostile."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from offchain_worker.media import errors

TICKS_PER_SECOND = 90_000
"""Clock of MPEG-TS: all timestamps that leave this package count it."""

SEGMENT_FORMAT = "mpegts"
FILE_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,h264,flv,avi"
"""Self-contained formats only: playlists could make the library open other files."""

PIXEL_FORMATS = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuv420p10le", "nv12")


@dataclass(frozen=True)
class MediaLimits:
    """What is accepted. Checked from the headers before anything is decoded, and again for every frame."""

    max_bytes: int = 64 * 2**20
    min_width: int = 64
    min_height: int = 36
    max_width: int = 4096
    max_height: int = 4096
    max_pixels: int = 3840 * 2160
    max_fps: int = 120
    max_seconds: int = 30
    max_frames: int = 1800


FILE_LIMITS = MediaLimits(max_bytes=8 * 2**30, max_seconds=12 * 3600, max_frames=12 * 3600 * 120)
SEGMENT_LIMITS = MediaLimits()


@dataclass(frozen=True)
class MediaInfo:
    """Facts from the headers."""

    codec: str
    width: int
    height: int
    frame_rate: Fraction
    audio_codec: str | None


@contextlib.contextmanager
def open_video(
    source: BinaryIO | bytes, name: str, limits: MediaLimits, is_segment: bool
) -> Iterator[tuple[InputContainer, VideoStream, MediaInfo]]:
    """Opens `source` and yields container, video stream and facts; raises the `MediaError` that applies."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    _require_size(file, name, limits)
    required = "MPEG-TS" if is_segment else "a video file"
    options = {"max_pixels": str(limits.max_width * limits.max_height)}
    if not is_segment:
        options["format_whitelist"] = FILE_FORMATS
    try:
        container = av.open(file, format=SEGMENT_FORMAT if is_segment else None, options=options)
    except (FFmpegError, ValueError, EOFError) as error:
        raise errors.UnreadableMedia(source=name, required=required, reason=_reason(error)) from error
    with contextlib.closing(container):
        if not container.streams:
            raise errors.UnreadableMedia(source=name, required=required, reason="no streams found")
        if not container.streams.video:
            found = ", ".join(stream.type for stream in container.streams)
            raise errors.NoVideoStream(source=name, found=found)
        stream = container.streams.video[0]
        yield container, stream, _checked_info(container, stream, name, limits)


def decode_frames(
    container: InputContainer, stream: VideoStream, name: str, limits: MediaLimits
) -> Iterator[VideoFrame]:
    """Every frame in display order, as 4:2:0 with 8 bits. Damage is an error and is not concealed."""
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"err_detect": "explode"}
    size: tuple[int, int] | None = None
    count = 0
    frames = _decoded(container, stream)
    while True:
        try:
            frame = next(frames)
        except StopIteration:
            return
        except (FFmpegError, EOFError) as error:
            raise errors.CorruptMedia(source=name, frame=count, reason=_reason(error)) from error
        if frame.is_corrupt or frame.pts is None:
            reason = "it has no timestamp" if frame.pts is None else "the decoder had to guess"
            raise errors.CorruptMedia(source=name, frame=count, reason=reason)
        size = size or (frame.width, frame.height)
        if (frame.width, frame.height) != size:
            reason = f"the picture changes from {size[0]}x{size[1]} to {frame.width}x{frame.height}"
            raise errors.CorruptMedia(source=name, frame=count, reason=reason)
        count += 1
        if count > limits.max_frames:
            raise errors.TooManyFrames(source=name, required=limits.max_frames)
        yield frame if frame.format.name == "yuv420p" else frame.reformat(format="yuv420p")


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for packet in container.demux(stream):
        yield from packet.decode()


def _require_size(file: BinaryIO, name: str, limits: MediaLimits) -> None:
    length = file.seek(0, io.SEEK_END)
    file.seek(0)
    if length == 0:
        raise errors.EmptyMedia(source=name)
    if length > limits.max_bytes:
        raise errors.MediaTooLarge(source=name, found=length, required=limits.max_bytes)


def _checked_info(
    container: InputContainer, stream: VideoStream, name: str, limits: MediaLimits
) -> MediaInfo:
    context = stream.codec_context
    if context.name != "h264":
        raise errors.UnsupportedCodec(source=name, found=context.name, required="h264")
    width, height = context.width, context.height
    is_within = (
        limits.min_width <= width <= limits.max_width and limits.min_height <= height <= limits.max_height
    )
    if not is_within or width * height > limits.max_pixels:
        raise errors.DimensionsOutOfRange(
            source=name,
            width=width,
            height=height,
            minWidth=limits.min_width,
            minHeight=limits.min_height,
            maxWidth=limits.max_width,
            maxHeight=limits.max_height,
            maxPixels=limits.max_pixels,
        )
    if context.pix_fmt not in PIXEL_FORMATS:
        raise errors.UnsupportedPixelFormat(
            source=name, found=context.pix_fmt, required=", ".join(PIXEL_FORMATS)
        )
    frame_rate = Fraction(stream.guessed_rate or 0)
    if not 0 < frame_rate <= limits.max_fps:
        raise errors.FrameRateOutOfRange(source=name, found=str(frame_rate), required=limits.max_fps)
    seconds = 0 if container.duration is None else container.duration / 1_000_000
    if seconds > limits.max_seconds:
        raise errors.DurationOutOfRange(source=name, found=round(seconds, 1), required=limits.max_seconds)
    audio = container.streams.audio[0].codec_context.name if container.streams.audio else None
    return MediaInfo("h264", width, height, frame_rate, audio)


def _reason(error: BaseException) -> str:
    """The library's words without the file object's address."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
