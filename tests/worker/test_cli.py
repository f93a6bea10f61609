"""The command line: help that teaches, exit codes, JSON, and keys that are never shown.

| condition | outcome |
|---|---|
| --help of every command | exit 0, says what it does |
| make-video --json | a playable file and one JSON object |
| setting missing, unknown, out of range; no file | exit 2, SettingsInvalid with field |
| no key, wrong key, encrypted keystore, wrong password | KeyUnavailable without the key / the right address |
| chain not there | exit 1, ChainUnavailable |
"""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from eth_account import Account

from offchain_worker.chain.keys import KeyUnavailable, load_signer
from offchain_worker.cli.main import COMMANDS, cli
from offchain_worker.media.segmenter import cut_video
from offchain_worker.settings import SettingsInvalid, load_settings

pytestmark = pytest.mark.worker

KEY = "0x" + "11" * 32
ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
CONTROLLER = "0x" + "c0" * 20


def invoke(*arguments: str, **environment: str):
    return CliRunner().invoke(cli, list(arguments), env=environment)


@pytest.mark.parametrize(
    "command",
    [
        [],
        *([name] for name in COMMANDS),
        ["gateway", "transcode"],
        ["orchestrator", "serve"],
        ["worker", "run"],
        ["redeemer", "run"],
    ],
    ids=" ".join,
)
def test_help__every_command__explains_itself(command):
    result = invoke(*command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5


def test_make_video__json__writes_a_file_that_can_be_cut(tmp_path):
    path = tmp_path / "made.mp4"
    result = invoke("make-video", str(path), "--seconds", "1", "--width", "160", "--height", "90", "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["frames"] == 30
    assert [segment.frames for segment in cut_video(path)] == [30]


def test_make_video__odd_size__is_wrong_use(tmp_path):
    assert invoke("make-video", str(tmp_path / "x.mp4"), "--width", "161").exit_code == 2


def test_gateway_transcode__no_orchestrator__exits_2_with_the_field(tmp_path):
    result = invoke("gateway", "transcode", "v.mp4", "--output", str(tmp_path), "--json")
    assert result.exit_code == 2
    assert json.loads(result.output)["details"]["field"] == "gateway.orchestrators"


def test_gateway_transcode__no_controller__exits_2_with_the_field(tmp_path):
    arguments = (
        "gateway",
        "transcode",
        "v.mp4",
        "--output",
        str(tmp_path),
        "--orchestrator",
        "http://x",
        "--json",
    )
    result = invoke(*arguments, OW_PRIVATE_KEY=KEY)
    assert result.exit_code == 2
    assert json.loads(result.output)["details"]["field"] == "chain.controller"
    assert KEY[2:] not in result.output


@pytest.mark.parametrize(
    "command", [["redeemer", "run", "--once", "--database", "sqlite://"], ["gateway", "transcode", "v.mp4"]]
)
def test_command__chain_not_there__exits_1_by_name(tmp_path, command):
    extra = (
        ["--output", str(tmp_path), "--orchestrator", "http://127.0.0.1:9"] if command[0] == "gateway" else []
    )
    common = ["--rpc-url", "http://127.0.0.1:9", "--controller", CONTROLLER, "--json"]
    environment = {"OW_PRIVATE_KEY": KEY, "OW_GATEWAY__DATABASE": f"sqlite:///{tmp_path}/g.db"}
    result = invoke(*command, *extra, *common, **environment)
    assert result.exit_code == 1
    assert "ChainUnavailable" in result.output
    assert KEY[2:] not in result.output


def test_worker_run__short_token__exits_2():
    result = invoke("worker", "run", OW_WORKER__WORKER_TOKEN="short")
    assert result.exit_code == 2
    assert "short" not in result.output.replace("worker_token", "")


def test_load_settings__file_environment_and_override__later_ones_win(tmp_path, monkeypatch):
    path = tmp_path / "worker.toml"
    path.write_text('[gateway]\nbudget_wei = 1\nsegment_seconds = 3\n[chain]\nrpc_url = "http://file"\n')
    monkeypatch.setenv("OW_GATEWAY__BUDGET_WEI", "2")
    settings = load_settings(path, {"chain": {"rpc_url": "http://given"}})
    assert (settings.gateway.budget_wei, settings.gateway.segment_seconds) == (2, 3)
    assert settings.chain.rpc_url == "http://given"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("[gateway]\nbugdet_wei = 1\n", "gateway.bugdet_wei"),
        ("[gateway]\nbudget_wei = -1\n", "gateway.budget_wei"),
        ("[orchestrator]\nport = 99999\n", "orchestrator.port"),
        ("[kitchen]\n", "kitchen"),
        ("not toml", "(file)"),
    ],
    ids=["unknown", "negative", "out of range", "unknown section", "no TOML"],
)
def test_load_settings__bad_file__names_the_field(tmp_path, content, field):
    path = tmp_path / "worker.toml"
    path.write_text(content)
    with pytest.raises(SettingsInvalid) as refusal:
        load_settings(path)
    assert refusal.value.details["field"] == field


def test_load_settings__no_such_file__is_named(tmp_path):
    with pytest.raises(SettingsInvalid):
        load_settings(tmp_path / "missing.toml")


def test_load_signer__each_source__gives_the_address(tmp_path, monkeypatch):
    key_file, password_file, keystore = (tmp_path / name for name in ("key", "password", "keystore.json"))
    key_file.write_text(KEY + "\n")
    password_file.write_text("secret\n")
    keystore.write_text(json.dumps(Account.encrypt(KEY, "secret", iterations=2)))
    monkeypatch.setenv("OW_PRIVATE_KEY", KEY)
    for arguments in ((keystore, password_file, None), (None, None, key_file), (None, None, None)):
        assert load_signer(*arguments).address == ADDRESS


@pytest.mark.parametrize(
    "content", [KEY[:-2], "no key", KEY + "11", "0x" + "00" * 32], ids=["short", "text", "long", "zero"]
)
def test_load_signer__unusable_key__is_refused_without_showing_it(tmp_path, content):
    path = tmp_path / "key"
    path.write_text(content)
    with pytest.raises(KeyUnavailable) as refusal:
        load_signer(None, None, path)
    assert content not in str(refusal.value)


def test_load_signer__wrong_password_or_no_source__is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("OW_PRIVATE_KEY", raising=False)
    password_file, keystore = tmp_path / "password", tmp_path / "keystore.json"
    password_file.write_text("wrong")
    keystore.write_text(json.dumps(Account.encrypt(KEY, "secret", iterations=2)))
    for arguments in (
        (keystore, password_file, None),
        (None, None, tmp_path / "missing"),
        (None, None, None),
    ):
        with pytest.raises(KeyUnavailable):
            load_signer(*arguments)
