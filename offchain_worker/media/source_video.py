"""Makes a natural-looking H.264 video: a camera pans over "dead leaves", things pass in front, the sensor is noisy.

Overlapping textured shapes of all sizes have the edges and the spectrum of natural pictures; noise and motion give
the encoder the work that a real recording gives it.
"""

from __future__ import annotations

import os
from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType

from offchain_worker.media.planes import new_frame, plane_view


def make_video(
    path: str | os.PathLike,
    seconds: float = 8.0,
    width: int = 1280,
    height: int = 720,
    frames_per_second: int = 30,
    seed: int = 0,
    key_frame_seconds: float = 2.0,
    bitrate: int = 4_000_000,
) -> int:
    """Writes the video to `path` (the container follows the suffix) and returns the number of frames.

    Width and height must be even. The same arguments give the same pictures.
    """
    random = np.random.default_rng(seed)
    scene = _Scene(width, height, random)
    count = max(1, round(seconds * frames_per_second))
    key_interval = max(1, round(key_frame_seconds * frames_per_second))
    options = {
        "preset": "veryfast",
        "g": str(key_interval),
        "flags": "+cgop",
        "x264-params": "scenecut=0",
        "forced-idr": "1",
    }
    with av.open(os.fspath(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(frames_per_second), options=options)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = width, height, "yuv420p", bitrate
        stream.codec_context.thread_count = 2
        for number in range(count):
            frame = new_frame(width, height)
            for plane, samples in enumerate(scene.render(number / frames_per_second)):
                plane_view(frame, plane)[:] = samples
            frame.pts, frame.time_base = number, Fraction(1, frames_per_second)
            frame.pict_type = PictureType.I if number % key_interval == 0 else PictureType.NONE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return count


class _Scene:
    """A wide painted background, some foreground leaves on their own paths, and a bank of noise."""

    def __init__(self, width: int, height: int, random: np.random.Generator) -> None:
        self._width, self._height = width, height
        self._random = random
        self._background = _paint_leaves(int(width * 1.6) & ~1, int(height * 1.4) & ~1, 900, 0.45, random)
        self._sprites = [_Sprite(width, height, random) for _ in range(5)]
        self._noise = random.normal(0.0, 2.2, (height * 2, width * 2)).astype(np.float32)

    def render(self, time: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Planes Y, U, V of the picture at `time` seconds."""
        width, height = self._width, self._height
        free_x, free_y = self._background[0].shape[1] - width - 4, self._background[0].shape[0] - height - 4
        x = free_x * (0.5 - 0.5 * np.cos(time * 0.33))
        y = free_y * (0.5 + 0.4 * np.sin(time * 0.47)) + 1.5 * np.sin(time * 9.0)
        luma = _shifted(self._background[0], x, y, width, height)
        chroma = [_shifted(plane, x / 2, y / 2, width // 2, height // 2) for plane in self._background[1:]]
        for sprite in self._sprites:
            sprite.draw(time, luma, chroma)
        luma *= np.float32(1.0 + 0.04 * np.sin(time * 1.1))
        top, left = self._random.integers(0, height), self._random.integers(0, width)
        luma += self._noise[top : top + height, left : left + width]
        return tuple(np.clip(plane + 0.5, 0, 255).astype(np.uint8) for plane in (luma, *chroma))


class _Sprite:
    """A round piece of another painted surface that wanders across the picture."""

    def __init__(self, width: int, height: int, random: np.random.Generator) -> None:
        size = int(height * random.uniform(0.12, 0.3)) & ~1
        self._planes = _paint_leaves(size, size, 60, 0.3, random)
        rows, columns = np.mgrid[0:size, 0:size].astype(np.float32) - (size - 1) / 2
        self._mask = np.clip(size / 2 - np.hypot(rows, columns), 0, 1).astype(np.float32)
        self._size, self._centre = size, random.uniform(0.2, 0.8, 2) * (width, height)
        self._radius, self._rate, self._phase = (
            random.uniform(0.1, 0.4, 2) * (width, height),
            random.uniform(0.3, 1.1, 2),
            random.uniform(0, 6.28, 2),
        )

    def draw(self, time: float, luma: np.ndarray, chroma: list[np.ndarray]) -> None:
        height, width = luma.shape
        place = self._centre + self._radius * np.sin(self._rate * time + self._phase)
        left = int(np.clip(place[0], 0, width - self._size)) & ~1
        top = int(np.clip(place[1], 0, height - self._size)) & ~1
        for plane, target, scale in zip(self._planes, (luma, *chroma), (1, 2, 2), strict=True):
            area = target[
                top // scale : top // scale + plane.shape[0], left // scale : left // scale + plane.shape[1]
            ]
            mask = self._mask[::scale, ::scale]
            area += (plane - area) * mask


def _paint_leaves(
    width: int, height: int, count: int, largest: float, random: np.random.Generator
) -> list[np.ndarray]:
    """Overlapping discs and bars, sizes by a power law, each with its colour, gradient and fine texture."""
    luma = np.full((height, width), 120, np.float32)
    chroma = [np.full((height // 2, width // 2), 128, np.float32) for _ in range(2)]
    for _ in range(count):
        radius = max(4, int(min(width, height) * largest / 2 * random.random() ** 3))
        centre_x, centre_y = int(random.integers(0, width)), int(random.integers(0, height))
        top, bottom = max(0, centre_y - radius) & ~1, min(height, centre_y + radius) & ~1
        left, right = max(0, centre_x - radius) & ~1, min(width, centre_x + radius) & ~1
        if bottom <= top or right <= left:
            continue
        rows, columns = np.mgrid[top:bottom, left:right].astype(np.float32)
        rows, columns = rows - centre_y, columns - centre_x
        shape = np.hypot(rows, columns) < radius
        if random.random() < 0.3:
            angle = random.uniform(0, np.pi)
            shape &= np.abs(rows * np.cos(angle) + columns * np.sin(angle)) < radius * random.uniform(
                0.1, 0.5
            )
        slope, wave, direction = random.uniform(-25, 25), random.uniform(0.15, 1.6), random.uniform(0, np.pi)
        texture = np.sin((rows * np.sin(direction) + columns * np.cos(direction)) * wave) * random.uniform(
            0, 14
        )
        shade = random.uniform(30, 225) + slope * rows / radius + texture
        luma[top:bottom, left:right][shape] = shade[shape]
        half = shape[::2, ::2]
        for plane in chroma:
            plane[top // 2 : bottom // 2, left // 2 : right // 2][half] = random.uniform(96, 160)
    return [luma, *chroma]


def _shifted(plane: np.ndarray, x: float, y: float, width: int, height: int) -> np.ndarray:
    """A window at a fractional position, by bilinear weights."""
    left, top = int(x), int(y)
    across, down = np.float32(x - left), np.float32(y - top)
    window = plane[top : top + height + 1, left : left + width + 1]
    rows = window[:-1] * (1 - down) + window[1:] * down
    return rows[:, :-1] * (1 - across) + rows[:, 1:] * across
