"""The exact resize (design notes 5.2) against the same filter in plain integers.

| condition | outcome |
|---|---|
| shrink, enlarge, odd sizes, identity | equal to the integer filter, sample by sample |
| 1 or 2 threads, any block size | same bytes; the self-test hash holds |
| taps | sum to 4096 everywhere |
"""

from __future__ import annotations

import math

import numpy as np
import pytest

pytestmark = pytest.mark.worker


def _cubic(x: float) -> float:
    x = abs(x)
    if x < 1:
        return (1.5 * x - 2.5) * x * x + 1
    return ((-0.5 * x + 2.5) * x - 4) * x + 2 if x < 2 else 0.0


def _resize_axis(plane: np.ndarray, length: int) -> np.ndarray:
    """Rows of `plane` resampled to `length`, in 64-bit integers, tap by tap, written from the description alone."""
    source = plane.shape[0]
    scale = source / length
    stretch = max(1.0, scale)
    result = np.empty((length, plane.shape[1]), np.int64)
    for row in range(length):
        centre = (row + 0.5) * scale - 0.5
        indices = range(math.ceil(centre - 2 * stretch), math.floor(centre + 2 * stretch) + 1)
        weights = np.array([_cubic((index - centre) / stretch) for index in indices])
        taps = np.rint(weights / weights.sum() * 4096).astype(np.int64)
        taps[taps.argmax()] += 4096 - taps.sum()
        samples = plane[np.clip(list(indices), 0, source - 1)]
        result[row] = np.clip((taps @ samples + 2048) // 4096, 0, 255)
    return result


def reference_resize(plane: np.ndarray, width: int, height: int) -> np.ndarray:
    vertical = _resize_axis(plane.astype(np.int64), height)
    return _resize_axis(vertical.T, width).T.astype(np.uint8)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ((160, 90), (100, 58)),
        ((160, 90), (320, 182)),
        ((161, 91), (64, 36)),
        ((64, 36), (64, 36)),
        ((1280, 64), (426, 22)),
    ],
    ids=["shrink", "enlarge", "odd source", "identity", "wide"],
)
@pytest.mark.parametrize("threads", [1, 2])
def test_resize__any_sizes_and_threads__equals_the_integer_filter(source, target, threads):
    import torch

    from offchain_worker.media.resize import ExactResizer, configure_torch

    configure_torch(threads)
    picture = np.random.default_rng(5).integers(0, 256, (source[1], source[0]), dtype=np.uint8)
    resized = ExactResizer(*source, *target).resize(torch.from_numpy(picture)).numpy()
    configure_torch(1)
    assert np.array_equal(resized, reference_resize(picture, *target))


def test_self_test__reference_filter__gives_the_same_hash():
    import hashlib

    from offchain_worker.media.resize import SELF_TEST_SHA256, require_exact

    rows, columns = np.mgrid[0:90, 0:160]
    picture = ((rows * 7 + columns * 13 + rows * columns) % 256).astype(np.uint8)
    digest = hashlib.sha256()
    for size in ((100, 58), (320, 182)):
        digest.update(reference_resize(picture, *size).tobytes())
    assert digest.hexdigest() == SELF_TEST_SHA256
    require_exact("cpu")


@pytest.mark.parametrize(("source", "target"), [(1280, 426), (426, 1280), (7, 7), (1080, 144)])
def test_compute_taps__every_output__sums_to_one(source, target):
    from offchain_worker.media.resize import compute_taps

    assert all(sum(taps) == 4096 for _, taps in compute_taps(source, target))
