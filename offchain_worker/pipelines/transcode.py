"""Pipeline "transcode": an H.264 segment in MPEG-TS becomes one such segment per profile, paid by pixels encoded."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from offchain_worker.media.profiles import Profile, compute_rendition_size
from offchain_worker.pipelines.base import Pipeline, PipelineOutput, PipelineResult


class ProfileParameters(BaseModel):
    """A profile as it travels, with the number of frames that its rendition must have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=64)]
    width: Annotated[int, Field(ge=2, le=4096)]
    height: Annotated[int, Field(ge=2, le=4096)]
    bitrate: Annotated[int, Field(ge=10_000, le=100_000_000)]
    fps: Annotated[int, Field(ge=0, le=120)] = 0
    fps_denominator: Annotated[int, Field(ge=1, le=1001)] = 1
    gop_milliseconds: Annotated[int, Field(ge=0, le=60_000)] = 0
    frames: Annotated[int, Field(ge=1, le=4000)]

    @classmethod
    def of(cls, profile: Profile, frames: int) -> ProfileParameters:
        return cls(**profile.__dict__, frames=frames)

    def profile(self) -> Profile:
        return Profile(**self.model_dump(exclude={"frames"}))


class TranscodeParameters(BaseModel):
    """The job: what the source is said to be, and the renditions. The fee follows; the worker checks the claim."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_width: Annotated[int, Field(ge=2, le=8192)]
    source_height: Annotated[int, Field(ge=2, le=8192)]
    source_frames: Annotated[int, Field(ge=1, le=1800)]
    profiles: Annotated[tuple[ProfileParameters, ...], Field(min_length=1, max_length=10)]


class TranscodePipeline(Pipeline):
    name = "transcode"
    unit = "pixel"
    Parameters = TranscodeParameters

    def __init__(self) -> None:
        self._device = "cpu"

    def compute_units(self, parameters: TranscodeParameters) -> int:
        total = 0
        for wanted in parameters.profiles:
            width, height = compute_rendition_size(
                parameters.source_width, parameters.source_height, wanted.profile()
            )
            total += wanted.frames * width * height
        return total

    def prepare(self, device: str, threads: int) -> None:
        from offchain_worker.media import resize

        resize.configure_torch(threads)
        resize.require_exact(device)
        self._device = device

    def run(self, parameters: TranscodeParameters, data: bytes) -> PipelineResult:
        from offchain_worker.media.transcode import transcode_segment

        result = transcode_segment(
            data,
            tuple(wanted.profile() for wanted in parameters.profiles),
            source_size=(parameters.source_width, parameters.source_height),
            source_frames=parameters.source_frames,
            rendition_frames=tuple(wanted.frames for wanted in parameters.profiles),
            device=self._device,
        )
        outputs = tuple(
            PipelineOutput(
                name=rendition.profile.name,
                data=rendition.data,
                units=rendition.pixels,
                facts={"width": rendition.width, "height": rendition.height, "frames": rendition.frames},
            )
            for rendition in result.renditions
        )
        facts = {
            "frames": result.source_frames,
            "frames_per_second": round(result.source_frames / result.seconds, 1),
        }
        return PipelineResult(outputs, result.seconds, facts)
