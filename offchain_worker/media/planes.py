"""Planes of decoded frames as arrays, without copies, whatever the padding."""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame


def plane_view(frame: VideoFrame, index: int) -> np.ndarray:
    """Rows and columns of one plane of a 4:2:0 frame, as a view into it."""
    plane = frame.planes[index]
    return np.frombuffer(plane, dtype=np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]


def new_frame(width: int, height: int) -> VideoFrame:
    """An unset 4:2:0 frame to be filled through `plane_view`."""
    return VideoFrame(width, height, "yuv420p")
