"""Hostile or wrong video at the edge: the gateway's file and the worker's segment.

| input | outcome |
|---|---|
| no file, empty, noise, text, playlist, audio only, other codec, truncated, damaged | the named error, for a file |
| the same and another container | the named error, for a segment |
| too large a picture, too many frames, too long, too many bytes | the named error, before it is decoded |
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from offchain_worker.media import errors
from offchain_worker.media.probe import SEGMENT_LIMITS, decode_frames, open_video
from offchain_worker.media.profiles import get_profile
from offchain_worker.media.segmenter import cut_video
from offchain_worker.media.transcode import transcode_segment
from tests.worker.videos import encode

pytestmark = pytest.mark.worker

NOISE = random.Random(7).randbytes(100_000)
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


def _file(tmp_path, content: bytes):
    path = tmp_path / "input.mp4"
    path.write_bytes(content)
    return path


FILES = {
    "empty": (lambda: b"", errors.EmptyMedia),
    "noise": (lambda: NOISE, errors.UnreadableMedia),
    "text": (lambda: b"this is no video\n" * 1000, errors.UnreadableMedia),
    "playlist": (lambda: PLAYLIST, errors.UnreadableMedia),
    "audio only": (lambda: encode(container="mp4", with_video=False, with_audio=True), errors.NoVideoStream),
    "MPEG-2 video": (lambda: encode("mpeg2video", "mpegts", fps=25), errors.UnsupportedCodec),
    "VP9 video": (lambda: encode("libvpx-vp9", "webm", frames=5), errors.UnsupportedCodec),
    "H.265 video": (lambda: encode("libx265", "mp4", frames=5), errors.UnsupportedCodec),
    "mp4 cut off": (lambda: encode(container="mp4")[:-2000], errors.UnreadableMedia),
    "picture too small": (lambda: encode(container="mp4", size=(64, 32)), errors.DimensionsOutOfRange),
}


@pytest.mark.parametrize(("content", "error"), FILES.values(), ids=FILES)
def test_cut_video__unusable_file__raises_its_named_error(tmp_path, content, error):
    with pytest.raises(error) as refusal:
        list(cut_video(_file(tmp_path, content())))
    assert "input.mp4" in str(refusal.value)


def test_cut_video__no_such_file__raises_unreadable_media(tmp_path):
    with pytest.raises(errors.UnreadableMedia):
        list(cut_video(tmp_path / "missing.mp4"))


SEGMENTS = {
    "empty": (lambda: b"", errors.EmptyMedia),
    "noise": (lambda: NOISE, errors.UnreadableMedia),
    "mp4 container": (lambda: encode(container="mp4"), errors.UnreadableMedia),
    "audio only": (lambda: encode(with_video=False, with_audio=True), errors.NoVideoStream),
    "MPEG-2 video": (lambda: encode("mpeg2video", fps=25), errors.UnsupportedCodec),
    "H.265 video": (lambda: encode("libx265", frames=5), errors.UnsupportedCodec),
    "planar RGB": (lambda: encode("libx264rgb", pixel_format="rgb24"), errors.UnsupportedPixelFormat),
    "not as declared": (lambda: encode(frames=29), errors.SourceNotAsDeclared),
    "other size than declared": (lambda: encode(size=(318, 180)), errors.SourceNotAsDeclared),
}


def _transcode(data: bytes, frames: int = 30, limits=SEGMENT_LIMITS):
    profile = get_profile("P144p30fps16x9")
    return transcode_segment(data, (profile,), (320, 180), frames, (frames,), limits)


@pytest.mark.parametrize(("content", "error"), SEGMENTS.values(), ids=SEGMENTS)
def test_transcode_segment__unusable_segment__raises_its_named_error(content, error):
    with pytest.raises(error) as refusal:
        _transcode(content())
    assert 400 <= refusal.value.status < 500


def test_transcode_segment__damaged_in_the_middle__raises_and_does_not_conceal():
    # Bits of the second half of the payloads are flipped; packet headers stay, so the container still opens.
    data = bytearray(encode(frames=30, options={"preset": "veryfast", "qp": "20"}))
    chance = random.Random(3)
    for start in range(len(data) // 2, len(data) - 188, 188):
        data[start + chance.randrange(30, 188)] ^= 0xFF
    with pytest.raises(errors.MediaError):
        _transcode(bytes(data))


def test_transcode_segment__truncated__raises():
    data = encode(frames=30)
    with pytest.raises(errors.MediaError):
        _transcode(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (replace(SEGMENT_LIMITS, max_width=319), errors.DimensionsOutOfRange),
        (replace(SEGMENT_LIMITS, max_pixels=320 * 180 - 1), errors.DimensionsOutOfRange),
        (replace(SEGMENT_LIMITS, max_frames=29), errors.TooManyFrames),
        (replace(SEGMENT_LIMITS, max_fps=29), errors.FrameRateOutOfRange),
        (replace(SEGMENT_LIMITS, max_seconds=0), errors.DurationOutOfRange),
        (replace(SEGMENT_LIMITS, max_bytes=1000), errors.MediaTooLarge),
    ],
    ids=["width", "pixels", "frames", "rate", "seconds", "bytes"],
)
def test_transcode_segment__beyond_a_limit__raises_its_named_error(limits, error):
    with pytest.raises(error):
        _transcode(encode(), limits=limits)


def test_open_video__segment_at_its_limits__is_accepted():
    limits = replace(
        SEGMENT_LIMITS, max_width=320, max_height=180, max_pixels=320 * 180, max_frames=30, max_fps=30
    )
    with open_video(encode(), "segment", limits, is_segment=True) as (container, stream, info):
        assert (info.width, info.height, info.frame_rate) == (320, 180, 30)
        assert sum(1 for _ in decode_frames(container, stream, "segment", limits)) == 30
