"""H.264 into MPEG-TS: one encoder per segment and rendition, one thread, so equal input gives equal bytes."""

from __future__ import annotations

import io
from fractions import Fraction

import av
from av.packet import Packet
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame

from offchain_worker.media.probe import SEGMENT_FORMAT, TICKS_PER_SECOND

TIME_BASE = Fraction(1, TICKS_PER_SECOND)


class SegmentEncoder:
    """Encodes frames with their own timestamps. The first frame of a segment is an IDR frame."""

    def __init__(
        self,
        width: int,
        height: int,
        frame_rate: Fraction,
        bitrate: int = 0,
        crf: int | None = None,
        gop_frames: int = 0,
        file: io.BufferedIOBase | None = None,
    ) -> None:
        self.file = file or io.BytesIO()
        self._container = av.open(
            self.file, "w", format=SEGMENT_FORMAT, options={"fflags": "+bitexact", "flush_packets": "0"}
        )
        options = {
            "preset": "veryfast",
            "forced-idr": "1",
            "flags": "+bitexact+cgop",
            "x264-params": "scenecut=0:cpu-independent=1:sliced-threads=0",
            "bf": "3",
            "g": str(gop_frames or 600),
        }
        if crf is not None:
            options["crf"] = str(crf)
        else:
            options |= {
                "b": str(bitrate),
                "minrate": str(bitrate),
                "maxrate": str(bitrate),
                "bufsize": str(bitrate),
            }
        self._stream = self._container.add_stream("libx264", rate=frame_rate, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        context = self._stream.codec_context
        context.thread_count = 1
        context.time_base = TIME_BASE
        self._sound: Stream | None = None
        self.frames = 0

    def add_sound(self, stream: Stream) -> None:
        """Adds a track that takes packets of `stream` unchanged; before the first frame."""
        self._sound = self._container.add_stream_from_template(stream)

    def encode(self, frame: VideoFrame, pts: int, is_key: bool = False) -> None:
        """Encodes `frame` to be shown at `pts` (90 kHz)."""
        frame.pts, frame.time_base = pts, TIME_BASE
        frame.pict_type = PictureType.I if is_key or self.frames == 0 else PictureType.NONE
        self._container.mux(self._stream.encode(frame))
        self.frames += 1

    def copy_sound(self, packet: Packet) -> None:
        """Writes a copy of `packet`, which other encoders may hold at the same time."""
        copy = Packet(bytes(packet))
        copy.pts, copy.dts, copy.duration, copy.time_base = (
            packet.pts,
            packet.dts,
            packet.duration,
            packet.time_base,
        )
        copy.stream = self._sound
        self._container.mux_one(copy)

    def finish(self) -> None:
        """Flushes the encoder and writes the end of the container."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
