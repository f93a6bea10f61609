"""The file of a trace: everything survives it, and what does not fit is refused by field, with both values.

| given | it should |
|---|---|
| any value of an argument | come back as it was |
| another format, version, build, chain, deployment | refuse and name what was found and what is there |
| damage: no JSON, cut short, a field missing, unknown, of the wrong type, contradicting another | name the field |
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.chain.addresses import checksum
from simulation.trace import Replay, Trace, TraceRefused, load, record
from simulation.trace import build as trace_build
from simulation.trace.format import parse
from simulation.trace.values import SAFE_INTEGER, from_typed, to_typed, type_of
from tests.helpers.traces import FAILING_RUNS, ORIGIN, PARAMETERS, ticket_run

pytestmark = pytest.mark.stateful

INTEGERS = st.one_of(
    st.integers(-(2**255), 2**256 - 1),
    st.integers(SAFE_INTEGER - 2, SAFE_INTEGER + 2),
    st.integers(-9, 9),
)
TEXTS = st.text(st.characters(codec="utf-8")).filter(lambda text: not text.startswith("0x"))
VALUES = st.recursive(
    st.one_of(INTEGERS, st.booleans(), st.binary(), st.binary(min_size=20, max_size=20).map(checksum), TEXTS),
    lambda parts: st.lists(parts, max_size=4).map(tuple),
)


@pytest.fixture(scope="module")
def content(artifacts) -> bytes:
    """A trace with calls, tickets and blocks, as the file has it."""
    return ticket_run(artifacts, "pyrevm").to_bytes()


@pytest.fixture(scope="module")
def short(artifacts) -> Trace:
    return record(FAILING_RUNS[0].steps, PARAMETERS, ORIGIN, artifacts=artifacts)


def run(trace: Trace, artifacts) -> None:
    for _ in Replay(trace, artifacts).run():
        pass


# ---- values


@pytest.mark.property
@given(VALUES)
def test_argument__any_value__survives_the_file(value):
    written = json.loads(json.dumps({"type": type_of(value), "value": to_typed(value)}))
    found = from_typed(written["type"], written["value"])
    assert found == value
    assert type(found) is type(value)


@pytest.mark.property
@given(INTEGERS)
def test_argument__integer_that_other_readers_would_round__is_a_text(value):
    written = json.loads(json.dumps(to_typed(value)), parse_int=float)
    assert int(written) == value


def test_trace__written_and_read__is_the_same(content, tmp_path):
    path = tmp_path / "deep" / "trace.json"
    trace = parse(content)
    trace.save(path)
    assert load(path) == trace
    assert path.read_bytes() == content


# ---- another format, version, build, chain


def test_load__another_format__is_refused_with_both(short):
    document = json.loads(short.to_bytes()) | {"format": 2}
    with pytest.raises(TraceRefused, match=r"^t\.json: format: found 2, this project reads 1$"):
        parse(json.dumps(document).encode(), "t.json")


def test_replay__another_version__is_refused_with_both(short, artifacts, monkeypatch):
    monkeypatch.setattr(trace_build, "project_version", lambda: "9.0.0")
    with pytest.raises(
        TraceRefused, match=r"^version: the trace was made with 0\.1\.0, this project is 9\.0\.0$"
    ):
        Replay(short, artifacts)
    assert Replay(short, artifacts, allow_other_build=True).other_build


def test_replay__another_build__is_refused_with_contract_and_both(short, artifacts):
    code = artifacts["Minter"].bytecode
    other = {**artifacts, "Minter": replace(artifacts["Minter"], bytecode=code[:40] + b"\xfe" + code[41:])}
    recorded = trace_build.code_digest(artifacts["Minter"])[:12]
    here = trace_build.code_digest(other["Minter"])[:12]
    with pytest.raises(TraceRefused) as refusal:
        Replay(short, other)
    expected = f"build: the trace was made with Minter {recorded}…, this build has {here}…"
    assert str(refusal.value) == expected


def test_replay__a_comment_has_changed__is_the_same_build(short, artifacts):
    """The compiler's trailer has the hash of all sources."""
    code = artifacts["Minter"].bytecode
    start = code.rindex(b"\xa2\x64ipfs\x58\x22") + 8
    other = {
        **artifacts,
        "Minter": replace(artifacts["Minter"], bytecode=code[:start] + bytes(34) + code[start + 34 :]),
    }
    assert other["Minter"].bytecode != code
    assert not Replay(short, other).other_build


def test_replay__contract_that_is_gone__is_refused(short, artifacts):
    other = {name: artifact for name, artifact in artifacts.items() if name != "Governor"}
    with pytest.raises(
        TraceRefused, match="build: the trace was made with Governor, which this build does not have"
    ):
        Replay(short, other)


def test_replay__another_chain__is_refused_with_both(short, artifacts):
    trace = short.model_copy(update={"chain": short.chain.model_copy(update={"chain_id": 42161})})
    with pytest.raises(
        TraceRefused, match="chain: the trace was made on chain id 42161, the engines here have 31337"
    ):
        Replay(trace, artifacts, allow_other_build=True)


def test_replay__another_start__is_refused_with_both(short, artifacts):
    trace = short.model_copy(update={"start": short.start.model_copy(update={"block": 3})})
    with pytest.raises(
        TraceRefused, match=rf"start: the trace begins at block 3 .* here it is block {short.start.block}"
    ):
        run(trace, artifacts)


def test_replay__unknown_parameter__is_refused(short, artifacts):
    trace = short.model_copy(update={"deployment": {**short.deployment, "bakers": 3}})
    with pytest.raises(TraceRefused, match="deployment: found bakers, which no deployment here takes"):
        Replay(trace, artifacts)


def test_replay__impossible_parameter__is_refused(short, artifacts):
    trace = short.model_copy(update={"deployment": {**short.deployment, "inflation": -1}})
    with pytest.raises(TraceRefused, match=r"deployment: damaged: .*found -1, must be an integer from 0"):
        run(trace, artifacts)


@pytest.mark.parametrize("until", [0, 7])
def test_replay__step_that_is_not_there__is_refused_with_both(short, artifacts, until):
    with pytest.raises(TraceRefused, match=f"until: found {until}, the trace has the steps 1 to 6"):
        list(Replay(short, artifacts).run(until))


# ---- damage


def test_load__no_file__is_refused(tmp_path):
    with pytest.raises(TraceRefused, match=r"none\.json: cannot be read: No such file"):
        load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda content: content[:-500], "damaged, not JSON"),
        (lambda content: b"", "damaged, not JSON"),
        (lambda content: b"[]", "not a trace: the field format is missing"),
        (lambda content: b'{"transactions": []}', "not a trace: the field format is missing"),
    ],
    ids=["cut short", "empty", "a list", "something else"],
)
def test_load__no_trace__is_refused(content, damage, reason):
    with pytest.raises(TraceRefused, match=reason):
        parse(damage(content))


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (["steps", 1, "block"], None, r"steps\[1\]\.block: found None: Input should be a valid integer"),
        (["steps", 0, "digest"], "12", r"steps\[0\]\.digest: found '12': String should match pattern"),
        (["steps", 0, "value"], "much", r"steps\[0\]\.value: found 'much', must be an integer"),
        (
            ["steps", 0, "calldata"],
            "0x123",
            r"steps\[0\]\.calldata: found '0x123', must be 0x and hexadecimal digits",
        ),
        (
            ["steps", 0, "sender", "address"],
            "0x12",
            r"steps\[0\]\.sender\.address: found '0x12', must be 0x and 40",
        ),
        (["steps", 0, "came"], 5, r"steps\[0\]\.came: found 5"),
        (
            ["steps", 2, "blocks"],
            -1,
            r"steps\[2\]\.blocks: found -1: Input should be greater than or equal to 0",
        ),
        (["steps", 1, "number"], 5, r"steps\[1\]\.number: found 5, must be 2"),
        (["steps", 0, "action"], "call me", r"steps\[0\]"),
        (["deployment", "stakers"], "three", r"deployment\.stakers"),
        (["chain", "engine"], "geth", r"chain\.engine: found 'geth': Input should be 'pyrevm' or 'anvil'"),
        (["build", "contracts", "Minter"], "", r"build\.contracts\.Minter: found ''"),
        (["remark"], "hello", r"remark: Extra inputs are not permitted"),
    ],
    ids=lambda part: ".".join(map(str, part)) if isinstance(part, list) else None,
)
def test_load__damaged_field__is_named(content, path, value, reason):
    document = json.loads(content)
    part = document
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(TraceRefused, match=reason):
        parse(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (
            ["contract"],
            "BondsManager",
            r"steps\[0\]\.contract: found 'BondsManager', must be one of Controller, ",
        ),
        (["function"], "bnd", r"steps\[0\]\.function: found 'bnd', which BondingManager does not have"),
        (
            ["arguments", 0, "value"],
            "x",
            r"steps\[0\]\.arguments\[0\]: damaged: found 'x', must be an integer",
        ),
        (
            ["arguments", 0, "type"],
            "uint",
            r"steps\[0\]\.arguments\[0\]: damaged: type: found 'uint', must be one of",
        ),
        (
            ["arguments", 0, "value"],
            7,
            r"steps\[0\]\.calldata: damaged: found 0x\w+, but the arguments give 0x\w+",
        ),
        (["arguments"], [], r"steps\[0\]\.arguments: damaged: bond: found 0 arguments, must be 2"),
        (
            ["arguments", 0, "value"],
            -1,
            r"steps\[0\]\.arguments: damaged: .*found -1, must be an integer from 0",
        ),
    ],
)
def test_replay__damaged_call__is_named(short, artifacts, path, value, reason):
    document = json.loads(short.to_bytes())
    part = document["steps"][0]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(TraceRefused, match=reason):
        run(parse(json.dumps(document).encode()), artifacts)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("face_value", "x", r"arguments\[0\]: damaged: face_value: found 'x', must be an integer"),
        ("block_hash", "0x1", r"arguments\[0\]: damaged: found '0x1', must be 0x and hexadecimal digits"),
        (
            "signature",
            {"form": "plain"},
            r"arguments\[0\]: damaged: signature\.signer: found None, must be somebody",
        ),
        ("colour", "red", r"arguments\[0\]: damaged: colour: Extra inputs are not permitted"),
    ],
)
def test_replay__damaged_ticket__is_named(content, artifacts, field, value, reason):
    document = json.loads(content)
    first = next(step for step in document["steps"] if step.get("function") == "redeemWinningTicket")
    first["arguments"][0]["value"][field] = value
    with pytest.raises(TraceRefused, match=rf"steps\[{first['number'] - 1}\]\.{reason}"):
        run(parse(json.dumps(document).encode()), artifacts)


def test_save__interrupted__leaves_the_file_that_was_there(short, tmp_path, monkeypatch):
    path = tmp_path / "trace.json"
    short.save(path)
    before = path.read_bytes()

    def interrupted(self, content):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        short.save(path)
    assert path.read_bytes() == before
