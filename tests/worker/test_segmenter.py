"""Cutting a file into segments.

| source | outcome |
|---|---|
| key frames at every cut | packets copied: all frames, in order, each segment decodes on its own |
| key frames too far apart | re-encoded with key frames at the cuts, same frame count |
| open groups of pictures | no cut where later frames refer across it |
| AAC sound | every packet in exactly one segment, at its time |
| byte-stream source with headers once | headers repeated in every segment |
"""

from __future__ import annotations

import io

import av
import pytest

from offchain_worker.media.segment_index import _clean_cuts
from offchain_worker.media.segmenter import ORIGIN_TICKS, cut_video
from tests.worker.videos import audio_packets, encode, video_pts

pytestmark = pytest.mark.worker


def _write(tmp_path, data: bytes, name: str = "source.mp4"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_cut_video__regular_key_frames__covers_the_source_without_gap(segments):
    assert [segment.sequence for segment in segments] == [0, 1, 2]
    assert [segment.frames for segment in segments] == [30, 30, 30]
    assert [segment.start_ticks for segment in segments] == [
        ORIGIN_TICKS + 90_000 * number for number in range(3)
    ]
    assert all(segment.duration_ticks == 90_000 for segment in segments)


def test_cut_video__each_segment__decodes_alone_from_a_key_frame(segments):
    for segment in segments:
        pts = video_pts(segment.data)
        assert len(pts) == segment.frames
        assert pts == list(range(segment.start_ticks, segment.start_ticks + segment.duration_ticks, 3000))
        with av.open(io.BytesIO(segment.data), format="mpegts") as container:
            assert next(container.decode(video=0)).key_frame


def test_cut_video__key_frames_too_far_apart__reencodes_all_frames(tmp_path):
    path = _write(tmp_path, encode(container="mp4", frames=150, key_every=1000))
    segments = list(cut_video(path, seconds=1))
    assert [segment.frames for segment in segments] == [30, 30, 30, 30, 30]
    joined = [pts for segment in segments for pts in video_pts(segment.data)]
    assert joined == list(range(ORIGIN_TICKS, ORIGIN_TICKS + 150 * 3000, 3000))


def test_cut_video__headers_once_in_a_byte_stream__repeats_them(tmp_path):
    options = {"x264-params": "repeat-headers=0", "flags": "+global_header", "g": "30", "sc_threshold": "0"}
    path = _write(tmp_path, encode(container="mpegts", frames=90, options=options), "source.ts")
    segments = list(cut_video(path, seconds=1))
    assert [len(video_pts(segment.data)) for segment in segments] == [30, 30, 30]


def test_cut_video__sound__is_split_without_loss(tmp_path):
    source = encode(container="mp4", frames=90, key_every=30, with_audio=True, options={"sc_threshold": "0"})
    with av.open(io.BytesIO(source)) as container:
        expected = sum(1 for packet in container.demux(audio=0) if packet.size)
    segments = list(cut_video(_write(tmp_path, source), seconds=1))
    packets = [audio_packets(segment.data) for segment in segments]
    assert sum(map(len, packets)) == expected
    for segment, own in zip(segments[:-1], packets[:-1], strict=True):
        assert all(pts < segment.start_ticks + segment.duration_ticks for pts, _ in own)
    times = [pts for own in packets for pts, _ in own]
    assert times == sorted(times)


def test_cut_video__sound_of_a_reencoded_source__is_split_without_loss(tmp_path):
    source = encode(container="mp4", frames=90, key_every=1000, with_audio=True)
    segments = list(cut_video(_write(tmp_path, source), seconds=1))
    assert [segment.frames for segment in segments] == [30, 30, 30]
    assert all(audio_packets(segment.data) for segment in segments)


@pytest.mark.parametrize(
    ("decode_pts", "keys", "cuts"),
    [
        ([0, 3, 1, 2, 4], [0, 4], [0, 4]),
        # An open group: the key frame with pts 6 is followed by frames 4 and 5, which are shown before it.
        ([0, 3, 1, 2, 6, 4, 5, 7], [0, 4], [0]),
        ([0, 1, 2], [0, 1, 2], [0, 1, 2]),
    ],
    ids=["closed", "open", "intra only"],
)
def test_clean_cuts__frames_shown_before_a_key_frame__forbid_the_cut(decode_pts, keys, cuts):
    assert _clean_cuts(decode_pts, keys) == cuts
