"""Fixtures of the worker tests: small videos made once, and a network per test."""

from __future__ import annotations

from pathlib import Path

import pytest

from offchain_worker.media.segmenter import Segment, cut_video
from offchain_worker.media.source_video import make_video
from tests.worker.network import Network


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of 480x270 at 30 frames per second, a key frame every second."""
    path = tmp_path_factory.mktemp("video") / "source.mp4"
    make_video(path, seconds=3, width=480, height=270, key_frame_seconds=1, bitrate=1_500_000)
    return path


@pytest.fixture(scope="session")
def segments(video: Path) -> list[Segment]:
    return list(cut_video(video, seconds=1))


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return Network(tmp_path)
