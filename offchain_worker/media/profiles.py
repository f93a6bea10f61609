"""Rendition profiles: names, sizes, rates, and what they make of a given source (offchain.md 20)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from eth_utils import keccak

from offchain_worker.media.errors import DimensionsOutOfRange, UnknownProfile

MIN_WIDTH, MIN_HEIGHT, MAX_SIDE = 146, 50, 4096
"""Bounds of hardware H.264 encoders, kept for every encoder so that a job does not depend on the worker's hardware."""


@dataclass(frozen=True)
class Profile:
    """One rendition as asked for. `fps` 0 passes the source's frames through."""

    name: str
    width: int
    height: int
    bitrate: int
    fps: int = 0
    fps_denominator: int = 1
    gop_milliseconds: int = 0
    """0: one group of pictures per segment."""

    @property
    def id(self) -> bytes:
        """Four bytes that stand for the name in signed messages."""
        return keccak(text=self.name)[:4]

    @property
    def frame_rate(self) -> Fraction:
        return Fraction(self.fps, self.fps_denominator)


def _table() -> dict[str, Profile]:
    rows = (
        ("P720p60fps16x9", 1280, 720, 6_000_000, 60),
        ("P720p30fps16x9", 1280, 720, 4_000_000, 30),
        ("P720p25fps16x9", 1280, 720, 3_500_000, 25),
        ("P720p30fps4x3", 960, 720, 3_500_000, 30),
        ("P576p30fps16x9", 1024, 576, 1_500_000, 30),
        ("P576p25fps16x9", 1024, 576, 1_500_000, 25),
        ("P360p30fps16x9", 640, 360, 1_200_000, 30),
        ("P360p25fps16x9", 640, 360, 1_000_000, 25),
        ("P360p30fps4x3", 480, 360, 1_000_000, 30),
        ("P240p30fps16x9", 426, 240, 600_000, 30),
        ("P240p25fps16x9", 426, 240, 600_000, 25),
        ("P240p30fps4x3", 320, 240, 600_000, 30),
        ("P144p30fps16x9", 256, 144, 400_000, 30),
        ("P144p25fps16x9", 256, 144, 400_000, 25),
    )
    return {name: Profile(name, width, height, bitrate, fps) for name, width, height, bitrate, fps in rows}


PROFILES = _table()
DEFAULT_PROFILES = ("P240p30fps16x9", "P360p30fps16x9")


def get_profile(name: str) -> Profile:
    """The profile of that name; raises `UnknownProfile`."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfile(found=name, required=", ".join(PROFILES)) from None


def compute_rendition_size(source_width: int, source_height: int, profile: Profile) -> tuple[int, int]:
    """Width and height of the rendition: the source's aspect, its longer side as long as the profile's, both even.

    Raises `DimensionsOutOfRange` for a source so elongated that the shorter side leaves the encoder bounds.
    """
    long_side = max(profile.width, profile.height)
    if source_width >= source_height:
        width, height = _even(long_side), _even(Fraction(long_side * source_height, source_width))
    else:
        width, height = _even(Fraction(long_side * source_width, source_height)), _even(long_side)
    if not (MIN_WIDTH <= width <= MAX_SIDE and MIN_HEIGHT <= height <= MAX_SIDE):
        raise DimensionsOutOfRange(
            source=f"rendition {profile.name} of a {source_width}x{source_height} source",
            width=width,
            height=height,
            minWidth=MIN_WIDTH,
            minHeight=MIN_HEIGHT,
            maxWidth=MAX_SIDE,
            maxHeight=MAX_SIDE,
            maxPixels=MAX_SIDE * MAX_SIDE,
        )
    return width, height


def _even(length: Fraction | int) -> int:
    """Nearest even number, halves up."""
    return 2 * int(Fraction(length) / 2 + Fraction(1, 2))


def plan_frames(
    source_pts: list[int], source_rate: Fraction, profile: Profile, ticks_per_second: int
) -> list[tuple[int, int]]:
    """Which source frame each output frame shows and when: pairs of source index and output pts.

    Equal rates, or rate 0, pass frames through with their own pts. Otherwise output frames lie on the grid k / fps of
    absolute time, so that segments join without gap or overlap, and each shows the latest source frame that has begun.
    """
    rate = profile.frame_rate
    if rate == 0 or rate == source_rate:
        return list(enumerate(source_pts))
    step = Fraction(ticks_per_second) / rate
    end = source_pts[-1] + Fraction(ticks_per_second) / source_rate
    index, plan = 0, []
    grid = -(-Fraction(source_pts[0]) // step)
    while (instant := grid * step) < end:
        while index + 1 < len(source_pts) and source_pts[index + 1] <= instant:
            index += 1
        plan.append((index, int(instant)))
        grid += 1
    return plan
