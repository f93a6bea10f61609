"""Errors about video, raised where it enters: in the gateway for the user's file, in the worker for a segment."""

from __future__ import annotations

from offchain_worker.errors import NamedError


class MediaError(NamedError):
    """The video is at fault; whoever sent it is told, and nobody else is blamed."""

    status = 400


class EmptyMedia(MediaError):
    template = "{source} holds no bytes; expected a video"


class MediaTooLarge(MediaError):
    status = 413
    template = "{source} has {found} bytes, at most {required} are accepted"


class UnreadableMedia(MediaError):
    template = "{source} is not readable as {required}: {reason}"


class NoVideoStream(MediaError):
    template = "{source} has no video stream; it has {found}"


class UnsupportedCodec(MediaError):
    template = "{source} holds {found} video, required is {required}"


class UnsupportedPixelFormat(MediaError):
    template = "{source} has pixel format {found}, accepted are {required}"


class DimensionsOutOfRange(MediaError):
    template = (
        "{source} is {width}x{height}, accepted are {minWidth}x{minHeight} to {maxWidth}x{maxHeight} "
        "with at most {maxPixels} pixels"
    )


class FrameRateOutOfRange(MediaError):
    template = "{source} has {found} frames per second, accepted are more than 0 and at most {required}"


class TooManyFrames(MediaError):
    template = "{source} has more than {required} frames"


class DurationOutOfRange(MediaError):
    template = "{source} lasts {found} s, at most {required} s are accepted"


class NoKeyFrame(MediaError):
    template = "{source} has no video key frame, so nothing in it can be decoded"


class CorruptMedia(MediaError):
    template = "{source} is damaged at frame {frame}: {reason}"


class SourceNotAsDeclared(MediaError):
    template = "{source} has {found}, the job declares {required}"


class ResizeNotExact(NamedError):
    """The device or its settings compute the exact resize differently: its results could not be audited."""

    template = "resize self-test on {device} gives {found}, required is {required}"


class UnknownProfile(MediaError):
    status = 422
    template = "profile {found} is not known; known are {required}"
