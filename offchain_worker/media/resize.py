"""Exact resize: the same bytes from every algorithm, thread count and batch size (design notes 5.2).

Separable cubic filter (a = -0.5), widened when it shrinks, edges repeated. Taps are integers that sum to 4096; every
partial sum of taps times samples stays below 2^24, so float32 holds it exactly in whatever order it is added.
"""

from __future__ import annotations

import functools
import hashlib
import math

import torch

from offchain_worker.media.errors import ResizeNotExact

TAP_SCALE = 4096
BLOCK = 16
"""Output rows or columns per matrix product: narrow bands keep most of the zeros of the full matrix out of it."""

SELF_TEST_SHA256 = "85e69adb972586234a687ee61938f7cf7843cf228f25a820d0a256dceea1a661"
"""Result of `compute_self_test_sha256` on every machine that may call its resize exact."""


class ExactResizer:
    """Resizes single planes of one size to another on one device."""

    def __init__(
        self, source_width: int, source_height: int, width: int, height: int, device: str = "cpu"
    ) -> None:
        self._vertical = [(start, band.to(device)) for start, band in _bands(source_height, height)]
        self._horizontal = [
            (start, band.t().contiguous().to(device)) for start, band in _bands(source_width, width)
        ]
        self._source_width, self._width, self._height = source_width, width, height
        self._device = device

    def resize(self, plane: torch.Tensor) -> torch.Tensor:
        """A uint8 plane (rows, columns) in the new size, uint8, on the resizer's device."""
        samples = plane.to(device=self._device, dtype=torch.float32)
        rows = torch.empty((self._height, self._source_width), dtype=torch.float32, device=self._device)
        for index, (start, band) in enumerate(self._vertical):
            first = index * BLOCK
            torch.mm(band, samples[start : start + band.shape[1]], out=rows[first : first + band.shape[0]])
        rows.add_(0.5).floor_().clamp_(0, 255)
        result = torch.empty((self._height, self._width), dtype=torch.float32, device=self._device)
        for index, (start, band) in enumerate(self._horizontal):
            first = index * BLOCK
            torch.mm(
                rows[:, start : start + band.shape[0]], band, out=result[:, first : first + band.shape[1]]
            )
        # Conversion truncates, which is the floor here because nothing is negative after clamping.
        return result.add_(0.5).clamp_(0, 255).to(torch.uint8)


def compute_taps(source_length: int, length: int) -> list[tuple[int, list[int]]]:
    """For each output sample the first source index (may lie outside) and integer taps that sum to `TAP_SCALE`."""
    scale = source_length / length
    stretch = max(scale, 1.0)
    support = 2.0 * stretch
    taps = []
    for position in range(length):
        centre = (position + 0.5) * scale - 0.5
        first, last = math.ceil(centre - support), math.floor(centre + support)
        weights = [_cubic((index - centre) / stretch) for index in range(first, last + 1)]
        total = sum(weights)
        quantised = [round(weight / total * TAP_SCALE) for weight in weights]
        largest = max(range(len(quantised)), key=lambda index: quantised[index])
        quantised[largest] += TAP_SCALE - sum(quantised)
        taps.append((first, quantised))
    return taps


def _cubic(x: float) -> float:
    x = abs(x)
    if x < 1:
        return 1.5 * x**3 - 2.5 * x**2 + 1
    if x < 2:
        return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return 0.0


def _bands(source_length: int, length: int) -> list[tuple[int, torch.Tensor]]:
    """The filter as dense blocks: first source index and matrix (outputs, sources), taps divided by `TAP_SCALE`."""
    taps = compute_taps(source_length, length)
    bands = []
    for block in range(0, length, BLOCK):
        rows = taps[block : block + BLOCK]
        low = max(0, min(first for first, _ in rows))
        high = min(source_length - 1, max(first + len(weights) - 1 for first, weights in rows))
        band = torch.zeros((len(rows), high - low + 1), dtype=torch.float32)
        for row, (first, weights) in enumerate(rows):
            for offset, weight in enumerate(weights):
                column = min(max(first + offset, 0), source_length - 1) - low
                band[row, column] += weight / TAP_SCALE
        bands.append((low, band))
    return bands


@functools.lru_cache(maxsize=32)
def get_resizer(source_width: int, source_height: int, width: int, height: int, device: str) -> ExactResizer:
    return ExactResizer(source_width, source_height, width, height, device)


def configure_torch(threads: int) -> None:
    """Settings under which the resize is exact and processes do not fight for cores."""
    torch.set_num_threads(threads)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


def compute_self_test_sha256(device: str) -> str:
    """Hash of a fixed picture, shrunk and enlarged on `device`."""
    rows, columns = torch.arange(90).unsqueeze(1), torch.arange(160).unsqueeze(0)
    picture = ((rows * 7 + columns * 13 + rows * columns) % 256).to(torch.uint8)
    digest = hashlib.sha256()
    for width, height in ((100, 58), (320, 182)):
        digest.update(
            bytes(
                ExactResizer(160, 90, width, height, device)
                .resize(picture)
                .cpu()
                .contiguous()
                .flatten()
                .tolist()
            )
        )
    return digest.hexdigest()


def require_exact(device: str) -> None:
    """Raises `ResizeNotExact` unless `device` resizes bit for bit as every other one."""
    found = compute_self_test_sha256(device)
    if found != SELF_TEST_SHA256:
        raise ResizeNotExact(device=device, found=found, required=SELF_TEST_SHA256)
