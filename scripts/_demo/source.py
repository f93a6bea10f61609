"""The video that goes in: made here or the user's, decoded once from start to end before any money moves."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from scripts._demo.errors import InputRefused


@dataclass(frozen=True)
class Source:
    """A video that was decoded completely. `units` are the pixels of all its renditions, which is what is paid for."""

    path: Path
    width: int
    height: int
    frames: int
    frame_rate: Fraction
    units: int

    @property
    def seconds(self) -> float:
        return float(self.frames / self.frame_rate)


def check_source(path: Path, profile_names: tuple[str, ...]) -> Source:
    """Decodes the whole of `path`. Raises InputRefused under the name of the media error that applies."""
    from offchain_worker.errors import NamedError
    from offchain_worker.media.probe import FILE_LIMITS, TICKS_PER_SECOND, decode_frames, open_video
    from offchain_worker.media.profiles import compute_rendition_size, get_profile, plan_frames
    from offchain_worker.media.segment_index import to_ticks

    if not path.is_file():
        reason = "is not a file" if path.exists() else "does not exist"
        raise InputRefused(f"{path} {reason}; --video needs an H.264 video file", "NoSuchVideo")
    try:
        with path.open("rb") as file, open_video(file, path.name, FILE_LIMITS, is_segment=False) as opened:
            container, stream, info = opened
            ticks = stream.time_base * TICKS_PER_SECOND
            decoded = decode_frames(container, stream, path.name, FILE_LIMITS)
            pts = [to_ticks(frame.pts, ticks) for frame in decoded]
        if not pts:
            raise InputRefused(f"{path.name} holds no frame that can be decoded", "NoFrames")
        units = 0
        for profile in map(get_profile, profile_names):
            width, height = compute_rendition_size(info.width, info.height, profile)
            units += width * height * len(plan_frames(pts, info.frame_rate, profile, TICKS_PER_SECOND))
    except NamedError as error:
        raise InputRefused(str(error), error.name) from error
    except OSError as error:
        raise InputRefused(f"{path}: {error.strerror}", type(error).__name__) from error
    return Source(path, info.width, info.height, len(pts), info.frame_rate, units)
