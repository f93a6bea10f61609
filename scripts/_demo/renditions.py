"""Checks of the joined renditions, which nobody has seen as a whole before: services handle segments."""

from dataclasses import dataclass
from pathlib import Path

from scripts._demo.errors import RenditionWrong
from scripts._demo.source import Source


@dataclass(frozen=True)
class Rendition:
    """A finished file. PSNR is over the frames that the gateway sampled, against its own downscale."""

    name: str
    path: Path
    width: int
    height: int
    frames: int
    bytes: int
    psnr_db: float
    worst_psnr_db: float

    def to_json(self) -> dict:
        return self.__dict__ | {"path": str(self.path)}


def check_renditions(report: dict, source: Source) -> list[Rendition]:
    """Decodes every joined file from start to end. Raises RenditionWrong."""
    return [_check(name, Path(path), report["segments"], source) for name, path in report["files"].items()]


def _check(name: str, path: Path, segments: list[dict], source: Source) -> Rendition:
    from offchain_worker.errors import NamedError
    from offchain_worker.media.probe import FILE_LIMITS, decode_frames, open_video
    from offchain_worker.media.profiles import get_profile

    parts = [part for segment in segments for part in segment["renditions"] if part["name"] == name]
    times = []
    try:
        with path.open("rb") as file, open_video(file, path.name, FILE_LIMITS, is_segment=False) as opened:
            container, stream, info = opened
            times = [frame.pts for frame in decode_frames(container, stream, path.name, FILE_LIMITS)]
    except NamedError as error:
        raise RenditionWrong(f"{path} does not decode: {error}") from error
    expected = sum(part["frames"] for part in parts)
    if len(times) != expected:
        raise RenditionWrong(f"{path} has {len(times)} frames, its segments have {expected}")
    if get_profile(name).frame_rate == source.frame_rate and expected != source.frames:
        raise RenditionWrong(f"{path} has {expected} frames, {source.path} has {source.frames}")
    if times != sorted(set(times)):
        raise RenditionWrong(f"{path}: times of frames do not rise across its segments")
    weighted = sum(part["psnr_db"] * part["frames"] for part in parts) / expected
    worst = min(part["worst_psnr_db"] for part in parts)
    size = path.stat().st_size
    return Rendition(name, path, info.width, info.height, expected, size, round(weighted, 2), worst)
