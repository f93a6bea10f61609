"""`ape run demo` as a person runs it, and its ledger added up again from the data that it prints.

| condition | outcome |
|---|---|
| a video of four seconds | exit code 0; every LPT and wei accounted for; renditions whole; nothing left behind |
| interrupted | exit code 130; no process and no folder of services left |
| a video that is missing, empty, corrupt, of another codec … | exit code 2 and the error's name, nothing started |
| output folder cannot be made | exit code 2 |
| a fact has two values, or dust is more than rounding | the ledger does not balance |
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from offchain_worker.media.source_video import make_video
from scripts._demo.checks import Check, DustCheck
from scripts._demo.economics import EXPECTED_VALUE_WEI, TICKETS_AIMED_AT, plan_economics
from scripts._demo.errors import InputRefused
from scripts._demo.gas import gas_table
from scripts._demo.records import Transaction
from scripts._demo.source import check_source

pytestmark = pytest.mark.deployment

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [str(Path(sys.executable).parent / "ape"), "run", "demo"]
SECONDS = 240
MARK = "DEMO_TEST_MARK"
PROFILES = {"P240p30fps16x9": (426, 240), "P360p30fps16x9": (640, 360)}
FACE_VALUE_WEI = 10**15
ROUNDS = 2


def environment(mark: str, home: Path | None) -> dict[str, str]:
    """Ours, with a mark by which every process that the demo starts can be found."""
    return os.environ | {MARK: mark} | ({"HOME": str(home)} if home else {})


def demo(*arguments: str, mark: str = "", home: Path | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(mark, home),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def count_marked(mark: str) -> int:
    """Running processes that inherited the mark."""
    wanted = f"{MARK}={mark}".encode()
    count = 0
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            count += wanted in entry.read_bytes().split(b"\0")
    return count


def write_sound(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 44_100, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_mpeg4(path: Path, width: int = 320, height: int = 180, codec: str = "mpeg4") -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(5):
            picture = np.full((height, width, 3), number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))


# --- a whole run ---


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One run on a clip of four seconds with an empty home folder: the process, its data and its output folder."""
    folder = tmp_path_factory.mktemp("demo")
    clip, output, home = folder / "clip.mp4", folder / "output", folder / "home"
    home.mkdir()
    make_video(clip, seconds=4, width=640, height=360)
    arguments = ("--video", str(clip), "--output", str(output), "--rounds", str(ROUNDS), "--json")
    done = demo(*arguments, mark=str(output), home=home)
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-2000:]
    return json.loads(done.stdout), output, home


@pytest.mark.slow
def test_demo__whole_run__every_lpt_is_accounted_for(run):
    data = run[0]["lpt"]
    number = {key: int(value) for key, value in data.items() if key != "accounts"}
    rows = [
        {key: int(value) for key, value in row.items() if key not in ("account", "address")}
        for row in data["accounts"]
    ]
    minted = number["minted_to_stakers"] + number["minted_to_treasury"]
    assert number["initial_supply"] == 1_500_000 * 10**18
    assert number["total_supply"] == number["initial_supply"] + minted
    assert number["total_supply"] == sum(row["total"] for row in rows) + number["rounding_dust"]
    staked = sum(row["bonded"] + row["pending_rewards"] + row["unbonding"] for row in rows)
    assert number["minter_balance"] == staked + number["rounding_dust"]
    assert number["minted_to_stakers"] == sum(row["rewards"] for row in rows) + number["rounding_dust"]
    # Each of two orchestrators rewards in each round: before the video, at the claims, while waiting for two more.
    rewards = 2 * (ROUNDS + 1 + 2)
    # The treasury's tenth is rounded down once a reward.
    assert 0 <= minted - 10 * number["minted_to_treasury"] < 10 * rewards
    treasury = next(row for row in data["accounts"] if row["account"] == "treasury")
    assert int(treasury["wallet"]) == number["minted_to_treasury"]


@pytest.mark.slow
def test_demo__whole_run__every_wei_is_accounted_for(run):
    data, tickets = run[0]["eth"], run[0]["tickets"]
    before = after = 0
    for row in data["accounts"]:
        row = {key: int(value) for key, value in row.items() if key not in ("account", "address")}
        income = row["escrow_withdrawn"] + row["fees_withdrawn"]
        assert row["after"] == row["before"] - row["escrowed"] + income - row["gas"]
        before, after = before + row["before"], after + row["after"]
    minter = data["minter"]
    assert before == after + int(minter["balance"]) + int(data["block_producer"]) + int(
        data["base_fees_burnt"]
    )
    owed = (
        int(minter["deposits"]) + int(minter["reserves"]) + sum(map(int, minter["unclaimed_fees"].values()))
    )
    assert int(minter["balance"]) == owed + int(minter["rounding_dust"])
    gateway = next(row for row in data["accounts"] if row["account"] == "gateway")
    assert int(gateway["escrowed"]) == int(tickets["paid"]) + int(gateway["escrow_withdrawn"])
    fees = sum(int(row["fees_withdrawn"]) for row in data["accounts"])
    assert int(tickets["paid"]) == fees + int(minter["balance"])


@pytest.mark.slow
def test_demo__whole_run__all_checks_hold_in_all_their_ways(run):
    checks = run[0]["checks"]
    assert run[0]["balanced"]
    for check in checks:
        assert len(check["ways"]) >= 2
        if "at most" in check["ways"]:
            assert 0 <= int(check["ways"]["found"]) <= int(check["ways"]["at most"])
        else:
            assert len(set(check["ways"].values())) == 1, check
    assert len({check["title"] for check in checks}) > 15


@pytest.mark.slow
def test_demo__whole_run__winners_are_redeemed_from_deposit_and_reserve(run):
    tickets = run[0]["tickets"]
    assert tickets["sent"] >= TICKETS_AIMED_AT
    assert tickets["redeemed"] == tickets["won"] and tickets["open"] == []
    assert int(tickets["paid"]) == tickets["redeemed"] * FACE_VALUE_WEI
    # The deposit of two and a half face values pays two winners, and half of the third.
    assert tickets["redeemed_from_deposit"] == 2
    assert int(tickets["paid_from_deposit"]) == 5 * FACE_VALUE_WEI // 2
    assert tickets["redeemed_from_reserve"] == tickets["redeemed"] - 2 >= 1


@pytest.mark.slow
def test_demo__whole_run__renditions_play_from_start_to_end(run):
    data = run[0]["video"]
    assert {rendition["name"] for rendition in data["renditions"]} == set(PROFILES)
    for rendition in data["renditions"]:
        with av.open(rendition["path"]) as container:
            sizes = [(frame.width, frame.height) for frame in container.decode(video=0)]
        assert sizes == [PROFILES[rendition["name"]]] * 120
        assert rendition["frames"] == 120 and rendition["worst_psnr_db"] >= 28
    assert [failover["error"] for failover in data["failovers"]] == ["OrchestratorGone"]


@pytest.mark.slow
def test_demo__whole_run__measures_the_gas_of_every_kind_of_operation(run):
    rows = {row["operation"]: row for row in run[0]["gas"]}
    manager = (
        "bond unbond rebond withdrawStake withdrawFees claimEarnings reward rewardForTranscoder transcoder"
    )
    expected = {f"BondingManager.{function}" for function in manager.split()}
    broker = "fundDepositAndReserve redeemWinningTicket unlock withdraw"
    expected |= {f"TicketBroker.{function}" for function in broker.split()}
    expected |= {"RoundsManager.initializeRound", "ServiceRegistry.setServiceURI", "(deployment)"}
    assert expected <= set(rows)
    for row in rows.values():
        assert 21_000 < row["min"] <= row["median"] <= row["max"] <= row["total"]
    assert rows["BondingManager.rewardForTranscoder"]["count"] == ROUNDS + 3


@pytest.mark.slow
def test_demo__whole_run__leaves_only_its_report_and_renditions(run):
    _, output, home = run
    assert {path.name for path in output.iterdir()} == {"report.json", *(f"{name}.ts" for name in PROFILES)}
    assert json.loads((output / "report.json").read_text()) == run[0]
    assert list(home.rglob("*")) == []
    assert count_marked(str(output)) == 0


@pytest.mark.slow
def test_demo__interrupted__stops_everything_that_it_started(tmp_path):
    output = tmp_path / "output"
    command = [*COMMAND, "--output", str(output), "--json"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment(str(output), tmp_path), **streams) as process:
        try:
            # By then the chain, two orchestrators and their workers run.
            reached = next((line for line in process.stderr if "Bonding" in line), None)
            running = count_marked(str(output))
        finally:
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=60)
    assert reached is not None and running >= 6
    assert (process.returncode, stdout) == (130, ""), stderr
    assert "Traceback" not in stderr
    assert count_marked(str(output)) == 0
    assert list(output.glob("run-*")) == []


# --- bad input ---


def bad_video(kind: str, folder: Path) -> Path:
    path = folder / f"{kind}.mp4"
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "text":
        path.write_text("not a video at all\n" * 200)
    elif kind == "folder":
        path.mkdir()
    elif kind == "sound":
        write_sound(path)
    elif kind == "mpeg4":
        write_mpeg4(path)
    elif kind == "strip":
        write_mpeg4(path, width=1280, height=64, codec="libx264")
    elif kind in ("damaged", "cut"):
        make_video(path, seconds=1, width=320, height=180)
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        if kind == "damaged":
            data[middle : middle + 4000] = b"\xff" * 4000
        else:
            del data[middle:]
        path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("missing", "NoSuchVideo"),
        ("folder", "NoSuchVideo"),
        ("empty", "EmptyMedia"),
        ("text", "UnreadableMedia"),
        ("cut", "UnreadableMedia"),
        ("damaged", "CorruptMedia"),
        ("sound", "NoVideoStream"),
        ("mpeg4", "UnsupportedCodec"),
        ("strip", "DimensionsOutOfRange"),
    ],
)
def test_check_source__unusable_video__is_refused_by_name(tmp_path, kind, name):
    with pytest.raises(InputRefused) as refusal:
        check_source(bad_video(kind, tmp_path), tuple(PROFILES))
    assert (refusal.value.name, refusal.value.exit_code) == (name, 2)
    assert {"strip": "1280x64"}.get(kind, kind) in str(refusal.value)


def test_check_source__whole_video__counts_frames_and_the_pixels_to_pay(tmp_path):
    clip = tmp_path / "clip.mp4"
    make_video(clip, seconds=1, width=640, height=360)
    source = check_source(clip, tuple(PROFILES))
    assert (source.frames, source.seconds) == (30, 1.0)
    assert source.units == 30 * (426 * 240 + 640 * 360)


def test_demo__corrupt_video__ends_before_anything_is_started(tmp_path):
    output = tmp_path / "output"
    done = demo("--video", str(bad_video("damaged", tmp_path)), "--output", str(output))
    assert done.returncode == 2
    assert done.stderr.startswith("CorruptMedia: damaged.mp4 is damaged at frame")
    assert "Traceback" not in done.stderr + done.stdout
    assert not output.exists()


def test_demo__other_codec_as_json__prints_one_object(tmp_path):
    output = tmp_path / "output"
    done = demo("--video", str(bad_video("mpeg4", tmp_path)), "--output", str(output), "--json")
    assert done.returncode == 2
    expected = {"error": "UnsupportedCodec", "message": "mpeg4.mp4 holds mpeg4 video, required is h264"}
    assert json.loads(done.stdout) == expected


def test_demo__output_inside_a_file__is_refused_by_name(tmp_path):
    (tmp_path / "file").write_text("")
    done = demo("--output", str(tmp_path / "file" / "output"))
    assert done.returncode == 2
    assert done.stderr.startswith("OutputUnusable: --output ")


# --- the parts of the ledger ---


def test_check__one_way_differs__does_not_hold():
    assert Check("a fact", {"events": 5, "balance": 5, "view": 5}).holds
    assert not Check("a fact", {"events": 5, "balance": 5, "view": 6}).holds


@pytest.mark.parametrize(("dust", "holds"), [(-1, False), (0, True), (7, True), (8, False)])
def test_dust_check__outside_of_rounding__does_not_hold(dust, holds):
    assert DustCheck("dust", dust, limit=7).holds is holds


@pytest.mark.parametrize("units", [1, 332_640, 30 * 332_640, 10**15])
def test_plan_economics__any_video__costs_what_the_tickets_aimed_at_are_worth(units):
    total_wei = TICKETS_AIMED_AT * EXPECTED_VALUE_WEI
    price_wei = plan_economics(units).price_wei_per_million_pixels
    assert (price_wei - 1) * units < total_wei * 10**6 <= price_wei * units


def test_gas_table__operations_after_the_deployment__have_a_row_each():
    def used(block: int, operation: str, gas: int) -> Transaction:
        return Transaction(block, "0x", operation, 0, gas, 1, 0, True)

    rows = gas_table([used(1, "deploy", 9), used(2, "A.f", 3), used(3, "A.f", 5), used(4, "B.g", 7)], 1)
    found = [(row.operation, row.count, row.min, row.median, row.max, row.total) for row in rows]
    assert found == [("(deployment)", 1, 9, 9, 9, 9), ("B.g", 1, 7, 7, 7, 7), ("A.f", 2, 3, 3, 5, 8)]
