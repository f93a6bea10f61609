"""What a gateway checks of a rendition: it decodes, has every frame at its time and size, and shows the source.

The reference is the gateway's own downscale, by the library's scaler and not by the worker's code, so that one fault
cannot hide in both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

from offchain_worker.media import errors
from offchain_worker.media.planes import plane_view
from offchain_worker.media.probe import (
    SEGMENT_LIMITS,
    TICKS_PER_SECOND,
    MediaInfo,
    MediaLimits,
    decode_frames,
    open_video,
)
from offchain_worker.media.profiles import Profile, compute_rendition_size, plan_frames
from offchain_worker.media.segment_index import index_packets, to_ticks

PERFECT_PSNR_DB = 100.0
"""Reported for identical pictures, whose ratio is infinite."""


@dataclass(frozen=True)
class RenditionReference:
    """What a correct rendition looks like: size, times of all frames, and the sampled pictures by output index."""

    profile: Profile
    width: int
    height: int
    pts: list[int]
    samples: dict[int, list[np.ndarray]]

    @property
    def pixels(self) -> int:
        return len(self.pts) * self.width * self.height


@dataclass(frozen=True)
class RenditionQuality:
    """Mean and worst PSNR over the sampled frames, all three planes together."""

    frames: int
    pixels: int
    psnr_db: float
    worst_psnr_db: float


class RenditionRejected(errors.MediaError):
    """A result that must not be paid for any further."""

    status = 502


class RenditionUndecodable(RenditionRejected):
    template = "rendition {profile} does not decode: {reason}"


class RenditionSizeMismatch(RenditionRejected):
    template = "rendition {profile} is {found}, required is {required}"


class RenditionFrameCountMismatch(RenditionRejected):
    template = "rendition {profile} has {found} frames, required are {required}"


class RenditionTimestampMismatch(RenditionRejected):
    template = (
        "frame {frame} of rendition {profile} is shown at {found}, required is {required} (90 kHz ticks)"
    )


class RenditionTooDifferent(RenditionRejected):
    template = "frame {frame} of rendition {profile} has {found} dB PSNR against the source, required are {required} dB"


@dataclass(frozen=True)
class SegmentReference:
    """A source segment as its gateway knows it."""

    info: MediaInfo
    frames: int
    renditions: tuple[RenditionReference, ...]


def make_reference(
    data: bytes,
    profiles: Sequence[Profile],
    sampled: Sequence[float],
    limits: MediaLimits = SEGMENT_LIMITS,
    name: str = "segment",
) -> SegmentReference:
    """Decodes a source segment once and keeps what its renditions will be compared with.

    `sampled` are the places to compare, as fractions of the segment; a worker must not know them beforehand.
    """
    with open_video(data, name, limits, is_segment=True) as (container, _, info):
        pts = index_packets(container, name, limits).display_pts
    renditions = []
    for profile in profiles:
        width, height = compute_rendition_size(info.width, info.height, profile)
        plan = plan_frames(pts, info.frame_rate, profile, TICKS_PER_SECOND)
        places = {min(len(plan) - 1, int(place * len(plan))) for place in sampled}
        renditions.append(
            (
                RenditionReference(profile, width, height, [shown for _, shown in plan], {}),
                {place: plan[place][0] for place in places},
            )
        )
    with open_video(data, name, limits, is_segment=True) as (container, stream, _):
        count = 0
        for frame in decode_frames(container, stream, name, limits):
            for reference, places in renditions:
                for place in (place for place, source in places.items() if source == count):
                    reference.samples[place] = _downscaled(frame, reference.width, reference.height)
            count += 1
    if count != len(pts):
        raise errors.CorruptMedia(
            source=name, frame=count, reason=f"only {count} of {len(pts)} frames can be decoded"
        )
    return SegmentReference(info, count, tuple(reference for reference, _ in renditions))


def check_rendition(
    data: bytes, reference: RenditionReference, min_psnr_db: float, limits: MediaLimits = SEGMENT_LIMITS
) -> RenditionQuality:
    """Decodes a whole rendition and compares it with the reference; raises the `RenditionRejected` that applies."""
    profile = reference.profile.name
    ratios: dict[int, float] = {}
    count = 0
    try:
        with open_video(data, f"rendition {profile}", limits, is_segment=True) as (container, stream, info):
            if (info.width, info.height) != (reference.width, reference.height):
                required = f"{reference.width}x{reference.height}"
                raise RenditionSizeMismatch(
                    profile=profile, found=f"{info.width}x{info.height}", required=required
                )
            ticks = stream.time_base * TICKS_PER_SECOND
            for frame in decode_frames(container, stream, f"rendition {profile}", limits):
                if count < len(reference.pts):
                    _require_time(profile, count, to_ticks(frame.pts, ticks), reference.pts[count])
                if count in reference.samples:
                    ratios[count] = compute_psnr_db(
                        [plane_view(frame, plane) for plane in range(3)], reference.samples[count]
                    )
                count += 1
    except RenditionRejected:
        raise
    except errors.MediaError as error:
        raise RenditionUndecodable(profile=profile, reason=str(error)) from error
    if count != len(reference.pts):
        raise RenditionFrameCountMismatch(profile=profile, found=count, required=len(reference.pts))
    worst = min(ratios, key=ratios.get)
    if ratios[worst] < min_psnr_db:
        raise RenditionTooDifferent(
            profile=profile, frame=worst, found=round(ratios[worst], 2), required=min_psnr_db
        )
    mean = sum(ratios.values()) / len(ratios)
    return RenditionQuality(
        count, count * reference.width * reference.height, round(mean, 2), round(ratios[worst], 2)
    )


def compute_psnr_db(planes: list[np.ndarray], reference: list[np.ndarray]) -> float:
    """Peak signal-to-noise ratio over all samples of all planes, in decibels."""
    squares = samples = 0
    for found, wanted in zip(planes, reference, strict=True):
        difference = found.astype(np.int32) - wanted
        squares += int(np.vdot(difference, difference))
        samples += difference.size
    if squares == 0:
        return PERFECT_PSNR_DB
    return 10 * math.log10(255 * 255 * samples / squares)


def _require_time(profile: str, frame: int, found: int, required: int) -> None:
    if found != required:
        raise RenditionTimestampMismatch(profile=profile, frame=frame, found=found, required=required)


def _downscaled(frame: VideoFrame, width: int, height: int) -> list[np.ndarray]:
    small = frame.reformat(width=width, height=height, format="yuv420p", interpolation=Interpolation.BICUBIC)
    return [plane_view(small, plane).copy() for plane in range(3)]
