"""Small odd videos for the media tests."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np

from offchain_worker.media.planes import new_frame, plane_view

SAMPLE_RATE = 48_000


def encode(
    codec: str = "libx264",
    container: str = "mpegts",
    frames: int = 30,
    size: tuple[int, int] = (320, 180),
    fps: int = 30,
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    with_audio: bool = False,
    with_video: bool = True,
    key_every: int = 0,
) -> bytes:
    """A moving gradient, encoded as asked; with a 440 Hz tone in AAC if `with_audio`."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        video = audio = None
        if with_video:
            video = output.add_stream(codec, rate=Fraction(fps), options=options or {})
            video.width, video.height, video.pix_fmt = *size, pixel_format
            if key_every:
                video.codec_context.gop_size = key_every
        if with_audio:
            audio = output.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        if video is not None:
            for number in range(frames):
                frame = gradient(size, number)
                frame.pts, frame.time_base = number, Fraction(1, fps)
                output.mux(video.encode(frame.reformat(format=pixel_format)))
        if audio is not None:
            _add_tone(output, audio, frames / fps)
        for stream in (video, audio):
            if stream is not None:
                output.mux(stream.encode(None))
    return file.getvalue()


def gradient(size: tuple[int, int], number: int):
    """One frame of a pattern that moves with `number`."""
    frame = new_frame(*size)
    for plane in range(3):
        view = plane_view(frame, plane)
        rows, columns = np.indices(view.shape)
        view[:] = (rows * 2 + columns * 3 + number * 5 + plane * 60) % 256
    return frame


def _add_tone(output, audio, seconds: float) -> None:
    for start in range(0, int(seconds * SAMPLE_RATE), 1024):
        times = (np.arange(1024) + start) / SAMPLE_RATE
        samples = (0.3 * np.sin(2 * np.pi * 440 * times)).astype(np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        output.mux(audio.encode(frame))


def video_pts(data: bytes) -> list[int]:
    """Timestamps of all decoded frames, 90 kHz."""
    with av.open(io.BytesIO(data), format="mpegts") as container:
        return [frame.pts for frame in container.decode(video=0)]


def audio_packets(data: bytes) -> list[tuple[int, bytes]]:
    """Timestamps and contents of all audio packets."""
    with av.open(io.BytesIO(data), format="mpegts") as container:
        return [(packet.pts, bytes(packet)) for packet in container.demux(audio=0) if packet.size]
