"""Segments in, renditions out; and what the gateway's check says of them (offchain.md 20, design notes 5.1).

| condition | outcome |
|---|---|
| three segments, two profiles | sizes, frame counts, quality; joined renditions have one steady clock |
| same segment twice | same bytes |
| sound | copied packet by packet |
| profile with another frame rate | frames on a grid of absolute time, no gap across segments |
| profile sizes | aspect kept, even |
| check_rendition: garbage, other size, dropped, repeated, foreign picture, shifted clock | its named error |
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from offchain_worker.media import quality
from offchain_worker.media.errors import DimensionsOutOfRange, UnknownProfile
from offchain_worker.media.profiles import PROFILES, Profile, compute_rendition_size, get_profile, plan_frames
from offchain_worker.media.quality import check_rendition, make_reference
from offchain_worker.media.segmenter import Segment
from offchain_worker.media.transcode import Rendition, transcode_segment
from tests.worker.videos import audio_packets, encode, video_pts

pytestmark = pytest.mark.worker

PROFILE_PAIR = (get_profile("P144p30fps16x9"), get_profile("P240p30fps16x9"))
SAMPLED = [0.1, 0.5, 0.9]


def _transcode(segment: Segment, profiles=PROFILE_PAIR) -> tuple[Rendition, ...]:
    size = (segment.width, segment.height)
    return transcode_segment(
        segment.data, profiles, size, segment.frames, (segment.frames,) * len(profiles)
    ).renditions


@pytest.fixture(scope="module")
def renditions(segments) -> list[tuple[Rendition, ...]]:
    return [_transcode(segment) for segment in segments]


def test_transcode_segment__two_profiles__have_size_frames_pixels_and_quality(segments, renditions):
    for segment, pair in zip(segments, renditions, strict=True):
        reference = make_reference(segment.data, PROFILE_PAIR, SAMPLED)
        for rendition, wanted, size in zip(pair, reference.renditions, ((256, 144), (426, 240)), strict=True):
            result = check_rendition(rendition.data, wanted, min_psnr_db=34.0)
            assert (rendition.width, rendition.height) == size
            assert rendition.pixels == result.pixels == 30 * size[0] * size[1]


def test_transcode_segment__joined_renditions__have_one_steady_clock(segments, renditions):
    for position in range(2):
        joined = b"".join(pair[position].data for pair in renditions)
        pts = video_pts(joined)
        assert pts == list(range(segments[0].start_ticks, segments[0].start_ticks + 90 * 3000, 3000))


def test_transcode_segment__same_input__gives_the_same_bytes(segments, renditions):
    assert [rendition.data for rendition in _transcode(segments[1])] == [
        rendition.data for rendition in renditions[1]
    ]


def test_transcode_segment__sound__is_copied(segments):
    source = encode(frames=30, with_audio=True)
    profile = get_profile("P144p30fps16x9")
    (rendition,) = transcode_segment(source, (profile,), (320, 180), 30, (30,)).renditions
    assert [data for _, data in audio_packets(rendition.data)] == [data for _, data in audio_packets(source)]
    assert [pts for pts, _ in audio_packets(rendition.data)] == [pts for pts, _ in audio_packets(source)]


def test_transcode_segment__profile_of_15_fps__halves_the_frames(segments):
    profile = Profile("half", 256, 144, 200_000, 15)
    segment = segments[0]
    (rendition,) = transcode_segment(segment.data, (profile,), (480, 270), 30, (15,)).renditions
    assert video_pts(rendition.data) == list(range(90_000, 180_000, 6000))


def test_plan_frames__segments_at_another_rate__join_without_gap_or_overlap():
    profile = Profile("film", 256, 144, 200_000, 24)
    source = [90_000 + 3000 * number for number in range(90)]
    whole = plan_frames(source, Fraction(30), profile, 90_000)
    parts = [plan_frames(source[start : start + 30], Fraction(30), profile, 90_000) for start in (0, 30, 60)]
    assert [pts for part in parts for _, pts in part] == [pts for _, pts in whole]
    assert [pts for _, pts in whole] == list(range(90_000, 360_000, 3750))
    assert all(source[index] <= pts < source[index] + 3000 for index, pts in whole)


def test_plan_frames__higher_rate__repeats_frames():
    profile = Profile("double", 256, 144, 200_000, 60)
    assert plan_frames([0, 3000], Fraction(30), profile, 90_000) == [(0, 0), (0, 1500), (1, 3000), (1, 4500)]


@pytest.mark.parametrize(
    ("source", "name", "size"),
    [
        ((1280, 720), "P240p30fps16x9", (426, 240)),
        ((1280, 720), "P360p30fps16x9", (640, 360)),
        ((854, 480), "P360p30fps16x9", (640, 360)),
        ((720, 1280), "P360p30fps16x9", (360, 640)),
        ((640, 480), "P240p30fps4x3", (320, 240)),
        ((1920, 800), "P360p30fps16x9", (640, 266)),
    ],
)
def test_compute_rendition_size__source_and_profile__keeps_aspect_with_even_sides(source, name, size):
    assert compute_rendition_size(*source, get_profile(name)) == size


def test_compute_rendition_size__too_elongated__raises_dimensions_out_of_range():
    with pytest.raises(DimensionsOutOfRange):
        compute_rendition_size(3000, 100, get_profile("P144p30fps16x9"))


PROFILE_IDS = {
    "P720p60fps16x9": "a7ac137a",
    "P720p30fps16x9": "49d54ea9",
    "P720p25fps16x9": "e4a64019",
    "P720p30fps4x3": "79332fe7",
    "P576p30fps16x9": "5ecf4b52",
    "P576p25fps16x9": "8b1843d6",
    "P360p30fps16x9": "93c717e7",
    "P360p25fps16x9": "7cd40fc7",
    "P360p30fps4x3": "b60382a0",
    "P240p30fps16x9": "c0a6517a",
    "P240p25fps16x9": "1301a7d0",
    "P240p30fps4x3": "d435c53a",
    "P144p30fps16x9": "fca40bf9",
    "P144p25fps16x9": "03f01d1f",
}


def test_profile_id__every_named_profile__is_the_published_one():
    assert {name: profile.id.hex() for name, profile in PROFILES.items()} == PROFILE_IDS


def test_get_profile__unknown_name__raises_unknown_profile():
    with pytest.raises(UnknownProfile):
        get_profile("P999p30fps16x9")


@pytest.fixture(scope="module")
def wanted(segments) -> quality.RenditionReference:
    return make_reference(segments[0].data, PROFILE_PAIR[:1], SAMPLED).renditions[0]


def test_check_rendition__garbage__is_undecodable(wanted):
    for data in (b"", b"garbage" * 1000, encode("mpeg2video", size=(256, 144), fps=25)):
        with pytest.raises(quality.RenditionUndecodable):
            check_rendition(data, wanted, 28)


def test_check_rendition__other_size__is_refused(renditions, wanted):
    with pytest.raises(quality.RenditionSizeMismatch):
        check_rendition(renditions[0][1].data, wanted, 28)


def test_check_rendition__last_frames_dropped__is_refused(segments, wanted):
    with pytest.raises(quality.RenditionFrameCountMismatch):
        check_rendition(_without_frames(segments[0], range(27)), wanted, 28)


def test_check_rendition__frames_dropped_inside__is_refused(segments, wanted):
    with pytest.raises(quality.RenditionTimestampMismatch):
        check_rendition(_without_frames(segments[0], [*range(10), *range(12, 30)]), wanted, 28)


def test_check_rendition__one_picture_shown_throughout__is_refused(segments, wanted):
    with pytest.raises(quality.RenditionTooDifferent):
        check_rendition(_without_frames(segments[0], [0] * 30, keep_clock=True), wanted, 28)


def test_check_rendition__another_video_of_the_right_shape__is_refused(wanted):
    profile = PROFILE_PAIR[0]
    foreign = encode(frames=30)
    (rendition,) = transcode_segment(foreign, (profile,), (320, 180), 30, (30,)).renditions
    with pytest.raises(quality.RenditionRejected):
        check_rendition(rendition.data, wanted, 28)


def test_check_rendition__rendition_of_the_segment_before__is_refused(renditions, wanted):
    with pytest.raises(quality.RenditionTimestampMismatch):
        check_rendition(renditions[1][0].data, wanted, 28)


def test_check_rendition__quality_below_the_threshold__names_frame_and_value(renditions, wanted):
    with pytest.raises(quality.RenditionTooDifferent) as refusal:
        check_rendition(renditions[0][0].data, wanted, 60)
    assert refusal.value.details["found"] < 60


def _without_frames(segment: Segment, shown: list[int] | range, keep_clock: bool = False) -> bytes:
    """A rendition that shows only the source frames `shown`, as a cheating worker would make it."""
    import io

    import av

    from offchain_worker.media.encode import SegmentEncoder

    encoder = SegmentEncoder(256, 144, Fraction(30), bitrate=600_000)
    with av.open(io.BytesIO(segment.data), format="mpegts") as container:
        frames = [frame.reformat(width=256, height=144) for frame in container.decode(video=0)]
    for position, index in enumerate(shown):
        number = position if keep_clock else index
        encoder.encode(frames[index].reformat(format="yuv420p"), segment.start_ticks + 3000 * number)
    encoder.finish()
    return encoder.file.getvalue()
