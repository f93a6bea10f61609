"""Registry files: one that cannot be used is refused in words."""

import json

import pytest

from scripts._deployment.errors import InvalidRegistry, NotInRegistry
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Entry, Registry

pytestmark = pytest.mark.deployment

NOBODY = "0x" + "00" * 20


@pytest.fixture
def path(tmp_path):
    return tmp_path / "registry.json"


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "{}", "[]", "1", '{"contracts": 1}', '{"contracts": {"A": 1}}', '{"contracts": {}}'],
)
def test_load__other_file__is_refused_in_words(path, text):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRegistry, match=r"must be what a finished .ape run deploy. has written"):
        Registry.load(path)


def test_load__bytes_that_are_no_text__are_refused_in_words(path):
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidRegistry):
        Registry.load(path)


def test_load_complete__interrupted_deployment__is_refused(path):
    Registry("local", 1, "", "", NOBODY, {"Controller": Entry(NOBODY, "Controller")}, steps_done=3).save(path)
    assert Registry.load(path).steps_done == 3
    with pytest.raises(InvalidRegistry, match="interrupted at step 3"):
        Registry.load_complete(path)
    document = json.loads(path.read_text(encoding="utf-8")) | {"complete": True}
    path.write_text(json.dumps(document), encoding="utf-8")
    assert Registry.load_complete(path).complete


def test_reader__contract_that_the_file_lacks__is_named():
    reader = Reader(None, Registry("local", 1, "", "", NOBODY), {})
    with pytest.raises(NotInRegistry, match="found no Minter"):
        reader.view("Minter", "inflation")
